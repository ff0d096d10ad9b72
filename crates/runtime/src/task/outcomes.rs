//! A task's calls on their way back: grants, outcomes, who shares them, what is abandoned.

use dice_model::{CallRef, Digest, Outcome, Timestamp, Value};
use dice_wire::ToClient;

use super::call::{Open, Place};
use super::driver::Driver;
use super::recorder::Then;
use crate::dispatcher::CallNews;
use crate::failpoint::{Failpoint, reached};
use crate::journal::{Entry, Execution, Recorded};

/// Where an outcome came from, and when.
pub(super) struct Ended {
    pub(super) execution: Option<Execution>,
    pub(super) reused: Option<CallRef>,
    pub(super) at: Timestamp,
}

impl Driver {
    pub(super) fn hear(&mut self, news: CallNews) {
        match news {
            CallNews::Granted {
                call,
                lease,
                device,
                attempt,
                at,
            } => {
                let call = call.call;
                let Some(open) = self.open.get_mut(&call) else {
                    return;
                };
                open.place = Place::Granted(lease);
                open.attempts = attempt;
                let is_write = open.is_write();
                self.recorder.add(Entry::Granted {
                    call,
                    lease,
                    device,
                    attempt,
                    at,
                });
                if is_write {
                    self.recorder.then(Then::Clear(lease));
                }
            }
            CallNews::Ended {
                call,
                outcome,
                execution,
                at,
            } => self.ended(call.call, outcome, execution, at),
            CallNews::Logged { call, text, at } => self.logged(call.call, text, at),
            CallNews::Failed { call, failure, at } => {
                self.finish(call.call, Err(failure), None, at);
            }
            CallNews::Uncertain { call, at } => self.uncertain(call.call, at),
            CallNews::UnderWay { lease } => drop(self.under_way.insert(lease)),
            CallNews::Gone { lease } => drop(self.under_way.remove(&lease)),
        }
    }

    /// Nothing hangs on it: it goes with whatever is written next.
    fn logged(&mut self, call: u32, text: String, at: Timestamp) {
        if self.open.contains_key(&call) && !self.ended {
            self.recorder.add(Entry::Logged { call, text, at });
        }
    }

    fn ended(&mut self, call: u32, outcome: Outcome, execution: Option<Execution>, at: Timestamp) {
        if let Some(open) = self.open.get(&call) {
            if open.is_write() {
                reached(Failpoint::ResultArrived);
            }
            self.finish(call, outcome, execution, at);
        } else if self.run.history.complete(call, &outcome) {
            // From a worker that outlived an engine; the program has not asked for it again yet.
            self.recorder.add(Entry::Outcome {
                call,
                recorded: Recorded::Own(outcome),
                at,
                execution,
                reused: None,
            });
        }
        // Now, or already, durable.
        self.recorder.then(Then::Acknowledge(call));
    }

    /// A call has its outcome: durable first, then told.
    pub(super) fn finish(
        &mut self,
        call: u32,
        outcome: Outcome,
        execution: Option<Execution>,
        at: Timestamp,
    ) {
        let Some(open) = self.open.remove(&call) else {
            return;
        };
        if open.is_dispatched() {
            self.in_flight -= 1;
        }
        self.guesses
            .learn(&open.entry.spec.id, self.cost_of(execution.as_ref()));
        let outcome = open.checked(outcome);
        if let (Ok(value), Some(_)) = (&outcome, &execution) {
            self.remember(call, &open, value);
        }
        self.conclude(
            call,
            open,
            outcome,
            Ended {
                execution,
                reused: None,
                at,
            },
        );
    }

