//! Money as exact integers (RUNTIME M1). Rounding happens once, when a line is printed.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a node type costs, in µ$ an hour. $1.30/h is `PricePerHour(1_300_000)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PricePerHour(pub u64);

/// An exact amount: µ$/h × ns. One µ$ is 3.6 × 10¹² of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Cost(pub i128);

/// Whole µ$, as printed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct MicroUsd(pub i64);

const NANOSECONDS_PER_HOUR: i128 = 3_600_000_000_000;

impl PricePerHour {
    pub fn for_duration(self, held: Duration) -> Cost {
        let nanoseconds = i128::try_from(held.as_nanos()).expect("a u128 of ns is 10²² years");
        Cost(i128::from(self.0) * nanoseconds)
    }
}

impl Cost {
    pub const ZERO: Self = Self(0);

    pub const fn from_micro_usd(amount: MicroUsd) -> Self {
        Self(amount.0 as i128 * NANOSECONDS_PER_HOUR)
    }

    /// Whole µ$, the rest dropped. For a list of lines that must add up use [`apportion`].
    pub fn micro_usd_floor(self) -> MicroUsd {
        let whole = self.0.div_euclid(NANOSECONDS_PER_HOUR);
        MicroUsd(i64::try_from(whole).expect("nine trillion dollars"))
    }

    /// For ratios and axes only; never added up again.
    pub fn as_usd(self) -> f64 {
        self.0 as f64 / NANOSECONDS_PER_HOUR as f64 / 1e6
    }

    /// Splits into `parts` shares that add up to `self` exactly; the first ones take the remainder.
    pub fn split(self, parts: usize) -> impl Iterator<Item = Cost> {
        let count = i128::try_from(parts.max(1)).expect("fewer than 2¹²⁷ parts");
        let (share, rest) = (self.0.div_euclid(count), self.0.rem_euclid(count));
        (0..count.min(parts as i128)).map(move |index| Cost(share + i128::from(index < rest)))
    }
}

/// Rounds each line to whole µ$ so that the lines add up to the rounded total (largest remainder).
pub fn apportion(lines: &[Cost]) -> Vec<MicroUsd> {
    let total: Cost = lines.iter().copied().sum();
    let half = NANOSECONDS_PER_HOUR / 2;
    let rounded_total = Cost(total.0 + half).micro_usd_floor().0;
    let mut rounded: Vec<i64> = lines.iter().map(|line| line.micro_usd_floor().0).collect();
    let missing = rounded_total - rounded.iter().sum::<i64>();
    let mut by_remainder: Vec<usize> = (0..lines.len()).collect();
    by_remainder.sort_by_key(|&index| {
        (
            std::cmp::Reverse(lines[index].0.rem_euclid(NANOSECONDS_PER_HOUR)),
            index,
        )
    });
    let count = usize::try_from(missing).expect("floors add up to at most the total");
    for &index in by_remainder.iter().take(count) {
        rounded[index] += 1;
    }
    rounded.into_iter().map(MicroUsd).collect()
}

impl From<MicroUsd> for Cost {
    fn from(amount: MicroUsd) -> Self {
        Self(i128::from(amount.0) * NANOSECONDS_PER_HOUR)
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Cost {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for MicroUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let amount = self.0.unsigned_abs();
        write!(f, "{sign}${}.{:06}", amount / 1_000_000, amount % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_hour_costs_the_hourly_price() {
        let cost = PricePerHour(2_200_000).for_duration(Duration::from_secs(3600));
        assert_eq!(cost, Cost::from_micro_usd(MicroUsd(2_200_000)));
        assert_eq!(cost.micro_usd_floor().to_string(), "$2.200000");
    }

    proptest! {
        /// RUNTIME M1: rounded lines add up to the rounded total.
        #[test]
        fn rounded_lines_add_up(lines in proptest::collection::vec(0..10_i128.pow(18), 0..20)) {
            let lines: Vec<Cost> = lines.into_iter().map(Cost).collect();
            let total: Cost = lines.iter().copied().sum();
            let sum: i64 = apportion(&lines).iter().map(|line| line.0).sum();
            prop_assert_eq!(sum, Cost(total.0 + NANOSECONDS_PER_HOUR / 2).micro_usd_floor().0);
        }

        #[test]
        fn shares_add_up_exactly(amount in 0..10_i128.pow(18), parts in 1_usize..50) {
            let shares: Vec<Cost> = Cost(amount).split(parts).collect();
            prop_assert_eq!(shares.len(), parts);
            prop_assert_eq!(shares.into_iter().sum::<Cost>(), Cost(amount));
        }
    }
}
