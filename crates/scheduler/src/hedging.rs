//! A second run of calls that take unusually long: the first answer counts, the other run is cancelled.

use std::time::Duration;

use dice_model::{CallRef, Effect, LeaseId};

use crate::function::FunctionIndex;
use crate::plan::nanoseconds;
use crate::timers::Timer;
use crate::{Action, CallPlace, Scheduler};

/// Leases that are remembered, of one function on one class of devices.
const REMEMBERED: usize = 64;
/// With fewer nothing is unusual yet.
const ENOUGH: usize = 16;
/// What is unusual is worked out again after so many more.
const REFRESH: usize = 8;

/// How long leases took, in thousandths of what was expected of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread {
    seen: Vec<u32>,
    next: usize,
    since: usize,
    /// The quantile that was asked for last.
    quantile: Option<u32>,
}

impl Spread {
    pub(crate) fn saw(&mut self, expected: Duration, took: Duration, quantile: u32) {
        let thousandths = took.as_nanos() * 1_000 / expected.as_nanos().max(1);
        let thousandths = u32::try_from(thousandths).unwrap_or(u32::MAX);
        if self.seen.len() < REMEMBERED {
            self.seen.push(thousandths);
        } else {
            self.seen[self.next] = thousandths;
        }
        self.next = (self.next + 1) % REMEMBERED;
        self.since += 1;
        if self.seen.len() >= ENOUGH && (self.quantile.is_none() || self.since >= REFRESH) {
            self.since = 0;
            let mut sorted = self.seen.clone();
            sorted.sort_unstable();
            let at = (sorted.len() - 1) * quantile.min(1_000) as usize / 1_000;
            self.quantile = Some(sorted[at]);
        }
    }

    /// After so long a lease is a straggler.
    fn unusual(&self, expected: Duration) -> Option<Duration> {
        let thousandths = u128::from(self.quantile?.max(1_000));
        let nanoseconds = expected.as_nanos() * thousandths / 1_000;
        Some(Duration::from_nanos(u64::try_from(nanoseconds).ok()?))
    }
}

/// Device time, for keeping the extra load within its bound.
#[derive(Debug, Default)]
pub(crate) struct HedgeBudget {
    pub(crate) used: u64,
    hedged: u64,
}

impl Scheduler {
    /// A lease begins: when it will be a straggler, if its function is declared pure.
    pub(crate) fn watch(&mut self, id: LeaseId) {
        if self.options.hedge.is_none() {
            return;
        }
        let lease = &self.leases[&id];
        let function = self.function(lease.function);
        if function.spec.effect != Effect::Pure || lease.hedge {
            return;
        }
        let class = self.fleet.device(lease.device).class;
        let expected = self.expected_time(id);
        let spread = function.spread(class);
        let unusual = expected.zip(spread).and_then(|(time, s)| s.unusual(time));
        if let Some(after) = unusual {
            self.timers.set(self.now + after, Timer::Hedge(id));
        }
    }

    fn expected_time(&self, id: LeaseId) -> Option<Duration> {
        let lease = &self.leases[&id];
        let class = self.fleet.device(lease.device).class;
        let kind = &self.fleet.class(class).kind;
        self.function(lease.function)
            .lease_time(kind, class, lease.size)
    }

    /// After everything that is waited for has been granted. What finds no device now is looked at again;
    /// what is past its deadline has failed, and its worker may have been told to end.
    pub(crate) fn hedge_stragglers(&mut self) {
        let mut stragglers = std::mem::take(&mut self.stragglers);
        for id in stragglers.drain(..) {
            let open = self.leases.get(&id);
            let Some(index) = open
                .filter(|lease| lease.twin.is_none() && self.now < lease.deadline)
                .map(|l| l.function)
            else {
                continue;
            };
            let Some(expected) = self.expected_time(id) else {
                continue;
            };
            if !self.hedge(id, index, expected) {
                let pause = (expected / 4).max(Duration::from_millis(1));
                self.timers.set(self.now + pause, Timer::Hedge(id));
            }
        }
        self.stragglers = stragglers;
    }

    fn hedge(&mut self, id: LeaseId, index: FunctionIndex, expected: Duration) -> bool {
        let Some(options) = self.options.hedge else {
            return true;
        };
        let lease = &self.leases[&id];
        let calls = lease.calls.iter().copied();
        let wanted: Vec<CallRef> = calls.filter(|call| !self.calls[call].abandoned).collect();
        if wanted.is_empty() {
            return true;
        }
        let function = self.function(index);
        let Some(&(_, device)) = function.idle.first() else {
            return false;
        };
        let more = self.hedges.hedged.saturating_add(nanoseconds(expected));
        let within =
            u128::from(more) * 1_000 <= u128::from(self.hedges.used) * u128::from(options.share);
        if !function.queue.is_empty() || !within {
            return false;
        }
        self.hedges.hedged = more;
        let calls = wanted.into_iter().map(|call| {
            let known = self.calls.get_mut(&call).expect("leased calls are known");
            known.history.attempts += 1;
            (call, known.history.attempts)
        });
        let calls: Vec<_> = calls.collect();
        self.last_lease += 1;
        let twin = LeaseId(self.last_lease);
        let mut grant = self.open_lease(twin, index, device, calls);
        grant.hedge = true;
        self.pair(id, twin);
        self.actions.push(Action::Grant(grant));
        true
    }

    pub(crate) fn pair(&mut self, first: LeaseId, second: LeaseId) {
        if let Some(lease) = self.leases.get_mut(&first) {
            lease.twin = Some(second);
        }
        if let Some(lease) = self.leases.get_mut(&second) {
            lease.twin = Some(first);
            lease.hedge = true;
        }
    }

    /// The other lease that runs this call, if there is one.
    pub(crate) fn other_lease(&self, call: CallRef, this: LeaseId) -> Option<LeaseId> {
        let call = self.calls.get(&call)?;
        match call.place {
            CallPlace::Granted(first) if first != this => Some(first),
            _ => call.twin.filter(|&twin| twin != this),
        }
    }

    /// This lease has nothing more to do with the call. True: another one still runs it.
    pub(crate) fn left_to_other(&mut self, call_ref: CallRef, this: LeaseId) -> bool {
        let Some(other) = self.other_lease(call_ref, this) else {
            return false;
        };
        let call = self.calls.get_mut(&call_ref).expect("it has two leases");
        call.place = CallPlace::Granted(other);
        call.twin = None;
        true
    }

    /// It has answered; the lease that lost need not.
    pub(crate) fn stop_other(&mut self, call: CallRef, this: LeaseId) -> Option<LeaseId> {
        let other = self.other_lease(call, this)?;
        let lease = self.leases.get_mut(&other)?;
        lease.calls.retain(|one| *one != call);
        let index = lease.function;
        self.function_mut(index).granted -= 1;
        Some(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECTED: Duration = Duration::from_millis(100);

    fn check(milliseconds: &[u64], quantile: u32, expect: Option<u64>) {
        let mut spread = Spread::default();
        for &took in milliseconds {
            spread.saw(EXPECTED, Duration::from_millis(took), quantile);
        }
        let expect = expect.map(Duration::from_millis);
        assert_eq!(spread.unusual(EXPECTED), expect, "{milliseconds:?}");
    }

    #[test]
    fn what_is_unusual_depends_on_what_was_seen() {
        check(&[100; 15], 950, None);
        check(&[100; 16], 950, Some(100));
        check(&[50; 16], 950, Some(100));
        let mut some_slow = vec![110; 90];
        some_slow.extend([300; 8]);
        check(&some_slow, 500, Some(110));
        check(&some_slow, 950, Some(300));
    }
}
