//! Numbers for tasks that are written down once they are over.

use std::ops::Range;

use dice_model::TaskId;
use tokio::sync::Mutex;

use crate::journal::{Journal, JournalError};

/// Set aside at a time. Those that an engine has not used when it ends are never used.
const BLOCK: u64 = 1024;

#[derive(Debug, Default)]
pub(crate) struct Numbers(Mutex<Range<u64>>);

impl Numbers {
    pub(crate) async fn next(&self, journal: &dyn Journal) -> Result<TaskId, JournalError> {
        let mut left = self.0.lock().await;
        if left.is_empty() {
            let first = journal.set_aside(BLOCK).await?.0;
            *left = first..first + BLOCK;
        }
        Ok(TaskId(left.next().expect("filled just now")))
    }
}
