//! A journal that tells observers what is written into it.

use std::time::Instant;

use dice_model::{BatchId, Epoch, PoolName, TaskId, Timestamp, Usage};

use super::{Answer, EndedTask, Entry, Journal};
use crate::observer::{Append, Observers};
use crate::record::{BatchRecord, NewBatch, TaskFilter, TaskRecord, TaskSpec, UsageFilter};

/// What is only read is not told.
#[derive(Debug)]
pub(crate) struct ObservedJournal<J> {
    journal: J,
    observers: Observers,
}

impl<J> ObservedJournal<J> {
    pub(crate) const fn new(journal: J, observers: Observers) -> Self {
        Self { journal, observers }
    }

    async fn timed<T>(
        &self,
        entries: usize,
        append: Answer<'_, T>,
    ) -> Result<T, super::JournalError> {
        let began = Instant::now();
        let appended = append.await;
        let append = Append {
            entries,
            took: began.elapsed(),
            durable: appended.is_ok(),
        };
        self.observers.tell(|observer| observer.appended(append));
        appended
    }
}

impl<J: Journal> Journal for ObservedJournal<J> {
    fn take_over(&self) -> Answer<'_, Epoch> {
        self.journal.take_over()
    }

    fn accept(&self, spec: TaskSpec, at: Timestamp) -> Answer<'_, TaskId> {
        let accepted = self.journal.accept(spec.clone(), at);
        Box::pin(async move {
            let task = accepted.await?;
            self.observers
                .tell(|observer| observer.task_accepted(task, &spec, at));
            Ok(task)
        })
    }

    fn accept_batch(
        &self,
        batch: NewBatch,
        specs: Vec<TaskSpec>,
        at: Timestamp,
    ) -> Answer<'_, (BatchRecord, bool)> {
        let accepted = self.journal.accept_batch(batch, specs.clone(), at);
        Box::pin(async move {
            let (record, is_new) = accepted.await?;
            for (&task, spec) in record.tasks.iter().zip(&specs).filter(|_| is_new) {
                self.observers
                    .tell(|observer| observer.task_accepted(task, spec, at));
            }
            Ok((record, is_new))
        })
    }

    fn append(&self, task: TaskId, entries: Vec<Entry>) -> Answer<'_, u64> {
        if self.observers.is_empty() {
            return self.journal.append(task, entries);
        }
        for entry in &entries {
            self.observers
                .tell(|observer| observer.happened(task, entry));
        }
        let count = entries.len();
        Box::pin(self.timed(count, self.journal.append(task, entries)))
    }

    fn set_aside(&self, count: u64) -> Answer<'_, TaskId> {
        self.journal.set_aside(count)
    }

    fn record<'a>(&'a self, tasks: &[EndedTask]) -> Answer<'a, ()> {
        if self.observers.is_empty() {
            return self.journal.record(tasks);
        }
        for task in tasks {
            self.observers.tell(|observer| {
                observer.task_accepted(task.id, &task.spec, task.accepted);
                for entry in &task.entries {
                    observer.happened(task.id, entry);
                }
            });
        }
        let count = tasks.iter().map(|task| task.entries.len()).sum();
        let recorded = self.journal.record(tasks);
        Box::pin(self.timed(count, recorded))
    }

    fn entries(&self, task: TaskId, from: u64, limit: usize) -> Answer<'_, Vec<(u64, Entry)>> {
        self.journal.entries(task, from, limit)
    }

    fn task(&self, task: TaskId) -> Answer<'_, Option<TaskRecord>> {
        self.journal.task(task)
    }

    fn tasks(&self, filter: TaskFilter) -> Answer<'_, Vec<TaskRecord>> {
        self.journal.tasks(filter)
    }

    fn batch(&self, batch: BatchId) -> Answer<'_, Option<BatchRecord>> {
        self.journal.batch(batch)
    }

    fn batches(&self) -> Answer<'_, Vec<BatchRecord>> {
        self.journal.batches()
    }

    fn record_usage(&self, usage: Usage) {
        self.observers.tell(|observer| observer.used(&usage));
        self.journal.record_usage(usage);
    }

    fn hold_nodes(&self, pool: PoolName, until: Timestamp) -> Answer<'_, ()> {
        self.journal.hold_nodes(pool, until)
    }

    fn release_nodes(&self, pool: PoolName, at: Timestamp) -> Answer<'_, ()> {
        self.journal.release_nodes(pool, at)
    }

    fn usage(&self, filter: UsageFilter) -> Answer<'_, Vec<Usage>> {
        self.journal.usage(filter)
    }

    fn latest(&self) -> Answer<'_, Timestamp> {
        self.journal.latest()
    }

    fn faults(&self) -> Answer<'_, Vec<String>> {
        self.journal.faults()
    }

    fn forget(&self, task: TaskId) -> Answer<'_, bool> {
        self.journal.forget(task)
    }
}
