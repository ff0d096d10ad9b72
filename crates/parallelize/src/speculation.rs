//! How much may be called before it is decided that the program calls it (SEMANTICS E3).

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use dice_model::MicroUsd;

/// A window or a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speculation {
    /// So many calls at a time that have not come true.
    Calls(NonZeroU32),
    /// As long as those that have not come true cost no more.
    Budget(MicroUsd),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a number of calls, such as 4, nor money, such as $0.05 or 0.05$")]
pub struct UnknownSpeculation(String);

impl FromStr for Speculation {
    type Err = UnknownSpeculation;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownSpeculation(text.to_owned());
        match text.strip_prefix('$').or_else(|| text.strip_suffix('$')) {
            Some(dollars) => micro_usd(dollars).map(Self::Budget).ok_or_else(unknown),
            None => text.parse().map(Self::Calls).map_err(|_| unknown()),
        }
    }
}

/// Dollars with up to six decimals, more than nothing.
fn micro_usd(dollars: &str) -> Option<MicroUsd> {
    let (whole, decimals) = dollars.split_once('.').unwrap_or((dollars, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 6 {
        return None;
    }
    let micro: i64 = format!("{decimals:0<6}").parse().ok()?;
    let amount = whole
        .parse::<i64>()
        .ok()?
        .checked_mul(1_000_000)?
        .checked_add(micro)?;
    (amount > 0).then_some(MicroUsd(amount))
}

/// As Python writes it down: `4` or `"$0.05"`.
impl fmt::Display for Speculation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calls(calls) => write!(f, "{calls}"),
            Self::Budget(MicroUsd(amount)) => {
                let decimals = format!("{:06}", amount % 1_000_000);
                let decimals = decimals.trim_end_matches('0');
                write!(f, "\"${}.{decimals:0<2}\"", amount / 1_000_000)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let read = text
            .parse::<Speculation>()
            .ok()
            .map(|read| read.to_string());
        assert_eq!(read.as_deref(), expect, "{text}");
    }

    #[test]
    fn a_window_is_a_number_and_a_budget_has_a_dollar_sign() {
        check("4", Some("4"));
        check("$0.05", Some("\"$0.05\""));
        check("0.05$", Some("\"$0.05\""));
        check("$2", Some("\"$2.00\""));
        check("$0.000001", Some("\"$0.000001\""));
        for wrong in [
            "0",
            "-1",
            "4.5",
            "$",
            "$0",
            "$-1",
            "$.5",
            "$1.",
            "$1e3",
            "$0.0000001",
            "",
            "$1$",
        ] {
            check(wrong, None);
        }
    }
}
