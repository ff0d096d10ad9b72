//! For those who watch a runtime: what is written down, as it is written down.
//!
//! Everything that a task does passes through the journal, so that is where observers stand: a call is
//! counted, timed and traced from the entries that it would be replayed from.

use std::sync::Arc;
use std::time::Duration;

use dice_model::{FunctionId, PoolName, TaskId, Timestamp, Usage};

use crate::{Entry, TaskSpec};

/// Told in the thread where it happens: it must not wait for anything.
pub trait Observer: std::fmt::Debug + Send + Sync + 'static {
    /// It is durable.
    fn task_accepted(&self, _task: TaskId, _spec: &TaskSpec, _at: Timestamp) {}

    /// It is about to be durable. If it does not become so, [`Observer::appended`] says that, and the
    /// engine takes nothing more.
    fn happened(&self, _task: TaskId, _entry: &Entry) {}

    fn appended(&self, _append: Append) {}

    /// A device or a node was used until now.
    fn used(&self, _usage: &Usage) {}

    /// A worker's process ended, and nobody had asked it to.
    fn worker_died(&self, _pool: &PoolName, _function: &FunctionId) {}

    /// A worker's process held much more memory than it should, and is replaced.
    fn worker_outgrown(&self, _pool: &PoolName, _function: &FunctionId) {}
}

/// Entries of one task that went to the journal together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Append {
    pub entries: usize,
    /// From asking to being durable, waiting for others included.
    pub took: Duration,
    pub durable: bool,
}

/// All that watch one runtime.
#[derive(Debug, Clone, Default)]
pub struct Observers(Arc<[Arc<dyn Observer>]>);

impl Observers {
    pub fn new(observers: impl IntoIterator<Item = Arc<dyn Observer>>) -> Self {
        Self(observers.into_iter().collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn tell(&self, told: impl Fn(&dyn Observer)) {
        self.0.iter().for_each(|observer| told(observer.as_ref()));
    }
}
