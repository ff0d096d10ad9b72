//! The border to whatever starts worker processes: an environment per function live, scripted
//! workers in tests.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;

use dice_model::{FunctionSpec, PoolName};
use dice_wire::DeviceGrant;
use futures::future::BoxFuture;

/// Starts workers. The process dials in by itself, with the token it was given.
pub trait Launcher: Send + Sync + 'static {
    fn launch(
        &self,
        request: LaunchRequest,
    ) -> BoxFuture<'static, Result<LaunchedWorker, LaunchError>>;
}

#[derive(Debug, Clone)]
pub struct LaunchRequest {
    pub pool: PoolName,
    /// Also says the version (the digest of its source) that must be served.
    pub function: Arc<FunctionSpec>,
    /// For `HERMOD_WORKER_TOKEN`.
    pub token: String,
    /// The one device of a real function's worker; `None`: a simulated function's, which serves
    /// every device it is told to load for.
    pub device: Option<DeviceGrant>,
    /// Where the process's stdout and stderr go, appended.
    pub log: PathBuf,
}

/// A worker's process. Dropping it kills the process.
pub struct LaunchedWorker {
    pid: u32,
    exit: BoxFuture<'static, WorkerExit>,
    kill: Option<Box<dyn FnOnce() + Send>>,
}

/// How a worker's process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerExit {
    /// For people: `exit status: 1`, `signal: 9 (SIGKILL)`.
    pub description: String,
}

/// The process could not be started.
#[derive(Debug, thiserror::Error)]
#[error("the worker could not be started: {message}")]
pub struct LaunchError {
    pub message: String,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl LaunchedWorker {
    /// `kill` ends the process at once; `exit` is ready once it is gone.
    pub fn new(
        pid: u32,
        exit: impl Future<Output = WorkerExit> + Send + 'static,
        kill: impl FnOnce() + Send + 'static,
    ) -> Self {
        Self {
            pid,
            exit: Box::pin(exit),
            kill: Some(Box::new(kill)),
        }
    }

    /// A child that leads a process group of its own (`Command::process_group(0)`): the whole group
    /// is killed with it, so that a wrapper's child does not stay behind.
    pub fn from_group_leader(mut child: tokio::process::Child) -> Self {
        let pid = child.id().unwrap_or(0);
        let exit = async move { WorkerExit::from(child.wait().await) };
        Self::new(pid, exit, move || {
            let group = i32::try_from(pid)
                .ok()
                .and_then(rustix::process::Pid::from_raw);
            if let Some(group) = group {
                // It may be gone already: that is what was wanted.
                let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
            }
        })
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Ends the process at once; [`Self::exited`] says when it is gone.
    pub fn kill(&mut self) {
        if let Some(kill) = self.kill.take() {
            kill();
        }
    }

    /// Ready once the process is gone; not to be asked again after that.
    pub async fn exited(&mut self) -> WorkerExit {
        let exit = (&mut self.exit).await;
        // From here on its number may belong to another process.
        self.kill = None;
        exit
    }
}

impl Drop for LaunchedWorker {
    fn drop(&mut self) {
        self.kill();
    }
}

impl From<std::io::Result<ExitStatus>> for WorkerExit {
    fn from(status: std::io::Result<ExitStatus>) -> Self {
        let description = match status {
            Ok(status) => status.to_string(),
            Err(error) => format!("could not be waited for: {error}"),
        };
        Self { description }
    }
}

impl LaunchError {
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }
}

impl std::fmt::Debug for LaunchedWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LaunchedWorker")
            .field("pid", &self.pid)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Display for WorkerExit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.description)
    }
}
