//! The handle: starts the fork server, runs programs, replaces a fork server that died.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::PathBuf;
use std::sync::Arc;

use dice_wire::ProgramSpec;
use tokio::sync::Mutex;

use crate::channel::MOST_FDS;
use crate::running::{self, Ends};
use crate::server::{ForkError, Process, Server, StartError};
use crate::{Limits, Running};

/// Of a program: one message carries all descriptors, and three are not inputs.
const MOST_INPUTS: usize = MOST_FDS - 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// A Python 3.11+ that has Pillow and msgpack.
    pub python: PathBuf,
    /// The folder that holds the package `hermod`.
    pub sdk_path: PathBuf,
}

/// Why a program was not started.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{given} inputs; a program may have {MOST_INPUTS}")]
    TooManyInputs { given: usize },
    #[error("{inputs} inputs are described and {files} files given")]
    InputsDiffer { inputs: usize, files: usize },
    #[error("no pipes for the program")]
    Pipes(#[from] io::Error),
    #[error("no process for the program: {reason}")]
    Fork { reason: String },
}

/// Cheap to clone; all clones share one fork server.
#[derive(Debug, Clone)]
pub struct Interpreter(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    server: Mutex<Arc<Server>>,
}

impl Interpreter {
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let server = Mutex::new(Arc::new(Server::start(&options).await?));
        Ok(Self(Arc::new(Inner { options, server })))
    }

    /// Starts a program; `inputs` are the bytes of `spec.inputs`, in the same order, open for reading.
    pub async fn run(
        &self,
        spec: ProgramSpec,
        inputs: Vec<File>,
        limits: Limits,
    ) -> Result<Running, RunError> {
        check_inputs(&spec, &inputs)?;
        let (ends, theirs) = Ends::open()?;
        let fds: Vec<BorrowedFd<'_>> = theirs
            .iter()
            .map(AsFd::as_fd)
            .chain(inputs.iter().map(AsFd::as_fd))
            .collect();
        let process = self.fork(&limits, &fds).await?;
        Ok(running::start(process, ends, spec, limits)?)
    }

    /// A fork server that died between two programs costs nobody anything: a second one is tried.
    async fn fork(&self, limits: &Limits, fds: &[BorrowedFd<'_>]) -> Result<Process, RunError> {
        let limits = limits.of_process(fds.len());
        for _ in 0..2 {
            match self.server().await?.fork(&limits, fds).await {
                Ok(process) => return Ok(process),
                Err(ForkError::Gone) => {}
                Err(ForkError::Refused(reason)) => return Err(RunError::Fork { reason }),
            }
        }
        Err(RunError::Fork {
            reason: ForkError::Gone.to_string(),
        })
    }

    async fn server(&self) -> Result<Arc<Server>, StartError> {
        let mut server = self.0.server.lock().await;
        if !server.is_alive() {
            tracing::warn!("the fork server has gone; starting another one");
            *server = Arc::new(Server::start(&self.0.options).await?);
        }
        Ok(Arc::clone(&server))
    }
}

fn check_inputs(spec: &ProgramSpec, files: &[File]) -> Result<(), RunError> {
    if files.len() != spec.inputs.len() {
        return Err(RunError::InputsDiffer {
            inputs: spec.inputs.len(),
            files: files.len(),
        });
    }
    if files.len() > MOST_INPUTS {
        return Err(RunError::TooManyInputs { given: files.len() });
    }
    Ok(())
}
