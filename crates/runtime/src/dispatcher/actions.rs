//! What the scheduler asks for, carried out in its order.

use std::sync::Arc;

use dice_model::{CallFailure, CallRef, DeviceId, FunctionId, LeaseId, TaskId, Timestamp};
use dice_scheduler::{Action, CallEnd, Event, LeaseGrant};
use dice_wire::{CallGrant, DeviceGrant, Grant, ToWorker};

use super::leases::Lease;
use super::{CallNews, Dispatcher};

impl Dispatcher {
    /// Until there is nothing more to do: what cannot be done is an event again.
    pub(super) fn carry_out(&mut self) {
        loop {
            let actions: Vec<Action> = self.scheduler.drain_actions().collect();
            if actions.is_empty() {
                return;
            }
            for action in actions {
                self.act(action);
            }
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::StartTask { task } => {
                let start = self.tasks.get_mut(&task).and_then(|task| task.start.take());
                start.map(|start| start.send(()));
            }
            Action::Load { function, device } => self.load(&function, &device),
            Action::Unload { function, device } => {
                if self.workers.unload(&function, &device) {
                    self.tell(Event::Unloaded { function, device });
                }
            }
            Action::Kill { function, device } => {
                if !self.workers.kill(&function, &device) {
                    self.tell(Event::WorkerLost { function, device });
                }
            }
            Action::Grant(grant) => self.grant(grant),
            Action::Cancel { lease, calls } => {
                if let Some(lease) = self.leases.get(lease) {
                    self.workers
                        .send(&lease.function, &lease.device, ToWorker::Cancel { calls });
                }
            }
            Action::FailCall { call, failure } => self.fail(call, failure),
            Action::CallUncertain { call } => {
                self.calls.remove(&call);
                let at = self.now();
                self.news(call.task, CallNews::Uncertain { call, at });
            }
        }
    }

    fn load(&mut self, function: &FunctionId, device: &DeviceId) {
        let grant = self.device_grant(device);
        let (Some(spec), Some(grant)) = (self.functions.get(function), grant) else {
            self.tell(Event::LoadFailed {
                function: function.clone(),
                device: device.clone(),
            });
            return;
        };
        let now = self.around.clock.now();
        self.workers
            .load(spec, grant, now, &self.around, &self.pool);
    }

    fn device_grant(&self, device: &DeviceId) -> Option<DeviceGrant> {
        let node = self.node_of(device)?;
        let spec = node.devices.iter().find(|spec| &spec.id == device)?;
        let settings = self.options.devices.get(device).copied();
        let settings = settings.unwrap_or_default();
        Some(DeviceGrant {
            id: spec.id.clone(),
            kind: spec.kind.clone(),
            memory_bytes: spec.memory_bytes,
            index: settings.index,
            threads: settings.threads,
        })
    }

    fn grant(&mut self, grant: LeaseGrant) {
        let at = self.now();
        let calls = grant.calls.iter().filter_map(|&(call, attempt)| {
            let work = self.calls.get(&call)?;
            Some(CallGrant {
                call,
                attempt,
                arguments: Arc::clone(&work.arguments),
                idempotency_key: work.idempotency_key.clone(),
            })
        });
        let calls: Vec<CallGrant> = calls.collect();
        let is_write = calls.iter().any(|call| call.idempotency_key.is_some());
        let frame = ToWorker::Grant(Grant {
            epoch: self.around.epoch,
            lease: grant.lease,
            device: grant.device.clone(),
            deadline_ms: u64::try_from(grant.deadline.as_millis()).unwrap_or(u64::MAX),
            calls,
            more: false,
        });
        self.announce(&grant, at);
        let mut lease = Lease::new(&grant, at);
        if is_write {
            lease.waits_for_intent = Some(frame);
        } else {
            self.workers
                .grant(&grant.function, &grant.device, grant.lease, frame);
        }
        self.leases.insert(grant.lease, lease);
    }

    fn announce(&mut self, grant: &LeaseGrant, at: Timestamp) {
        for &(call, attempt) in &grant.calls {
            if self.single_granted(call, grant, attempt, at) {
                continue;
            }
            let news = CallNews::Granted {
                call,
                lease: grant.lease,
                device: grant.device.clone(),
                attempt,
                at,
            };
            self.news(call.task, news);
        }
    }

    /// A write's intent is durable. Its worker may have died meanwhile: then the scheduler knows.
    pub(super) fn send_cleared(&mut self, id: LeaseId) {
        let Some(lease) = self.leases.get_mut(id) else {
            return;
        };
        if let Some(frame) = lease.waits_for_intent.take() {
            self.workers
                .grant(&lease.function, &lease.device, id, frame);
        }
    }

    /// Nobody waits any more for a write that its worker has not heard of: the lease ends here.
    pub(super) fn never_send(&mut self, id: LeaseId) {
        let Some(lease) = self.leases.get(id) else {
            return;
        };
        let ended = lease.calls.iter().map(|&call| (call, CallEnd::Finished));
        let ended = ended.collect();
        self.end_lease(id);
        self.tell(Event::LeaseResults {
            lease: id,
            ended,
            last: true,
        });
    }

    fn fail(&mut self, call: CallRef, failure: CallFailure) {
        let work = self.calls.remove(&call);
        if let Some(single) = work.and_then(|work| work.single) {
            return self.single_over(call, single, Some((Err(failure), None)));
        }
        let at = self.now();
        self.news(call.task, CallNews::Failed { call, failure, at });
    }

    pub(super) fn news(&self, task: TaskId, news: CallNews) {
        if let Some(place) = self.tasks.get(&task) {
            // A task that is just ending does not listen any more.
            let _ = place.news.send(news);
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.around.clock.now()
    }
}
