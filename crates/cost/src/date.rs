//! A day, as price books are dated by.

use std::fmt;
use std::str::FromStr;

/// Of the Gregorian calendar; days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(i64);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date: {0:?} (expected YYYY-MM-DD)")]
pub struct DateError(String);

const SECONDS_A_DAY: u64 = 86_400;

impl Date {
    pub fn from_unix_seconds(seconds: u64) -> Self {
        Self(i64::try_from(seconds / SECONDS_A_DAY).expect("u64 / 86400 fits"))
    }

    /// Negative if `earlier` is later.
    pub const fn days_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// Years are taken to begin in March, so that a leap day is a year's last (Howard Hinnant,
    /// "chrono-compatible low-level date algorithms").
    fn from_parts(year: i64, month: i64, day: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    fn parts(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, month, day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || DateError(text.to_owned());
        let mut parts = text.split('-').map(|part| part.parse::<u16>().ok());
        let mut next = || parts.next().flatten().map(i64::from).ok_or_else(wrong);
        let date = Self::from_parts(next()?, next()?, next()?);
        // 2026-02-30 would become 2026-03-02, and `2026-2-3` is not how dates are written.
        if parts.next().is_some() || date.to_string() != text {
            return Err(wrong());
        }
        Ok(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_written_and_counted() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("2026-11-24", 20_781),
        ] {
            let date: Date = text.parse().expect("a date");
            assert_eq!(date.days_since(Date(0)), days, "{text}");
            assert_eq!(date.to_string(), text);
        }
        assert_eq!(
            Date::from_unix_seconds(86_400 * 11_016 + 5).to_string(),
            "2000-02-29"
        );
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-02-30",
            "2026-1-1",
            "2026-01-01-",
            "x-y-z",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
