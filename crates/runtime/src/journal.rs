//! What must not be forgotten: tasks, what happened in them, what was used (RUNTIME J1–J6).
//!
//! Append-only by (task, sequence). Whatever a method has answered `Ok` to is durable at the level
//! that the journal was opened with (J2).

mod columns;
#[cfg(test)]
mod conformance;
mod ended;
mod entry;
mod error;
mod observed;
mod postgres;
mod replies;
mod sqlite;
mod tail;
mod used;

use std::sync::Arc;

use dice_model::{BatchId, Epoch, PoolName, TaskId, Timestamp, Usage};
use futures::future::BoxFuture;

pub(crate) use ended::EndedTask;
pub use entry::{Entry, Execution, Recorded, WritePlace};
pub use error::JournalError;
pub(crate) use tail::{News, Tail, Tails};

use self::observed::ObservedJournal;
use self::postgres::PostgresJournal;
use self::sqlite::SqliteJournal;
use crate::data_folder::DataFolder;
use crate::record::{BatchRecord, NewBatch, TaskFilter, TaskRecord, TaskSpec, UsageFilter};
use crate::{JournalPlace, Options};

/// Made if it is not there, brought up to date if it is old.
pub(crate) async fn open(
    options: &Options,
    folder: &DataFolder,
) -> Result<Arc<dyn Journal>, JournalError> {
    let durability = options.durability;
    let observers = options.observers.clone();
    Ok(match &options.journal {
        JournalPlace::Folder => {
            let journal = SqliteJournal::open(&folder.journal(), durability)?;
            Arc::new(ObservedJournal::new(journal, observers))
        }
        JournalPlace::Postgres(url) => {
            let journal = PostgresJournal::open(url, durability).await?;
            Arc::new(ObservedJournal::new(journal, observers))
        }
    })
}

type Answer<'a, T> = BoxFuture<'a, Result<T, JournalError>>;

pub(crate) trait Journal: Send + Sync + 'static {
    /// Raises the epoch, and ends what an engine that died still held: from now on the caller decides,
    /// and its grants are newer than all before (P2). Nothing is written before; whoever was taken over
    /// from writes nothing more, and is told so: [`JournalError::TakenOver`].
    fn take_over(&self) -> Answer<'_, Epoch>;

    /// Accepts a task.
    fn accept(&self, spec: TaskSpec, at: Timestamp) -> Answer<'_, TaskId>;

    /// Accepts all tasks of a batch, or gives the unfinished batch with this digest; `specs` belong
    /// to the batch's tasks in order. Says whether it is new.
    fn accept_batch(
        &self,
        batch: NewBatch,
        specs: Vec<TaskSpec>,
        at: Timestamp,
    ) -> Answer<'_, (BatchRecord, bool)>;

    /// Appends in this order, all or nothing; answers the last one's sequence. A task's state follows
    /// from its entries: [`Entry::Started`], [`Entry::Ended`], [`Entry::Resolved`].
    fn append(&self, task: TaskId, entries: Vec<Entry>) -> Answer<'_, u64>;

    /// Sets so many numbers of tasks aside, in a row; answers the first. They are never given to others.
    fn set_aside(&self, count: u64) -> Answer<'_, TaskId>;

    /// Tasks that were all over before anything of them was written down, all or none.
    fn record<'a>(&'a self, tasks: &[EndedTask]) -> Answer<'a, ()>;

    /// From `from` on, in order, at most `limit`. Sequences count from 1.
    fn entries(&self, task: TaskId, from: u64, limit: usize) -> Answer<'_, Vec<(u64, Entry)>>;

    fn task(&self, task: TaskId) -> Answer<'_, Option<TaskRecord>>;
    fn tasks(&self, filter: TaskFilter) -> Answer<'_, Vec<TaskRecord>>;
    fn batch(&self, batch: BatchId) -> Answer<'_, Option<BatchRecord>>;
    fn batches(&self) -> Answer<'_, Vec<BatchRecord>>;

    /// Takes its place in the order of appends at once, and returns; durable no later than anything
    /// appended after it. What cannot be kept is logged.
    fn record_usage(&self, usage: Usage);
    /// The pool's nodes were seen to be held until now. A [`Usage::NodeHeld`] that is recorded begins
    /// to be held; after a crash it ends when it was last seen.
    fn hold_nodes(&self, pool: PoolName, until: Timestamp) -> Answer<'_, ()>;
    /// The pool's nodes are given back.
    fn release_nodes(&self, pool: PoolName, at: Timestamp) -> Answer<'_, ()>;
    /// In the order of their end.
    fn usage(&self, filter: UsageFilter) -> Answer<'_, Vec<Usage>>;

    /// The newest time in it, of what is kept apart from entries; zero: there is none.
    fn latest(&self) -> Answer<'_, Timestamp>;

    /// What is wrong with its storage, in words; what is in it is for others to judge.
    fn faults(&self) -> Answer<'_, Vec<String>>;

    /// Forgets what an ended task printed, asked and was answered; its usage stays (D1). Says
    /// whether there was anything to forget: a task that has not ended is kept.
    fn forget(&self, task: TaskId) -> Answer<'_, bool>;
}
