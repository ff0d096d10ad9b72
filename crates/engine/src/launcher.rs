//! The runtime's workers: one process per function and device, in the function's own environment.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::path::PathBuf;
use std::sync::Arc;

use dice_environments::{Environments, WorkerStart};
use dice_model::FunctionId;
use dice_runtime::{LaunchError, LaunchRequest, LaunchedWorker, Launcher};
use futures::future::BoxFuture;

use crate::offer::Source;

#[derive(Debug, Clone)]
pub(crate) struct ProcessLauncher {
    environments: Environments,
    sources: Arc<HashMap<FunctionId, Source>>,
    /// Where the gateway listens, as `HERMOD_URL` says it.
    url: String,
    /// Factor on the latencies of simulated functions.
    time_scale: Option<f64>,
}

impl ProcessLauncher {
    pub(crate) const fn new(
        environments: Environments,
        sources: Arc<HashMap<FunctionId, Source>>,
        url: String,
        time_scale: Option<f64>,
    ) -> Self {
        Self {
            environments,
            sources,
            url,
            time_scale,
        }
    }

    async fn start(self, request: LaunchRequest) -> Result<LaunchedWorker, LaunchError> {
        let source = self.source(&request.function.id)?;
        self.environments
            .prepare(&source.pack)
            .await
            .map_err(failed("its pack could not be prepared"))?;
        let start = WorkerStart {
            file: source.file.clone(),
            function: request.function.id.to_string(),
            url: self.url.clone(),
            token: request.token,
            threads: request.device.as_ref().map_or(1, |device| device.threads),
            time_scale: self.time_scale,
        };
        let command = self.environments.worker_command(&start).await;
        let mut command = command.map_err(failed("its environment could not be made"))?;
        let log = open_log(&request.log).map_err(failed("its log cannot be written"))?;
        let errors = log
            .try_clone()
            .map_err(failed("its log cannot be written"))?;
        let child = command.stdout(log).stderr(errors).spawn();
        let child = child.map_err(failed("its program cannot be run"))?;
        Ok(LaunchedWorker::from_group_leader(child))
    }

    fn source(&self, function: &FunctionId) -> Result<&Source, LaunchError> {
        let known = self.sources.get(function);
        known.ok_or_else(|| LaunchError::new(format!("{function} has no source here")))
    }
}

impl Launcher for ProcessLauncher {
    fn launch(
        &self,
        request: LaunchRequest,
    ) -> BoxFuture<'static, Result<LaunchedWorker, LaunchError>> {
        Box::pin(self.clone().start(request))
    }
}

fn open_log(path: &PathBuf) -> std::io::Result<std::fs::File> {
    OpenOptions::new().create(true).append(true).open(path)
}

fn failed<E>(message: &'static str) -> impl FnOnce(E) -> LaunchError
where
    E: std::error::Error + Send + Sync + 'static,
{
    move |source| LaunchError {
        message: format!("{message}: {source}"),
        source: Some(Box::new(source)),
    }
}
