//! Ended tasks are forgotten when their tenant's time for them is over (RUNTIME D1).

use std::collections::{BTreeMap, HashSet};
use std::sync::Weak;
use std::time::Duration;

use dice_model::{Digest, TaskId, Tenant, Timestamp};

use super::requests::own_blobs;
use super::{Handle, Inner, RequestError};
use crate::record::{TaskFilter, TaskRecord};

/// How often somebody looks.
const ROUND: Duration = Duration::from_secs(3600);

/// How long what has ended is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keep {
    /// Of tenants that are not named; `None`: for ever.
    pub others: Option<Duration>,
    pub tenants: BTreeMap<Tenant, Duration>,
}

impl Keep {
    fn of(&self, tenant: &Tenant) -> Option<Duration> {
        self.tenants.get(tenant).copied().or(self.others)
    }

    fn is_for_ever(&self) -> bool {
        self.others.is_none() && self.tenants.is_empty()
    }

    fn is_over(&self, task: &TaskRecord, now: Timestamp) -> bool {
        let (Some(keep), Some(ended)) = (self.of(&task.spec.tenant), task.ended) else {
            return false;
        };
        ended + keep <= now
    }
}

/// Looks now, and every hour, for as long as the runtime is there.
pub(super) async fn watch(inner: Weak<Inner>, keep: Keep) {
    while !keep.is_for_ever() {
        let Some(handle) = inner.upgrade().map(Handle) else {
            return;
        };
        match handle.forget_old(&keep, handle.clock().now()).await {
            Ok(0) => {}
            Ok(tasks) => tracing::info!(tasks, "tasks were forgotten: their time was over"),
            // They are old enough the next time, too.
            Err(error) => tracing::error!(%error, "old tasks could not be forgotten"),
        }
        drop(handle);
        tokio::time::sleep(ROUND).await;
    }
}

impl Handle {
    /// Forgets tasks that ended longer ago than their tenant keeps them, as [`Handle::forget`] does. Says how
    /// many there were.
    pub async fn forget_old(&self, keep: &Keep, now: Timestamp) -> Result<usize, RequestError> {
        let mut forgotten = Vec::new();
        for task in self.tasks(TaskFilter::default()).await? {
            if keep.is_over(&task, now) && self.forget_entries(task.id).await? {
                forgotten.push(task);
            }
        }
        if !forgotten.is_empty() {
            self.remove_blobs(&forgotten).await?;
        }
        Ok(forgotten.len())
    }

    /// Says whether it had ended.
    pub(super) async fn forget_entries(&self, task: TaskId) -> Result<bool, RequestError> {
        if let Some(memo) = &self.0.shared.memo {
            memo.forget(task);
        }
        Ok(self.journal().forget(task).await?)
    }

    /// Programs and inputs of tasks that are gone, unless others have them.
    pub(super) async fn remove_blobs(&self, gone: &[TaskRecord]) -> Result<(), RequestError> {
        let others = self.tasks(TaskFilter::default()).await?;
        let others = others.iter().flat_map(|task| own_blobs(&task.spec));
        let kept: HashSet<Digest> = others.collect();
        let theirs: HashSet<Digest> = gone.iter().flat_map(|task| own_blobs(&task.spec)).collect();
        for &blob in theirs.difference(&kept) {
            self.blobs().remove(blob).await?;
        }
        Ok(())
    }
}
