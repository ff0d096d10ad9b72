//! From what journal and workers know to a scheduler, and back.

use std::collections::HashMap;

use dice_model::CallRef;

use crate::leases::Lease;
use crate::tasks::{Stage, Task};
use crate::{
    CallPlace, History, IssuedCall, LeaseGrant, ModelState, Options, Restored, RestoredLease,
    RestoredTask, Scheduler, Terms,
};

impl Scheduler {
    /// Goes on where another scheduler was stopped (RUNTIME P2).
    pub fn restore(options: Options, restored: Restored) -> Self {
        let mut scheduler = Self::new(options);
        scheduler.now = restored.at;
        scheduler.last_lease = restored.last_lease;
        for node in restored.nodes {
            scheduler.node_joined(node);
        }
        for (spec, profile) in restored.functions {
            scheduler.function_offered(spec, profile);
        }
        for task in restored.tasks {
            let stage = if task.started {
                Stage::Running
            } else {
                Stage::Waiting
            };
            scheduler.add_task(task.task, stage, task.terms);
        }
        scheduler.reissue(restored.calls, &restored.leases);
        for lease in restored.leases {
            scheduler.reopen(lease);
        }
        scheduler.start_tasks();
        scheduler
    }

    /// Leased calls stay out of the queues, but hold up those that wait for them.
    fn reissue(&mut self, calls: Vec<IssuedCall>, leases: &[RestoredLease]) {
        let leased = leases.iter().flat_map(|lease| &lease.grant.calls);
        let leased: HashMap<CallRef, u32> = leased.copied().collect();
        for call in calls {
            let (call_ref, withdrawn) = (call.call, call.history.withdrawn);
            self.call_issued(call);
            if let Some(&attempts) = leased.get(&call_ref) {
                self.unqueue(call_ref);
                if let Some(call) = self.calls.get_mut(&call_ref) {
                    call.place = CallPlace::Blocked;
                    call.history.attempts = attempts;
                }
            } else if withdrawn {
                let _ = self.abandon(call_ref);
            }
        }
    }

    /// A lease of which nobody wants anything any more still holds its device.
    fn reopen(&mut self, lease: RestoredLease) {
        let RestoredLease {
            mut grant,
            granted_at,
        } = lease;
        grant
            .calls
            .retain(|(call, _)| self.calls.contains_key(call));
        let place = self
            .fleet
            .find(&grant.device)
            .zip(self.index_of(&grant.function));
        let free = place.filter(|(device, _)| self.fleet.device(*device).lease.is_none());
        let Some((device, index)) = free else {
            for (call, _) in grant.calls {
                self.after_loss(call, grant.lease, false, crate::leases::Loss::DeviceGone);
            }
            return;
        };
        self.set_model(device, index, ModelState::Ready);
        let now = std::mem::replace(&mut self.now, granted_at);
        let (lease, hedge) = (grant.lease, grant.hedge);
        let first = grant.calls.first().map(|(call, _)| *call);
        self.open_lease(lease, index, device, grant.calls);
        self.now = now;
        let other = first.and_then(|call| self.other_lease(call, lease));
        if let Some(other) = other {
            let (first, second) = if hedge {
                (other, lease)
            } else {
                (lease, other)
            };
            self.pair(first, second);
        }
        self.last_lease = self.last_lease.max(grant.lease.0);
    }

    /// What a restart would be given, were there one now.
    pub fn snapshot(&self) -> Restored {
        let offered = self.functions.values().filter(|function| function.offered);
        let tasks = self.tasks.in_order();
        let accepted = tasks
            .iter()
            .filter(|(_, task)| task.stage != Stage::External);
        Restored {
            at: self.now,
            nodes: self.fleet.nodes().cloned().collect(),
            functions: offered
                .map(|function| (function.spec.clone(), function.profile.clone()))
                .collect(),
            tasks: accepted
                .map(|&(id, task)| RestoredTask {
                    task: id,
                    terms: self.terms_of(task),
                    started: task.stage == Stage::Running,
                })
                .collect(),
            calls: self.open_calls(),
            leases: self
                .leases
                .iter()
                .map(|(&id, lease)| self.grant_of(id, lease))
                .collect(),
            last_lease: self.last_lease,
        }
    }

    fn terms_of(&self, task: &Task) -> Terms {
        let left = task.due.map(|due| due.since(self.now));
        Terms {
            tenant: self.tenants.name(task.tenant).clone(),
            deadline: left.or(task.deadline),
        }
    }

    fn open_calls(&self) -> Vec<IssuedCall> {
        let mut after: HashMap<CallRef, Vec<CallRef>> = HashMap::new();
        for (earlier, call) in &self.calls {
            for dependent in call.dependents() {
                after.entry(*dependent).or_default().push(*earlier);
            }
        }
        let mut calls: Vec<_> = self.calls.iter().collect();
        calls.sort_by_key(|(_, known)| known.sequence);
        calls
            .into_iter()
            .map(|(call, known)| {
                let mut after = after.remove(call).unwrap_or_default();
                after.sort_unstable();
                IssuedCall {
                    call: *call,
                    function: self.function(known.function).spec.id.clone(),
                    deadline: known.deadline,
                    after,
                    history: History {
                        withdrawn: known.abandoned,
                        ..known.history
                    },
                    guess: known.is_guess(),
                }
            })
            .collect()
    }

    fn grant_of(&self, id: dice_model::LeaseId, lease: &Lease) -> RestoredLease {
        let calls = lease.calls.iter();
        RestoredLease {
            granted_at: lease.granted_at,
            grant: LeaseGrant {
                lease: id,
                function: self.function(lease.function).spec.id.clone(),
                device: self.fleet.device(lease.device).id.clone(),
                calls: calls
                    .map(|call| (*call, self.calls[call].history.attempts))
                    .collect(),
                deadline: lease.deadline.since(lease.granted_at),
                hedge: lease.hedge,
            },
        }
    }
}
