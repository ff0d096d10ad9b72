//! The runtime's programs, run by the interpreter in its sandbox.

use std::fs::File;
use std::sync::{Arc, OnceLock};

use bytes::BytesMut;
use dice_environments::Environments;
use dice_interpreter::{Event, Interpreter, Limits, Running};
use dice_model::Digest;
use dice_runtime::{
    Blobs, InputFile, ProgramError, ProgramEvent, Programs, RunRequest, RunningProgram,
};
use dice_wire::{ProgramInput, ProgramSpec};
use futures::future::BoxFuture;
use futures::stream::StreamExt as _;
use tokio::sync::OnceCell;

/// Starts the fork server when the first program runs: what only looks does not pay for it.
#[derive(Debug, Clone)]
pub(crate) struct SandboxedPrograms {
    environments: Environments,
    interpreter: Arc<OnceCell<Interpreter>>,
    /// Known once the runtime has started, which needs this first.
    blobs: Arc<OnceLock<Blobs>>,
}

impl SandboxedPrograms {
    pub(crate) fn new(environments: Environments) -> Self {
        Self {
            environments,
            interpreter: Arc::default(),
            blobs: Arc::default(),
        }
    }

    /// Where images in results are read from.
    pub(crate) fn read_blobs_from(&self, blobs: &Blobs) {
        // Set once, by the one engine that these are made for.
        let _ = self.blobs.set(blobs.clone());
    }

    /// Starts the fork server, so that the first task need not wait for it.
    pub(crate) async fn warm(&self) -> Result<&Interpreter, ProgramError> {
        self.interpreter.get_or_try_init(|| self.start()).await
    }

    async fn start(&self) -> Result<Interpreter, ProgramError> {
        let python = self.environments.interpreter_python().await;
        let options = dice_interpreter::Options {
            python: python.map_err(cannot("no Python for programs"))?,
            sdk_path: self.environments.sdk().path().to_owned(),
        };
        let started = Interpreter::start(options).await;
        started.map_err(cannot("the sandbox did not start"))
    }

    async fn start_program(self, request: RunRequest) -> Result<RunningProgram, ProgramError> {
        let interpreter = self.warm().await?;
        let files = request.inputs.iter().map(|input| File::open(&input.path));
        let files = files
            .collect::<Result<Vec<_>, _>>()
            .map_err(cannot("an input's bytes are gone"))?;
        let limits = Limits {
            memory_bytes: request.limits.memory_bytes,
            cpu: request.limits.cpu_time,
            ..Limits::default()
        };
        let spec = spec_of(request);
        let running = interpreter.run(spec, files, limits).await;
        let running = running.map_err(cannot("the sandbox refused it"))?;
        Ok(adapt(running, self.blobs.get().cloned()))
    }
}

impl Programs for SandboxedPrograms {
    fn run(&self, request: RunRequest) -> BoxFuture<'static, Result<RunningProgram, ProgramError>> {
        Box::pin(self.clone().start_program(request))
    }
}

fn spec_of(request: RunRequest) -> ProgramSpec {
    let input = |input: &InputFile| ProgramInput {
        name: input.name.clone(),
        kind: input.kind,
        blob: input.blob,
    };
    ProgramSpec {
        source: request.source.to_string(),
        inputs: request.inputs.iter().map(input).collect(),
        filename: request.filename,
        seed: request.seed,
        observed: request.observed,
    }
}

fn cannot<E>(message: &'static str) -> impl FnOnce(E) -> ProgramError
where
    E: std::error::Error + Send + Sync + 'static,
{
    move |source| ProgramError {
        message: message.to_owned(),
        source: Some(Box::new(source)),
    }
}

fn adapt(running: Running, blobs: Option<Blobs>) -> RunningProgram {
    let control = running.control.clone();
    let adapter = Adapter {
        running,
        blobs,
        uploading: BytesMut::new(),
    };
    let events = futures::stream::unfold(adapter, |mut adapter| async move {
        let event = adapter.next().await?;
        Some((event, adapter))
    });
    RunningProgram {
        events: events.boxed(),
        control,
    }
}

/// The interpreter's events as the runtime's. Dropping them drops its end, and with it the program.
struct Adapter {
    running: Running,
    blobs: Option<Blobs>,
    /// Pieces of one blob follow each other.
    uploading: BytesMut,
}

impl Adapter {
    async fn next(&mut self) -> Option<ProgramEvent> {
        loop {
            return Some(match self.running.events.recv().await? {
                Event::Fetch(digest) => {
                    self.fetch(digest).await;
                    continue;
                }
                Event::Blob { piece, last, .. } => {
                    self.uploading.extend_from_slice(&piece);
                    if !last {
                        continue;
                    }
                    ProgramEvent::Blob(self.uploading.split().freeze())
                }
                Event::Stdout(bytes) => ProgramEvent::Stdout(bytes),
                Event::Stderr(bytes) => ProgramEvent::Stderr(bytes),
                Event::Client(frame) => ProgramEvent::Client(frame),
                Event::Observed(value) => ProgramEvent::Observed(value),
                Event::Answer(value) => ProgramEvent::Answer(value),
                Event::Ended(end) => ProgramEvent::Ended(end),
            });
        }
    }

    async fn fetch(&mut self, digest: Digest) {
        let found = match &self.blobs {
            Some(blobs) => blobs.get(digest).await.ok(),
            None => None,
        };
        // A program that has ended needs no answer.
        let _ = self.running.blobs.send((digest, found)).await;
    }
}
