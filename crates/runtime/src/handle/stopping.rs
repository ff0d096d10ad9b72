//! The end: no process is left behind, and what has not ended goes on next time.

use std::sync::atomic::Ordering;
use std::time::Duration;

use dice_model::{TaskEnd, TaskId};

use super::{HELD_BRIEFLY, Handle, RequestError};
use crate::JournalError;
use crate::task::{Mailbox, Order};

impl Handle {
    /// Ends the task from outside, unless it has ended (RUNTIME J7). It is over when its end is
    /// durable: see [`Handle::watch`].
    pub async fn cancel(&self, task: TaskId) -> Result<(), RequestError> {
        self.end(task, TaskEnd::Cancelled).await
    }

    /// The same for another reason: a budget, or a deadline of many tasks.
    pub async fn end(&self, task: TaskId, end: TaskEnd) -> Result<(), RequestError> {
        match self.mailbox(task) {
            Some(mailbox) => {
                // An actor that has just ended hears nothing: the task has ended.
                let _ = mailbox.orders.send(Order::End(end)).await;
                Ok(())
            }
            None => self.end_unattended(task, end).await,
        }
    }

    /// Waits until every task under way has ended, for at most `patience`; new ones are refused from
    /// now on. Says whether all have.
    pub async fn drain(&self, patience: Duration) -> bool {
        self.0.stopping.store(true, Ordering::Release);
        self.0.drivers.close();
        tokio::time::timeout(patience, self.0.drivers.wait())
            .await
            .is_ok()
    }

    /// Stops everything and waits for it: programs at once, writes that were sent when they have
    /// ended, workers when they have finished; what takes longer than `grace` is killed. The data
    /// folder is free afterwards.
    pub async fn shutdown(&self, grace: Duration) -> Result<(), JournalError> {
        self.0.stopping.store(true, Ordering::Release);
        self.pause_tasks(|_| true, grace).await;
        let names: Vec<_> = {
            let pools = self.0.pools.read().expect(HELD_BRIEFLY);
            pools.keys().cloned().collect()
        };
        let removals = names.iter().map(|name| self.remove_pool(name, grace));
        let removed = futures::future::try_join_all(removals).await;
        self.0.folder.release();
        removed.map(drop)
    }

    pub(super) async fn pause_tasks(&self, chosen: impl Fn(&Mailbox) -> bool, grace: Duration) {
        let mailboxes: Vec<Mailbox> = {
            let tasks = self.0.tasks.lock().expect(HELD_BRIEFLY);
            tasks.values().filter(|it| chosen(it)).cloned().collect()
        };
        let pauses = mailboxes.into_iter().map(|mailbox| async move {
            let _ = mailbox.orders.send(Order::Pause).await;
            mailbox.orders.closed().await;
        });
        let all = futures::future::join_all(pauses);
        if tokio::time::timeout(grace, all).await.is_err() {
            tracing::warn!("tasks with writes under way were not waited for any longer");
        }
    }
}
