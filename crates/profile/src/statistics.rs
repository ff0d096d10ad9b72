//! Times of equal runs, told by their middle and their spread: one slow run moves neither.

use std::time::Duration;

/// Sorted; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times(Vec<Duration>);

impl Times {
    /// `None`: there are none.
    pub fn new(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        (!times.is_empty()).then_some(Self(times))
    }

    pub fn runs(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    pub fn median(&self) -> Duration {
        self.quantile(0.5)
    }

    /// A tenth took less.
    pub fn low(&self) -> Duration {
        self.quantile(0.1)
    }

    /// A tenth took more.
    pub fn high(&self) -> Duration {
        self.quantile(0.9)
    }

    /// Do the middle four fifths differ by more than half of the median? Then something else was busy.
    pub fn is_noisy(&self) -> bool {
        self.high() - self.low() > self.median() / 2
    }

    /// Linear between the two times beside it.
    fn quantile(&self, part: f64) -> Duration {
        let last = self.0.len() - 1;
        let place = part * last as f64;
        let (below, rest) = (place.floor() as usize, place.fract());
        let above = (below + 1).min(last);
        self.0[below] + (self.0[above] - self.0[below]).mul_f64(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(milliseconds: &[u64], (low, median, high): (u64, u64, u64), noisy: bool) {
        let times = milliseconds.iter().copied().map(Duration::from_millis);
        let times = Times::new(times.collect()).expect("not empty");
        let told = (times.low(), times.median(), times.high());
        assert_eq!(
            (told.0.as_millis(), told.1.as_millis(), told.2.as_millis()),
            (low.into(), median.into(), high.into())
        );
        assert_eq!(times.is_noisy(), noisy);
    }

    #[test]
    fn the_middle_and_the_spread() {
        check(&[7], (7, 7, 7), false);
        check(&[20, 10], (11, 15, 19), true);
        check(&[30, 10, 20], (12, 20, 28), true);
        check(&[100, 101, 99, 100, 100], (99, 100, 100), false);
    }

    #[test]
    fn one_slow_run_moves_neither() {
        let mut times = vec![100; 19];
        times.push(9_000);
        check(&times, (100, 100, 100), false);
    }

    #[test]
    fn no_runs_have_no_times() {
        assert_eq!(Times::new(Vec::new()), None);
    }
}
