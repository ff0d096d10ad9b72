//! Who waits for a write, and the bound on how many may: the same for every journal.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::JournalError;

/// Writes that may wait for the disk; further ones wait in their callers (back-pressure).
const MAX_WAITING: usize = 4096;
/// How long a write that nobody waits for waits for company.
pub(super) const LINGER: Duration = Duration::from_millis(20);
/// Writes in one commit, so that the first of them does not wait for ever.
pub(super) const MAX_GROUP: usize = 512;

/// A writer's queue, as far as it is bounded.
#[derive(Debug, Clone)]
pub(super) struct Room(Arc<Semaphore>);

/// To whoever waits for a write, if anybody does.
#[derive(Debug)]
pub(super) struct Reply<T> {
    to: Option<oneshot::Sender<Result<T, JournalError>>>,
    _room: Option<OwnedSemaphorePermit>,
}

/// What will be answered.
#[derive(Debug)]
pub(super) struct Awaited<T>(oneshot::Receiver<Result<T, JournalError>>);

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(MAX_WAITING)))
    }

    /// Waits while the queue is full.
    pub(super) async fn enter<T>(&self) -> (Reply<T>, Awaited<T>) {
        let room = Arc::clone(&self.0).acquire_owned().await;
        let (to, answer) = oneshot::channel();
        let reply = Reply {
            to: Some(to),
            _room: Some(room.expect("never closed")),
        };
        (reply, Awaited(answer))
    }
}

impl<T> Awaited<T> {
    /// A writer that is gone has dropped what it was asked.
    pub(super) async fn answer(self) -> Result<T, JournalError> {
        self.0.await.unwrap_or(Err(JournalError::Closed))
    }
}

impl<T> Reply<T> {
    /// For what is bounded elsewhere, and whose failure is logged.
    pub(super) const fn to_nobody() -> Self {
        Self {
            to: None,
            _room: None,
        }
    }

    pub(super) const fn is_awaited(&self) -> bool {
        self.to.is_some()
    }

    /// `written`: what a write that was committed has given.
    pub(super) fn answer(self, committed: Result<(), JournalError>, written: Option<T>) {
        let answer = committed.map(|()| written.expect("it was run before the commit"));
        match (self.to, answer) {
            // The caller may have stopped waiting.
            (Some(to), answer) => drop(to.send(answer)),
            (None, Err(error)) => tracing::error!(%error, "the journal lost a record"),
            (None, Ok(_)) => {}
        }
    }
}
