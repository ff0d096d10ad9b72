//! Simulated functions may run faster than they say; their intervals are stretched before pricing.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use dice_model::{Timestamp, Usage};

/// How long a simulated second takes, as a fraction: 1/100 is a hundred times faster than real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeScale {
    numerator: u64,
    denominator: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time scale: {0:?} (expected a number above 0, as \"0.01\" or \"1/100\")")]
pub struct TimeScaleError(String);

impl TimeScale {
    pub const REAL: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    pub fn new(numerator: u64, denominator: u64) -> Result<Self, TimeScaleError> {
        if numerator == 0 || denominator == 0 {
            return Err(TimeScaleError(format!("{numerator}/{denominator}")));
        }
        Ok(Self {
            numerator,
            denominator,
        })
    }

    pub const fn is_real(self) -> bool {
        self.numerator == self.denominator
    }

    /// Where `time` would be had everything since `origin` gone at its real pace; rounded down. Equal
    /// times stay equal, so intervals that met still meet.
    pub fn stretch(self, origin: Timestamp, time: Timestamp) -> Timestamp {
        let since = u128::from(time.0.saturating_sub(origin.0));
        let real = since * u128::from(self.denominator) / u128::from(self.numerator);
        let real = u64::try_from(real).unwrap_or(u64::MAX);
        Timestamp(origin.0.saturating_add(real))
    }

    /// How long what takes this at its real pace takes here.
    pub fn shrink(self, time: Duration) -> Duration {
        let ns = time.as_nanos() * u128::from(self.numerator) / u128::from(self.denominator);
        Duration::from_nanos(u64::try_from(ns).unwrap_or(u64::MAX))
    }

    /// The intervals divided by the scale. Language-model tokens are what they are.
    pub fn stretch_all(self, origin: Timestamp, usage: &[Usage]) -> Vec<Usage> {
        let mut stretched = usage.to_vec();
        for one in &mut stretched {
            if let Usage::NodeHeld { from, to, .. } | Usage::Leased { from, to, .. } = one {
                *from = self.stretch(origin, *from);
                *to = self.stretch(origin, *to);
            }
        }
        stretched
    }
}

impl fmt::Display for TimeScale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl FromStr for TimeScale {
    type Err = TimeScaleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || TimeScaleError(text.to_owned());
        let number = |part: &str| part.trim().parse::<u64>().map_err(|_| wrong());
        if let Some((numerator, denominator)) = text.split_once('/') {
            return Self::new(number(numerator)?, number(denominator)?).map_err(|_| wrong());
        }
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        if decimals.len() > 9 {
            return Err(wrong());
        }
        let numerator = number(&format!("{whole}{decimals}"))?;
        Self::new(numerator, 10_u64.pow(decimals.len() as u32)).map_err(|_| wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(scale: &str, from_origin: u64, expect: Option<u64>) {
        let stretched = scale.parse::<TimeScale>().ok().map(|scale| {
            let origin = Timestamp(1_000);
            scale.stretch(origin, Timestamp(1_000 + from_origin)).0 - 1_000
        });
        assert_eq!(stretched, expect, "{scale}");
        if let (Ok(scale), Some(real)) = (scale.parse::<TimeScale>(), stretched) {
            let back = scale.shrink(Duration::from_nanos(real));
            assert!(back.as_nanos() <= u128::from(from_origin), "{scale}");
        }
    }

    #[test]
    fn intervals_are_divided_by_the_scale() {
        check("0.01", 5, Some(500));
        check("1/100", 5, Some(500));
        check("1", 5, Some(5));
        check("2.5", 5, Some(2));
        for wrong in ["0", "0.0", "1/0", "-1", "x", "", "0.00000000001"] {
            check(wrong, 5, None);
        }
    }
}
