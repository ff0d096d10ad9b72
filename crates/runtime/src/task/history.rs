//! What earlier runs of a task have left in the journal, for its replay (RUNTIME J5).

use std::collections::{HashMap, VecDeque};

use dice_model::{Digest, LeaseId, Outcome, TaskEnd, Timestamp, Value};

use crate::journal::{Entry, Recorded, WritePlace};
use crate::record::Resolution;

#[derive(Debug, Default)]
pub(super) struct History {
    known: HashMap<Digest, Known>,
    keys: HashMap<u32, Digest>,
    /// Keys of journalled outcomes that the program has yet to get, in the order in which they
    /// occurred.
    order: VecDeque<Digest>,
    writes: HashMap<WritePlace, Digest>,
    pub(super) next_call: u32,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    pub(super) observed: Vec<Value>,
    pub(super) answer: Option<Value>,
    pub(super) started: Option<Timestamp>,
}

/// A call that was issued before.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) call: u32,
    pub(super) function: String,
    pub(super) outcome: Option<Outcome>,
    /// Grants so far.
    pub(super) attempts: u32,
    /// Of the last one.
    pub(super) lease: Option<LeaseId>,
    write: Option<WritePlace>,
    asked_again: bool,
}

impl Known {
    /// A worker has, or may have, seen it.
    pub(super) fn was_sent(&self) -> bool {
        self.attempts > 0 || self.outcome.is_some()
    }

    fn is_in_doubt(&self) -> bool {
        self.attempts > 0 && self.outcome.is_none()
    }
}

impl History {
    pub(super) fn of(entries: Vec<Entry>) -> Self {
        let mut history = Self::default();
        entries.into_iter().for_each(|entry| history.read(entry));
        history
    }

    fn read(&mut self, entry: Entry) {
        match entry {
            Entry::Started { at } => self.started = self.started.or(Some(at)),
            Entry::Stdout { bytes, .. } => self.stdout.extend_from_slice(&bytes),
            Entry::Stderr { bytes, .. } => self.stderr.extend_from_slice(&bytes),
            Entry::Observed { value } => self.observed.push(value),
            Entry::Answered { value } => self.answer = Some(value),
            Entry::Issued {
                call,
                function,
                key,
                write,
                ..
            } => {
                self.next_call = self.next_call.max(call + 1);
                self.keys.insert(call, key);
                let known = Known {
                    call,
                    function: function.to_string(),
                    outcome: None,
                    attempts: 0,
                    lease: None,
                    write,
                    asked_again: false,
                };
                self.known.insert(key, known);
            }
            Entry::Granted {
                call,
                attempt,
                lease,
                ..
            } => {
                if let Some(known) = self.by_call(call) {
                    known.attempts = attempt;
                    known.lease = Some(lease);
                }
            }
            Entry::Outcome { call, recorded, .. } => {
                let outcome = match recorded {
                    Recorded::Own(outcome) => Some(outcome),
                    Recorded::SameAs(leader) => {
                        self.by_call(leader).and_then(|known| known.outcome.clone())
                    }
                };
                outcome.into_iter().for_each(|it| self.happened(call, it));
            }
            Entry::Resolved {
                call, resolution, ..
            } => match resolution {
                Resolution::Happened(value) => self.happened(call, Ok(value)),
                Resolution::NotHappened => self.forget_grants(call),
            },
            Entry::Withdrawn { call, .. } => self.forget_grants(call),
            Entry::Logged { .. } | Entry::Uncertain { .. } | Entry::Ended { .. } => {}
        }
    }

    fn by_call(&mut self, call: u32) -> Option<&mut Known> {
        let key = self.keys.get(&call)?;
        self.known.get_mut(key)
    }

    /// A call without an outcome gets one; the first wins (J1). Says whether it was the first.
    pub(super) fn complete(&mut self, call: u32, outcome: &Outcome) -> bool {
        let Some(known) = self.by_call(call) else {
            return false;
        };
        if known.outcome.is_some() {
            return false;
        }
        self.happened(call, outcome.clone());
        true
    }

    fn happened(&mut self, call: u32, outcome: Outcome) {
        let Some(key) = self.keys.get(&call).copied() else {
            return;
        };
        let known = self.known.get_mut(&key).expect("keys are of known calls");
        if known.outcome.replace(outcome).is_none() {
            self.order.push_back(key);
        }
    }

    fn forget_grants(&mut self, call: u32) {
        if let Some(known) = self.by_call(call) {
            known.attempts = 0;
        }
    }

    /// To be called once everything is read.
    pub(super) fn seal(&mut self) {
        for (&key, known) in &self.known {
            if let (true, Some(place)) = (known.was_sent(), &known.write) {
                self.writes.insert(place.clone(), key);
            }
        }
    }

    /// The program issues a call with this key again.
    pub(super) fn ask(&mut self, key: Digest) -> Option<&Known> {
        let known = self.known.get_mut(&key)?;
        known.asked_again = true;
        Some(known)
    }

    /// What the journal has where the program now issues another write (J5).
    pub(super) fn other_write(&self, place: &WritePlace, key: Digest) -> Option<&Known> {
        let old = self.writes.get(place).filter(|old| **old != key)?;
        self.known.get(old)
    }

    /// A write that was sent, and that the program has not asked for again.
    pub(super) fn write_not_asked_for(&self) -> Option<&Known> {
        let mut missing = self
            .known
            .values()
            .filter(|known| known.write.is_some() && known.was_sent() && !known.asked_again);
        missing.next()
    }

    /// Calls that were granted, and whose end nobody has seen.
    pub(super) fn in_doubt(&self) -> impl Iterator<Item = &Known> {
        self.known.values().filter(|known| known.is_in_doubt())
    }

    pub(super) fn writes_in_doubt(&self) -> impl Iterator<Item = &Known> {
        self.in_doubt().filter(|known| known.write.is_some())
    }

    /// The next outcome, once the program has asked for it: as they occurred, so that it sees them
    /// as it did before. `any_order`: it does not ask for the next one, so order gives way.
    pub(super) fn release(&mut self, any_order: bool) -> Option<(u32, Outcome)> {
        let asked = |key: &Digest| self.known[key].asked_again;
        let place = if any_order {
            self.order.iter().position(asked)?
        } else {
            self.order.front().filter(|key| asked(key)).map(|_| 0)?
        };
        let key = self.order.remove(place).expect("found just now");
        let known = &self.known[&key];
        Some((
            known.call,
            known.outcome.clone().expect("it is in the order"),
        ))
    }

    /// An outcome waits for its turn while an earlier one is not asked for.
    pub(super) fn is_stuck(&self) -> bool {
        self.order.iter().any(|key| self.known[key].asked_again)
    }
}

pub(super) fn diverged(detail: impl Into<String>) -> TaskEnd {
    TaskEnd::ReplayDiverged {
        detail: detail.into(),
    }
}
