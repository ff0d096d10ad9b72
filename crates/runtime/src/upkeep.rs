//! What is done to a data folder beside running an engine on it: checked, swept, backed up, restored.

mod archive;
mod check;
mod rules;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;

pub use archive::{back_up, restore};
pub use check::{Health, Problem, Swept, check};

use crate::{BlobError, DataFolderError, JournalError};

#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    #[error(transparent)]
    Folder(#[from] DataFolderError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("{}: {source}", path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{} holds a journal already; restore into an empty folder", .0.display())]
    NotEmpty(PathBuf),
    /// Nothing of it has become a journal.
    #[error("{} is not a whole backup: {problem}", file.display())]
    NotABackup { file: PathBuf, problem: String },
}
