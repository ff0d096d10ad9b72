//! The data folder and its lock: one engine each (RUNTIME P6).

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Locked for as long as this lives; the operating system unlocks it if the process dies.
#[derive(Debug)]
pub(crate) struct DataFolder {
    root: PathBuf,
    lock: File,
}

#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    #[error("{path} is in use by another dice (process {holder}); stop it, or be its client")]
    InUse { path: PathBuf, holder: String },
    #[error("the data folder {path} cannot be used")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl DataFolder {
    pub(crate) fn open(root: &Path) -> Result<Self, DataFolderError> {
        let failed = |source| DataFolderError::Io {
            path: root.to_owned(),
            source,
        };
        // Photos and texts of people lie in it (D1): nobody else's business.
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        for folder in ["blobs/incoming", "logs"] {
            builder.create(root.join(folder)).map_err(failed)?;
        }
        let lock = lock(root)?;
        Ok(Self {
            root: root.to_owned(),
            lock,
        })
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.root.join("journal.sqlite")
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.root.join("blobs")
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Another engine may have it from now on.
    pub(crate) fn release(&self) {
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the data folder stays locked until this process ends");
        }
    }

    /// What workers of this folder's engines prove themselves with; made once.
    pub(crate) fn secret(&self) -> Result<String, DataFolderError> {
        let path = self.root.join("secret");
        let failed = |source| DataFolderError::Io {
            path: path.clone(),
            source,
        };
        match std::fs::read_to_string(&path) {
            Ok(secret) if secret.len() == 64 => return Ok(secret),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let mut random = [0; 32];
        let mut source = File::open("/dev/urandom").map_err(failed)?;
        source.read_exact(&mut random).map_err(failed)?;
        let secret = dice_model::Digest::from_bytes(random).hex();
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&path).map_err(failed)?;
        file.write_all(secret.as_bytes()).map_err(failed)?;
        Ok(secret)
    }
}

fn lock(root: &Path) -> Result<File, DataFolderError> {
    let path = root.join("lock");
    let failed = |source| DataFolderError::Io {
        path: path.clone(),
        source,
    };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = options.mode(0o600).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Only for the message: its absence must not hide what is wrong.
            let _ = file.read_to_string(&mut holder);
            return Err(DataFolderError::InUse {
                path: root.to_owned(),
                holder: holder.trim().to_owned(),
            });
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    file.set_len(0).map_err(failed)?;
    file.rewind().map_err(failed)?;
    writeln!(file, "{}", std::process::id()).map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RUNTIME P6.
    #[test]
    fn a_second_engine_is_refused_by_name_until_the_first_is_gone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first = DataFolder::open(folder.path()).expect("free");
        let refused = DataFolder::open(folder.path()).expect_err("in use");
        assert!(
            refused
                .to_string()
                .contains(&std::process::id().to_string()),
            "{refused}"
        );
        drop(first);
        DataFolder::open(folder.path()).expect("free again");
    }

    #[test]
    fn the_secret_is_made_once_and_is_nobody_elses() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = DataFolder::open(folder.path()).expect("free");
        let secret = data.secret().expect("made");
        assert_eq!(data.secret().expect("read"), secret);
        let metadata = folder.path().join("secret").metadata().expect("there");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
}
