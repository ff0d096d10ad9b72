//! A call from issue to end: blocked, held, queued, granted.

use std::time::Duration;

use dice_model::{CallFailure, CallRef, Effect, FailureKind, FunctionId, LeaseId};

use crate::function::FunctionIndex;
use crate::policy::{Arrival, Priority};
use crate::queue::{Alone, Pushed};
use crate::tasks::Stage;
use crate::tenants::TenantIndex;
use crate::timers::Timer;
use crate::{Action, CallPlace, History, IssuedCall, Scheduler, Terms};

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) function: FunctionIndex,
    /// Calls that ever arrived, this one included.
    pub(crate) sequence: u64,
    pub(crate) tenant: TenantIndex,
    pub(crate) priority: Priority,
    /// What it has if it is no guess.
    earned: Priority,
    pub(crate) deadline: Option<Duration>,
    pub(crate) history: History,
    pub(crate) place: CallPlace,
    /// A second lease that runs it, beside the one in `place`.
    pub(crate) twin: Option<LeaseId>,
    /// Calls that must end first, still running (SEMANTICS H3).
    waits_for: u32,
    dependents: Vec<CallRef>,
    /// Withdrawn, or failed towards its program, while its lease runs on.
    pub(crate) abandoned: bool,
}

impl Call {
    pub(crate) fn dependents(&self) -> &[CallRef] {
        &self.dependents
    }

    pub(crate) fn is_guess(&self) -> bool {
        self.priority != self.earned
    }

    fn alone(&self) -> Alone {
        if self.history.alone {
            Alone::Yes
        } else {
            Alone::No
        }
    }
}

impl Scheduler {
    pub(crate) fn call_issued(&mut self, issued: IssuedCall) {
        if self.calls.contains_key(&issued.call) {
            return;
        }
        let Some(function) = self.index_of(&issued.function) else {
            self.actions.push(Action::FailCall {
                call: issued.call,
                failure: not_offered(&issued.function),
            });
            return;
        };
        let (tenant, priority) = self.arrive(issued.call, function);
        self.note_call(issued.call.task, function);
        let waits_for = self.wait_for(&issued);
        let call = Call {
            function,
            sequence: self.arrivals,
            tenant,
            priority: if issued.guess {
                priority.of_a_guess()
            } else {
                priority
            },
            earned: priority,
            deadline: issued.deadline,
            history: issued.history,
            place: CallPlace::Blocked,
            twin: None,
            waits_for,
            dependents: Vec::new(),
            abandoned: issued.history.withdrawn,
        };
        self.calls.insert(issued.call, call);
        if waits_for == 0 {
            self.enqueue(issued.call);
        }
    }

    fn arrive(&mut self, call: CallRef, function: FunctionIndex) -> (TenantIndex, Priority) {
        self.arrivals += 1;
        if self.tasks.get(call.task).is_none() {
            self.add_task(call.task, Stage::External, Terms::default());
        }
        let chain = self.chain(function);
        let work = self.function(function).work_with_follows();
        let task = self.tasks.get_mut(call.task).expect("added just now");
        task.calls.insert(call.call);
        task.way.issued(chain, work);
        let (tenant, way, accepted, due) = (task.tenant, task.way, task.accepted, task.due);
        self.tenants.call_issued(tenant);
        let priority = self.policy.priority(&Arrival {
            now: self.now,
            sequence: self.arrivals,
            accepted,
            due,
            rest: self.rest(&way).unwrap_or(chain),
            chain,
        });
        (tenant, priority)
    }

    fn wait_for(&mut self, issued: &IssuedCall) -> u32 {
        let mut count = 0;
        for earlier in &issued.after {
            if let Some(earlier) = self.calls.get_mut(earlier) {
                earlier.dependents.push(issued.call);
                count += 1;
            }
        }
        count
    }

    /// The call may run as soon as there is a device.
    pub(crate) fn enqueue(&mut self, call_ref: CallRef) {
        let call = self.calls.get_mut(&call_ref).expect("the caller has it");
        let index = call.function;
        let function = &mut self.functions[index as usize];
        if !function.offered {
            let failure = not_offered(&function.spec.id);
            self.give_up(call_ref, failure);
            return;
        }
        let was_empty = function.queue.is_empty();
        let item = (call.priority, call_ref);
        let lane = (call.tenant, self.tenants.charged(call.tenant));
        let bound = self.options.queue_bound;
        let pushed = function.queue.push(lane, item, call.alone(), bound);
        call.place = match pushed {
            Pushed::Queued => CallPlace::Queued,
            Pushed::Held => CallPlace::Held,
        };
        if was_empty {
            self.became_hungry(index);
        }
        self.mark_dirty(index);
    }

    fn became_hungry(&mut self, index: FunctionIndex) {
        self.note_hunger(index);
        let (now, limit) = (self.now, self.options.waiting_limit);
        let function = self.function_mut(index);
        function.waiting_since = now;
        function.promised = None;
        if !function.waiting_timer {
            function.waiting_timer = true;
            self.timers.set(now + limit, Timer::Waiting(index));
        }
    }

