//! Two runs of the same work beside each other: what the one saves over the other.

use std::fmt;
use std::time::Duration;

use dice_model::{Cost, Timestamp};

use crate::{Bill, PriceWarning, TimeScale};

/// A run in the figures that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// From start to end of the work.
    pub time: Duration,
    /// Leased, summed over devices.
    pub device_time: Duration,
    /// Rented, summed over devices.
    pub held: Duration,
    pub execute: Duration,
    pub cost: Cost,
}

/// `baseline` is what is done without us (RUNTIME M5), `distributed` what we did.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub baseline: Run,
    pub distributed: Run,
    pub labels: Vec<Label>,
}

/// What a reader must know before believing a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// Both runs took place, and these are their clocks.
    Measured,
    /// A price is old, or nobody asks it.
    Price(PriceWarning),
    /// Functions took their time from a profile; scaled times were stretched to the profile's.
    Simulated(TimeScale),
}

/// What the distributed run saves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Saving {
    /// In per cent of the baseline, above 0.
    Saved(f64),
    /// It cost the same, or so many per cent more.
    None(f64),
    /// The baseline cost nothing: no ratio.
    Undefined,
}

/// A row of the table, ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparisonLine {
    pub label: &'static str,
    pub baseline: String,
    pub distributed: String,
    /// Of the distributed run against the baseline; empty where a ratio would say nothing.
    pub change: String,
}

impl Run {
    /// `start` and `end` are the work's, which may be shorter than the rent.
    pub fn of(bill: &Bill, start: Timestamp, end: Timestamp) -> Self {
        Self {
            time: end.since(start),
            device_time: bill.device_time.leased(),
            held: bill.device_time.held,
            execute: bill.device_time.execute,
            cost: bill.rented,
        }
    }

    pub fn utilisation(&self) -> f64 {
        if self.held.is_zero() {
            return 0.0;
        }
        self.execute.as_secs_f64() / self.held.as_secs_f64()
    }
}

impl Comparison {
    pub fn saving(&self) -> Saving {
        let (before, after) = (self.baseline.cost.as_usd(), self.distributed.cost.as_usd());
        if self.baseline.cost == Cost::ZERO {
            return Saving::Undefined;
        }
        let percent = (before - after) / before * 100.0;
        if self.distributed.cost < self.baseline.cost {
            Saving::Saved(percent)
        } else {
            Saving::None(-percent)
        }
    }

    pub fn lines(&self) -> Vec<ComparisonLine> {
        let (baseline, distributed) = (&self.baseline, &self.distributed);
        let time = |label, of: fn(&Run) -> Duration| ComparisonLine {
            label,
            baseline: seconds(of(baseline)),
            distributed: seconds(of(distributed)),
            change: change(of(baseline).as_secs_f64(), of(distributed).as_secs_f64()),
        };
        let utilisation = ComparisonLine {
            label: "utilisation",
            baseline: percent(baseline.utilisation()),
            distributed: percent(distributed.utilisation()),
            change: String::new(),
        };
        let cost = ComparisonLine {
            label: "cost",
            baseline: usd(baseline.cost),
            distributed: usd(distributed.cost),
            change: change(baseline.cost.as_usd(), distributed.cost.as_usd()),
        };
        vec![
            time("time", |run| run.time),
            time("device time used", |run| run.device_time),
            time("device time rented", |run| run.held),
            utilisation,
            cost,
        ]
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

fn percent(part: f64) -> String {
    format!("{:.0} %", part * 100.0)
}

/// Whole µ$, to the nearest.
fn usd(cost: Cost) -> String {
    dice_model::apportion(&[cost])[0].to_string()
}

fn change(before: f64, after: f64) -> String {
    if before <= 0.0 {
        return String::new();
    }
    format!("{:+.1} %", (after - before) / before * 100.0)
}

impl fmt::Display for Saving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Saved(percent) => write!(f, "{percent:.1} % saved"),
            Self::None(more) if *more > 0.0 => write!(f, "nothing saved: {more:.1} % dearer"),
            Self::None(_) => f.write_str("nothing saved: the same cost"),
            Self::Undefined => f.write_str("no saving can be named: the baseline cost nothing"),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Measured => f.write_str("times: measured"),
            Self::Price(warning @ PriceWarning::Assumed { .. }) => {
                write!(f, "price assumed: {warning}")
            }
            Self::Price(warning) => write!(f, "price old: {warning}"),
            Self::Simulated(scale) if scale.is_real() => {
                f.write_str("simulated: functions take their time from a profile")
            }
            Self::Simulated(scale) => {
                write!(
                    f,
                    "simulated: run at time scale {scale}, shown at full length"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_model::MicroUsd;

    fn run(seconds: u64, micro_usd: i64) -> Run {
        Run {
            time: Duration::from_secs(seconds),
            device_time: Duration::from_secs(seconds),
            held: Duration::from_secs(seconds * 2),
            execute: Duration::from_secs(seconds),
            cost: Cost::from_micro_usd(MicroUsd(micro_usd)),
        }
    }

    fn check(baseline: i64, distributed: i64, expect: &str) {
        let comparison = Comparison {
            baseline: run(10, baseline),
            distributed: run(5, distributed),
            labels: Vec::new(),
        };
        assert_eq!(comparison.saving().to_string(), expect);
    }

    #[test]
    fn what_is_not_saved_is_said_so() {
        check(100, 25, "75.0 % saved");
        check(100, 100, "nothing saved: the same cost");
        check(100, 150, "nothing saved: 50.0 % dearer");
        check(0, 0, "no saving can be named: the baseline cost nothing");
    }

    #[test]
    fn the_table_is_ready_to_print() {
        let comparison = Comparison {
            baseline: run(10, 4_000),
            distributed: run(4, 1_000),
            labels: vec![Label::Measured, Label::Simulated(TimeScale::REAL)],
        };
        let rows = comparison.lines().into_iter().map(|line| {
            let ComparisonLine {
                label,
                baseline,
                distributed,
                change,
            } = line;
            format!("{label:<20}{baseline:>12}{distributed:>12}{change:>10}")
        });
        let rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
        insta::assert_snapshot!(rows.join("\n"), @"
        time                    10.000 s     4.000 s   -60.0 %
        device time used        10.000 s     4.000 s   -60.0 %
        device time rented      20.000 s     8.000 s   -60.0 %
        utilisation                 50 %        50 %
        cost                   $0.004000   $0.001000   -75.0 %
        ");
        let labels: Vec<String> = comparison.labels.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(labels.join("\n"), @"
        times: measured
        simulated: functions take their time from a profile
        ");
    }
}
