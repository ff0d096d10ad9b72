//! How an engine is set up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dice_environments::OnStep;
use dice_model::{FunctionId, Tenant};
use dice_runtime::{BlobsPlace, Durability, JournalPlace, Keep, Observers};
use dice_scheduler::{Hedge, PolicyName, Scale};

/// The pack that is on offer when nothing else is asked for.
pub(crate) const DEFAULT_PACK: &str = "vision_cpu";
pub(crate) const DEFAULT_FLEET: &str = "local-cpu";

#[derive(Clone)]
pub struct Options {
    /// Blobs, logs, lock, and the journal unless it is elsewhere. One engine at a time.
    pub data: PathBuf,
    /// Environments, models, descriptions: can be deleted at any time.
    pub cache: PathBuf,
    /// Bundled packs by name, or folders.
    pub packs: Vec<String>,
    /// A bundled fleet's name, or a file.
    pub fleet: String,
    /// Price books by name or file; `None`: all bundled ones, the newest price of each node type.
    pub prices: Option<String>,
    /// Tasks at once; `None`: enough to fill every device (RUNTIME P7).
    pub concurrency: Option<u32>,
    pub scheduling: Scheduling,
    pub strict_effects: bool,
    pub journal: JournalPlace,
    pub blobs: BlobsPlace,
    pub durability: Durability,
    /// How long ended tasks are kept.
    pub keep: Keep,
    /// Results of declared-pure calls are kept for equal calls of other tasks.
    pub memo: bool,
    pub language_model: LanguageModel,
    /// Where workers find the gateway, as `HERMOD_URL` says it.
    pub url: String,
    /// Go on with unfinished tasks, and accept new ones; otherwise only look.
    pub resume: bool,
    /// Told of slow steps.
    pub on_step: OnStep,
    /// Metrics, traces.
    pub observers: Observers,
}

/// Who goes first, and what is kept ready.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scheduling {
    pub policy: PolicyName,
    /// Tenants' parts of the devices; who is not named has 1.
    pub weights: BTreeMap<Tenant, u32>,
    /// Second runs of declared-pure calls that take unusually long, within a share of all device time;
    /// `None`: never.
    pub hedge: Option<Hedge>,
    /// Copies of models that were not used for this long are unloaded; `None`: they stay.
    pub idle_after: Option<Duration>,
    /// From a call's grant to its result; `None`: what the scheduler takes by default.
    pub call_deadline: Option<Duration>,
    /// On how many devices each function may be; who is not named: on any number.
    pub scales: BTreeMap<FunctionId, Scale>,
}

/// Who writes programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LanguageModel {
    /// What environment and configuration file say; recorded answers where they say nothing.
    Configured,
    /// Recorded answers, whatever is configured.
    Recorded,
}

impl Options {
    pub fn new(data: impl Into<PathBuf>, cache: impl Into<PathBuf>, socket: &Path) -> Self {
        Self {
            data: data.into(),
            cache: cache.into(),
            packs: vec![DEFAULT_PACK.to_owned()],
            fleet: DEFAULT_FLEET.to_owned(),
            prices: None,
            concurrency: None,
            scheduling: Scheduling::default(),
            strict_effects: false,
            journal: JournalPlace::default(),
            blobs: BlobsPlace::default(),
            durability: Durability::default(),
            keep: Keep::default(),
            memo: true,
            language_model: LanguageModel::Configured,
            url: format!("unix://{}", socket.display()),
            resume: true,
            on_step: std::sync::Arc::new(|_| {}),
            observers: Observers::default(),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("data", &self.data)
            .field("cache", &self.cache)
            .field("packs", &self.packs)
            .field("fleet", &self.fleet)
            .finish_non_exhaustive()
    }
}