    /// The queue has become shorter: held calls move up.
    pub(crate) fn queue_shrank(&mut self, index: FunctionIndex) {
        let bound = self.options.queue_bound;
        while let Some(moved) = self.function_mut(index).queue.refill(bound) {
            let call = self.calls.get_mut(&moved).expect("held calls are known");
            call.place = CallPlace::Queued;
        }
        if self.function(index).queue.is_empty() {
            self.note_hunger(index);
        }
    }

    /// To be called when a queue has become empty or not, or its function has more or fewer copies.
    pub(crate) fn note_hunger(&mut self, index: FunctionIndex) {
        let function = &self.functions[index as usize];
        let (hungry, starving) = (!function.queue.is_empty(), function.copies() == 0);
        if hungry {
            self.hungry.insert(index);
        } else {
            self.hungry.remove(&index);
        }
        if hungry && starving {
            self.starving.insert(index);
        } else {
            self.starving.remove(&index);
        }
    }

    pub(crate) fn guess_came_true(&mut self, call_ref: CallRef) {
        let Some(call) = self.calls.get(&call_ref) else {
            return;
        };
        let waits = matches!(call.place, CallPlace::Queued | CallPlace::Held);
        if waits {
            self.unqueue(call_ref);
        }
        if let Some(call) = self.calls.get_mut(&call_ref) {
            call.priority = call.earned;
        }
        if waits {
            self.enqueue(call_ref);
        }
    }

    pub(crate) fn call_withdrawn(&mut self, call: CallRef) {
        for lease in self.abandon(call) {
            let calls = vec![call];
            self.actions.push(Action::Cancel { lease, calls });
        }
    }

    /// Forgets the call (SEMANTICS A2), or says under which leases it has to be cancelled.
    pub(crate) fn abandon(&mut self, call_ref: CallRef) -> impl Iterator<Item = LeaseId> + use<> {
        let mut leases = [None; 2];
        if let Some(call) = self.calls.get_mut(&call_ref) {
            if let CallPlace::Granted(lease) = call.place {
                if !std::mem::replace(&mut call.abandoned, true) {
                    leases = [Some(lease), call.twin];
                }
            } else {
                self.unqueue(call_ref);
                self.end_call(call_ref);
            }
        }
        leases.into_iter().flatten()
    }

    pub(crate) fn unqueue(&mut self, call_ref: CallRef) {
        let call = &self.calls[&call_ref];
        let index = call.function;
        if matches!(call.place, CallPlace::Queued | CallPlace::Held) {
            let (item, alone) = ((call.priority, call_ref), call.alone());
            let tenant = call.tenant;
            self.function_mut(index).queue.remove(tenant, item, alone);
            self.queue_shrank(index);
        }
    }

    /// A call that is not under a lease ends without a result. A write that was sent before may have
    /// happened (RUNTIME J6).
    pub(crate) fn give_up(&mut self, call_ref: CallRef, failure: CallFailure) {
        self.unqueue(call_ref);
        let call = &self.calls[&call_ref];
        let write = self.function(call.function).spec.effect == Effect::Write;
        let in_doubt = write && call.history.attempts > 0;
        self.actions.push(if in_doubt {
            Action::CallUncertain { call: call_ref }
        } else {
            let call = call_ref;
            Action::FailCall { call, failure }
        });
        self.end_call(call_ref);
    }

    /// The call is over, however it ended: those that waited for it may go.
    pub(crate) fn end_call(&mut self, call_ref: CallRef) {
        let Some(ended) = self.calls.remove(&call_ref) else {
            return;
        };
        self.tenants.call_ended(ended.tenant);
        if let Some(task) = self.tasks.get_mut(call_ref.task) {
            task.calls.remove(&call_ref.call);
            let seen = task.way.ended(ended.function);
            self.learn_path(seen);
        }
        for dependent in ended.dependents {
            let Some(call) = self.calls.get_mut(&dependent) else {
                continue;
            };
            call.waits_for -= 1;
            if call.waits_for == 0 && call.place == CallPlace::Blocked {
                self.enqueue(dependent);
            }
        }
    }

    pub(crate) fn waiting_timer(&mut self, index: FunctionIndex) {
        let (now, limit) = (self.now, self.options.waiting_limit);
        let function = self.function_mut(index);
        function.waiting_timer = false;
        if function.queue.is_empty() {
            return;
        }
        if function.granted > 0 {
            function.waiting_since = now;
        }
        let ends = function.waiting_since + limit;
        if ends > now {
            function.waiting_timer = true;
            self.timers.set(ends, Timer::Waiting(index));
            return;
        }
        let message = format!("not started within {} s", limit.as_secs_f64());
        self.fail_queue(index, &CallFailure::new(FailureKind::Deadline, message));
    }

    /// Every queued and held call of a function ends with this.
    pub(crate) fn fail_queue(&mut self, index: FunctionIndex, failure: &CallFailure) {
        for call in self.function(index).queue.calls() {
            self.give_up(call, failure.clone());
        }
    }
}

pub(crate) fn not_offered(function: &FunctionId) -> CallFailure {
    let message = format!("no function {function} is on offer");
    CallFailure::new(FailureKind::BadArguments, message)
}
