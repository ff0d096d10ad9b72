//! Tasks and batches for people.

use dice_model::TaskEnd;
use dice_server::api::{Batch, BatchItem, Task};

use super::{bill, duration, elapsed, table, timeline};

/// Failed items are listed up to this many; `--json` has them all.
const FAILURES: usize = 20;

pub(crate) fn task_table(tasks: &[Task]) -> String {
    if tasks.is_empty() {
        return "no tasks yet: `dice run` or `dice ask` makes one".to_owned();
    }
    table(
        &[">TASK", "STATE", "PROGRAM", ">CALLS", ">TIME"],
        tasks.iter().map(|task| {
            vec![
                task.id.to_string(),
                task.state.word().to_owned(),
                task.filename.clone(),
                task.call_count.to_string(),
                duration(elapsed(task)),
            ]
        }),
    )
}

pub(crate) fn task(task: &Task) -> String {
    let ended = task
        .end
        .as_ref()
        .map(|how| format!(": {}", end(task.id, how)))
        .unwrap_or_default();
    let mut parts = vec![format!(
        "task {} ({}) {} after {}{ended}",
        task.id,
        task.filename,
        task.state.word(),
        duration(elapsed(task))
    )];
    if !task.stdout.is_empty() {
        parts.push(task.stdout.trim_end().to_owned());
    }
    parts.push(timeline(task));
    parts.extend(task.bill.as_ref().map(bill));
    parts.extend(task.labels.iter().map(|label| format!("note: {label}")));
    parts.join("\n\n")
}

/// How a task ended, in a line, with what to do where there is something.
pub(crate) fn end(task: u64, how: &TaskEnd) -> String {
    match how {
        TaskEnd::Normal => "ended normally".to_owned(),
        TaskEnd::Exit { code } => format!("exited with status {code}"),
        TaskEnd::Exception { kind, message, .. } => format!("{kind}: {message}"),
        TaskEnd::Cancelled => "cancelled".to_owned(),
        TaskEnd::Deadline => "its deadline passed (--deadline gives it more time)".to_owned(),
        TaskEnd::Budget { budget, spent } => {
            format!(
                "its budget of {budget} is spent: {spent} when it was ended (--budget gives it more)"
            )
        }
        TaskEnd::MemoryExceeded => "the program needed more memory than it may have".to_owned(),
        TaskEnd::CpuTimeExceeded => "the program computed for longer than it may".to_owned(),
        TaskEnd::Uncertain { call, function } => format!(
            "nobody knows whether write {call} ({function}) happened; find out, then \
             `dice tasks resolve {task} --happened RESULT` or `--not-happened`"
        ),
        TaskEnd::ReplayDiverged { detail } => {
            format!("the resumed program did not repeat what it did before: {detail}")
        }
        TaskEnd::Crashed { detail } => format!("the program's process died: {detail}"),
    }
}

/// Each file and what was printed for it.
pub(crate) fn answers(batch: &Batch) -> String {
    let answers = batch.items.iter().map(|item| {
        let file = file_of(item);
        format!("── {file}\n{}", item.stdout)
    });
    answers.collect()
}

fn file_of(item: &BatchItem) -> String {
    let inputs = || item.inputs.join(", ");
    item.file.clone().unwrap_or_else(inputs)
}

pub(crate) fn batch(batch: &Batch) -> String {
    let mut parts = vec![format!(
        "batch {}: {} of {} tasks done, {} failed, {} calls{}",
        batch.id,
        batch.done,
        batch.total,
        batch.failed,
        batch.calls,
        batch
            .elapsed_ns
            .map(|elapsed| format!(", {}", duration(elapsed)))
            .unwrap_or_default()
    )];
    let items = batch.items.iter();
    let failed: Vec<&BatchItem> = items.filter(|item| item.problem.is_some()).collect();
    for item in failed.iter().take(FAILURES) {
        let problem = item.problem.as_deref().unwrap_or_default();
        parts.push(format!("task {} ({}): {problem}", item.task, file_of(item)));
    }
    if failed.len() > FAILURES {
        parts.push(format!(
            "… and {} more failures (--json lists them)",
            failed.len() - FAILURES
        ));
    }
    parts.extend(batch.bill.as_ref().map(bill));
    parts.extend(batch.labels.iter().map(|label| format!("note: {label}")));
    parts.join("\n")
}
