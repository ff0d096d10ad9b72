//! Slow steps, told to whoever shows them.

use std::path::PathBuf;
use std::sync::Arc;

/// A step that may take seconds to minutes, told as it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    InstallingUv {
        version: &'static str,
    },
    /// Told only when the environment was not there yet.
    InstallingDependencies {
        file: PathBuf,
    },
    Describing {
        file: PathBuf,
    },
    /// The pack's own set-up script runs: models are fetched.
    Preparing {
        script: PathBuf,
    },
    /// A line that the set-up script wrote while it runs.
    PreparingSays {
        line: String,
    },
}

/// Called for each step; must return quickly.
pub type OnStep = Arc<dyn Fn(Step) + Send + Sync>;

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InstallingUv { version } => write!(f, "installing uv {version}"),
            Self::InstallingDependencies { file } => {
                write!(f, "installing the dependencies of {}", file.display())
            }
            Self::Describing { file } => write!(f, "describing {}", file.display()),
            Self::Preparing { script } => write!(f, "running the set-up {}", script.display()),
            Self::PreparingSays { line } => f.write_str(line),
        }
    }
}
