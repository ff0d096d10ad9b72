//! Python environments: finds or installs `uv`, unpacks the SDK, makes one environment per function
//! file, describes functions, and says how their workers are started. Also reads what lies beside
//! functions: packs, profiles, fleets.

mod bundled;
mod cache;
mod child;
mod describe;
mod environment;
mod error;
mod fleet;
mod header;
mod pack;
mod prepare;
mod profile;
mod progress;
mod sdk;
mod uv;
mod worker;

pub use bundled::bundled_packs;
pub use describe::Description;
pub use environment::{Environments, Options};
pub use error::EnvironmentError;
pub use fleet::{Device, Fleet, FleetError, Machine, Node};
pub use header::{Header, HeaderError};
pub use pack::Pack;
pub use profile::{
    Batch, Figures, Finding, Label, Load, Memory, PackProfile, ProfileError, Source,
};
pub use progress::{OnStep, Step};
pub use sdk::Sdk;
pub use uv::Uv;
pub use worker::WorkerStart;
