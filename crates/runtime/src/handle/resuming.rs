//! Tasks get their actors: new ones, and those that an earlier engine has left (RUNTIME J5, P2).

use std::sync::Arc;

use dice_catalog::Catalog;
use dice_model::{TaskEnd, TaskId, TaskState};
use dice_scheduler::Terms;
use tokio::sync::{mpsc, oneshot};

use super::{HELD_BRIEFLY, Handle, RequestError};
use crate::dispatcher::{Command, Pool};
use crate::journal::Entry;
use crate::record::{TaskFilter, TaskKind, TaskRecord};
use crate::task::{Driver, Mailbox};
use crate::{JournalError, RunningProgram};

/// Orders are few, and a task takes them at once.
const ORDERS: usize = 8;

impl Handle {
    /// Programs outside cannot be replayed (V3): what the engine's end has cut off is over.
    pub(super) async fn end_external_tasks(&self) -> Result<(), JournalError> {
        for task in self.unfinished().await? {
            if task.spec.kind == TaskKind::External {
                let detail = "the engine stopped under it, and it runs outside".to_owned();
                self.write_end(task.id, TaskEnd::Crashed { detail }).await?;
            }
        }
        Ok(())
    }

    /// Oldest first, so that they wait in the order in which they were accepted.
    async fn unfinished(&self) -> Result<Vec<TaskRecord>, JournalError> {
        let filter = TaskFilter {
            states: vec![TaskState::Accepted, TaskState::Running],
            ..TaskFilter::default()
        };
        let mut tasks = self.journal().tasks(filter).await?;
        tasks.reverse();
        Ok(tasks)
    }

    /// Every task of the pool that has no actor yet gets one.
    pub(super) async fn resume(&self, pool: &Pool) -> Result<(), JournalError> {
        for task in self.unfinished().await? {
            let is_here = &task.spec.pool == pool.name() && task.spec.kind != TaskKind::External;
            if is_here {
                self.attend_or_end(task, pool).await?;
            }
        }
        pool.send(Command::Resumed).await;
        Ok(())
    }

    /// A task whose catalog cannot be read any more ends; it must not hold up the others.
    pub(super) async fn attend_or_end(
        &self,
        task: TaskRecord,
        pool: &Pool,
    ) -> Result<(), JournalError> {
        let id = task.id;
        match self.attend(task, pool, None).await {
            Ok(()) => Ok(()),
            Err(RequestError::Journal(error)) => Err(error),
            Err(error) => {
                let detail = error.to_string();
                self.write_end(id, TaskEnd::Crashed { detail }).await
            }
        }
    }

    /// `program`: it runs already, and does not wait for its turn. A task that has an actor keeps it.
    pub(super) async fn attend(
        &self,
        task: TaskRecord,
        pool: &Pool,
        program: Option<RunningProgram>,
    ) -> Result<(), RequestError> {
        let id = task.id;
        let (orders, taken) = mpsc::channel(ORDERS);
        let mailbox = Mailbox {
            pool: pool.name().clone(),
            orders,
        };
        if !self.reserve(id, mailbox) {
            return Ok(());
        }
        // On failure `taken` is dropped, and with it the reservation ends.
        let catalog = self.pinned(&task).await?;
        let waits = program.is_none();
        let terms = Terms {
            tenant: task.spec.tenant.clone(),
            deadline: task.spec.deadline,
        };
        let shared = Arc::clone(&self.0.shared);
        let (driver, news) =
            Driver::open(task, shared, pool.clone(), catalog, taken, program).await?;
        let (start, started) = oneshot::channel();
        pool.send(Command::Register {
            task: id,
            terms,
            news,
            start: waits.then_some(start),
        })
        .await;
        let inner = Arc::downgrade(&self.0);
        self.0.drivers.spawn(async move {
            driver.run(waits.then_some(started)).await;
            if let Some(inner) = inner.upgrade() {
                let mut tasks = inner.tasks.lock().expect(HELD_BRIEFLY);
                // A task that was resolved may have its next actor already.
                if tasks.get(&id).is_some_and(Mailbox::is_closed) {
                    tasks.remove(&id);
                }
            }
        });
        Ok(())
    }

    /// Says whether the task was without an actor until now.
    fn reserve(&self, task: TaskId, mailbox: Mailbox) -> bool {
        let mut tasks = self.0.tasks.lock().expect(HELD_BRIEFLY);
        let is_free = tasks.get(&task).is_none_or(Mailbox::is_closed);
        if is_free {
            tasks.insert(task, mailbox);
        }
        is_free
    }

    pub(super) async fn pinned(&self, task: &TaskRecord) -> Result<Catalog, RequestError> {
        if let Some(offer) = self.0.shared.offers.now()
            && offer.blob == task.spec.catalog
        {
            return Ok(offer.catalog.clone());
        }
        let text = self.blobs().get(task.spec.catalog).await?;
        let catalog = Catalog::from_resources(&String::from_utf8_lossy(&text));
        catalog.map_err(|source| RequestError::Catalog {
            task: task.id,
            source,
        })
    }

    pub(super) async fn write_end(&self, task: TaskId, end: TaskEnd) -> Result<(), JournalError> {
        let at = self.clock().now();
        let end = Entry::Ended { end, at };
        let sequence = self.journal().append(task, vec![end]).await?;
        self.0.shared.tails.appended(task, sequence, None);
        Ok(())
    }
}
