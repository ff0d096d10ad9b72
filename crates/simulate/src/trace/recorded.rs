//! The tasks of a trace as calls that wait for each other.

use std::collections::BTreeMap;
use std::time::Duration;

use super::profile::Profiles;
use super::{Trace, TraceError, TracedCall, TracedTask};
use crate::scenario::{Recorded, RecordedCall};
use dice_model::DeviceId;

/// By lease: its calls' share of how much longer it took than the profile says.
type Factors<'a> = BTreeMap<(u64, &'a DeviceId), f64>;

impl Trace {
    pub(super) fn recorded(
        &self,
        profiles: &Profiles,
        by_profile: bool,
    ) -> Result<Vec<Recorded>, TraceError> {
        let mut factors = self.factors(profiles)?;
        if by_profile {
            factors.values_mut().for_each(|factor| *factor = 1.0);
        }
        let tasks = self.tasks.iter().filter(|task| !task.calls.is_empty());
        Ok(tasks.map(|task| recorded(task, &factors)).collect())
    }

    fn factors(&self, profiles: &Profiles) -> Result<Factors<'_>, TraceError> {
        let leases = self.leases_by_key();
        let factors = leases.into_iter().map(|(key, lease)| {
            let latency = &profiles[lease.function][self.kind(lease.device)?];
            let expected = latency.batch_time(lease.size).unwrap_or(lease.time);
            let factor = lease.time.as_secs_f64() / expected.as_secs_f64().max(1e-9);
            Ok((key, factor.max(1e-6)))
        });
        factors.collect()
    }

    fn leases_by_key(&self) -> BTreeMap<(u64, &DeviceId), super::profile::Lease<'_>> {
        let calls = self.tasks.iter().flat_map(|task| &task.calls);
        let mut keys: Vec<_> = calls.map(TracedCall::lease).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().zip(self.leases()).collect()
    }
}

/// A call is taken to have waited for all calls that had ended when it was issued: some of them it may not
/// have needed, but never is more overlap claimed than was seen. The program's own time is what passed
/// between the last of those ends and its issue.
fn recorded(task: &TracedTask, factors: &Factors<'_>) -> Recorded {
    let mut calls: Vec<&TracedCall> = task.calls.iter().collect();
    calls.sort_by_key(|call| call.issued_ns);
    let made = calls.iter().enumerate().map(|(place, call)| {
        let ended = |other: &TracedCall| other.ended_ns <= call.issued_ns;
        let before: Vec<usize> = (0..place).filter(|&at| ended(calls[at])).collect();
        // One that ended before another of them was issued is waited for through that one.
        let latest = before.iter().map(|&at| calls[at].issued_ns).max();
        let direct = before
            .iter()
            .filter(|&&at| latest.is_none_or(|latest| calls[at].ended_ns > latest));
        let since = before.iter().map(|&at| calls[at].ended_ns).max();
        let program = call.issued_ns - since.unwrap_or(task.started_ns.min(call.issued_ns));
        RecordedCall {
            function: call.function.clone(),
            after: direct
                .map(|&at| u32::try_from(at).expect("few calls"))
                .collect(),
            program: Duration::from_nanos(program),
            factor: factors[&call.lease()],
        }
    });
    let made: Vec<RecordedCall> = made.collect();
    let last = calls.iter().map(|call| call.ended_ns).max().unwrap_or(0);
    Recorded {
        arrives: Duration::from_nanos(task.accepted_ns),
        calls: made,
        rest: Duration::from_nanos(task.ended_ns.saturating_sub(last)),
    }
}
