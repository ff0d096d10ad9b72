//! Leases: a batch's hold on a device, and what becomes of its calls however it ends.

use std::time::Duration;

use dice_model::{CallFailure, CallRef, Effect, FailureKind, LeaseId, Timestamp};

use crate::calls::Call;
use crate::fleet::{ClassIndex, DeviceIndex};
use crate::function::FunctionIndex;
use crate::plan::nanoseconds;
use crate::tenants::TenantIndex;
use crate::timers::Timer;
use crate::{Action, CallEnd, ModelState, Scheduler};

/// A call that has killed this many workers alone ends (RUNTIME J8).
const LONE_DEATHS: u32 = 2;

#[derive(Debug)]
pub(crate) struct Lease {
    pub(crate) function: FunctionIndex,
    pub(crate) device: DeviceIndex,
    /// Without an outcome.
    pub(crate) calls: Vec<CallRef>,
    /// Calls when it was granted.
    pub(crate) size: u32,
    pub(crate) granted_at: Timestamp,
    /// When it should be over, as far as anybody knows.
    pub(crate) expected: Timestamp,
    pub(crate) deadline: Timestamp,
    /// When it is looked at next, if nothing happens.
    pub(crate) timer: Option<Timestamp>,
    /// Who was charged what for it ahead.
    pub(crate) charged: Option<(TenantIndex, Duration)>,
    /// The other lease, if its calls run twice.
    pub(crate) twin: Option<LeaseId>,
    /// It is the second run.
    pub(crate) hedge: bool,
}

/// Why a lease ended without all its results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// Perhaps because of what it was doing.
    WorkerDied,
    /// With its node: no call's fault.
    DeviceGone,
    /// The worker said that it was through, and left some out.
    Incomplete,
}

impl Scheduler {
    pub(crate) fn lease_results(&mut self, id: LeaseId, ended: &[(CallRef, CallEnd)], last: bool) {
        let Some(lease) = self.leases.get_mut(&id) else {
            return;
        };
        let (index, lone) = (lease.function, lease.size == 1);
        let before = lease.calls.len();
        let mut finished: Vec<(CallRef, CallEnd)> = Vec::with_capacity(ended.len());
        lease.calls.retain(|call| {
            let end = ended.iter().find(|(other, _)| other == call);
            finished.extend(end);
            end.is_none()
        });
        let gone = before - lease.calls.len();
        self.function_mut(index).granted -= gone;
        // All are looked up before any is worked on: where calls are many, each waits for memory, and so
        // they wait together.
        let hedged = finished
            .iter()
            .any(|&(call, _)| self.other_lease(call, id).is_some());
        let mut lost: Option<(LeaseId, Vec<CallRef>)> = None;
        for (call, end) in finished {
            match end {
                CallEnd::Finished => {
                    let other = hedged.then(|| self.stop_other(call, id)).flatten();
                    if let Some(other) = other {
                        lost.get_or_insert((other, Vec::new())).1.push(call);
                    }
                    self.call_finished(index, call);
                }
                CallEnd::RunAlone if self.left_to_other(call, id) => {}
                CallEnd::RunAlone => self.run_alone(index, call, lone),
            }
        }
        if let Some((lease, calls)) = lost {
            self.actions.push(Action::Cancel { lease, calls });
        }
        if last {
            self.lease_over(id);
        }
    }

    fn call_finished(&mut self, index: FunctionIndex, call: CallRef) {
        let function = self.function_mut(index);
        function.failures = 0;
        function.retry_at = None;
        self.end_call(call);
    }

    /// A batch form returned nothing usable for it (RUNTIME J8).
    fn run_alone(&mut self, index: FunctionIndex, call_ref: CallRef, lone: bool) {
        let again = self.function(index).spec.effect.retried_after_dispatch();
        let call = self
            .calls
            .get_mut(&call_ref)
            .expect("leased calls are known");
        if call.abandoned {
            self.end_call(call_ref);
        } else if lone || !again {
            let message = "the function returned nothing for this call";
            let failure = CallFailure::new(FailureKind::Raised, message);
            let call = call_ref;
            self.actions.push(Action::FailCall { call, failure });
            self.end_call(call);
        } else {
            call.history.alone = true;
            self.enqueue(call_ref);
        }
    }

    fn lease_over(&mut self, id: LeaseId) {
        let lease = &self.leases[&id];
        let time = self.now.since(lease.granted_at);
        let (index, size, device) = (lease.function, lease.size, lease.device);
        let cut_short = lease.twin.is_some();
        let class = self.fleet.device(device).class;
        self.hedges.used = self.hedges.used.saturating_add(nanoseconds(time));
        if !cut_short {
            self.learn_time(index, class, size, time);
        }
        self.lose_lease(id, Loss::Incomplete);
    }

    fn learn_time(&mut self, index: FunctionIndex, class: ClassIndex, size: u32, time: Duration) {
        let kind = &self.fleet.class(class).kind;
        let expected = self.function(index).lease_time(kind, class, size);
        if let Some((hedge, expected)) = self.options.hedge.zip(expected) {
            let function = self.function_mut(index);
            function.saw_spread(class, expected, time, hedge.quantile);
        }
        self.function_mut(index).saw_lease(class, size, time);
        if self.function(index).profile.devices.is_empty() {
            self.measure_work(index);
        }
    }

