//! The journal in a PostgreSQL database: one connection writes and commits in groups, a few read
//! beside it. Whoever has taken the journal over last may write, and nobody else (RUNTIME P2).
//!
//! `Durability::Process` costs an fsync here too: what PostgreSQL has committed without one lies in
//! the memory of its own processes, and dies with them. It is `synchronous_commit = local`, and
//! `Durability::Power` is `on`, which waits for synchronous standbys as well, where there are any.

mod batches;
mod job;
mod reader;
mod schema;
mod session;
mod tasks;
mod usage;
mod writer;

use dice_model::{BatchId, Epoch, PoolName, TaskId, Timestamp, Usage};
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};

use self::reader::Reader;
use self::session::Session;
use self::writer::Writer;
use super::{Answer, EndedTask, Entry, Journal, JournalError};
use crate::Durability;
use crate::record::{BatchRecord, NewBatch, TaskFilter, TaskRecord, TaskSpec, UsageFilter};

#[derive(Debug)]
pub(crate) struct PostgresJournal {
    writer: Writer,
    reader: Reader,
}

impl PostgresJournal {
    /// `url`: `postgres://user@host/database`, with libpq's parameters.
    pub(crate) async fn open(url: &str, durability: Durability) -> Result<Self, JournalError> {
        let commit = match durability {
            Durability::Process => "local",
            Durability::Power => "on",
        };
        let options: PgConnectOptions = url.parse()?;
        let options = options.application_name("dice").options([
            ("search_path", schema::SCHEMA),
            ("synchronous_commit", commit),
        ]);
        let mut connection = PgConnection::connect_with(&options).await?;
        schema::migrate(&mut connection, &options).await?;
        Ok(Self {
            reader: Reader::new(options.clone()),
            writer: Writer::start(Session::new(options, connection)),
        })
    }
}

impl Journal for PostgresJournal {
    fn take_over(&self) -> Answer<'_, Epoch> {
        self.writer.take_over()
    }

    fn accept(&self, spec: TaskSpec, at: Timestamp) -> Answer<'_, TaskId> {
        let spec = std::sync::Arc::new(spec);
        self.writer.write(move |connection| {
            let spec = spec.clone();
            Box::pin(async move { tasks::accept(connection, &spec, at).await })
        })
    }

    fn accept_batch(
        &self,
        batch: NewBatch,
        specs: Vec<TaskSpec>,
        at: Timestamp,
    ) -> Answer<'_, (BatchRecord, bool)> {
        let asked = std::sync::Arc::new((batch, specs));
        self.writer.write(move |connection| {
            let asked = asked.clone();
            Box::pin(async move { batches::accept(connection, &asked.0, &asked.1, at).await })
        })
    }

    fn append(&self, task: TaskId, entries: Vec<Entry>) -> Answer<'_, u64> {
        self.writer.append(task, entries)
    }

    fn set_aside(&self, count: u64) -> Answer<'_, TaskId> {
        self.writer
            .write(move |connection| Box::pin(tasks::set_aside(connection, count)))
    }

    fn record<'a>(&'a self, tasks: &[EndedTask]) -> Answer<'a, ()> {
        let rows: Result<Vec<_>, _> = tasks.iter().map(EndedTask::row).collect();
        match rows.map(std::sync::Arc::new) {
            Ok(rows) => self.writer.write(move |connection| {
                let rows = rows.clone();
                Box::pin(async move { tasks::record_ended(connection, &rows).await })
            }),
            Err(error) => Box::pin(async move { Err(error) }),
        }
    }

    fn entries(&self, task: TaskId, from: u64, limit: usize) -> Answer<'_, Vec<(u64, Entry)>> {
        self.reader
            .read(move |pool| tasks::entries(pool, task, from, limit))
    }

    fn task(&self, task: TaskId) -> Answer<'_, Option<TaskRecord>> {
        self.reader.read(move |pool| tasks::get(pool, task))
    }

    fn tasks(&self, filter: TaskFilter) -> Answer<'_, Vec<TaskRecord>> {
        self.reader
            .read(move |pool| tasks::list(pool, filter.clone()))
    }

    fn batch(&self, batch: BatchId) -> Answer<'_, Option<BatchRecord>> {
        self.reader.read(move |pool| batches::get(pool, batch))
    }

    fn batches(&self) -> Answer<'_, Vec<BatchRecord>> {
        self.reader.read(batches::list)
    }

    fn record_usage(&self, usage: Usage) {
        let usage = std::sync::Arc::new(usage);
        self.writer.write_later(move |connection| {
            let usage = usage.clone();
            Box::pin(async move { usage::record(connection, &usage).await })
        });
    }

    fn hold_nodes(&self, pool: PoolName, until: Timestamp) -> Answer<'_, ()> {
        self.writer.write(move |connection| {
            let pool = pool.clone();
            Box::pin(async move { usage::hold(connection, &pool, until).await })
        })
    }

    fn release_nodes(&self, pool: PoolName, at: Timestamp) -> Answer<'_, ()> {
        self.writer.write(move |connection| {
            let pool = pool.clone();
            Box::pin(async move { usage::release(connection, &pool, at).await })
        })
    }

    fn usage(&self, filter: UsageFilter) -> Answer<'_, Vec<Usage>> {
        self.reader
            .read(move |pool| usage::list(pool, filter.clone()))
    }

    fn latest(&self) -> Answer<'_, Timestamp> {
        self.reader.read(tasks::latest)
    }

    /// PostgreSQL checks its pages itself, where checksums are on.
    fn faults(&self) -> Answer<'_, Vec<String>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn forget(&self, task: TaskId) -> Answer<'_, bool> {
        self.writer
            .write(move |connection| Box::pin(tasks::forget(connection, task)))
    }
}

#[cfg(test)]
mod tests;
