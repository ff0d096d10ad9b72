//! A task that nobody waits for any more is cancelled.

use dice_model::TaskId;
use dice_runtime::Handle;

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