    /// It has this outcome, wherever it came from.
    pub(super) fn conclude(&mut self, call: u32, open: Open, outcome: Outcome, ended: Ended) {
        let Ended {
            execution,
            reused,
            at,
        } = ended;
        self.run.order.ended(self.call_ref(open.program));
        self.recorder.add(Entry::Outcome {
            call,
            recorded: Recorded::Own(outcome.clone()),
            at,
            execution,
            reused,
        });
        let leads = self.run.leaders.get(&open.shared_as) == Some(&call);
        match &outcome {
            Ok(value) if leads => {
                self.run.results.insert(call, value.clone());
                self.share_with_joined(call);
            }
            Err(_) if leads => self.lead_anew(call, open.shared_as),
            _ => {}
        }
        if open.wanted {
            let told = self.told(&open, outcome);
            self.recorder.then(Then::Tell(told));
        }
    }

    /// What the program hears of it.
    pub(super) fn told(&self, open: &Open, outcome: Outcome) -> ToClient {
        ToClient::Outcome {
            id: open.program,
            outcome,
            joinable: self.shares(&open.entry),
        }
    }

    fn joined(&self, leader: u32) -> Vec<u32> {
        let joined = self
            .open
            .iter()
            .filter(|(_, open)| open.place == Place::Joined(leader));
        joined.map(|(&call, _)| call).collect()
    }

    pub(super) fn share_with_joined(&mut self, leader: u32) {
        let value = self.run.results[&leader].clone();
        for call in self.joined(leader) {
            self.share(call, leader, value.clone());
        }
    }

    /// A copy of an equal call's result, journalled by reference (E5).
    pub(super) fn share(&mut self, call: u32, leader: u32, value: Value) {
        let Some(open) = self.open.remove(&call) else {
            return;
        };
        let at = self.now();
        self.recorder.add(Entry::Outcome {
            call,
            recorded: Recorded::SameAs(leader),
            at,
            execution: None,
            reused: None,
        });
        let told = self.told(&open, Ok(value));
        self.recorder.then(Then::Tell(told));
    }

    /// Failures are never reused: the first of those that had joined is made anew, and the others
    /// join that one (E5).
    pub(super) fn lead_anew(&mut self, leader: u32, shared_as: Digest) {
        if self.run.leaders.get(&shared_as) == Some(&leader) {
            self.run.leaders.remove(&shared_as);
        }
        let joined = self.joined(leader);
        let Some((&first, others)) = joined.split_first() else {
            return;
        };
        self.run.leaders.insert(shared_as, first);
        match self.open.get(&first).and_then(|open| open.guess) {
            Some(_) => self.guesses.hold(first),
            None => self.held.push_back(first),
        }
        if let Some(open) = self.open.get_mut(&first) {
            open.place = Place::Held;
        }
        for call in others {
            if let Some(open) = self.open.get_mut(call) {
                open.place = Place::Joined(first);
            }
        }
    }

    /// Nobody in the program waits for it any more (A2). Writes are finished all the same (H2), and
    /// what others have joined goes on for them.
    pub(super) fn cancel(&mut self, program: u32) {
        let Some(call) = self.run.numbers.get(&program).copied() else {
            return;
        };
        let has_joined = !self.joined(call).is_empty();
        let Some(open) = self.open.get_mut(&call) else {
            return;
        };
        open.wanted = false;
        if !open.is_write() && !has_joined && open.place != Place::Replayed {
            self.abandon(call);
        }
    }

    pub(super) fn abandon(&mut self, call: u32) {
        let Some(open) = self.open.remove(&call) else {
            return;
        };
        if open.is_dispatched() {
            self.in_flight -= 1;
            self.abandoned.push(self.call_ref(call));
        }
        if !open.is_granted() {
            self.guesses.cost_nothing(call);
        }
        if self.run.leaders.get(&open.shared_as) == Some(&call) {
            self.run.leaders.remove(&open.shared_as);
        }
        self.run.order.ended(self.call_ref(open.program));
        // One that is being replayed keeps the outcome that the journal has.
        if open.place != Place::Replayed {
            let at = self.now();
            self.recorder.add(Entry::Withdrawn { call, at });
        }
    }
}
