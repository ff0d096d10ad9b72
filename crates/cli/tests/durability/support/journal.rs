//! What is durable in a data folder, read by a runtime that runs nothing.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use dice_model::{TaskId, Usage};
use dice_runtime::{
    CallRecord, CallState, Entry, Handle, JournalPlace, LaunchError, LaunchRequest, LaunchedWorker,
    Launcher, Options, ProgramError, Programs, RunRequest, RunningProgram, Runtime, TaskFilter,
    TaskRecord, UsageFilter,
};
use futures::StreamExt as _;
use futures::future::BoxFuture;

pub struct Journal {
    /// Oldest first.
    pub tasks: Vec<Task>,
    pub usage: Vec<Usage>,
}

pub struct Task {
    pub record: TaskRecord,
    /// In the order of their issue.
    pub calls: Vec<CallRecord>,
    /// Empty until it has ended.
    pub stdout: String,
}

impl Journal {
    /// Of a folder without an engine; it is left as it is.
    pub fn of(data: &Path) -> Self {
        Self::but(data, &JournalPlace::Folder, &HashSet::new())
    }

    /// Without these tasks. A journal in a database is taken over from the engine that had it.
    pub fn but(data: &Path, place: &JournalPlace, skipped: &HashSet<TaskId>) -> Self {
        let copy = tempfile::tempdir().unwrap();
        for name in ["journal.sqlite", "journal.sqlite-wal", "secret"] {
            let _ = std::fs::copy(data.join(name), copy.path().join(name));
        }
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            // Nothing is offered, so no task goes on.
            let mut options = Options::new(copy.path());
            options.journal = place.clone();
            let started = Runtime::start(options, Arc::new(Nothing), Arc::new(Nothing)).await;
            Self::read(&started.unwrap(), skipped).await
        })
    }

    async fn read(handle: &Handle, skipped: &HashSet<TaskId>) -> Self {
        let mut tasks = Vec::new();
        let records = handle.tasks(TaskFilter::default()).await.unwrap();
        let looked_at = |record: &TaskRecord| !skipped.contains(&record.id);
        for record in records.into_iter().filter(looked_at) {
            tasks.push(Task {
                calls: handle.calls(record.id).await.unwrap(),
                stdout: stdout(handle, &record).await,
                record,
            });
        }
        tasks.reverse();
        let usage = handle.usage(UsageFilter::default()).await.unwrap();
        Self { tasks, usage }
    }

    pub fn ended(&self) -> usize {
        let ended = |task: &&Task| task.record.state.is_terminal();
        self.tasks.iter().filter(ended).count()
    }
}

async fn stdout(handle: &Handle, task: &TaskRecord) -> String {
    let mut text = Vec::new();
    if task.state.is_terminal() {
        let mut events = std::pin::pin!(handle.watch(task.id, 1));
        while let Some(event) = events.next().await {
            if let Entry::Stdout { offset, bytes, .. } = event.unwrap().entry {
                assert_eq!(offset, text.len() as u64, "output is kept once");
                text.extend_from_slice(&bytes);
            }
        }
    }
    String::from_utf8(text).unwrap()
}

/// It has a result, or raised: made once, and never again.
pub fn is_durable(call: &CallRecord) -> bool {
    let ended = matches!(call.state, CallState::Succeeded | CallState::Failed(_));
    ended && call.shared.is_none()
}

struct Nothing;

impl Programs for Nothing {
    fn run(&self, _: RunRequest) -> BoxFuture<'static, Result<RunningProgram, ProgramError>> {
        Box::pin(async { Err(ProgramError::new("nothing is run here")) })
    }
}

impl Launcher for Nothing {
    fn launch(&self, _: LaunchRequest) -> BoxFuture<'static, Result<LaunchedWorker, LaunchError>> {
        Box::pin(async { Err(LaunchError::new("nothing is run here")) })
    }
}
