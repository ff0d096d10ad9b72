//! Watches one worker's process from its launch to its end, which it reports.

use std::sync::Arc;
use std::time::Duration;

use dice_model::WorkerId;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::log;
use crate::dispatcher::{Pool, WorkerCommand};
use crate::{LaunchRequest, LaunchedWorker, Launcher, WorkerExit};

/// How a process is to end. It has been asked to already, if it can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Within(Duration),
    Now,
}

/// Owned by the dispatcher through `endings`: when that is dropped, the process is killed.
pub(crate) async fn supervise(
    launcher: Arc<dyn Launcher>,
    request: LaunchRequest,
    worker: WorkerId,
    pool: Pool,
    mut endings: mpsc::Receiver<Ending>,
) {
    let path = request.log.clone();
    let exit = tokio::select! {
        launched = launcher.launch(request) => match launched {
            Err(error) => WorkerExit { description: described(&error) },
            Ok(process) => {
                let pid = process.pid();
                pool.send_worker(WorkerCommand::Launched { worker, pid }).await;
                watch(process, &mut endings).await
            }
        },
        // Dropping the launch ends whatever it has begun.
        _ = endings.recv() => WorkerExit { description: "stopped before it started".to_owned() },
    };
    let log = log::tail(&path).await;
    pool.send_worker(WorkerCommand::Exited { worker, exit, log })
        .await;
}

async fn watch(mut process: LaunchedWorker, endings: &mut mpsc::Receiver<Ending>) -> WorkerExit {
    let mut patience: Option<Instant> = None;
    let mut killed = false;
    loop {
        let overdue = patience.unwrap_or_else(Instant::now);
        tokio::select! {
            exit = process.exited() => return exit,
            ending = endings.recv(), if !killed => match ending {
                Some(Ending::Within(grace)) => {
                    let until = Instant::now() + grace;
                    patience = Some(patience.map_or(until, |before| before.min(until)));
                }
                Some(Ending::Now) | None => {
                    process.kill();
                    killed = true;
                }
            },
            () = tokio::time::sleep_until(overdue), if patience.is_some() && !killed => {
                process.kill();
                killed = true;
            }
        }
    }
}

fn described(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}
