//! Why the journal could not do what was asked.

use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Clone, thiserror::Error)]
pub enum JournalError {
    #[error(
        "{path} was written by a newer version of dice (schema {found}; this one knows up to {known})"
    )]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    /// Disk full, read-only, torn: nothing of what was asked has been kept.
    #[error("the journal failed: {0}")]
    Database(#[from] Arc<rusqlite::Error>),
    #[error("an entry of the journal cannot be read: {0}")]
    Unreadable(String),
    #[error("the journal is closed")]
    Closed,
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}
