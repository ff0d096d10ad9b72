//! Runs a program with scripted outcomes and collects what comes out of it.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dice_interpreter::{Event, Interpreter, Limits, Options, Running};
use dice_model::{CallFailure, Digest, FunctionId, InputKind, TaskEnd, Value};
use dice_wire::{ClientFrame, ProgramInput, ProgramSpec, ToClient};

/// Longer than anything here takes on a busy machine, and short enough to wait for.
const PATIENCE: Duration = Duration::from_secs(60);

/// `None`, said aloud, where there is no Python to test with.
#[allow(clippy::print_stderr)]
pub(crate) fn python() -> Option<PathBuf> {
    let python = std::env::var_os("DICE_TEST_PYTHON").map(PathBuf::from);
    if python.is_none() {
        eprintln!("skipped: set DICE_TEST_PYTHON to a Python 3.11+ that has Pillow and msgpack");
    }
    python
}

pub(crate) async fn interpreter() -> Option<Interpreter> {
    let python = python()?;
    let sdk_path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python/src");
    let options = Options {
        python,
        sdk_path: sdk_path
            .canonicalize()
            .expect("the SDK is in this repository"),
    };
    Some(
        Interpreter::start(options)
            .await
            .expect("the fork server starts"),
    )
}

/// What a run left behind.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) calls: Vec<(u32, FunctionId, Value)>,
    pub(crate) cancelled: Vec<u32>,
    pub(crate) observed: Vec<Value>,
    pub(crate) answers: Vec<Value>,
    pub(crate) blobs: Vec<(Digest, Vec<u8>)>,
    pub(crate) said_bye: bool,
    pub(crate) end: Option<TaskEnd>,
}

impl Ran {
    #[track_caller]
    pub(crate) fn exception(&self) -> (&str, &str) {
        match &self.end {
            Some(TaskEnd::Exception { kind, message, .. }) => (kind, message),
            other => panic!(
                "no exception but {other:?}\n{}\n{}",
                self.stdout, self.stderr
            ),
        }
    }
}

pub(crate) type Outcome = Result<Value, CallFailure>;

/// A program, and what it is given.
pub(crate) struct Case {
    pub(crate) spec: ProgramSpec,
    pub(crate) files: Vec<File>,
    pub(crate) limits: Limits,
}

impl Case {
    pub(crate) fn new(source: &str) -> Self {
        let spec = ProgramSpec {
            source: source.to_owned(),
            filename: "program.py".to_owned(),
            inputs: vec![],
            seed: 7,
            observed: vec![],
        };
        Self {
            spec,
            files: vec![],
            limits: Limits::default(),
        }
    }

    pub(crate) fn input(mut self, name: &str, kind: InputKind, bytes: &[u8]) -> Self {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(bytes).expect("written");
        self.files.push(File::open(file.path()).expect("opens"));
        let blob = Digest::of(bytes);
        self.spec.inputs.push(ProgramInput {
            name: name.to_owned(),
            kind,
            blob,
        });
        self
    }

    pub(crate) fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    pub(crate) async fn start(self, interpreter: &Interpreter) -> Running {
        interpreter
            .run(self.spec, self.files, self.limits)
            .await
            .expect("starts")
    }

    /// Calls get what `outcome` says, at once; `None`: never.
    pub(crate) async fn run(
        self,
        interpreter: &Interpreter,
        outcome: impl FnMut(&str, &Value) -> Option<Outcome>,
    ) -> Ran {
        let running = self.start(interpreter).await;
        let finished = tokio::time::timeout(PATIENCE, collect(running, outcome)).await;
        finished.expect("the program ends in time")
    }
}

async fn collect(
    mut running: Running,
    mut outcome: impl FnMut(&str, &Value) -> Option<Outcome>,
) -> Ran {
    let (mut ran, mut stdout, mut stderr, mut blob) = (Ran::default(), vec![], vec![], vec![]);
    while let Some(event) = running.events.recv().await {
        match event {
            Event::Stdout(bytes) => stdout.extend_from_slice(&bytes),
            Event::Stderr(bytes) => stderr.extend_from_slice(&bytes),
            Event::Client(ClientFrame::Call {
                id,
                function,
                arguments,
                ..
            }) => {
                if let Some(outcome) = outcome(function.as_str(), &arguments) {
                    // A program that has ended takes no outcomes.
                    let _ = running
                        .control
                        .send(ToClient::Outcome {
                            id,
                            outcome,
                            joinable: false,
                        })
                        .await;
                }
                ran.calls.push((id, function, arguments));
            }
            Event::Client(ClientFrame::Cancel { id }) => ran.cancelled.push(id),
            Event::Client(ClientFrame::Bye {}) => ran.said_bye = true,
            Event::Client(_) => {}
            Event::Observed(value) => ran.observed.push(value),
            Event::Answer(value) => ran.answers.push(value),
            Event::Blob {
                digest,
                piece,
                last,
            } => {
                blob.extend_from_slice(&piece);
                if last {
                    ran.blobs.push((digest, std::mem::take(&mut blob)));
                }
            }
            Event::Fetch(digest) => {
                let known = ran.blobs.iter().find(|(known, _)| *known == digest);
                let bytes = known.map(|(_, bytes)| bytes.clone().into());
                running
                    .blobs
                    .send((digest, bytes))
                    .await
                    .expect("the program waits");
            }
            Event::Ended(end) => ran.end = Some(end),
        }
    }
    ran.stdout = String::from_utf8(stdout).expect("UTF-8");
    ran.stderr = String::from_utf8(stderr).expect("UTF-8");
    ran
}

/// Runs a program that makes no calls.
pub(crate) async fn run(interpreter: &Interpreter, source: &str) -> Ran {
    Case::new(source).run(interpreter, |_, _| None).await
}

/// For programs of a few lines: `None` where there is nothing to run them with.
pub(crate) async fn try_run(source: &str) -> Option<Ran> {
    Some(run(&interpreter().await?, source).await)
}
