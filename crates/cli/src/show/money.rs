//! Amounts and durations for people.

/// Whole µ$ as dollars with six digits: small runs cost small fractions of a cent.
pub(crate) fn usd(micro_usd: i64) -> String {
    dice_model::MicroUsd(micro_usd).to_string()
}

/// Three significant digits and a unit: `8.25 ms`, `1.93 s`, `2 min 05 s`.
pub(crate) fn duration(nanoseconds: u64) -> String {
    let seconds = nanoseconds as f64 / 1e9;
    if nanoseconds < 1_000 {
        format!("{nanoseconds} ns")
    } else if nanoseconds < 1_000_000 {
        three_digits(seconds * 1e6, "µs")
    } else if nanoseconds < 1_000_000_000 {
        three_digits(seconds * 1e3, "ms")
    } else if seconds < 120.0 {
        three_digits(seconds, "s")
    } else {
        let whole = seconds.round() as u64;
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

fn three_digits(amount: f64, unit: &str) -> String {
    let decimals = if amount >= 99.95 {
        0
    } else if amount >= 9.995 {
        1
    } else {
        2
    };
    format!("{amount:.decimals$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits_and_a_unit() {
        let check = |nanoseconds, expect: &str| assert_eq!(duration(nanoseconds), expect);
        check(0, "0 ns");
        check(8_254_000, "8.25 ms");
        check(999_600_000, "1000 ms");
        check(1_934_000_000, "1.93 s");
        check(45_200_000_000, "45.2 s");
        check(125_000_000_000, "2 min 05 s");
    }
}
