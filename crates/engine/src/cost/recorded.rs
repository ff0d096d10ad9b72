//! A task that ran, as a simulation can run it again.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use dice_cost::Observed;
use dice_model::{CallRef, FunctionId, Timestamp};
use dice_runtime::{CallRecord, CallState, Guessed};
use dice_simulate::{StagedCall, StagedTask};

use super::Ran;

/// How many times as long as the profile says each call took: its lease's time over the profile's.
pub(crate) type Factors = HashMap<CallRef, f64>;

/// A call's place in its task: what it waited for, as far as one can see.
struct Seen {
    /// Calls before it that it waited for, one after the other.
    depth: usize,
    /// The least time of those calls, added up, and its own.
    path: Duration,
    ended: Option<Timestamp>,
}

/// The program asked for it, and a result was used.
fn counts(call: &CallRecord) -> bool {
    let in_vain = call.guess == Some(Guessed::InVain);
    !in_vain && matches!(call.state, CallState::Succeeded | CallState::Failed(_))
}

/// Programs issue calls when results come: a call waited for the one that ended last before it.
fn seen(calls: &[CallRecord]) -> Vec<Seen> {
    let least = least_times(calls);
    let mut order: Vec<&CallRecord> = calls.iter().collect();
    order.sort_by_key(|call| (call.issued, call.call));
    // By end: depth and path of those that ended until then.
    let mut ended: BTreeMap<(Timestamp, u32), (usize, Duration)> = BTreeMap::new();
    let mut seen: BTreeMap<u32, Seen> = BTreeMap::new();
    for call in order {
        let before = ended.range(..=(call.issued, u32::MAX)).next_back();
        let (depth, path) = before.map_or((0, Duration::ZERO), |(_, before)| *before);
        let own = least.get(&call.function).filter(|_| call.shared.is_none());
        let path = path + own.copied().unwrap_or_default();
        if let Some(end) = call.ended {
            ended.insert((end, call.call), (depth + 1, path));
        }
        let one = Seen {
            depth,
            path,
            ended: call.ended,
        };
        seen.insert(call.call, one);
    }
    seen.into_values().collect()
}

fn least_times(calls: &[CallRecord]) -> HashMap<FunctionId, Duration> {
    let mut least: HashMap<FunctionId, Duration> = HashMap::new();
    for call in calls.iter().filter(|call| call.shared.is_none()) {
        if let (Some(from), Some(to)) = (call.granted, call.ended) {
            let time = to - from;
            let known = least.entry(call.function.clone()).or_insert(time);
            *known = (*known).min(time);
        }
    }
    least
}

/// The longest chain of calls that waited for each other, each in the least time that its function took.
pub(crate) fn longest_path(calls: &[CallRecord]) -> Duration {
    let ended = seen(calls).into_iter().filter(|call| call.ended.is_some());
    ended.map(|call| call.path).max().unwrap_or_default()
}

pub(crate) fn factors(
    observed: &Observed,
    expected: impl Fn(&FunctionId, &dice_model::DeviceType, u32) -> Option<Duration>,
) -> Factors {
    let mut factors = Factors::new();
    for lease in &observed.leases {
        let size = u32::try_from(lease.calls.len()).unwrap_or(u32::MAX);
        let expected = expected(&lease.function, &lease.kind, size);
        let Some(expected) = expected.filter(|time| !time.is_zero()) else {
            continue;
        };
        let factor = lease.time.as_secs_f64() / expected.as_secs_f64();
        factors.extend(lease.calls.iter().map(|call| (*call, factor)));
    }
    factors
}

/// `None`: it called nothing. `reused`: with the calls that got the result of an equal one.
pub(crate) fn recorded(
    ran: &Ran,
    factors: &Factors,
    reused: bool,
    program: Duration,
) -> Option<StagedTask> {
    let mut stages: BTreeMap<usize, Vec<StagedCall>> = BTreeMap::new();
    for (call, seen) in ran.calls.iter().zip(seen(&ran.calls)) {
        let for_nothing = call.shared.is_some() || call.reused.is_some();
        if !counts(call) || !reused && for_nothing {
            continue;
        }
        let executed = call.shared.unwrap_or(call.call);
        let task = ran.record.id;
        let factor = factors.get(&CallRef {
            task,
            call: executed,
        });
        stages.entry(seen.depth).or_default().push(StagedCall {
            function: call.function.clone(),
            factor: factor.copied().unwrap_or(1.0),
        });
    }
    let stages: Vec<Vec<StagedCall>> = stages.into_values().collect();
    (!stages.is_empty()).then_some(StagedTask { program, stages })
}

/// Until its first call.
pub(crate) fn program_time(ran: &Ran) -> Duration {
    let first = ran.calls.iter().map(|call| call.issued).min();
    let times = ran.record.started.zip(first);
    times.map_or(Duration::ZERO, |(started, first)| first.since(started))
}
