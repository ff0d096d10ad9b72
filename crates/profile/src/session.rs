//! One worker from its start to its end: loaded, given batches, asked what it holds.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dice_environments::{Environments, WorkerStart};
use dice_model::{CallRef, Epoch, LeaseId, TaskId, Value};
use dice_runtime::LaunchedWorker;
use dice_wire::{CallGrant, CallResult, DeviceGrant, Grant, ToWorker, WorkerFrame};
use futures::{SinkExt as _, StreamExt as _};

use crate::ProfilingError;
use crate::gateway::{Gateway, WorkerConnection};

/// Of loads and of batches, as a gateway has them by default.
const LOAD_LIMIT: Duration = Duration::from_secs(900);
const BATCH_LIMIT: Duration = Duration::from_secs(600);
/// Of the worker's log, in messages.
const LOG_BYTES: usize = 2000;

/// Dropped, its process is killed.
pub(crate) struct Session {
    function: String,
    process: LaunchedWorker,
    connection: WorkerConnection,
    log: std::path::PathBuf,
    device: DeviceGrant,
    leases: u64,
}

/// A worker that is ready.
pub(crate) struct Ready {
    pub(crate) session: Session,
    /// From the start of its process.
    pub(crate) load: Duration,
}

impl Session {
    pub(crate) async fn start(
        environments: &Environments,
        gateway: &mut Gateway,
        file: &Path,
        function: &str,
        device: &DeviceGrant,
    ) -> Result<Ready, ProfilingError> {
        let start = WorkerStart {
            file: file.to_owned(),
            function: function.to_owned(),
            url: gateway.url(),
            token: gateway.token(),
            threads: device.threads,
            time_scale: None,
        };
        let mut command = environments.worker_command(&start).await?;
        let failed = |source| ProfilingError::Start {
            function: function.to_owned(),
            source,
        };
        let log = std::fs::File::create(gateway.log()).map_err(failed)?;
        let errors = log.try_clone().map_err(failed)?;
        let began = Instant::now();
        let child = command.stdout(log).stderr(errors).spawn().map_err(failed)?;
        let mut process = LaunchedWorker::from_group_leader(child);
        let connection = tokio::select! {
            connection = gateway.worker() => connection,
            exit = process.exited() => return Err(ended(function, &exit, &gateway.log())),
        };
        let mut session = Self {
            function: function.to_owned(),
            process,
            connection,
            log: gateway.log(),
            device: device.clone(),
            leases: 0,
        };
        session.load().await?;
        let load = began.elapsed();
        Ok(Ready { session, load })
    }

    async fn load(&mut self) -> Result<(), ProfilingError> {
        let device = self.device.clone();
        self.connection.send(ToWorker::Load { device }).await?;
        let until = Instant::now() + LOAD_LIMIT;
        loop {
            match self.next("answer to a load", LOAD_LIMIT, until).await? {
                WorkerFrame::Loaded { .. } => return Ok(()),
                WorkerFrame::LoadFailed { message, .. } => {
                    return Err(ProfilingError::NotLoaded {
                        function: self.function.clone(),
                        message,
                        log: tail(&self.log),
                    });
                }
                _ => {}
            }
        }
    }

    /// How long so many equal calls take together, from their grant to the last result.
    pub(crate) async fn batch(
        &mut self,
        arguments: &Arc<Value>,
        size: u32,
    ) -> Result<Duration, ProfilingError> {
        self.leases += 1;
        let lease = LeaseId(self.leases);
        let call = |call| CallRef {
            task: TaskId(self.leases),
            call,
        };
        let calls = (0..size).map(|number| CallGrant {
            call: call(number),
            attempt: 1,
            arguments: Arc::clone(arguments),
            idempotency_key: None,
        });
        let grant = Grant {
            epoch: Epoch(1),
            lease,
            device: self.device.id.clone(),
            deadline_ms: u64::try_from(BATCH_LIMIT.as_millis()).unwrap_or(u64::MAX),
            calls: calls.collect(),
            more: false,
        };
        let calls = (0..size).map(call).collect();
        let began = Instant::now();
        self.connection.send(ToWorker::Grant(grant)).await?;
        let failure = self.results(lease, began + BATCH_LIMIT).await?;
        let time = began.elapsed();
        self.connection.send(ToWorker::Ack { calls }).await?;
        match failure {
            None => Ok(time),
            Some(message) => Err(ProfilingError::CallFailed {
                function: self.function.clone(),
                message,
            }),
        }
    }

    /// Until the lease has ended; what the first call that failed says.
    async fn results(
        &mut self,
        of: LeaseId,
        until: Instant,
    ) -> Result<Option<String>, ProfilingError> {
        let mut failure = None;
        loop {
            let frame = self.next("end of a batch", BATCH_LIMIT, until).await?;
            let WorkerFrame::Result {
                lease,
                results,
                last,
                ..
            } = frame
            else {
                continue;
            };
            let failed = |result: CallResult| result.outcome.err().map(|failure| failure.message);
            failure = failure.or(results.into_iter().find_map(failed));
            if last && lease == of {
                return Ok(failure);
            }
        }
    }

    /// Of the device, if the worker knows; of a CPU, what its process has.
    pub(crate) async fn memory_bytes(&mut self) -> Result<u64, ProfilingError> {
        self.connection.send(ToWorker::Ping {}).await?;
        let until = Instant::now() + BATCH_LIMIT;
        loop {
            if let WorkerFrame::Pong {
                memory_bytes,
                device_memory_bytes,
            } = self.next("answer to a ping", BATCH_LIMIT, until).await?
            {
                return Ok(device_memory_bytes.or(memory_bytes).unwrap_or(0));
            }
        }
    }

    async fn next(
        &mut self,
        what: &'static str,
        limit: Duration,
        until: Instant,
    ) -> Result<WorkerFrame, ProfilingError> {
        tokio::select! {
            biased;
            Some(frame) = self.connection.next() => Ok(frame?),
            exit = self.process.exited() => Err(ended(&self.function, &exit, &self.log)),
            () = tokio::time::sleep_until(until.into()) => Err(ProfilingError::TooSlow {
                function: self.function.clone(),
                what,
                seconds: limit.as_secs(),
            }),
        }
    }

    /// So that the next one does not start beside it.
    pub(crate) async fn end(mut self) {
        self.process.kill();
        self.process.exited().await;
    }
}

fn ended(function: &str, exit: &dice_runtime::WorkerExit, log: &Path) -> ProfilingError {
    ProfilingError::Ended {
        function: function.to_owned(),
        exit: exit.to_string(),
        log: tail(log),
    }
}

fn tail(log: &Path) -> String {
    let bytes = std::fs::read(log).unwrap_or_default();
    let end = &bytes[bytes.len().saturating_sub(LOG_BYTES)..];
    String::from_utf8_lossy(end).trim_end().to_owned()
}
