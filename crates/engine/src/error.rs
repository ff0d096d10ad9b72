//! What can go wrong with an engine as a whole, and with what is asked of it.

use std::path::PathBuf;

use dice_runtime::{DataFolderError, StartError};

/// Why an engine did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Taken(DataFolderError),
    #[error("no functions called {name}: neither a folder nor one of {}", known.join(", "))]
    UnknownPack { name: String, known: Vec<String> },
    #[error("no functions in {}", folder.display())]
    EmptyPack { folder: PathBuf },
    #[error("no fleet called {name}: neither a file nor one of {}", known.join(", "))]
    UnknownFleet { name: String, known: Vec<String> },
    #[error("no price book called {name}: neither a file nor one of {}", known.join(", "))]
    UnknownPrices { name: String, known: Vec<String> },
    #[error("cannot read {}", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(transparent)]
    Environment(#[from] dice_environments::EnvironmentError),
    #[error(transparent)]
    Profile(#[from] dice_environments::ProfileError),
    #[error(transparent)]
    Fleet(#[from] dice_environments::FleetError),
    #[error(transparent)]
    Catalog(#[from] dice_catalog::CatalogError),
    #[error(transparent)]
    Prices(#[from] dice_cost::PriceBookError),
    #[error(transparent)]
    LanguageModel(#[from] dice_codegen::SettingsError),
    #[error(transparent)]
    LanguageModelClient(#[from] dice_codegen::LlmError),
    #[error(transparent)]
    Start(StartError),
    #[error(transparent)]
    Request(#[from] dice_runtime::RequestError),
    #[error(transparent)]
    Journal(#[from] dice_runtime::JournalError),
}

impl OpenError {
    pub(crate) fn unknown_pack(name: &str) -> Self {
        Self::UnknownPack {
            name: name.to_owned(),
            known: dice_environments::bundled_packs(),
        }
    }
}

impl From<StartError> for OpenError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Folder(taken @ DataFolderError::InUse { .. }) => Self::Taken(taken),
            other => Self::Start(other),
        }
    }
}

/// Why a function was not measured.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("no function called {name}")]
    UnknownFunction {
        name: String,
        suggestion: Option<String>,
        known: Vec<String>,
    },
    #[error("the fleet {fleet} has no device of type {name}; it has {}", known.join(", "))]
    UnknownDevice {
        name: String,
        fleet: String,
        known: Vec<String>,
    },
    #[error("the fleet has devices of several types: {}", known.join(", "))]
    WhichDevice { known: Vec<String> },
    #[error("the devices of the fleet {fleet} are simulated: nothing can be measured on them")]
    SimulatedFleet { fleet: String },
    #[error(transparent)]
    Arguments(#[from] dice_profile::ArgumentsError),
    #[error(transparent)]
    Measure(#[from] dice_profile::ProfilingError),
}

/// Why something asked of an engine was not done.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Generate(#[from] dice_codegen::GenerateError),
    #[error("cannot answer: {reason} (says {author})")]
    CannotAnswer { reason: String, author: String },
    #[error("{diagnostics}")]
    Parallelize {
        program: String,
        diagnostics: dice_parallelize::Diagnostics,
    },
    #[error(transparent)]
    Request(#[from] dice_runtime::RequestError),
    #[error(transparent)]
    Resolve(#[from] dice_runtime::ResolveError),
    #[error(transparent)]
    Journal(#[from] dice_runtime::JournalError),
    #[error(transparent)]
    Blob(#[from] dice_runtime::BlobError),
    #[error(transparent)]
    Pool(#[from] StartError),
    #[error("programs cannot be run: {0}")]
    Sandbox(String),
    #[error(transparent)]
    Cost(#[from] dice_cost::BillError),
    #[error(
        "a comparison runs the program twice, and it may call functions that write: {}",
        .0.join(", ")
    )]
    WritesCannotBeCompared(Vec<String>),
    #[error(
        "the models need {needed} bytes together, and the baseline's device has {has}: no monolith \
         can hold them"
    )]
    DoesNotFit { needed: u64, has: u64 },
    #[error("the call was not made: the engine is stopping")]
    CallNotMade,
    #[error("nothing of it has run yet: it cost nothing so far")]
    NothingRan,
    #[error("task {0} has not ended: what ran when is told of tasks that have")]
    NotEnded(u64),
    #[error("no quote: {0}")]
    CannotQuote(String),
    #[error("no quote: task {0} of the sample failed")]
    SampleFailed(u64),
    #[error("no batch {0}")]
    NoBatch(u64),
    #[error("task {0} has not ended; cancel it first")]
    StillRunning(u64),
    /// The client has gone; so what it asked for was stopped.
    #[error("nobody listens any more")]
    NobodyListens,
}
