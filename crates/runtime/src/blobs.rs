//! Bytes by their digest: in the data folder, one file each, or in a store beside it, whose cache the
//! folder then is. A name is there with all of its bytes or not at all (ADR 0016).

mod folder;
mod room;
mod serve;
mod store;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use dice_model::Digest;
use futures::StreamExt as _;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::Mutex;

use crate::{BlobsPlace, Durability};

pub(crate) use serve::serve;
pub use store::StoreError;

use self::folder::{Folder, Upload};
use self::room::Room;
use self::store::Store;

/// Downloads at once; of one blob, one.
const DOWNLOADS: usize = 16;

#[derive(Debug, Clone)]
pub struct Blobs(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: Folder,
    beyond: Option<Beyond>,
}

/// A store that has everything, also what the folder has no room for.
#[derive(Debug)]
struct Beyond {
    store: Store,
    room: Room,
    downloads: [Mutex<()>; DOWNLOADS],
}

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("the blob could not be stored or read")]
    Io(#[from] io::Error),
    #[error("the bytes have the digest {found}, not {claimed}")]
    OtherBytes { claimed: Digest, found: Digest },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BlobError {
    /// There is no such blob, rather than that something failed.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }
}

/// What is known of a blob without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) bytes: u64,
    /// When it came, or was last asked for.
    pub(crate) touched: SystemTime,
}

impl Blobs {
    /// What an interrupted upload has left behind is removed. A store has to answer.
    pub(crate) async fn open(
        root: PathBuf,
        place: &BlobsPlace,
        durability: Durability,
    ) -> Result<Self, BlobError> {
        let folder = Folder::open(root, durability)?;
        let beyond = match place {
            BlobsPlace::Folder => None,
            BlobsPlace::Store { url, cache_bytes } => {
                let store = Store::open(url, durability)?;
                store.answers().await?;
                Some(Beyond {
                    store,
                    room: Room::measure(&folder, *cache_bytes)?,
                    downloads: Default::default(),
                })
            }
        };
        Ok(Self(Arc::new(Inner { folder, beyond })))
    }

    /// Whoever asks is about to name it: it is not swept for a while.
    pub async fn has(&self, digest: Digest) -> bool {
        if self.0.folder.touch(digest).await {
            return true;
        }
        let Some(beyond) = &self.0.beyond else {
            return false;
        };
        match beyond.store.has(digest).await {
            Ok(has) => has,
            Err(error) => {
                tracing::warn!(%digest, error = error.chain(), "a blob could not be looked for");
                false
            }
        }
    }

    /// Where the bytes lie, brought here if need be. Not to be written to.
    pub async fn path(&self, digest: Digest) -> Result<PathBuf, BlobError> {
        let folder = &self.0.folder;
        if let (Some(beyond), false) = (&self.0.beyond, folder.touch(digest).await) {
            self.download(beyond, digest).await?;
        }
        Ok(folder.path(digest))
    }

    pub async fn open_file(&self, digest: Digest) -> Result<File, BlobError> {
        Ok(File::open(self.path(digest).await?).await?)
    }

    pub async fn get(&self, digest: Digest) -> Result<Bytes, BlobError> {
        Ok(tokio::fs::read(self.path(digest).await?).await?.into())
    }

    async fn download(&self, beyond: &Beyond, digest: Digest) -> Result<(), BlobError> {
        let lane = usize::from(digest.as_bytes()[0]) % DOWNLOADS;
        let _alone = beyond.downloads[lane].lock().await;
        if self.0.folder.touch(digest).await {
            return Ok(());
        }
        let mut pieces = beyond.store.get(digest).await?;
        let mut upload = self.0.folder.upload().await?;
        while let Some(piece) = pieces.next().await {
            upload.write(&piece?).await?;
        }
        let bytes = upload.bytes();
        let whole = upload.whole(Some(digest)).await?;
        whole.move_into_place().await?;
        Ok(beyond.room.took(&self.0.folder, bytes).await?)
    }

    pub async fn put(&self, bytes: &[u8]) -> Result<Digest, BlobError> {
        let digest = Digest::of(bytes);
        if !self.has(digest).await {
            let mut upload = self.0.folder.upload().await?;
            upload.write(bytes).await?;
            self.keep(upload, Some(digest)).await?;
        }
        Ok(digest)
    }

    /// Holds a piece in memory at a time. `claimed`: others are refused.
    pub async fn put_stream(
        &self,
        mut bytes: impl AsyncRead + Unpin,
        claimed: Option<Digest>,
    ) -> Result<Digest, BlobError> {
        if let Some(claimed) = claimed
            && self.has(claimed).await
        {
            // Heard out: whoever sends would take a closed door for an error.
            tokio::io::copy(&mut bytes, &mut tokio::io::sink()).await?;
            return Ok(claimed);
        }
        let mut upload = self.0.folder.upload().await?;
        let mut piece = vec![0; dice_wire::BLOB_CHUNK_BYTES];
        loop {
            match bytes.read(&mut piece).await? {
                0 => return self.keep(upload, claimed).await,
                count => upload.write(&piece[..count]).await?,
            }
        }
    }

    /// The store has it before the folder does: what is here is there, too.
    async fn keep(&self, upload: Upload, claimed: Option<Digest>) -> Result<Digest, BlobError> {
        let bytes = upload.bytes();
        let whole = upload.whole(claimed).await?;
        let digest = whole.digest();
        if let Some(beyond) = &self.0.beyond {
            beyond.store.put(digest, whole.path()).await?;
        }
        whole.move_into_place().await?;
        if let Some(beyond) = &self.0.beyond {
            beyond.room.took(&self.0.folder, bytes).await?;
        }
        Ok(digest)
    }

    /// Those that are whole; in no order.
    pub(crate) async fn all(&self) -> Result<Vec<(Digest, Stored)>, BlobError> {
        match &self.0.beyond {
            Some(beyond) => Ok(beyond.store.all().await?),
            None => Ok(self.0.folder.all().await?),
        }
    }

    /// Are they what their name says? Read where they are kept, a piece at a time.
    pub(crate) async fn is_whole(&self, digest: Digest) -> Result<bool, BlobError> {
        use sha2::Digest as _;
        let mut hash = sha2::Sha256::new();
        if let Some(beyond) = &self.0.beyond {
            let mut pieces = beyond.store.get(digest).await?;
            while let Some(piece) = pieces.next().await {
                hash.update(&piece?);
            }
        } else {
            let mut file = File::open(self.0.folder.path(digest)).await?;
            let mut piece = vec![0; dice_wire::BLOB_CHUNK_BYTES];
            loop {
                match file.read(&mut piece).await? {
                    0 => break,
                    count => hash.update(&piece[..count]),
                }
            }
        }
        Ok(Digest::from_bytes(hash.finalize().into()) == digest)
    }

    /// From the store first: what is here is there, too.
    pub(crate) async fn remove(&self, digest: Digest) -> Result<(), BlobError> {
        if let Some(beyond) = &self.0.beyond {
            beyond.store.remove(digest).await?;
        }
        Ok(self.0.folder.remove(digest).await?)
    }
}
