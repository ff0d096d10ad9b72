//! Questions to `hermod.testing`, answered inside the sandbox: what a question's programs do, they do
//! in a process that can reach nothing.

use std::fs::File;
use std::io::{self, Write as _};
use std::time::Duration;

use dice_interpreter::{Event, Interpreter, RunError, Running};
use dice_model::{Digest, InputKind, TaskEnd};
use dice_wire::{ProgramInput, ProgramSpec};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The name under which a question is an input of the program that answers it.
const QUESTION: &str = "question.json";
/// What is kept of a driver's stderr, for errors.
const MOST_COMPLAINT_BYTES: usize = 4 << 10;
/// More than any answer needs; a program may print without end.
const MOST_ANSWER_BYTES: usize = 64 << 20;

/// Of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Of processor time; a program that computes for ever ends here.
    pub cpu: Duration,
    /// On the wall; a program that sleeps for ever ends here.
    pub wall: Duration,
    /// Beyond what Python itself takes.
    pub memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cpu: Duration::from_secs(60),
            wall: Duration::from_secs(180),
            memory_bytes: 1 << 30,
        }
    }
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    #[error("the sandbox did not start")]
    Sandbox(#[from] RunError),
    #[error("the question cannot be written down")]
    Question(#[source] io::Error),
    #[error("the programs took more than {} s of processor time", .limit.as_secs())]
    Cpu { limit: Duration },
    #[error("the programs took longer than {} s", .limit.as_secs())]
    Wall { limit: Duration },
    #[error("the programs took more than {} MiB of memory", .limit_bytes >> 20)]
    Memory { limit_bytes: u64 },
    /// The driver itself failed: our bug, or a program that took it apart.
    #[error("the test driver failed: {kind}: {message}\n{traceback}")]
    Failed {
        kind: String,
        message: String,
        traceback: String,
    },
    /// `os._exit`, or a crash.
    #[error("a program ended the process it ran in, {how}: {stderr}")]
    Ended { how: &'static str, stderr: String },
    #[error("the answer is longer than {} MiB", MOST_ANSWER_BYTES >> 20)]
    LongAnswer,
    #[error("the answer cannot be read: {stderr}")]
    Answer {
        source: serde_json::Error,
        stderr: String,
    },
}

/// Asks `hermod.testing`. Cheap to clone; each question has a process of its own.
#[derive(Debug, Clone)]
pub struct Harness {
    interpreter: Interpreter,
    limits: Limits,
}

impl Harness {
    pub const fn new(interpreter: Interpreter, limits: Limits) -> Self {
        Self {
            interpreter,
            limits,
        }
    }

    /// The answer of `entry` (`module:function` of the SDK), which takes `question` as JSON and
    /// gives something that is JSON.
    pub async fn ask<Answer: DeserializeOwned>(
        &self,
        entry: &str,
        question: &(impl Serialize + Sync),
    ) -> Result<Answer, HarnessError> {
        let (input, file) = write_question(question).map_err(HarnessError::Question)?;
        let spec = ProgramSpec {
            source: format!(
                "from hermod.testing.driver import main\nmain({entry:?}, {QUESTION:?})\n"
            ),
            filename: "driver.py".to_owned(),
            inputs: vec![input],
            seed: 0,
            observed: vec![],
        };
        let limits = dice_interpreter::Limits {
            cpu: self.limits.cpu,
            memory_bytes: self.limits.memory_bytes,
            ..dice_interpreter::Limits::default()
        };
        let running = self.interpreter.run(spec, vec![file], limits).await?;
        let ran = tokio::time::timeout(self.limits.wall, listen(running));
        let ran = ran.await.map_err(|_| HarnessError::Wall {
            limit: self.limits.wall,
        })??;
        self.check_end(&ran)?;
        serde_json::from_slice(&ran.answer).map_err(|source| HarnessError::Answer {
            source,
            stderr: ran.complaint(),
        })
    }

    fn check_end(&self, ran: &Ran) -> Result<(), HarnessError> {
        match &ran.end {
            Some(TaskEnd::Normal) => Ok(()),
            Some(TaskEnd::CpuTimeExceeded) => Err(HarnessError::Cpu {
                limit: self.limits.cpu,
            }),
            Some(TaskEnd::MemoryExceeded) => Err(HarnessError::Memory {
                limit_bytes: self.limits.memory_bytes,
            }),
            Some(TaskEnd::Exception {
                kind,
                message,
                traceback,
                ..
            }) => Err(HarnessError::Failed {
                kind: kind.clone(),
                message: message.clone(),
                traceback: traceback.clone(),
            }),
            other => Err(HarnessError::Ended {
                how: other.as_ref().map_or("with the sandbox", TaskEnd::word),
                stderr: ran.complaint(),
            }),
        }
    }
}

fn write_question(question: &impl Serialize) -> io::Result<(ProgramInput, File)> {
    let bytes = serde_json::to_vec(question)?;
    let mut file = tempfile::tempfile()?;
    file.write_all(&bytes)?;
    let input = ProgramInput {
        name: QUESTION.to_owned(),
        kind: InputKind::Json,
        blob: Digest::of(&bytes),
    };
    Ok((input, file))
}

/// What came out of a driver.
#[derive(Debug, Default)]
struct Ran {
    answer: Vec<u8>,
    stderr: Vec<u8>,
    end: Option<TaskEnd>,
}

impl Ran {
    fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.stderr).trim_end().to_owned()
    }
}

/// Calls are not answered: a driver makes none, its programs' calls are made up.
async fn listen(mut running: Running) -> Result<Ran, HarnessError> {
    let mut ran = Ran::default();
    while let Some(event) = running.events.recv().await {
        match event {
            Event::Stdout(bytes) if ran.answer.len() + bytes.len() > MOST_ANSWER_BYTES => {
                return Err(HarnessError::LongAnswer);
            }
            Event::Stdout(bytes) => ran.answer.extend_from_slice(&bytes),
            Event::Stderr(bytes) => {
                let room = MOST_COMPLAINT_BYTES.saturating_sub(ran.stderr.len());
                ran.stderr
                    .extend_from_slice(&bytes[..bytes.len().min(room)]);
            }
            Event::Ended(end) => ran.end = Some(end),
            Event::Client(_)
            | Event::Blob { .. }
            | Event::Fetch(_)
            | Event::Observed(_)
            | Event::Answer(_) => {}
        }
    }
    Ok(ran)
}
