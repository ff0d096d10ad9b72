//! How much of a store the folder keeps: what was used longest ago goes first.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::sync::Mutex;

use super::folder::Folder;

/// What was used so recently may be about to be opened.
const IN_USE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Room {
    limit: u64,
    /// At least what the folder holds.
    taken: AtomicU64,
    making: Mutex<()>,
}

impl Room {
    pub(super) fn measure(folder: &Folder, limit: u64) -> io::Result<Self> {
        let taken = folder.list()?.iter().map(|(_, stored)| stored.bytes).sum();
        Ok(Self {
            limit,
            taken: AtomicU64::new(taken),
            making: Mutex::new(()),
        })
    }

    /// So many bytes have come. Past the limit, room is made down to nine tenths of it.
    pub(super) async fn took(&self, folder: &Folder, bytes: u64) -> io::Result<()> {
        let taken = self.taken.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if taken > self.limit
            && let Ok(_alone) = self.making.try_lock()
        {
            self.make(folder, SystemTime::now()).await?;
        }
        Ok(())
    }

    pub(super) async fn make(&self, folder: &Folder, now: SystemTime) -> io::Result<()> {
        let mut blobs = folder.all().await?;
        let mut taken: u64 = blobs.iter().map(|(_, stored)| stored.bytes).sum();
        blobs.sort_by_key(|(_, stored)| stored.touched);
        for (digest, stored) in blobs {
            let age = now.duration_since(stored.touched).unwrap_or_default();
            if taken <= self.limit / 10 * 9 || age < IN_USE {
                break;
            }
            folder.remove(digest).await?;
            taken -= stored.bytes;
        }
        self.taken.store(taken, Ordering::Relaxed);
        Ok(())
    }
}
