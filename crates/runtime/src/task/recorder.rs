//! A task's pen: entries go to the journal in order, one append at a time, what waits goes together;
//! what hangs on their durability follows it (RUNTIME J1, J2, J6).

use std::sync::Arc;
use std::time::Duration;

use dice_model::{LeaseId, TaskId};
use dice_wire::ToClient;
use futures::future::BoxFuture;
use tokio::time::Instant;

use super::Shared;
use crate::journal::{Entry, JournalError};

/// Entries that may wait; the program's output waits while there are more.
const FULL: usize = 1024;

/// How long entries wait for company if nothing hangs on them: a call that takes less is one append.
const LINGER: Duration = Duration::from_millis(5);

/// To be done once everything recorded before it is durable.
#[derive(Debug, PartialEq)]
pub(super) enum Then {
    Tell(ToClient),
    /// A worker may forget the result of this call.
    Acknowledge(u32),
    /// A write may be sent.
    Clear(LeaseId),
    End,
}

pub(super) struct Recorder {
    task: TaskId,
    shared: Arc<Shared>,
    waiting: Vec<Entry>,
    /// When the first of them goes, with or without company.
    until: Instant,
    then: Vec<Then>,
    flight: Option<Flight>,
}

struct Flight {
    append: BoxFuture<'static, Result<u64, JournalError>>,
    followers: Option<Arc<[Entry]>>,
    then: Vec<Then>,
}

impl Recorder {
    pub(super) fn new(task: TaskId, shared: Arc<Shared>) -> Self {
        Self {
            task,
            shared,
            waiting: Vec::new(),
            until: Instant::now(),
            then: Vec::new(),
            flight: None,
        }
    }

    pub(super) fn add(&mut self, entry: Entry) {
        if self.waiting.is_empty() {
            self.until = Instant::now() + LINGER;
        }
        self.waiting.push(entry);
    }

    pub(super) fn then(&mut self, then: Then) {
        self.then.push(then);
    }

    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= FULL
    }

    pub(super) fn is_idle(&self) -> bool {
        self.flight.is_none() && self.waiting.is_empty() && self.then.is_empty()
    }

    /// What has become possible. Never ready while nothing is recorded; may be dropped at any point.
    pub(super) async fn next(&mut self) -> Result<Vec<Then>, JournalError> {
        if self.flight.is_none() && self.waiting.is_empty() {
            if self.then.is_empty() {
                return std::future::pending().await;
            }
            return Ok(std::mem::take(&mut self.then));
        }
        if self.flight.is_none() {
            if self.then.is_empty() && !self.is_full() {
                tokio::time::sleep_until(self.until).await;
            }
            self.flight = Some(self.take_off());
        }
        let flight = self.flight.as_mut().expect("it has just taken off");
        let last = (&mut flight.append).await;
        let flight = self.flight.take().expect("it was awaited just now");
        let tails = &self.shared.tails;
        tails.appended(self.task, last?, flight.followers);
        Ok(flight.then)
    }

    fn take_off(&mut self) -> Flight {
        let (shared, task) = (Arc::clone(&self.shared), self.task);
        let entries = std::mem::take(&mut self.waiting);
        Flight {
            followers: shared.tails.copy(task, &entries),
            append: Box::pin(async move { shared.journal.append(task, entries).await }),
            then: std::mem::take(&mut self.then),
        }
    }
}
