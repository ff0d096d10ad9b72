//! What can go wrong before a function runs, each with what to do about it.

use std::path::{Path, PathBuf};

use crate::header::HeaderError;

/// Why an environment, a description or a worker's command could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    #[error("no Python 3.11 or newer was found on the PATH (tried {tried})")]
    NoPython { tried: String },

    #[error("`uv` could not be installed with {}", python.display())]
    UvInstall { python: PathBuf, stderr: String },

    #[error("DICE_UV names {}, which is not a uv that works", path.display())]
    UvBroken { path: PathBuf, detail: String },

    #[error("{}: its PEP 723 header cannot be read", file.display())]
    Header { file: PathBuf, source: HeaderError },

    #[error("{}: its dependencies could not be installed", file.display())]
    Dependencies { file: PathBuf, stderr: String },

    #[error("{}: describing it failed", file.display())]
    Describe { file: PathBuf, stderr: String },

    #[error("{}: describing it took longer than {seconds} s", file.display())]
    DescribeTimeout { file: PathBuf, seconds: u64 },

    #[error("{}: `hermod describe` did not print one JSON object", file.display())]
    DescribeOutput {
        file: PathBuf,
        source: serde_json::Error,
    },

    #[error("{}: the pack's set-up failed", script.display())]
    Prepare { script: PathBuf, stderr: String },

    #[error("the embedded SDK is damaged: {detail}")]
    Sdk { detail: String },

    #[error("{}: {doing}", path.display())]
    Io {
        path: PathBuf,
        doing: &'static str,
        source: std::io::Error,
    },
}

impl EnvironmentError {
    /// What the reader can do about it, in one sentence.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoPython { .. } => {
                Some("install Python 3.11 or newer, or set DICE_UV to a `uv` binary")
            }
            Self::UvInstall { .. } => Some(
                "the Python needs its venv module and pip (Debian: `apt install python3-venv`) and a reachable package index; or set DICE_UV to a `uv` binary",
            ),
            Self::UvBroken { .. } => {
                Some("unset DICE_UV, or let it name a `uv` binary of a recent version")
            }
            Self::Header { .. } => {
                Some("the header is TOML in comments between `# /// script` and `# ///`")
            }
            Self::Dependencies { .. } => Some(
                "check the versions in the file's header; the SDK's own needs (pydantic, msgpack, Pillow) are added to them and must agree",
            ),
            Self::Describe { .. } => {
                Some("the file is imported to be described: loading a model belongs in `__init__`")
            }
            Self::DescribeTimeout { .. } => {
                Some("importing the file must be quick: loading a model belongs in `__init__`")
            }
            Self::Prepare { .. }
            | Self::DescribeOutput { .. }
            | Self::Sdk { .. }
            | Self::Io { .. } => None,
        }
    }

    /// The end of what the failed child process said, if there was one.
    pub fn stderr(&self) -> Option<&str> {
        match self {
            Self::UvInstall { stderr, .. }
            | Self::Dependencies { stderr, .. }
            | Self::Describe { stderr, .. }
            | Self::Prepare { stderr, .. } => Some(stderr),
            Self::UvBroken { detail, .. } => Some(detail),
            _ => None,
        }
    }

    pub(crate) fn io(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            path,
            doing,
            source,
        }
    }
}
