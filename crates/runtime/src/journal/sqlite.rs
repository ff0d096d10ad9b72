//! The journal in one SQLite file: one thread writes and commits in groups, readers read beside it.
//!
//! Why `Durability::Process` survives SIGKILL without an fsync: in WAL mode a commit has written its
//! frames to the log file with `write(2)` before it returns, and what a process has written belongs
//! to the operating system, not to the process. Only the machine's own end can lose it, and then a
//! checksum per frame cuts the log at the last whole commit: `synchronous=NORMAL` still syncs before
//! and after a checkpoint, so that the database itself is never torn. `Durability::Power` is
//! `synchronous=FULL`: the log is synced at each commit, once for a whole group.

mod batches;
mod reader;
mod reserve;
mod schema;
mod tasks;
mod usage;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dice_model::{BatchId, Epoch, PoolName, TaskId, Timestamp, Usage};

use self::reader::Reader;
use self::reserve::Reserve;
use self::writer::Writer;
use super::{Answer, EndedTask, Entry, Journal, JournalError};
use crate::Durability;
use crate::record::{BatchRecord, NewBatch, TaskFilter, TaskRecord, TaskSpec, UsageFilter};

#[derive(Debug)]
pub(crate) struct SqliteJournal {
    path: PathBuf,
    writer: Writer,
    reader: Reader,
    /// What it writes with.
    epoch: Arc<AtomicU64>,
}

/// Epochs that are taken over with begin at 1.
const NONE_TAKEN_OVER: u64 = 0;

impl SqliteJournal {
    pub(crate) fn open(path: &Path, durability: Durability) -> Result<Self, JournalError> {
        let connection = schema::open(path, durability)?;
        let reader = Reader::new(schema::open_for_reading(path)?);
        let epoch = Arc::new(AtomicU64::new(NONE_TAKEN_OVER));
        Ok(Self {
            path: path.to_owned(),
            writer: Writer::start(connection, Arc::clone(&epoch), Reserve::beside(path)),
            reader,
            epoch,
        })
    }
}

