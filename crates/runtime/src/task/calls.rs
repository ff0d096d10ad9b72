//! A task's calls on their way out: keys, sharing, order, dispatch.

use std::sync::Arc;

use dice_model::{CallFailure, Digest, Effect, FunctionId, Outcome, Value};
use dice_scheduler::IssuedCall;
use dice_wire::{Guess, ToClient};

use super::call::{Asked, Good, Open, Place};
use super::driver::Driver;
use super::history::diverged;
use super::recorder::Then;
use crate::dispatcher::{CallWork, Command};
use crate::journal::{Entry, Recorded, WritePlace};

/// Whose turn it is in the journal.
struct Identity {
    call: u32,
    key: Digest,
    outcome_known: bool,
    attempts: u32,
}

impl Driver {
    /// `hermod.call`: `program` is the program's own number for it.
    pub(super) fn issue(
        &mut self,
        program: u32,
        function: FunctionId,
        arguments: Value,
        guess: Option<Guess>,
    ) {
        if self.closing.is_some() {
            return;
        }
        let asked = Asked::new(&self.catalog, function, arguments);
        let spec = asked.good.as_ref().ok().map(|good| &good.entry.spec);
        let effect = spec.map_or(Effect::Pure, |spec| spec.effect);
        let state = spec.and_then(|spec| spec.state.clone());
        // Told by the program's numbers: ours depends on the key, which depends on the epoch.
        let place = self
            .run
            .order
            .issue(self.call_ref(program), effect, state.as_deref());
        let write = (effect == Effect::Write).then_some(WritePlace {
            state,
            epoch: place.epoch,
        });
        let Some(identity) = self.identify(&asked, place.epoch, write.as_ref()) else {
            return;
        };
        self.run.numbers.insert(program, identity.call);
        let after = place.after.iter().filter_map(|earlier| {
            let call = *self.run.numbers.get(&earlier.call)?;
            Some(self.call_ref(call))
        });
        let after = after.collect();
        let is_new = identity.call == self.run.history.next_call;
        if is_new {
            self.run.history.next_call += 1;
        }
        let function = asked.function.clone();
        let version = asked.version;
        let shared_as = asked.key(0, 0).digest();
        let joined = match asked.good {
            Ok(_) if identity.outcome_known => None,
            Ok(ref good) => self.leader(shared_as, good),
            Err(_) => None,
        };
        if let (Some(leader), None) = (joined, guess) {
            self.guess_came_true(leader);
        }
        if is_new {
            let entry = Entry::Issued {
                call: identity.call,
                function,
                version,
                key: identity.key,
                at: self.now(),
                joined,
                guess: guess.is_some(),
                write,
            };
            self.recorder.add(entry);
        }
        match asked.good {
            Err(failure) if identity.outcome_known => {
                drop(failure);
                self.replay_failed(program, &identity);
            }
            Err(failure) => self.refuse(program, identity.call, failure),
            Ok(good) => {
                let asked = (program, guess);
                self.take_in(asked, &identity, good, shared_as, after, joined);
            }
        }
    }

    /// The call's number, the same in each run (E4); none if the replay has diverged.
    fn identify(
        &mut self,
        asked: &Asked,
        epoch: u32,
        write: Option<&WritePlace>,
    ) -> Option<Identity> {
        let equal = asked.key(epoch, 0).digest();
        let occurrence = self.run.occurrences.entry(equal).or_insert(0);
        let key = asked.key(epoch, *occurrence).digest();
        *occurrence += 1;
        if let Some(place) = write
            && let Some(old) = self.run.history.other_write(place, key)
        {
            let detail = format!(
                "where the first run wrote by {} (call {}), this one writes by {} or with other arguments",
                old.function, old.call, asked.function
            );
            self.close(diverged(detail));
            return None;
        }
        let next_call = self.run.history.next_call;
        let known = self.run.history.ask(key);
        Some(Identity {
            call: known.map_or(next_call, |known| known.call),
            key,
            outcome_known: known.is_some_and(|known| known.outcome.is_some()),
            attempts: known.map_or(0, |known| known.attempts),
        })
    }

    /// Are equal calls of this function made once (E5)?
    pub(super) fn shares(&self, entry: &dice_catalog::Entry) -> bool {
        self.record.spec.reuse && entry.spec.effect.shared_when_equal()
    }

    fn leader(&self, shared_as: Digest, good: &Good) -> Option<u32> {
        self.shares(&good.entry)
            .then(|| self.run.leaders.get(&shared_as).copied())
            .flatten()
    }

