//! What can be asked of the runtime about tasks, batches and usage.

use std::sync::Arc;

use dice_model::{BatchId, Digest, PoolName, TaskEnd, TaskId, TaskState, Usage};

use super::{HELD_BRIEFLY, Handle};
use crate::JournalError;
use crate::blobs::BlobError;
use crate::dispatcher::Pool;
use crate::journal::Entry;
use crate::offer::Offer;
use crate::record::{
    BatchRecord, NewBatch, NewTask, Resolution, TaskFilter, TaskKind, TaskRecord, TaskSpec,
    UsageFilter,
};

/// Nothing of what was asked has been done.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("there is no pool called {0}")]
    NoPool(PoolName),
    #[error("no functions are on offer yet")]
    NothingOffered,
    #[error("the input {name} is not in the blob store")]
    InputMissing { name: String },
    #[error("there is no task {0}")]
    NoTask(TaskId),
    #[error("the catalog of task {task} cannot be read")]
    Catalog {
        task: TaskId,
        #[source]
        source: dice_catalog::CatalogError,
    },
    #[error("{waiting} calls from outside wait already, and no more may")]
    Busy { waiting: usize },
    #[error("{waiting} tasks have been accepted and have not ended, and no more may")]
    Full { waiting: usize },
    #[error("the runtime is stopping")]
    Stopping,
}

#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error("task {task} is {}, not uncertain", state.word())]
    NotUncertain { task: TaskId, state: TaskState },
    #[error("{0}")]
    BadResult(#[from] dice_catalog::ResultError),
}

impl Handle {
    /// Durable when this returns; it will reach a durable end.
    pub async fn submit(&self, task: NewTask) -> Result<TaskId, RequestError> {
        let (pool, offer) = self.admit(&task.pool)?;
        self.room_for(1)?;
        let spec = self.spec(task, &offer).await?;
        let at = self.clock().now();
        let id = self.journal().accept(spec, at).await?;
        self.start_task(id, &pool).await?;
        Ok(id)
    }

    /// All of its tasks, or the unfinished batch with the same digest, whose tasks go on anyway.
    pub async fn create_batch(&self, mut batch: NewBatch) -> Result<BatchRecord, RequestError> {
        self.room_for(batch.tasks.len())?;
        let mut specs = Vec::with_capacity(batch.tasks.len());
        for task in std::mem::take(&mut batch.tasks) {
            let (_, offer) = self.admit(&task.pool)?;
            specs.push(self.spec(task, &offer).await?);
        }
        let at = self.clock().now();
        let (record, is_new) = self.journal().accept_batch(batch, specs, at).await?;
        if is_new {
            for &task in &record.tasks {
                let stored = self.task(task).await?;
                let (pool, _) = self.admit(&stored.spec.pool)?;
                self.attend_or_end(stored, &pool).await?;
            }
        }
        Ok(record)
    }

    pub(super) fn admit(&self, pool: &PoolName) -> Result<(Pool, Arc<Offer>), RequestError> {
        if self.is_stopping() {
            return Err(RequestError::Stopping);
        }
        self.0.shared.working()?;
        let pool = self
            .pool(pool)
            .ok_or_else(|| RequestError::NoPool(pool.clone()))?;
        let offer = self.0.shared.offers.now();
        Ok((pool, offer.ok_or(RequestError::NothingOffered)?))
    }

    /// For tasks that are not there yet.
    pub(super) fn room_for(&self, tasks: usize) -> Result<(), RequestError> {
        let waiting = self.0.tasks.lock().expect(HELD_BRIEFLY).len();
        if waiting + tasks > self.0.options.most_tasks {
            return Err(RequestError::Full { waiting });
        }
        Ok(())
    }

    async fn spec(&self, task: NewTask, offer: &Offer) -> Result<TaskSpec, RequestError> {
        for input in &task.inputs {
            if !self.blobs().has(input.blob).await {
                let name = input.name.clone();
                return Err(RequestError::InputMissing { name });
            }
        }
        let source = self.blobs().put(task.source.as_bytes()).await?;
        Ok(TaskSpec {
            kind: TaskKind::Program { source },
            seed: task.seed.unwrap_or_else(|| seed(source, &task)),
            filename: task.filename,
            form: task.form,
            inputs: task.inputs,
            pool: task.pool,
            tenant: task.tenant,
            deadline: task.deadline,
            bounds: task.bounds,
            limits: task.limits,
            reuse: task.reuse,
            memo: task.memo,
            batch: None,
            catalog: offer.blob,
        })
    }

    async fn start_task(&self, task: TaskId, pool: &Pool) -> Result<(), RequestError> {
        let record = self.task(task).await?;
        self.attend_or_end(record, pool).await?;
        Ok(())
    }