impl Journal for SqliteJournal {
    fn take_over(&self) -> Answer<'_, Epoch> {
        let held = Arc::clone(&self.epoch);
        self.writer.write(move |connection| {
            let epoch = schema::take_over(connection)?;
            held.store(epoch.0, Ordering::Release);
            Ok(epoch)
        })
    }

    fn accept(&self, spec: TaskSpec, at: Timestamp) -> Answer<'_, TaskId> {
        self.writer
            .write(move |connection| tasks::accept(connection, &spec, at))
    }

    fn accept_batch(
        &self,
        batch: NewBatch,
        specs: Vec<TaskSpec>,
        at: Timestamp,
    ) -> Answer<'_, (BatchRecord, bool)> {
        self.writer
            .write(move |connection| batches::accept(connection, &batch, &specs, at))
    }

    fn append(&self, task: TaskId, entries: Vec<Entry>) -> Answer<'_, u64> {
        self.writer
            .write(move |connection| tasks::append(connection, task, &entries))
    }

    fn set_aside(&self, count: u64) -> Answer<'_, TaskId> {
        self.writer
            .write(move |connection| tasks::set_aside(connection, count))
    }

    fn record<'a>(&'a self, tasks: &[EndedTask]) -> Answer<'a, ()> {
        let rows: Result<Vec<_>, _> = tasks.iter().map(EndedTask::row).collect();
        match rows {
            Ok(rows) => self
                .writer
                .write(move |connection| tasks::record_ended(connection, &rows)),
            Err(error) => Box::pin(async move { Err(error) }),
        }
    }

    fn entries(&self, task: TaskId, from: u64, limit: usize) -> Answer<'_, Vec<(u64, Entry)>> {
        self.reader
            .read(move |connection| tasks::entries(connection, task, from, limit))
    }

    fn task(&self, task: TaskId) -> Answer<'_, Option<TaskRecord>> {
        self.reader
            .read(move |connection| tasks::get(connection, task))
    }

    fn tasks(&self, filter: TaskFilter) -> Answer<'_, Vec<TaskRecord>> {
        self.reader
            .read(move |connection| tasks::list(connection, &filter))
    }

    fn batch(&self, batch: BatchId) -> Answer<'_, Option<BatchRecord>> {
        self.reader
            .read(move |connection| batches::get(connection, batch))
    }

    fn batches(&self) -> Answer<'_, Vec<BatchRecord>> {
        self.reader.read(batches::list)
    }

    fn record_usage(&self, usage: Usage) {
        self.writer
            .write_later(move |connection| usage::record(connection, &usage));
    }

    fn hold_nodes(&self, pool: PoolName, until: Timestamp) -> Answer<'_, ()> {
        self.writer
            .write(move |connection| usage::hold(connection, &pool, until))
    }

    fn release_nodes(&self, pool: PoolName, at: Timestamp) -> Answer<'_, ()> {
        self.writer
            .write(move |connection| usage::release(connection, &pool, at))
    }

    fn usage(&self, filter: UsageFilter) -> Answer<'_, Vec<Usage>> {
        self.reader
            .read(move |connection| usage::list(connection, &filter))
    }

    fn latest(&self) -> Answer<'_, Timestamp> {
        self.reader.read(tasks::latest)
    }

    fn faults(&self) -> Answer<'_, Vec<String>> {
        self.reader.read(schema::faults)
    }

    /// Copies of what is forgotten leave the log too.
    fn forget(&self, task: TaskId) -> Answer<'_, bool> {
        Box::pin(async move {
            let forgotten = self
                .writer
                .write(move |connection| tasks::forget(connection, task))
                .await?;
            if forgotten {
                let path = self.path.clone();
                let emptied = tokio::task::spawn_blocking(move || schema::empty_log(&path));
                emptied.await.unwrap_or(Err(JournalError::Closed))?;
            }
            Ok(forgotten)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::conformance;

    #[tokio::test(flavor = "multi_thread")]
    async fn sqlite_is_a_journal_at_both_levels() {
        for durability in [Durability::Process, Durability::Power] {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let path = folder.path().join("journal.sqlite");
            conformance::check(async || {
                let opened = SqliteJournal::open(&path, durability);
                Arc::new(opened.expect("it opens")) as Arc<dyn Journal>
            })
            .await;
        }
    }

    #[test]
    fn a_journal_of_a_newer_version_is_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("journal.sqlite");
        drop(SqliteJournal::open(&path, Durability::Process).expect("it opens"));
        let newer = rusqlite::Connection::open(&path).expect("it opens");
        newer
            .pragma_update(None, "user_version", 99)
            .expect("it can be set");
        let refused = SqliteJournal::open(&path, Durability::Process);
        assert!(matches!(
            refused,
            Err(JournalError::Newer {
                found: 99,
                known: 3,
                ..
            })
        ));
    }

    /// RUNTIME D1.
    #[tokio::test]
    async fn what_is_forgotten_is_in_no_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("journal.sqlite");
        let journal = SqliteJournal::open(&path, Durability::Process).expect("it opens");
        journal.take_over().await.expect("taken over");
        let task = journal.accept(conformance::spec(), Timestamp(1)).await;
        let task = task.expect("accepted");
        let end = conformance::ended(dice_model::TaskEnd::Normal);
        let entries = vec![conformance::printed(0, "somebody's secret"), end];
        journal.append(task, entries).await.expect("appended");
        let holds_it = || {
            let files = std::fs::read_dir(folder.path()).expect("readable");
            let bytes = files.map(|file| std::fs::read(file.expect("readable").path()));
            bytes.map(|bytes| bytes.expect("readable")).any(|bytes| {
                let mut windows = bytes.windows(17);
                windows.any(|window| window == b"somebody's secret")
            })
        };
        assert!(holds_it());
        assert!(journal.forget(task).await.expect("it works"));
        assert!(!holds_it());
    }

    /// A task that cannot be written to does not take those down that were committed with it.
    #[tokio::test]
    async fn an_entry_that_cannot_be_kept_fails_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("journal.sqlite");
        let journal = SqliteJournal::open(&path, Durability::Process).expect("it opens");
        let fails = journal
            .writer
            .write(|connection| Ok(connection.execute("INSERT INTO nowhere VALUES (1)", [])?));
        let works = journal.take_over();
        let (failed, worked) = tokio::join!(fails, works);
        assert!(matches!(failed, Err(JournalError::Database(_))));
        worked.expect("it is committed");
    }
}
