//! Each step of tasks and calls as a log line, with their numbers and no contents (RUNTIME D1).

use dice_model::{TaskEnd, TaskId, Timestamp};
use dice_runtime::{Entry, Observer, Recorded, TaskSpec};

/// Tasks at `info`, calls at `debug`, calls that fail at `info`.
#[derive(Debug, Default)]
pub struct Log;

impl Observer for Log {
    fn task_accepted(&self, task: TaskId, spec: &TaskSpec, _at: Timestamp) {
        let (program, pool) = (&spec.filename, &spec.pool);
        tracing::info!(task = task.0, program, %pool, "task accepted");
    }

    fn happened(&self, task: TaskId, entry: &Entry) {
        let task = task.0;
        match entry {
            Entry::Started { .. } => tracing::info!(task, "task started"),
            Entry::Ended { end, .. } => ended(task, end),
            Entry::Issued {
                call,
                function,
                joined,
                ..
            } => tracing::debug!(task, call, %function, joined, "call issued"),
            Entry::Granted {
                call,
                lease,
                device,
                attempt,
                ..
            } => tracing::debug!(
                task,
                call,
                lease = lease.0,
                device = device.0,
                attempt,
                "call granted"
            ),
            Entry::Outcome {
                call,
                recorded: Recorded::Own(Err(failure)),
                ..
            } => tracing::info!(task, call, failure = %failure.kind, "call failed"),
            Entry::Outcome {
                call, execution, ..
            } => {
                let execute_ns = execution.as_ref().map(|execution| execution.execute_ns);
                tracing::debug!(task, call, execute_ns, "call answered");
            }
            Entry::Withdrawn { call, .. } => tracing::debug!(task, call, "call withdrawn"),
            Entry::Uncertain { call, .. } => tracing::warn!(task, call, "a write is in doubt"),
            Entry::Resolved { call, .. } => tracing::info!(task, call, "a write was resolved"),
            _ => {}
        }
    }
}

fn ended(task: u64, end: &TaskEnd) {
    let state = end.state().word();
    tracing::info!(task, state, how = end.word(), "task ended");
}
