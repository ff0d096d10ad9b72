//! One task, from its program to its report.

use std::sync::Arc;
use std::time::Duration;

use dice_model::{MicroUsd, PoolName, ProgramForm, TaskId, TaskInput, Tenant};
use dice_runtime::{Bounds, Entry, NewTask, Resolution};
use futures::StreamExt as _;
use futures::stream::BoxStream;

use crate::bounds::Bounded;
use crate::{Engine, EngineError, TaskReport};

/// A program to run.
#[derive(Debug, Clone)]
pub struct NewRun {
    pub source: String,
    /// For tracebacks.
    pub filename: String,
    pub form: ProgramForm,
    /// Their blobs are stored already.
    pub inputs: Vec<TaskInput>,
    /// Whose share of the devices it uses.
    pub tenant: Tenant,
    pub deadline: Option<Duration>,
    /// That what is rented while it runs may cost.
    pub budget: Option<MicroUsd>,
    /// It may use results of earlier tasks.
    pub memo: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// What a task does, as it happens.
#[derive(Debug)]
pub enum RunEvent {
    Output(Stream, String),
    /// Its output has come before and is left out.
    Ended(Box<TaskReport>),
    /// The journal cannot be read any more; the task goes on.
    Lost(EngineError),
}

impl Engine {
    /// Accepts a task: durable when this returns.
    pub async fn submit(&self, run: NewRun) -> Result<TaskId, EngineError> {
        self.submit_to(PoolName::default(), run).await
    }

    pub(crate) async fn submit_to(
        &self,
        pool: PoolName,
        run: NewRun,
    ) -> Result<TaskId, EngineError> {
        let task = NewTask {
            form: run.form,
            inputs: run.inputs,
            deadline: run.deadline,
            bounds: Bounds {
                budget: run.budget,
                deadline: None,
            },
            tenant: run.tenant,
            memo: run.memo,
            pool,
            ..NewTask::new(run.source, run.filename)
        };
        let bounds = task.bounds;
        self.check_bounds(bounds)?;
        let task = self.runtime().submit(task).await?;
        self.keep_within(bounds, Bounded::Task(task));
        Ok(task)
    }

    /// A task's output as it comes, then its report, without the output.
    pub async fn follow(
        self: &Arc<Self>,
        task: TaskId,
    ) -> Result<BoxStream<'static, RunEvent>, EngineError> {
        self.runtime().task(task).await?;
        let engine = Arc::clone(self);
        let (mut stdout, mut stderr) = (Text::default(), Text::default());
        let events = self.runtime().watch(task, 0).filter_map(move |event| {
            let engine = Arc::clone(&engine);
            let told = match event.map(|event| event.entry) {
                Ok(Entry::Stdout { bytes, .. }) => {
                    Told::Now(RunEvent::Output(Stream::Stdout, stdout.read(&bytes)))
                }
                Ok(Entry::Stderr { bytes, .. }) => {
                    Told::Now(RunEvent::Output(Stream::Stderr, stderr.read(&bytes)))
                }
                Ok(Entry::Ended { .. }) => Told::Report,
                Ok(_) => Told::Nothing,
                Err(error) => Told::Now(RunEvent::Lost(error.into())),
            };
            async move {
                match told {
                    Told::Now(event) => Some(event),
                    Told::Nothing => None,
                    Told::Report => Some(match engine.report_without_output(task).await {
                        Ok(report) => RunEvent::Ended(Box::new(report)),
                        Err(error) => RunEvent::Lost(error),
                    }),
                }
            }
        });
        Ok(events.boxed())
    }

    pub async fn cancel(&self, task: TaskId) -> Result<(), EngineError> {
        self.runtime().task(task).await?;
        self.runtime().cancel(task).await?;
        let mut entries = std::pin::pin!(self.runtime().watch(task, 0));
        // Over when its end is durable.
        while entries.next().await.is_some() {}
        Ok(())
    }

    /// Settles a write in doubt (RUNTIME J6).
    pub async fn resolve(&self, task: TaskId, resolution: Resolution) -> Result<(), EngineError> {
        Ok(self.runtime().resolve(task, resolution).await?)
    }

    /// Deletes what is somebody's: program, inputs' names, arguments, results, output (D1).
    pub async fn forget(&self, task: TaskId) -> Result<(), EngineError> {
        let record = self.runtime().task(task).await?;
        if self.runtime().forget(task).await? {
            Ok(())
        } else {
            Err(EngineError::StillRunning(record.id.0))
        }
    }
}

enum Told {
    Now(RunEvent),
    Report,
    Nothing,
}

/// UTF-8 that comes in pieces, which may be cut inside a character.
#[derive(Debug, Default)]
struct Text {
    begun: Vec<u8>,
}

impl Text {
    /// All whole characters; what is no UTF-8 becomes U+FFFD.
    fn read(&mut self, bytes: &[u8]) -> String {
        self.begun.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.begun) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.begun.len(),
        };
        let rest = self.begun.split_off(whole);
        let text = String::from_utf8_lossy(&self.begun).into_owned();
        self.begun = rest;
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_survive_being_cut() {
        let check = |pieces: &[&[u8]], expect: &str| {
            let mut text = Text::default();
            let read: String = pieces.iter().map(|piece| text.read(piece)).collect();
            assert_eq!(read, expect);
        };
        check(&[b"ab", b"c"], "abc");
        check(&[b"x\xc3", b"\xa9y"], "x\u{e9}y");
        check(&[b"\xf0\x9f", b"\x98", b"\x80"], "\u{1f600}");
        check(&[b"\xff\xc3", b"z"], "\u{fffd}\u{fffd}z");
    }
}
