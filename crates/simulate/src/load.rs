//! How busy devices were over time: from the intervals that a run has kept.

use std::collections::BTreeMap;
use std::time::Duration;

use dice_model::{DeviceType, LeaseUse, Timestamp, Usage};

use crate::Outcome;

/// Points of a curve that is to be drawn.
const STEPS: u32 = 120;

/// Means over steps of equal length.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    pub step: Duration,
    /// Part of the step in which devices of that type executed.
    pub busy_percent: BTreeMap<DeviceType, Vec<f64>>,
}

impl Load {
    /// Needs `Detail::Intervals`.
    pub fn of(outcome: &Outcome) -> Self {
        let step = (outcome.makespan / STEPS).max(Duration::from_nanos(1));
        let kinds: BTreeMap<_, _> = outcome
            .devices
            .iter()
            .map(|device| (&device.id, &device.kind))
            .collect();
        let mut intervals: BTreeMap<DeviceType, Vec<(Duration, Duration)>> = BTreeMap::new();
        for usage in &outcome.usage {
            let Usage::Leased {
                device,
                from,
                to,
                purpose: LeaseUse::Execute { .. },
                ..
            } = usage
            else {
                continue;
            };
            let Some(&kind) = kinds.get(device) else {
                continue;
            };
            let interval = (*from - Timestamp::ZERO, *to - Timestamp::ZERO);
            intervals.entry(kind.clone()).or_default().push(interval);
        }
        let percent = |kind: &DeviceType, intervals: Vec<_>| {
            let devices = outcome.devices.iter().filter(|device| device.kind == *kind);
            let full = 100.0 / devices.count() as f64;
            let means = means(intervals.into_iter(), step, outcome.makespan);
            means.into_iter().map(|mean| mean * full).collect()
        };
        Self {
            step,
            busy_percent: intervals
                .into_iter()
                .map(|(kind, intervals)| (kind.clone(), percent(&kind, intervals)))
                .collect(),
        }
    }
}

/// How many of the intervals are there at once, on average over each step, the last one's rest too.
pub(crate) fn means(
    intervals: impl Iterator<Item = (Duration, Duration)>,
    step: Duration,
    end: Duration,
) -> Vec<f64> {
    let steps = end.as_nanos().div_ceil(step.as_nanos());
    let mut sums = vec![Duration::ZERO; usize::try_from(steps).expect("few steps")];
    let place = |at: Duration| (at.as_nanos() / step.as_nanos()) as u32;
    for (from, to) in intervals {
        let mut begin = from;
        while begin < to.min(end) {
            let number = place(begin);
            let stop = (step * (number + 1)).min(to).min(end);
            sums[number as usize] += stop - begin;
            begin = stop;
        }
    }
    let length = |number: u32| (end - step * number).min(step).as_secs_f64();
    (0..)
        .zip(sums)
        .map(|(number, sum)| sum.as_secs_f64() / length(number))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(intervals: &[(u64, u64)], end: u64, expect: &[f64]) {
        let seconds =
            |(from, to): &(u64, u64)| (Duration::from_secs(*from), Duration::from_secs(*to));
        let intervals = intervals.iter().map(seconds);
        let minute = Duration::from_secs(60);
        assert_eq!(means(intervals, minute, Duration::from_secs(end)), expect);
    }

    #[test]
    fn means_are_over_whole_steps_and_the_rest_of_the_last() {
        check(&[], 0, &[]);
        check(&[(0, 60)], 60, &[1.0]);
        check(&[(30, 90)], 90, &[0.5, 1.0]);
        check(&[(0, 30), (0, 60), (0, 120)], 120, &[2.5, 1.0]);
    }
}
