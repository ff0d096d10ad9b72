//! One task's part of a bill, and what made it large or small.

use std::time::Duration;

use dice_cost::Bill;
use dice_model::{Cost, TaskId, Timestamp};
use dice_runtime::{CallRecord, Guessed};

use super::Ran;

#[derive(Debug, Clone, PartialEq)]
pub struct TaskCost {
    pub task: TaskId,
    /// What its own calls cost.
    pub direct: Cost,
    /// With its share of loading, idle and wasted time.
    pub loaded: Cost,
    pub device_time: Duration,
    pub calls: usize,
    /// Time in which calls of it executed, added up over the calls, over the time in which any did: 1 if
    /// they never overlap.
    pub overlap: f64,
    /// Of the batches that its calls were in, mates from other tasks counted.
    pub mean_batch_size: f64,
    /// Calls that got the result of an equal one, of the same task or remembered of another.
    pub reused: usize,
    /// Grants beyond the first of each call.
    pub retries: u32,
    pub guesses: usize,
    pub guesses_in_vain: usize,
}

impl TaskCost {
    pub(super) fn new(ran: &Ran, bill: &Bill) -> Self {
        let task = ran.record.id;
        let share = bill.tasks.get(&task).copied().unwrap_or_default();
        let calls = &ran.calls;
        let count =
            |wanted: fn(&CallRecord) -> bool| calls.iter().filter(|call| wanted(call)).count();
        Self {
            task,
            direct: bill.direct.tasks.get(&task).copied().unwrap_or_default(),
            loaded: bill.loaded.tasks.get(&task).copied().unwrap_or_default(),
            device_time: share.device_time,
            calls: calls.len(),
            overlap: overlap(calls.iter().filter_map(executed).collect()),
            mean_batch_size: share.mean_batch_size(),
            reused: count(|call| call.shared.is_some() || call.reused.is_some()),
            retries: calls
                .iter()
                .map(|call| call.attempts.saturating_sub(1))
                .sum(),
            guesses: count(|call| call.guess.is_some()),
            guesses_in_vain: count(|call| call.guess == Some(Guessed::InVain)),
        }
    }
}

fn executed(call: &CallRecord) -> Option<(Timestamp, Timestamp)> {
    let from = call.granted.filter(|_| call.shared.is_none())?;
    Some((from, call.ended?.max(from)))
}

fn overlap(mut intervals: Vec<(Timestamp, Timestamp)>) -> f64 {
    intervals.sort_unstable();
    let (mut all, mut covered) = (Duration::ZERO, Duration::ZERO);
    let mut end = Timestamp::ZERO;
    for (from, to) in intervals {
        all += to - from;
        covered += to - from.max(end).min(to);
        end = end.max(to);
    }
    if covered.is_zero() {
        return 1.0;
    }
    all.as_secs_f64() / covered.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_is_how_many_were_at_work_at_once() {
        let check = |intervals: &[(u64, u64)], expect: f64| {
            let intervals = intervals
                .iter()
                .map(|(from, to)| (Timestamp(*from), Timestamp(*to)));
            assert!((overlap(intervals.collect()) - expect).abs() < 1e-9);
        };
        check(&[], 1.0);
        check(&[(0, 5), (5, 9)], 1.0);
        check(&[(0, 10), (0, 10), (2, 4)], 2.2);
        check(&[(0, 4), (2, 6), (10, 12)], 10.0 / 8.0);
    }
}