    pub async fn task(&self, task: TaskId) -> Result<TaskRecord, RequestError> {
        let record = self.journal().task(task).await?;
        record.ok_or(RequestError::NoTask(task))
    }

    pub async fn tasks(&self, filter: TaskFilter) -> Result<Vec<TaskRecord>, JournalError> {
        self.journal().tasks(filter).await
    }

    pub async fn batch(&self, batch: BatchId) -> Result<Option<BatchRecord>, JournalError> {
        self.0.shared.working()?;
        self.journal().batch(batch).await
    }

    /// Newest first.
    pub async fn batches(&self) -> Result<Vec<BatchRecord>, JournalError> {
        self.journal().batches().await
    }

    /// What was used; nodes still held count until now.
    pub async fn usage(&self, filter: UsageFilter) -> Result<Vec<Usage>, JournalError> {
        let names: Vec<PoolName> = {
            let pools = self.0.pools.read().expect(HELD_BRIEFLY);
            let held = pools.iter().filter(|(_, open)| open.nodes > 0);
            held.map(|(name, _)| name.clone()).collect()
        };
        for name in names {
            self.journal().hold_nodes(name, self.clock().now()).await?;
        }
        self.journal().usage(filter).await
    }

    /// Usage that nobody here saw: a language model's tokens.
    pub fn record_usage(&self, usage: Usage) {
        self.journal().record_usage(usage);
    }

    /// Says what became of the write that an uncertain task hangs on; it goes on from there (J6).
    pub async fn resolve(&self, task: TaskId, resolution: Resolution) -> Result<(), ResolveError> {
        let record = self.task(task).await?;
        let Some(TaskEnd::Uncertain { call, function }) = record.end.clone() else {
            let state = record.state;
            return Err(ResolveError::NotUncertain { task, state });
        };
        let (pool, _) = self.admit(&record.spec.pool)?;
        let resolution = match resolution {
            Resolution::NotHappened => Resolution::NotHappened,
            Resolution::Happened(value) => {
                let catalog = self.pinned(&record).await?;
                let entry = catalog.get(&function);
                Resolution::Happened(match entry {
                    Some(entry) => entry.check_result(value)?,
                    None => value,
                })
            }
        };
        let at = self.clock().now();
        let entry = Entry::Resolved {
            call,
            resolution,
            at,
        };
        let appended = self.journal().append(task, vec![entry]).await;
        let sequence = appended.map_err(RequestError::from)?;
        self.0.shared.tails.appended(task, sequence, None);
        if record.spec.kind == TaskKind::External {
            // Its program is gone; there is nothing to go on with.
            let detail = "the program was outside, and is gone".to_owned();
            let ended = self.write_end(task, TaskEnd::Crashed { detail }).await;
            return Ok(ended.map_err(RequestError::from)?);
        }
        if let Some(last) = self.mailbox(task) {
            // Its end is durable; its actor is just leaving.
            last.orders.closed().await;
        }
        Ok(self.start_task(task, &pool).await?)
    }

    /// Forgets an ended task: what it printed and was answered, and its program and inputs, unless another
    /// task has them (D1). Says whether it had ended.
    pub async fn forget(&self, task: TaskId) -> Result<bool, RequestError> {
        let record = self.task(task).await?;
        let forgotten = self.forget_entries(task).await?;
        if forgotten {
            self.remove_blobs(&[record]).await?;
        }
        Ok(forgotten)
    }

    /// A task without an actor: its pool is not there, or nothing is offered yet.
    pub(super) async fn end_unattended(
        &self,
        task: TaskId,
        end: TaskEnd,
    ) -> Result<(), RequestError> {
        let record = self.task(task).await?;
        if !record.state.is_terminal() {
            self.write_end(task, end).await?;
        }
        Ok(())
    }
}

/// What somebody gave for this task: its program and its inputs.
pub(super) fn own_blobs(spec: &TaskSpec) -> impl Iterator<Item = Digest> {
    let source = match spec.kind {
        TaskKind::Program { source } => Some(source),
        TaskKind::External => None,
    };
    let inputs = spec.inputs.iter().map(|input| input.blob);
    source.into_iter().chain(inputs)
}

/// Equal programs on equal inputs get equal seeds (SEMANTICS O2).
fn seed(source: Digest, task: &NewTask) -> u64 {
    let mut text = source.to_string();
    for input in &task.inputs {
        text += &format!("\n{} {}", input.name, input.blob);
    }
    let digest = Digest::of(text.as_bytes());
    let first = digest.as_bytes().first_chunk().expect("a digest has 32");
    u64::from_be_bytes(*first)
}
