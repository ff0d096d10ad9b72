//! A task's pen: entries go to the journal in order, one append at a time, what waits goes together;
//! what hangs on their durability follows it (RUNTIME J1, J2, J6).

use std::sync::Arc;

use dice_model::{LeaseId, TaskId};
use dice_wire::ToClient;
use futures::future::BoxFuture;

use super::Shared;
use crate::journal::{Entry, JournalError};

/// Entries that may wait; the program's output waits while there are more.
const FULL: usize = 1024;

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
    then: Vec<Then>,
    flight: Option<Flight>,
}

struct Flight {
    append: BoxFuture<'static, Result<u64, JournalError>>,
    then: Vec<Then>,
}

impl Recorder {
    pub(super) fn new(task: TaskId, shared: Arc<Shared>) -> Self {
        Self {
            task,
            shared,
            waiting: Vec::new(),
            then: Vec::new(),
            flight: None,
        }
    }

    pub(super) fn add(&mut self, entry: Entry) {
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
        let flight = self.flight.get_or_insert_with(|| {
            let (shared, task) = (Arc::clone(&self.shared), self.task);
            let entries = std::mem::take(&mut self.waiting);
            Flight {
                append: Box::pin(async move { shared.journal.append(task, entries).await }),
                then: std::mem::take(&mut self.then),
            }
        });
        let appended = (&mut flight.append).await;
        let flight = self.flight.take().expect("it was awaited just now");
        self.shared.tails.appended(self.task, appended?);
        Ok(flight.then)
    }
}
