//! Why the journal could not do what was asked.

use std::error::Error;
use std::sync::Arc;

use rusqlite::ErrorCode;

#[derive(Debug, Clone, thiserror::Error)]
pub enum JournalError {
    #[error(
        "{journal} was written by a newer version of dice (schema {found}; this one knows up to {known})"
    )]
    Newer {
        journal: String,
        found: i64,
        known: i64,
    },
    /// Its epoch is over (P2): nothing of what was asked has been kept, and nothing ever will be.
    #[error("another engine has taken the journal over; this one writes nothing more")]
    TakenOver,
    /// Disk full, read-only, torn, unreachable: nothing of what was asked has been kept.
    #[error("the journal failed: {0}")]
    Database(Arc<dyn Error + Send + Sync>),
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

impl From<sqlx::Error> for JournalError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

impl JournalError {
    /// What is stored is not what was written: it has to be mended, and will not get better by itself.
    pub fn is_damage(&self) -> bool {
        matches!(
            self.sqlite_code(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        )
    }

    /// The disk is full, or was taken away: what was asked for may be possible later.
    pub(crate) fn is_about_room(&self) -> bool {
        matches!(
            self.sqlite_code(),
            Some(
                ErrorCode::DiskFull
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::ReadOnly
                    | ErrorCode::CannotOpen
            )
        )
    }

    fn sqlite_code(&self) -> Option<ErrorCode> {
        let Self::Database(error) = self else {
            return None;
        };
        let error = error.downcast_ref::<rusqlite::Error>()?;
        error.sqlite_error_code()
    }
}
