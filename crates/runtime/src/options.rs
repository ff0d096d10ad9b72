//! How a runtime is set up.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dice_model::{Cost, DeviceId, NodeSpec, PoolName};
use serde::{Deserialize, Serialize};

use crate::{Clock, Keep, MemoOptions, Observers};

#[derive(Debug, Clone)]
pub struct Options {
    /// Journal, blobs, logs and the lock; made if it is not there.
    pub data: PathBuf,
    pub journal: JournalPlace,
    pub blobs: BlobsPlace,
    pub durability: Durability,
    /// May also be added later.
    pub pools: Vec<PoolOptions>,
    /// A worker silent for three of these is taken for dead.
    pub heartbeat: Duration,
    /// Calls of one task that may be dispatched at once; later ones wait, oldest first (H4).
    pub calls_in_flight_per_task: usize,
    /// Calls without a program that may be under way or wait; more are refused ([`crate::RequestError::Busy`]).
    pub most_single_calls: usize,
    /// Tasks that may be accepted and not ended; more are refused ([`crate::RequestError::Full`]).
    pub most_tasks: usize,
    /// Pillow's `major.minor` that peers must have (RUNTIME V2); `None`: whatever they have.
    pub pillow: Option<String>,
    /// Results of declared-pure calls are kept for equal calls of other tasks; `None`: they are not.
    pub memo: Option<MemoOptions>,
    /// How long what has ended is kept.
    pub keep: Keep,
    /// What time it is when the runtime starts.
    pub clock: Clock,
    /// Metrics, traces.
    pub observers: Observers,
    /// What the use of a device is worth, for guesses that have a budget; `None`: nobody knows, and
    /// they are not made.
    pub worth: Option<Worth>,
}

/// What a device costs that is used for so long; `None`: unknown.
#[derive(Clone)]
pub struct Worth(Arc<CostOfUse>);

type CostOfUse = dyn Fn(&DeviceId, Duration) -> Option<Cost> + Send + Sync;

impl Worth {
    pub fn new(
        worth: impl Fn(&DeviceId, Duration) -> Option<Cost> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(worth))
    }

    pub(crate) fn of(&self, device: &DeviceId, time: Duration) -> Option<Cost> {
        (self.0)(device, time)
    }
}

impl std::fmt::Debug for Worth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Worth")
    }
}

/// Where programs, inputs and images are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum BlobsPlace {
    /// In the data folder alone.
    #[default]
    Folder,
    /// In a store that is named like this; the data folder keeps what was used last, as far as it fits.
    Store { url: String, cache_bytes: u64 },
}

impl BlobsPlace {
    /// What the data folder may keep of a store, where nobody says.
    pub const CACHE_BYTES: u64 = 10 << 30;

    /// `s3://BUCKET/PREFIX` or `file:///FOLDER`.
    pub fn store(url: impl Into<String>) -> Self {
        Self::Store {
            url: url.into(),
            cache_bytes: Self::CACHE_BYTES,
        }
    }
}

/// Where tasks, what happened in them and what was used are kept.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum JournalPlace {
    /// In one SQLite file of the data folder.
    #[default]
    Folder,
    /// In a database that other engines may take over: `postgres://user@host/database`.
    Postgres(String),
}

/// What a result survives before a program sees it (RUNTIME J2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Handed to the operating system: any process may die.
    #[default]
    Process,
    /// On the disk: the machine may lose power.
    Power,
}

#[derive(Debug, Clone)]
pub struct PoolOptions {
    pub name: PoolName,
    pub nodes: Vec<NodeSpec>,
    /// What a device's worker is told beside its name; a device not named has the default.
    pub devices: HashMap<DeviceId, DeviceSettings>,
    /// Policy, concurrency (P7), deadlines, back-off.
    pub scheduling: dice_scheduler::Options,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceSettings {
    /// Which one, for `CUDA_VISIBLE_DEVICES` and its like.
    pub index: u32,
    /// CPU threads that a call may use.
    pub threads: u32,
}

/// What a program may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramLimits {
    pub memory_bytes: u64,
    pub cpu_time: Duration,
}

impl Options {
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            journal: JournalPlace::default(),
            blobs: BlobsPlace::default(),
            durability: Durability::default(),
            pools: Vec::new(),
            heartbeat: Duration::from_secs(2),
            calls_in_flight_per_task: 256,
            most_single_calls: 4096,
            most_tasks: 20_000,
            pillow: None,
            keep: Keep::default(),
            memo: Some(MemoOptions::default()),
            clock: Clock::start(),
            observers: Observers::default(),
            worth: None,
        }
    }
}

impl std::fmt::Debug for JournalPlace {
    /// Its address may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Folder => "Folder",
            Self::Postgres(_) => "Postgres",
        })
    }
}

impl PoolOptions {
    pub fn new(name: PoolName, nodes: Vec<NodeSpec>) -> Self {
        Self {
            name,
            nodes,
            devices: HashMap::new(),
            scheduling: dice_scheduler::Options::default(),
        }
    }
}

impl Default for DeviceSettings {
    fn default() -> Self {
        Self {
            index: 0,
            threads: 1,
        }
    }
}

impl Default for ProgramLimits {
    fn default() -> Self {
        Self {
            memory_bytes: 1 << 30,
            cpu_time: Duration::from_secs(60),
        }
    }
}
