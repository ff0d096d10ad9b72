//! Leases that are held, and what they were held for once they end (RUNTIME M2).

use std::collections::HashMap;

use dice_model::{CallRef, DeviceId, FunctionId, LeaseId, LeaseUse, TaskId, Timestamp};
use dice_scheduler::LeaseGrant;
use dice_wire::ToWorker;

#[derive(Debug, Default)]
pub(super) struct Leases {
    held: HashMap<LeaseId, Lease>,
    of_call: HashMap<CallRef, LeaseId>,
}

#[derive(Debug)]
pub(super) struct Lease {
    pub(super) function: FunctionId,
    pub(super) device: DeviceId,
    pub(super) granted: Timestamp,
    pub(super) attempts: HashMap<CallRef, u32>,
    pub(super) calls: Vec<CallRef>,
    /// A write's grant, held back until its intent is durable (J6).
    pub(super) waits_for_intent: Option<ToWorker>,
    used: Vec<CallRef>,
    /// Another lease runs the same calls: what is not used of this one is billed as a hedge.
    hedged: bool,
}

impl Lease {
    pub(super) fn new(grant: &LeaseGrant, granted: Timestamp) -> Self {
        Self {
            function: grant.function.clone(),
            device: grant.device.clone(),
            granted,
            attempts: grant.calls.iter().copied().collect(),
            calls: grant.calls.iter().map(|&(call, _)| call).collect(),
            waits_for_intent: None,
            used: Vec::new(),
            hedged: grant.hedge,
        }
    }

    /// A result of this call was delivered.
    pub(super) fn note_used(&mut self, call: CallRef) {
        self.used.push(call);
    }

    /// The device's time, split into what was used and what was not; calls share it equally, and
    /// the parts add up to the whole, exactly.
    pub(super) fn uses(self, until: Timestamp) -> Vec<(Timestamp, Timestamp, LeaseUse)> {
        let wasted: Vec<CallRef> = self
            .calls
            .iter()
            .copied()
            .filter(|call| !self.used.contains(call))
            .collect();
        let (from, calls) = (self.granted, self.used);
        let unused = |calls| match self.hedged {
            true => LeaseUse::Hedged { calls },
            false => LeaseUse::Wasted { calls },
        };
        if wasted.is_empty() {
            return vec![(from, until, LeaseUse::Execute { calls })];
        }
        if calls.is_empty() {
            return vec![(from, until, unused(wasted))];
        }
        let whole = u128::from(until.0.saturating_sub(from.0));
        let used = whole * calls.len() as u128 / self.calls.len() as u128;
        let border = Timestamp(from.0 + u64::try_from(used).expect("a part of a u64"));
        vec![
            (from, border, LeaseUse::Execute { calls }),
            (border, until, unused(wasted)),
        ]
    }
}

impl Leases {
    pub(super) fn insert(&mut self, id: LeaseId, lease: Lease) {
        for call in lease.calls.iter().filter(|_| lease.hedged) {
            let first = self.of_call.get(call).copied();
            if let Some(first) = first.and_then(|first| self.held.get_mut(&first)) {
                first.hedged = true;
            }
        }
        self.of_call
            .extend(lease.calls.iter().map(|&call| (call, id)));
        self.held.insert(id, lease);
    }

    pub(super) fn get(&self, id: LeaseId) -> Option<&Lease> {
        self.held.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: LeaseId) -> Option<&mut Lease> {
        self.held.get_mut(&id)
    }

    pub(super) fn end(&mut self, id: LeaseId) -> Option<Lease> {
        let lease = self.held.remove(&id)?;
        for call in &lease.calls {
            if self.of_call.get(call) == Some(&id) {
                self.of_call.remove(call);
            }
        }
        Some(lease)
    }

    /// The call's lease, if it is one that was never sent: a write whose intent is not durable yet.
    pub(super) fn unsent(&self, call: CallRef) -> Option<LeaseId> {
        let id = *self.of_call.get(&call)?;
        let lease = self.held.get(&id)?;
        lease.waits_for_intent.is_some().then_some(id)
    }

    pub(super) fn unsent_of(&self, task: TaskId) -> Vec<LeaseId> {
        let calls = self.of_call.keys().filter(|call| call.task == task);
        calls.filter_map(|&call| self.unsent(call)).collect()
    }

    pub(super) fn on(&self, function: &FunctionId, device: &DeviceId) -> Vec<LeaseId> {
        let here = |lease: &Lease| &lease.function == function && &lease.device == device;
        let held = self.held.iter().filter(|(_, lease)| here(lease));
        held.map(|(&id, _)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn call(number: u32) -> CallRef {
        CallRef {
            task: TaskId(1),
            call: number,
        }
    }

    fn check(calls: u32, used: &[u32], expect: &[(u64, u64)]) {
        let grant = LeaseGrant {
            lease: LeaseId(1),
            function: FunctionId::new("f"),
            device: "d".into(),
            calls: (0..calls).map(|number| (call(number), 1)).collect(),
            deadline: Duration::from_secs(1),
            hedge: false,
        };
        let mut lease = Lease::new(&grant, Timestamp(100));
        used.iter()
            .for_each(|&number| lease.note_used(call(number)));
        let uses = lease.uses(Timestamp(200));
        let spans: Vec<_> = uses.iter().map(|(from, to, _)| (from.0, to.0)).collect();
        assert_eq!(spans, expect);
    }

    #[test]
    fn what_a_lease_was_used_for_adds_up_to_its_time() {
        check(1, &[0], &[(100, 200)]);
        check(3, &[], &[(100, 200)]);
        check(3, &[0, 2], &[(100, 166), (166, 200)]);
    }
}
