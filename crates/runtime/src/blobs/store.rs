//! A store of objects: a bucket of an S3-compatible service, or a folder that several engines share.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dice_model::Digest;
use futures::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{BackoffConfig, ObjectStore, ObjectStoreExt as _, RetryConfig};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use super::{BlobError, Stored};
use crate::Durability;

/// A larger one goes up in parts of this size, [`PARTS`] at once: so much memory an upload takes.
const PART_BYTES: usize = 8 << 20;
const PARTS: usize = 2;
/// A service that does not answer for so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// The store cannot be used, or has failed at something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{url:?} names no store of blobs; give s3://BUCKET/PREFIX or file:///FOLDER")]
    Unknown { url: String },
    #[error("the blob store {url} failed to {action}")]
    Failed {
        url: String,
        action: &'static str,
        #[source]
        source: Box<object_store::Error>,
    },
}

impl StoreError {
    /// With what the service said.
    pub(crate) fn chain(&self) -> String {
        match self {
            Self::Unknown { .. } => self.to_string(),
            Self::Failed { source, .. } => format!("{self}: {source}"),
        }
    }
}

pub(super) struct Store {
    url: String,
    objects: Arc<dyn ObjectStore>,
    prefix: Place,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("url", &self.url).finish()
    }
}

impl Store {
    /// Credentials, region and endpoint of an S3 service come from the environment, as its own tools
    /// read them: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`.
    pub(super) fn open(url: &str, durability: Durability) -> Result<Self, StoreError> {
        let unknown = || StoreError::Unknown {
            url: url.to_owned(),
        };
        let failed = |source| StoreError::Failed {
            url: url.to_owned(),
            action: "open",
            source: Box::new(source),
        };
        let (objects, prefix): (Arc<dyn ObjectStore>, Place) =
            if let Some(place) = url.strip_prefix("s3://") {
                let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
                if bucket.is_empty() {
                    return Err(unknown());
                }
                let prefix = Place::parse(prefix).map_err(|_| unknown())?;
                (Arc::new(bucket_called(bucket).map_err(failed)?), prefix)
            } else if let Some(folder) = url.strip_prefix("file://") {
                if !folder.starts_with('/') {
                    return Err(unknown());
                }
                let folder = LocalFileSystem::new_with_prefix(folder).map_err(failed)?;
                let folder = folder.with_fsync(durability == Durability::Power);
                (Arc::new(folder), Place::default())
            } else {
                return Err(unknown());
            };
        Ok(Self {
            url: url.to_owned(),
            objects,
            prefix,
        })
    }

    /// Says what is wrong with it before anything hangs on it.
    pub(super) async fn answers(&self) -> Result<(), StoreError> {
        let mut listed = self.objects.list(Some(&self.prefix));
        let first = listed.next().await.transpose();
        first.map(drop).map_err(|error| self.failed("list", error))
    }

    fn place(&self, digest: Digest) -> Place {
        let hex = digest.hex();
        self.prefix.clone().join(&hex[..2]).join(&hex[2..])
    }

    pub(super) async fn has(&self, digest: Digest) -> Result<bool, StoreError> {
        match self.objects.head(&self.place(digest)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(self.failed("look", error)),
        }
    }

    /// There whole, or not at all, when this returns.
    pub(super) async fn put(&self, digest: Digest, file: &Path) -> Result<(), BlobError> {
        let mut file = File::open(file).await?;
        let (objects, place) = (Arc::clone(&self.objects), self.place(digest));
        let mut object =
            BufWriter::with_capacity(objects, place, PART_BYTES).with_max_concurrency(PARTS);
        let copied = match tokio::io::copy(&mut file, &mut object).await {
            Ok(_) => object.shutdown().await,
            Err(error) => {
                // Its parts would be kept, and paid for.
                let _ = object.abort().await;
                Err(error)
            }
        };
        Ok(copied.map_err(|error| self.failed("store", generic(error)))?)
    }

    pub(super) async fn get(
        &self,
        digest: Digest,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let object = match self.objects.get(&self.place(digest)).await {
            Ok(object) => object,
            Err(object_store::Error::NotFound { source, .. }) => {
                let missing = std::io::Error::new(std::io::ErrorKind::NotFound, source);
                return Err(missing.into());
            }
            Err(error) => return Err(self.failed("read", error).into()),
        };
        let url = self.url.clone();
        let pieces = object.into_stream().map_err(move |error| {
            BlobError::Store(StoreError::Failed {
                url: url.clone(),
                action: "read",
                source: Box::new(error),
            })
        });
        Ok(pieces.boxed())
    }

    pub(super) async fn all(&self) -> Result<Vec<(Digest, Stored)>, StoreError> {
        let listed = self.objects.list(Some(&self.prefix));
        let listed: Vec<_> = listed
            .try_collect()
            .await
            .map_err(|error| self.failed("list", error))?;
        let found = listed.into_iter().filter_map(|object| {
            let parts = object.location.prefix_match(&self.prefix)?;
            let hex: String = parts.map(|part| part.as_ref().to_owned()).collect();
            let stored = Stored {
                bytes: object.size,
                touched: object.last_modified.into(),
            };
            Some((hex.parse().ok()?, stored))
        });
        Ok(found.collect())
    }

    pub(super) async fn remove(&self, digest: Digest) -> Result<(), StoreError> {
        match self.objects.delete(&self.place(digest)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed("remove", error)),
        }
    }

    fn failed(&self, action: &'static str, source: object_store::Error) -> StoreError {
        StoreError::Failed {
            url: self.url.clone(),
            action,
            source: Box::new(source),
        }
    }
}

fn bucket_called(name: &str) -> object_store::Result<object_store::aws::AmazonS3> {
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(name)
        .with_retry(RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: 10,
            retry_timeout: PATIENCE,
        });
    let endpoint = ["AWS_ENDPOINT", "AWS_ENDPOINT_URL"].map(|name| std::env::var(name).ok());
    // Who names such an endpoint means it: a service on this machine, or in a network of its own.
    if endpoint
        .iter()
        .flatten()
        .any(|url| url.starts_with("http://"))
    {
        builder = builder.with_allow_http(true);
    }
    builder.build()
}

fn generic(error: std::io::Error) -> object_store::Error {
    object_store::Error::Generic {
        store: "blobs",
        source: Box::new(error),
    }
}
