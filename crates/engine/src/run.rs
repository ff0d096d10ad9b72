//! One task, from its program to its report.

use std::sync::Arc;
use std::time::Duration;

use dice_model::{PoolName, ProgramForm, TaskId, TaskInput};
use dice_runtime::{Entry, NewTask, Resolution};
use futures::StreamExt as _;
use futures::stream::BoxStream;

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
    pub deadline: Option<Duration>,
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
            pool,
            ..NewTask::new(run.source, run.filename)
        };
        Ok(self.runtime().submit(task).await?)
    }

    /// A task's output as it comes, then its report, without the output.
    pub async fn follow(
        self: &Arc<Self>,
        task: TaskId,
    ) -> Result<BoxStream<'static, RunEvent>, EngineError> {
        self.runtime().task(task).await?;
        let engine = Arc::clone(self);
        let events = self.runtime().watch(task, 0).filter_map(move |event| {
            let engine = Arc::clone(&engine);
            async move {
                match event.ok()?.entry {
                    Entry::Stdout { bytes, .. } => Some(output(Stream::Stdout, &bytes)),
                    Entry::Stderr { bytes, .. } => Some(output(Stream::Stderr, &bytes)),
                    Entry::Ended { .. } => {
                        let report = engine.report_without_output(task).await.ok()?;
                        Some(RunEvent::Ended(Box::new(report)))
                    }
                    _ => None,
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

/// Pieces are cut at `print`s, not inside a character, unless the program writes bytes itself.
fn output(stream: Stream, bytes: &[u8]) -> RunEvent {
    RunEvent::Output(stream, String::from_utf8_lossy(bytes).into_owned())
}
