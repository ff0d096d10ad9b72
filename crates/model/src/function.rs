//! What is known of a function before anybody calls it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Digest;

/// A function's name in the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FunctionId(Arc<str>);

impl FunctionId {
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FunctionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a call may do to the world, as its author declared it (DESIGN §5, SEMANTICS E1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Same arguments, same result: may be reused, retried, coalesced, speculated.
    Pure,
    /// No `spec.effect` was given (the paper's resources): may overlap and run ahead, but is never
    /// reused, speculated or retried after dispatch, and is named wherever it is used (E1).
    AssumedPure,
    /// Reads the world: may overlap reads, never crosses a write of its state.
    Read,
    /// Changes the world: kept in program order, never retried without an idempotency key.
    Write,
}

impl Effect {
    /// The author's word for it: what `spec.effect` says, or would say.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pure | Self::AssumedPure => "pure",
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// May a call be made again after a worker died with it?
    pub const fn retried_after_dispatch(self) -> bool {
        matches!(self, Self::Pure | Self::Read)
    }

    /// May equal calls share one result (E5)?
    pub const fn shared_when_equal(self) -> bool {
        matches!(self, Self::Pure)
    }
}

/// Where results come from, shown wherever a result is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The function does the work.
    #[default]
    Real,
    /// Results are made up from the arguments, and time from a profile.
    Simulated,
}

/// What a worker of this function needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    /// Device memory while resident, counted before loading (RUNTIME P4). Bytes.
    pub gpu_memory_bytes: u64,
    /// Calls that one batch may hold.
    pub max_batch_size: u32,
    /// Batches that one worker runs at once.
    pub concurrency: u32,
}

impl Default for Resources {
    fn default() -> Self {
        Self {
            gpu_memory_bytes: 0,
            max_batch_size: 1,
            concurrency: 1,
        }
    }
}

/// What scheduler and runtime know of a function. Documentation and schemas live in the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionSpec {
    pub id: FunctionId,
    /// Of the function's source or image: its version (RUNTIME C1, SEMANTICS E4).
    pub version: Digest,
    pub effect: Effect,
    /// What is read or written; `None` is the one state that all others share.
    pub state: Option<String>,
    /// A write that may be retried with its key (RUNTIME J6).
    pub idempotent: bool,
    pub resources: Resources,
    pub origin: Origin,
}
