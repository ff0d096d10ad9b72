//! What is undone when nobody waits for it any more: a task is cancelled, a pool given back.

use std::time::Duration;

use dice_model::{PoolName, TaskId};
use dice_runtime::{Handle, JournalError};

use crate::Engine;

/// Cancels its task when dropped, unless it was disarmed.
pub(crate) struct CancelOnDrop {
    runtime: Handle,
    task: TaskId,
    armed: bool,
}

impl Engine {
    pub(crate) fn cancelled_unless_ended(&self, task: TaskId) -> CancelOnDrop {
        CancelOnDrop {
            runtime: self.runtime().clone(),
            task,
            armed: true,
        }
    }
}

impl CancelOnDrop {
    pub(crate) fn disarm(mut self) {
        self.armed = false;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if self.armed {
            let (runtime, task) = (self.runtime.clone(), self.task);
            tokio::spawn(async move {
                // It may have ended meanwhile, which is as good.
                let _ = runtime.cancel(task).await;
            });
        }
    }
}

/// Workers of a pool that is given back have nothing left to do.
const GRACE: Duration = Duration::from_secs(2);

/// Gives its pool back when dropped, so that its nodes are not paid for any longer.
pub(crate) struct PoolOnLoan(Option<(Handle, PoolName)>);

impl PoolOnLoan {
    pub(crate) const fn new(runtime: Handle, pool: PoolName) -> Self {
        Self(Some((runtime, pool)))
    }

    pub(crate) async fn give_back(mut self) -> Result<(), JournalError> {
        match self.0.take() {
            Some((runtime, pool)) => runtime.remove_pool(&pool, GRACE).await,
            None => Ok(()),
        }
    }
}

impl Drop for PoolOnLoan {
    fn drop(&mut self) {
        if let Some((runtime, pool)) = self.0.take() {
            tokio::spawn(async move {
                if let Err(error) = runtime.remove_pool(&pool, GRACE).await {
                    tracing::error!(%error, %pool, "a pool could not be given back");
                }
            });
        }
    }
}
