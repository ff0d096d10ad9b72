//! Bytes by their digest, one file each: `blobs/ab/cdef…`. Written aside, then renamed into place, so
//! that a name is there with all of its bytes or not at all.

mod serve;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use dice_model::Digest;
use sha2::{Digest as _, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

use crate::Durability;

pub(crate) use serve::serve;

#[derive(Debug, Clone)]
pub struct Blobs(Arc<Store>);

#[derive(Debug)]
struct Store {
    root: PathBuf,
    durability: Durability,
    uploads: AtomicU64,
}

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("the blob could not be stored or read")]
    Io(#[from] io::Error),
    #[error("the bytes have the digest {found}, not {claimed}")]
    OtherBytes { claimed: Digest, found: Digest },
}

impl Blobs {
    /// What an interrupted upload has left behind is removed.
    pub(crate) fn open(root: PathBuf, durability: Durability) -> io::Result<Self> {
        for left_over in std::fs::read_dir(root.join("incoming"))? {
            std::fs::remove_file(left_over?.path())?;
        }
        Ok(Self(Arc::new(Store {
            root,
            durability,
            uploads: AtomicU64::new(0),
        })))
    }

    /// Where the bytes lie, if they are there. Not to be written to.
    pub fn path(&self, digest: Digest) -> PathBuf {
        let hex = digest.hex();
        self.0.root.join(&hex[..2]).join(&hex[2..])
    }

    pub async fn has(&self, digest: Digest) -> bool {
        tokio::fs::try_exists(self.path(digest))
            .await
            .unwrap_or(false)
    }

    pub async fn get(&self, digest: Digest) -> Result<Bytes, BlobError> {
        Ok(tokio::fs::read(self.path(digest)).await?.into())
    }

    /// Those that are whole; in no order.
    pub(crate) async fn all(&self) -> Result<Vec<Digest>, BlobError> {
        let root = self.0.root.clone();
        let listed = tokio::task::spawn_blocking(move || {
            let mut digests = Vec::new();
            for folder in std::fs::read_dir(root)? {
                let folder = folder?;
                if folder.file_name().len() != 2 {
                    continue; // incoming
                }
                for file in std::fs::read_dir(folder.path())? {
                    let hex = [folder.file_name(), file?.file_name()]
                        .map(|name| name.to_string_lossy().into_owned());
                    digests.extend(hex.concat().parse::<Digest>().ok());
                }
            }
            Ok::<_, io::Error>(digests)
        });
        Ok(listed.await.map_err(io::Error::other)??)
    }

    pub(crate) async fn remove(&self, digest: Digest) -> Result<(), BlobError> {
        match tokio::fs::remove_file(self.path(digest)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    pub async fn put(&self, bytes: &[u8]) -> Result<Digest, BlobError> {
        let digest = Digest::of(bytes);
        if !self.has(digest).await {
            let mut upload = self.upload().await?;
            upload.write(bytes).await?;
            upload.finish(Some(digest)).await?;
        }
        Ok(digest)
    }

    /// Holds a piece in memory at a time.
    pub async fn put_stream(&self, mut bytes: impl AsyncRead + Unpin) -> Result<Digest, BlobError> {
        let mut upload = self.upload().await?;
        let mut piece = vec![0; dice_wire::BLOB_CHUNK_BYTES];
        loop {
            match bytes.read(&mut piece).await? {
                0 => return upload.finish(None).await,
                count => upload.write(&piece[..count]).await?,
            }
        }
    }

    async fn upload(&self) -> io::Result<Upload> {
        let number = self.0.uploads.fetch_add(1, Ordering::Relaxed);
        let aside = self.0.root.join("incoming").join(number.to_string());
        Ok(Upload {
            blobs: self.clone(),
            file: File::create_new(&aside).await?,
            aside: Aside(aside),
            hash: Sha256::new(),
        })
    }
}

/// Bytes that are coming in. Dropped unfinished, nothing of them stays.
struct Upload {
    blobs: Blobs,
    file: File,
    aside: Aside,
    hash: Sha256,
}

struct Aside(PathBuf);

impl Drop for Aside {
    fn drop(&mut self) {
        // Gone already if it was renamed into place.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Upload {
    async fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.hash.update(piece);
        self.file.write_all(piece).await
    }

    async fn finish(mut self, claimed: Option<Digest>) -> Result<Digest, BlobError> {
        self.file.flush().await?;
        let found = Digest::from_bytes(self.hash.finalize().into());
        if let Some(claimed) = claimed
            && claimed != found
        {
            return Err(BlobError::OtherBytes { claimed, found });
        }
        let place = self.blobs.path(found);
        let folder = place.parent().expect("a blob lies in a folder");
        tokio::fs::create_dir_all(folder).await?;
        if self.blobs.0.durability == Durability::Power {
            self.file.sync_all().await?;
        }
        tokio::fs::rename(&self.aside.0, &place).await?;
        if self.blobs.0.durability == Durability::Power {
            sync_folder(folder).await?;
            sync_folder(&self.blobs.0.root).await?;
        }
        Ok(found)
    }
}

/// A new name in a folder is on the disk only once the folder is.
async fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).await?.sync_all().await
}
