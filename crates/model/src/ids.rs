//! Identifiers. Numbers are handed out by the journal, so they stay short enough to type.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}

numbered!(
    /// One execution of a program on given inputs.
    TaskId, ""
);
numbered!(
    /// Many tasks of one program.
    BatchId, ""
);
numbered!(
    /// A batch of calls' hold on a device, for its duration only.
    LeaseId, "lease-"
);
numbered!(
    /// A process that serves one function.
    WorkerId, "worker-"
);
numbered!(
    /// Who may decide: raised at every takeover, carried by every grant (RUNTIME P2).
    Epoch, "epoch-"
);

/// The unit of dispatch: devices plus the functions that may run on them (RUNTIME P1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PoolName(pub String);

impl PoolName {
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }
}

impl Default for PoolName {
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl fmt::Display for PoolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose task it is, for fair shares among them. The default one is everybody who says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tenant(pub String);

impl Tenant {
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }
}

impl Default for Tenant {
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