    fn take_in(
        &mut self,
        (program, guess): (u32, Option<Guess>),
        identity: &Identity,
        good: Good,
        shared_as: Digest,
        after: Vec<dice_model::CallRef>,
        joined: Option<u32>,
    ) {
        let shares = self.shares(&good.entry);
        let place = match (identity.outcome_known, joined) {
            (true, _) => Place::Replayed,
            (false, Some(leader)) => Place::Joined(leader),
            (false, None) => Place::Held,
        };
        let open = Open {
            program,
            entry: good.entry,
            arguments: good.arguments,
            key: identity.key,
            shared_as,
            after,
            attempts: identity.attempts,
            place,
            wanted: true,
            guess,
        };
        let call = identity.call;
        self.open.insert(call, open);
        match place {
            Place::Replayed => {
                // It has ended already: nothing waits for it.
                self.run.order.ended(self.call_ref(program));
                if shares {
                    self.run.leaders.entry(shared_as).or_insert(call);
                }
                self.release_replayed(false);
            }
            Place::Joined(leader) => {
                if let Some(value) = self.run.results.get(&leader).cloned() {
                    self.share(call, leader, value);
                }
            }
            _ => {
                if shares {
                    self.run.leaders.insert(shared_as, call);
                    if self.recall(call) {
                        return;
                    }
                }
                match guess {
                    // Nothing could join it: it would be in vain.
                    Some(_) if !shares => {}
                    Some(_) => self.guesses.hold(call),
                    None => self.held.push_back(call),
                }
            }
        }
    }

    /// Hands out journalled outcomes whose turn it is.
    pub(super) fn release_replayed(&mut self, any_order: bool) {
        while let Some((call, outcome)) = self.run.history.release(any_order) {
            if let Some(open) = self.open.remove(&call) {
                if let Ok(value) = &outcome
                    && self.run.leaders.get(&open.shared_as) == Some(&call)
                {
                    self.run.results.insert(call, value.clone());
                    self.share_with_joined(call);
                } else if outcome.is_err() {
                    self.lead_anew(call, open.shared_as);
                }
                if open.wanted {
                    let told = self.told(&open, outcome);
                    self.run.outbox.push_back(told);
                }
            } else if let Some(program) = self.run.refused.remove(&call) {
                self.run.outbox.push_back(refusal(program, outcome));
            }
        }
    }

    /// Bad arguments, in a replay: the outcome comes when it is its turn, like any other.
    fn replay_failed(&mut self, program: u32, identity: &Identity) {
        self.run.refused.insert(identity.call, program);
        self.release_replayed(false);
    }

    /// Bad arguments are an outcome like any other (J7).
    fn refuse(&mut self, program: u32, call: u32, failure: CallFailure) {
        self.run.order.ended(self.call_ref(program));
        let at = self.now();
        let outcome = Err(failure);
        self.recorder.add(Entry::Outcome {
            call,
            recorded: Recorded::Own(outcome.clone()),
            at,
            execution: None,
            reused: None,
        });
        self.recorder.then(Then::Tell(refusal(program, outcome)));
    }

    /// As many as may be in flight, oldest first (H4).
    pub(super) async fn dispatch_ready(&mut self) {
        while self.in_flight < self.shared.calls_in_flight {
            let Some(call) = self.held.pop_front().or_else(|| self.next_guess()) else {
                return;
            };
            let Some(open) = self.open.get_mut(&call) else {
                continue;
            };
            if let Err(failure) = self.shared.offers.serves(&open.entry) {
                let at = self.shared.clock.now();
                self.finish(call, Err(failure), None, at);
                continue;
            }
            open.place = Place::Dispatched;
            self.in_flight += 1;
            let command = self.dispatch(call);
            self.pool.send(command).await;
        }
    }

    fn dispatch(&self, call: u32) -> Command {
        let open = &self.open[&call];
        let call = self.call_ref(call);
        let history = dice_scheduler::History {
            attempts: open.attempts,
            ..dice_scheduler::History::default()
        };
        Command::Issue {
            call: IssuedCall {
                after: open.after.clone(),
                history,
                guess: open.guess.is_some(),
                ..IssuedCall::new(call, open.entry.spec.id.clone())
            },
            work: CallWork {
                arguments: Arc::clone(&open.arguments),
                // The task is part of it: the same write of two tasks is two writes.
                idempotency_key: open.is_write().then(|| {
                    let text = format!("{}\n{}", self.id, open.key);
                    Digest::of(text.as_bytes()).to_string()
                }),
                logged: 0,
                single: None,
            },
        }
    }
}

/// Bad arguments, as the program hears of them.
fn refusal(program: u32, outcome: Outcome) -> ToClient {
    ToClient::Outcome {
        id: program,
        outcome,
        joinable: false,
    }
}
