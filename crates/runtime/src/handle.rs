//! The runtime from outside: [`Runtime::start`] gives a [`Handle`], which can be cloned.

mod calling;
mod connections;
mod pools;
mod requests;
mod resuming;
mod retention;
mod stopping;
mod warming;
mod watching;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use dice_model::{PoolName, TaskId};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;
use tokio_util::task::TaskTracker;

pub use calling::Called;
pub use requests::{RequestError, ResolveError};
pub use retention::Keep;
pub use watching::{CallLog, CallRecord, CallResult, CallState, Guessed, TaskEvent};

use crate::blobs::Blobs;
use crate::connection::House;
use crate::data_folder::DataFolder;
use crate::dispatcher::Pool;
use crate::journal::{Journal, Tails};
use crate::memo::Memo;
use crate::offer::Offers;
use crate::single::Numbers;
use crate::task::{Mailbox, Shared};
use crate::{Clock, DataFolderError, JournalError, Launcher, Options, Programs};

#[derive(Debug)]
pub struct Runtime;

/// Dropping the last one pauses the tasks and kills the workers, without waiting for either. Each
/// connection under [`Handle::attach`] holds one: to stop, call [`Handle::shutdown`].
#[derive(Clone)]
pub struct Handle(Arc<Inner>);

struct Inner {
    options: Options,
    folder: DataFolder,
    secret: String,
    launcher: Arc<dyn Launcher>,
    shared: Arc<Shared>,
    house: House,
    pools: RwLock<HashMap<PoolName, OpenPool>>,
    tasks: Mutex<HashMap<TaskId, Mailbox>>,
    drivers: TaskTracker,
    numbers: Numbers,
    /// Room for calls without a program.
    single_calls: Arc<Semaphore>,
    stopping: AtomicBool,
}

struct OpenPool {
    pool: Pool,
    nodes: usize,
    /// Notes from time to time that its nodes are still held.
    holder: AbortHandle,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Folder(#[from] DataFolderError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("the blob store cannot be opened")]
    Blobs(#[source] crate::BlobError),
    #[error("two pools are called {0}")]
    PoolTwice(PoolName),
}

impl Runtime {
    /// Takes the data folder over. Tasks that were under way go on once functions are offered
    /// ([`Handle::offer`]) and their pool is there.
    pub async fn start(
        options: Options,
        programs: Arc<dyn Programs>,
        launcher: Arc<dyn Launcher>,
    ) -> Result<Handle, StartError> {
        let folder = DataFolder::open(&options.data)?;
        let secret = folder.secret()?;
        let blobs = Blobs::open(folder.blobs(), &options.blobs, options.durability);
        let blobs = blobs.await.map_err(StartError::Blobs)?;
        let journal = crate::journal::open(&options, &folder).await?;
        let clock = options.clock.clone().not_before(journal.latest().await?);
        let house = House {
            epoch: journal.take_over().await?,
            heartbeat: options.heartbeat,
            pillow: options.pillow.clone(),
        };
        let shared = Shared {
            journal,
            tails: Tails::default(),
            blobs,
            clock,
            memo: options.memo.map(Memo::new),
            programs,
            offers: Offers::default(),
            calls_in_flight: options.calls_in_flight_per_task,
            worth: options.worth.clone(),
            reunion: options.heartbeat * 2,
            failure: std::sync::OnceLock::new(),
        };
        let pools = options.pools.clone();
        let single_calls = Arc::new(Semaphore::new(options.most_single_calls));
        let handle = Handle(Arc::new(Inner {
            options,
            folder,
            secret,
            launcher,
            shared: Arc::new(shared),
            house,
            pools: RwLock::default(),
            tasks: Mutex::default(),
            drivers: TaskTracker::new(),
            numbers: Numbers::default(),
            single_calls,
            stopping: AtomicBool::new(false),
        }));
        handle.end_external_tasks().await?;
        for pool in pools {
            handle.add_pool(pool).await?;
        }
        let keep = handle.0.options.keep.clone();
        tokio::spawn(retention::watch(Arc::downgrade(&handle.0), keep));
        Ok(handle)
    }
}

impl Handle {
    /// Where inputs and images are stored.
    pub fn blobs(&self) -> &Blobs {
        &self.0.shared.blobs
    }

    /// The clock that all times in records come from.
    pub fn clock(&self) -> &Clock {
        &self.0.shared.clock
    }

    /// Where workers' logs lie.
    pub fn logs(&self) -> std::path::PathBuf {
        self.0.folder.logs()
    }

    fn journal(&self) -> &dyn Journal {
        self.0.shared.journal.as_ref()
    }

    fn pool(&self, name: &PoolName) -> Option<Pool> {
        let pools = self.0.pools.read().expect(HELD_BRIEFLY);
        pools.get(name).map(|open| open.pool.clone())
    }

    fn pools(&self) -> Vec<Pool> {
        let pools = self.0.pools.read().expect(HELD_BRIEFLY);
        pools.values().map(|open| open.pool.clone()).collect()
    }

    fn mailbox(&self, task: TaskId) -> Option<Mailbox> {
        let tasks = self.0.tasks.lock().expect(HELD_BRIEFLY);
        tasks.get(&task).cloned()
    }

    fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Acquire)
    }
}

const HELD_BRIEFLY: &str = "nothing panics while it holds this";

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle")
            .field("data", &self.0.options.data)
            .finish_non_exhaustive()
    }
}
