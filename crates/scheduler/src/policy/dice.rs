//! Our policy: short rests and near deadlines first, batches as large as they pay, swaps only when their
//! load is earned.

use std::time::Duration;

use super::{Arrival, BatchQuestion, Policy, Priority, Swap};
use crate::function::interpolate;
use crate::plan::nanoseconds;

/// Between two swaps a device works for at least this many load times, so at most a fifth of its time
/// is lost to loading.
const LOADS_EARNED: u32 = 4;

#[derive(Debug)]
pub(crate) struct Dice {
    /// What a task without a deadline is granted, from its acceptance.
    pub(crate) patience: Duration,
}

impl Policy for Dice {
    /// A task that is nearly through goes before one that has just begun: fewer are open at once. What counts
    /// is acceptance plus rest, so a task is passed only by those accepted less than its own rest after
    /// it: none starves. One with a deadline goes as if it had been accepted so much before the latest
    /// moment at which its rest still fits, unless that has passed: then nothing is gained by haste. Within
    /// a task the longest chain is first, since the task ends with it.
    fn priority(&self, arrival: &Arrival) -> Priority {
        let rest = Duration::from_nanos(arrival.rest.max(arrival.chain));
        let patient = arrival.accepted + self.patience + rest;
        let latest = arrival.due.filter(|&due| arrival.now + rest <= due);
        let latest = latest.map(|due| due.0 - nanoseconds(rest));
        let goes_by = latest.map_or(patient.0, |latest| latest.min(patient.0));
        Priority(goes_by, u64::MAX - arrival.chain)
    }

    fn shares_fairly(&self) -> bool {
        true
    }

    /// Never waits for more calls: what is queued is spread over the idle devices, and only the rest
    /// shares a batch. Calls that arrive while the device is busy are the next batch.
    fn batch_size(&self, question: &BatchQuestion<'_>) -> u32 {
        let full = worthwhile(question).max(1);
        let share = share(question.queued, question.idle_devices).clamp(1, full);
        // Those that are busy now take the others' place soon.
        let least = self::share(question.queued, question.copies).clamp(1, share);
        if least == share {
            return share;
        }
        let horizon = (question.horizon)();
        let ends_in_time = |size: u32| {
            let time = interpolate(question.batches, size).unwrap_or_default();
            time + question.tail <= horizon
        };
        last_that(least, share, ends_in_time)
    }

    fn prefers_what_pays(&self) -> bool {
        true
    }

    fn plans(&self) -> bool {
        true
    }

    fn warms(&self) -> bool {
        true
    }

    fn swaps(&self, swap: &Swap) -> bool {
        swap.waited >= swap.load * LOADS_EARNED
    }
}

fn share(calls: usize, devices: usize) -> u32 {
    u32::try_from(calls.div_ceil(devices.max(1))).unwrap_or(u32::MAX)
}

/// The largest size that does, all smaller ones doing so too; `least` in any case.
fn last_that(least: u32, most: u32, does: impl Fn(u32) -> bool) -> u32 {
    let (mut does_still, mut does_not) = (least, most + 1);
    while does_not - does_still > 1 {
        let middle = does_still.midpoint(does_not);
        if does(middle) {
            does_still = middle;
        } else {
            does_not = middle;
        }
    }
    does_still
}

/// The size with the least time per call; without a profile, the largest allowed.
fn worthwhile(question: &BatchQuestion<'_>) -> u32 {
    question
        .batches
        .iter()
        .filter(|(size, _)| (1..=question.limit).contains(size))
        .min_by_key(|(size, time)| (time.as_nanos() / u128::from(*size), *size))
        .map_or(question.limit, |&(size, _)| size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_model::Timestamp;

    const DICE: Dice = Dice {
        patience: Duration::from_nanos(1_000),
    };

    fn check(queued: usize, idle_devices: usize, milliseconds: &[(u32, u64)], expect: u32) {
        let batches: Vec<_> = milliseconds
            .iter()
            .map(|&(size, time)| (size, Duration::from_millis(time)))
            .collect();
        let question = BatchQuestion {
            queued,
            idle_devices,
            limit: 8,
            batches: &batches,
            copies: idle_devices,
            tail: Duration::ZERO,
            horizon: &|| Duration::MAX,
        };
        let size = DICE.batch_size(&question);
        assert_eq!(size, expect, "{queued} {idle_devices} {batches:?}");
    }

    #[test]
    fn batches_are_as_large_as_they_pay_and_no_idle_device_is_left_out() {
        check(1, 1, &[], 1);
        check(100, 1, &[], 8);
        check(4, 4, &[], 1);
        check(5, 4, &[], 2);
        check(100, 1, &[(1, 10), (4, 20), (8, 60)], 4);
        check(100, 1, &[(1, 10), (16, 20)], 1);
        check(0, 0, &[], 1);
    }

    /// Accepted at, due, rest and chain; at the time 5,000.
    type Place = (u64, Option<u64>, u64, u64);

    fn goes_first(first: Place, second: Place) {
        let priority = |(accepted, due, rest, chain): Place| {
            DICE.priority(&Arrival {
                now: Timestamp(5_000),
                sequence: 0,
                accepted: Timestamp(accepted),
                due: due.map(Timestamp),
                rest,
                chain,
            })
        };
        assert!(priority(first) < priority(second), "{first:?} {second:?}");
    }

    #[test]
    fn what_is_nearly_done_goes_first_with_ageing() {
        goes_first((100, None, 10, 10), (100, None, 20, 20));
        goes_first((100, None, 10, 10), (101, None, 10, 10));
        goes_first((110, None, 10, 10), (100, None, 30, 30));
        goes_first((100, None, 30, 30), (121, None, 10, 10));
    }

    #[test]
    fn within_a_task_the_longest_chain_goes_first() {
        goes_first((100, None, 30, 30), (100, None, 30, 10));
    }

    #[test]
    fn a_near_deadline_goes_first_unless_it_cannot_be_met() {
        goes_first((4_900, Some(5_500), 10, 10), (4_600, None, 10, 10));
        goes_first((4_900, Some(5_500), 20, 20), (4_900, Some(5_500), 10, 10));
        goes_first((4_000, None, 10, 10), (4_900, Some(5_500), 10, 10));
        goes_first((4_900, None, 10, 10), (4_901, Some(5_005), 10, 10));
    }
}
