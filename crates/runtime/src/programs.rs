//! The border to whatever runs programs: the interpreter live, scripts in tests, a connection for
//! programs outside the sandbox.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use dice_model::{Digest, InputKind, TaskEnd, TaskId, Value};
use dice_wire::{ClientFrame, ToClient};
use futures::future::BoxFuture;
use futures::stream::{BoxStream, StreamExt as _};
use tokio::sync::mpsc;

use crate::ProgramLimits;

/// Runs programs. Asked again with the same task when a task is resumed (RUNTIME J5).
pub trait Programs: Send + Sync + 'static {
    fn run(&self, request: RunRequest) -> BoxFuture<'static, Result<RunningProgram, ProgramError>>;
}

#[derive(Debug, Clone)]
pub struct RunRequest {
    pub task: TaskId,
    pub source: Arc<str>,
    /// For tracebacks.
    pub filename: String,
    pub inputs: Vec<InputFile>,
    /// Seeds `random` and uuid4 (SEMANTICS O2).
    pub seed: u64,
    /// What earlier runs of this task observed, in order; only then is the clock read again.
    pub observed: Vec<Value>,
    pub limits: ProgramLimits,
}

/// An input of a task and where its bytes lie: a blob's file, never to be written to.
#[derive(Debug, Clone)]
pub struct InputFile {
    pub name: String,
    pub kind: InputKind,
    pub blob: Digest,
    pub path: PathBuf,
}

/// A program that runs. Dropping it kills the program.
pub struct RunningProgram {
    /// A program whose events nobody takes waits. Polled by the task itself: no hand in between. What
    /// kills the program when it is dropped lives in them.
    pub events: BoxStream<'static, ProgramEvent>,
    /// Outcomes of its calls, and the order to stop.
    pub control: mpsc::Sender<ToClient>,
}

/// What a program does. `Ended` is the last. A stream that ends without it: what ran the program has
/// died, and the program is run again.
#[derive(Debug, Clone, PartialEq)]
pub enum ProgramEvent {
    Stdout(Bytes),
    Stderr(Bytes),
    Client(ClientFrame),
    /// A clock reading or the like, repeated in a replay (J5).
    Observed(Value),
    /// `hermod.answer(value)` (V4).
    Answer(Value),
    /// Bytes that later calls name by their digest: an image that the program made.
    Blob(Bytes),
    Ended(TaskEnd),
}

/// The program could not be started; the task ends with this, nothing of it has run.
#[derive(Debug, thiserror::Error)]
#[error("the program could not be started: {message}")]
pub struct ProgramError {
    pub message: String,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl std::fmt::Debug for RunningProgram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningProgram").finish_non_exhaustive()
    }
}

/// The events of a channel.
pub fn events_of(mut channel: mpsc::Receiver<ProgramEvent>) -> BoxStream<'static, ProgramEvent> {
    futures::stream::poll_fn(move |context| channel.poll_recv(context)).boxed()
}

impl ProgramError {
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }
}
