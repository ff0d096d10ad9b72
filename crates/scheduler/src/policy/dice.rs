//! Our policy: oldest task first, batches as large as they pay, swaps only when their load is earned.

use super::{Arrival, BatchQuestion, Policy, Priority, Swap};

/// Between two swaps a device works for at least this many load times, so at most a fifth of its time
/// is lost to loading.
const LOADS_EARNED: u32 = 4;

#[derive(Debug)]
pub(crate) struct Dice;

impl Policy for Dice {
    /// A task that is nearly through goes before one that has just begun: fewer are open at once, and
    /// none can starve, since no later task goes before it.
    fn priority(&self, arrival: &Arrival) -> Priority {
        Priority(arrival.task_order, arrival.call.call)
    }

    /// Never waits for more calls: what is queued is spread over the idle devices, and only the rest
    /// shares a batch. Calls that arrive while the device is busy are the next batch.
    fn batch_size(&self, question: &BatchQuestion<'_>) -> u32 {
        let share = question.queued.div_ceil(question.idle_devices.max(1));
        let share = u32::try_from(share).unwrap_or(u32::MAX);
        share.clamp(1, worthwhile(question).max(1))
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
    use std::time::Duration;

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
        };
        assert_eq!(Dice.batch_size(&question), expect, "{question:?}");
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
}