    /// Ends a lease; what is left of its calls is tried again where their effect allows.
    pub(crate) fn lose_lease(&mut self, id: LeaseId, loss: Loss) {
        let Some(lease) = self.leases.remove(&id) else {
            return;
        };
        self.lease_ends -= u128::from(lease.expected.0);
        if let Some(at) = lease.timer {
            self.timers.clear(at, Timer::Lease(id));
        }
        if let Some((tenant, charged)) = lease.charged {
            let took = self.now.since(lease.granted_at);
            self.tenants.correct(tenant, charged, took);
        }
        self.function_mut(lease.function).granted -= lease.calls.len();
        let lone = lease.size == 1;
        for call in lease.calls {
            self.after_loss(call, id, lone, loss);
        }
        self.release(lease.device, lease.function);
    }

    /// The one place that decides whether a call is tried again (E1, J6, J8).
    pub(crate) fn after_loss(&mut self, call_ref: CallRef, lease: LeaseId, lone: bool, loss: Loss) {
        let Some(call) = self.calls.get_mut(&call_ref) else {
            return;
        };
        blame(call, lone, loss);
        if self.left_to_other(call_ref, lease) {
            return;
        }
        let call = &self.calls[&call_ref];
        let spec = &self.functions[call.function as usize].spec;
        let write = spec.effect == Effect::Write;
        let retried = spec.effect.retried_after_dispatch() || (write && spec.idempotent);
        let poison = call.history.lone_deaths >= LONE_DEATHS;
        if retried && !poison && !call.abandoned {
            self.enqueue(call_ref);
            return;
        }
        let known_to_program = call.abandoned;
        if write {
            self.actions.push(Action::CallUncertain { call: call_ref });
        } else if !known_to_program {
            let message = lost(spec.effect, poison);
            let failure = CallFailure::new(FailureKind::WorkerLost, message);
            let call = call_ref;
            self.actions.push(Action::FailCall { call, failure });
        }
        self.end_call(call_ref);
    }

    pub(crate) fn lease_timer(&mut self, id: LeaseId) {
        let Some(lease) = self.leases.get(&id) else {
            return;
        };
        if self.now >= lease.deadline + self.options.grace {
            self.kill_overdue(id);
            return;
        }
        let (granted_at, calls) = (lease.granted_at, lease.calls.clone());
        let overdue: Vec<CallRef> = calls
            .into_iter()
            .filter(|call| self.fails_at_deadline(*call, granted_at))
            .collect();
        for &call in &overdue {
            self.calls
                .get_mut(&call)
                .expect("leased calls are known")
                .abandoned = true;
            let failure = CallFailure::new(FailureKind::Deadline, "not finished in time");
            self.actions.push(Action::FailCall { call, failure });
        }
        if let Some(&first) = overdue.first() {
            let other = self.other_lease(first, id);
            for lease in [Some(id), other].into_iter().flatten() {
                let calls = overdue.clone();
                self.actions.push(Action::Cancel { lease, calls });
            }
        }
        self.set_lease_timer(id);
    }

    /// A write does not: if its worker has to be killed it is in doubt, else its result still counts.
    fn fails_at_deadline(&self, call_ref: CallRef, granted_at: Timestamp) -> bool {
        let call = &self.calls[&call_ref];
        let write = self.function(call.function).spec.effect == Effect::Write;
        let deadline = call.deadline.unwrap_or(self.options.execution_deadline);
        !write && !call.abandoned && granted_at + deadline <= self.now
    }

    /// At the first deadline of a call that is still to come, else when the worker is to be killed.
    pub(crate) fn set_lease_timer(&mut self, id: LeaseId) {
        let lease = &self.leases[&id];
        let default = self.options.execution_deadline;
        let deadlines = lease.calls.iter().filter_map(|call| {
            let call = &self.calls[call];
            (!call.abandoned).then(|| lease.granted_at + call.deadline.unwrap_or(default))
        });
        let at = deadlines
            .filter(|&at| at > self.now)
            .min()
            .unwrap_or(lease.deadline + self.options.grace);
        self.timers.set(at, Timer::Lease(id));
        self.leases.get_mut(&id).expect("seen above").timer = Some(at);
    }

    fn kill_overdue(&mut self, id: LeaseId) {
        let lease = self.leases.get_mut(&id).expect("the caller has it");
        lease.timer = None;
        let (index, device) = (lease.function, lease.device);
        let (function, device) = self.names(index, device);
        self.actions.push(Action::Kill { function, device });
    }

    /// The device has no lease any more; the one that ended was of `served`.
    fn release(&mut self, device: DeviceIndex, served: FunctionIndex) {
        self.fleet.device_mut(device).lease = None;
        self.fleet.reindex(device);
        self.freed.push(device);
        let now = self.now;
        if let Some(model) = self.fleet.device_mut(device).model_mut(served) {
            model.last_used = now;
        }
        for position in 0..self.fleet.device(device).models.len() {
            let model = &self.fleet.device(device).models[position];
            if model.state == ModelState::Ready {
                self.became_idle(device, model.function);
            }
        }
        let model = self.fleet.device(device).model(served);
        if model.is_some_and(|model| model.state == ModelState::Leaving) {
            self.unload(device, served);
        }
    }
}

/// J8: dying with several calls makes each run alone and costs none of them an attempt.
fn blame(call: &mut Call, lone: bool, loss: Loss) {
    match loss {
        Loss::WorkerDied if lone => call.history.lone_deaths += 1,
        Loss::WorkerDied | Loss::Incomplete => call.history.alone = true,
        Loss::DeviceGone => {}
    }
    if lone && loss == Loss::Incomplete {
        call.history.lone_deaths += 1;
    }
}

fn lost(effect: Effect, poison: bool) -> &'static str {
    match effect {
        _ if poison => "two runs of this call alone ended with its worker",
        Effect::AssumedPure => {
            "its worker died, and a function without a declared effect is not run again"
        }
        _ => "its worker died",
    }
}
