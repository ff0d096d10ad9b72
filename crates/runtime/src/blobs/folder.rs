//! Blobs as files: `blobs/ab/cdef…`, written aside, then renamed into place.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use dice_model::Digest;
use sha2::{Digest as _, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use super::{BlobError, Stored};
use crate::Durability;

/// How old a file's time may be before asking for it makes it new: far less than any sweep waits.
const FRESH: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    durability: Durability,
    uploads: AtomicU64,
}

impl Folder {
    pub(super) fn open(root: PathBuf, durability: Durability) -> io::Result<Self> {
        for left_over in std::fs::read_dir(root.join("incoming"))? {
            std::fs::remove_file(left_over?.path())?;
        }
        Ok(Self {
            root,
            durability,
            uploads: AtomicU64::new(0),
        })
    }

    pub(super) fn path(&self, digest: Digest) -> PathBuf {
        let hex = digest.hex();
        self.root.join(&hex[..2]).join(&hex[2..])
    }

    /// Says whether it is here; if so, it was used just now.
    pub(super) async fn touch(&self, digest: Digest) -> bool {
        let path = self.path(digest);
        let Ok(metadata) = tokio::fs::metadata(&path).await else {
            return false;
        };
        let age = metadata.modified().ok().and_then(|at| at.elapsed().ok());
        if age.is_none_or(|age| age > FRESH)
            && let Ok(file) = std::fs::File::open(&path)
        {
            // Where it cannot be, it looks older than it is: at worst it is fetched again.
            let _ = file.set_modified(SystemTime::now());
        }
        true
    }

    pub(super) async fn all(&self) -> io::Result<Vec<(Digest, Stored)>> {
        let root = self.root.clone();
        let listed = tokio::task::spawn_blocking(move || list(&root));
        listed.await.map_err(io::Error::other)?
    }

    pub(super) fn list(&self) -> io::Result<Vec<(Digest, Stored)>> {
        list(&self.root)
    }

    pub(super) async fn remove(&self, digest: Digest) -> io::Result<()> {
        match tokio::fs::remove_file(self.path(digest)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) async fn upload(&self) -> io::Result<Upload> {
        let number = self.uploads.fetch_add(1, Ordering::Relaxed);
        let aside = self.root.join("incoming").join(number.to_string());
        Ok(Upload {
            root: self.root.clone(),
            syncs: self.durability == Durability::Power,
            file: File::create_new(&aside).await?,
            aside: Aside(aside),
            hash: Sha256::new(),
            bytes: 0,
        })
    }
}

fn list(root: &Path) -> io::Result<Vec<(Digest, Stored)>> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(root)? {
        let folder = folder?;
        if folder.file_name().len() != 2 {
            continue; // incoming
        }
        for file in std::fs::read_dir(folder.path())? {
            let file = file?;
            let hex = [folder.file_name(), file.file_name()]
                .map(|name| name.to_string_lossy().into_owned());
            // What was removed meanwhile is not there.
            if let (Ok(digest), Ok(metadata)) = (hex.concat().parse(), file.metadata()) {
                let stored = Stored {
                    bytes: metadata.len(),
                    touched: metadata.modified()?,
                };
                found.push((digest, stored));
            }
        }
    }
    Ok(found)
}

/// Bytes that are coming in. Dropped unfinished, nothing of them stays.
pub(super) struct Upload {
    root: PathBuf,
    syncs: bool,
    file: File,
    aside: Aside,
    hash: Sha256,
    bytes: u64,
}

struct Aside(PathBuf);

impl Drop for Aside {
    fn drop(&mut self) {
        // Gone already if it was renamed into place.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Upload {
    pub(super) async fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
        self.file.write_all(piece).await
    }

    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// All of it has come. `claimed`: what it must be.
    pub(super) async fn whole(mut self, claimed: Option<Digest>) -> Result<Whole, BlobError> {
        self.file.flush().await?;
        let found = Digest::from_bytes(self.hash.finalize().into());
        if let Some(claimed) = claimed
            && claimed != found
        {
            return Err(BlobError::OtherBytes { claimed, found });
        }
        if self.syncs {
            self.file.sync_all().await?;
        }
        Ok(Whole {
            digest: found,
            root: self.root,
            syncs: self.syncs,
            aside: self.aside,
        })
    }
}

/// Checked, and without its name yet.
pub(super) struct Whole {
    digest: Digest,
    root: PathBuf,
    syncs: bool,
    aside: Aside,
}

impl Whole {
    pub(super) const fn digest(&self) -> Digest {
        self.digest
    }

    pub(super) fn path(&self) -> &Path {
        &self.aside.0
    }

    pub(super) async fn move_into_place(self) -> io::Result<()> {
        let hex = self.digest.hex();
        let folder = self.root.join(&hex[..2]);
        tokio::fs::create_dir_all(&folder).await?;
        tokio::fs::rename(&self.aside.0, folder.join(&hex[2..])).await?;
        if self.syncs {
            sync_folder(&folder).await?;
            sync_folder(&self.root).await?;
        }
        Ok(())
    }
}

/// A new name in a folder is on the disk only once the folder is.
async fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).await?.sync_all().await
}
