//! Tasks that were all over before they were written down: one row each, and one for all entries.

use std::sync::Arc;

use dice_model::{TaskId, Timestamp};

use super::columns::{number, packed, packed_run};
use super::{Entry, JournalError};
use crate::record::TaskSpec;

/// Everything that will ever be known of a task whose number was set aside.
#[derive(Debug, Clone)]
pub(crate) struct EndedTask {
    pub(crate) id: TaskId,
    pub(crate) spec: Arc<TaskSpec>,
    pub(crate) accepted: Timestamp,
    pub(crate) started: Timestamp,
    /// All that happened; the last is [`Entry::Ended`].
    pub(crate) entries: Vec<Entry>,
}

/// As the tables hold it.
#[derive(Debug, Clone)]
pub(super) struct EndedRow {
    pub(super) id: i64,
    pub(super) pool: String,
    pub(super) state: &'static str,
    pub(super) spec: Vec<u8>,
    pub(super) accepted: i64,
    pub(super) started: i64,
    pub(super) ended: i64,
    pub(super) ending: Vec<u8>,
    pub(super) calls: i64,
    /// Of the last entry.
    pub(super) sequence: i64,
    /// Of the first call.
    pub(super) key: Option<Vec<u8>>,
    /// All entries.
    pub(super) body: Vec<u8>,
}

impl EndedTask {
    pub(super) fn row(&self) -> Result<EndedRow, JournalError> {
        let Some(Entry::Ended { end, at }) = self.entries.last() else {
            let what = format!("task {} has not ended", self.id);
            return Err(JournalError::Unreadable(what));
        };
        let mut keys = self.entries.iter().filter_map(Entry::key);
        Ok(EndedRow {
            id: number(self.id.0),
            pool: self.spec.pool.0.clone(),
            state: end.state().word(),
            spec: packed(&*self.spec)?,
            accepted: number(self.accepted.0),
            started: number(self.started.0),
            ended: number(at.0),
            ending: packed(end)?,
            calls: number(keys.clone().count() as u64),
            sequence: number(self.entries.len() as u64),
            key: keys.next().map(|key| key.as_bytes().to_vec()),
            body: packed_run(&self.entries)?,
        })
    }
}
