//! What `programs/steps.py` calls, and what each call may have cost by now.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use dice_model::TaskId;
use dice_runtime::CallRecord;

use crate::support::{Call, Execution, Traces};

/// Of a task: its calls in the order of their numbers.
pub(super) const CALLS: usize = 8;
/// The write that may not be made again.
pub(super) const WRITE: usize = 5;
pub(super) const WRITES: [&str; 4] = ["write", "pay", "count", "count_once"];

/// Half of the tasks write to counters.
pub(super) const fn functions(task: TaskId) -> [&'static str; CALLS] {
    let (once, write) = if counts(task) {
        ("count_once", "count")
    } else {
        ("pay", "write")
    };
    ["pure", "pure", "pure", "read", once, write, "read", "pure"]
}

const fn counts(task: TaskId) -> bool {
    number(task) % 2 == 1
}

/// Inputs are numbered from 0, tasks from 1.
pub(super) const fn number(task: TaskId) -> u64 {
    task.0 - 1
}

pub(super) fn label(task: TaskId, call: usize) -> String {
    format!("{}.{call}", number(task))
}

pub(super) fn call_of(task: TaskId, record: &CallRecord) -> Call {
    let function = record.function.as_str().trim_start_matches("traced_");
    (
        function.to_owned(),
        format!("{}.{}", number(task), record.call),
    )
}

/// What calls gave back, as their functions wrote it down.
pub(super) struct Results {
    executed: HashSet<Call>,
    /// Where the counters stood after the call with this label.
    counted: HashMap<String, usize>,
    counted_once: HashMap<String, usize>,
}

impl Results {
    pub(super) fn of(traces: &Traces) -> Self {
        let counters = |name: &str| {
            let lines = traces.lines(name).into_iter();
            let label = |line: String| line.rsplit(' ').next().unwrap_or_default().to_owned();
            lines.map(label).zip(1..).collect()
        };
        Self {
            executed: traces.all().into_iter().map(|one| one.call).collect(),
            counted: counters(".counted"),
            counted_once: counters(".counted_once"),
        }
    }

    /// As JSON; `None`: it was not executed.
    pub(super) fn get(&self, task: TaskId, call: usize) -> Option<String> {
        let (function, label) = (functions(task)[call], label(task, call));
        match function {
            "count" => self.counted.get(&label).map(ToString::to_string),
            "count_once" => self.counted_once.get(&label).map(ToString::to_string),
            _ => {
                let text = format!("{label:?}");
                self.executed
                    .contains(&(function.to_owned(), label))
                    .then_some(text)
            }
        }
    }
}

/// Kills, and the calls that each may have cost an execution.
#[derive(Debug, Default)]
pub(super) struct Kills {
    pub(super) total: usize,
    /// That came between the intent of a write that the victim had a part in and its acknowledgement.
    pub(super) between: usize,
    workers: BTreeSet<i32>,
    of_engines: BTreeMap<Call, usize>,
}

impl Kills {
    /// Of the worker with this process number.
    pub(super) fn hit_worker(&mut self, process: i32) {
        self.workers.insert(process);
    }

    pub(super) fn was_hit(&self, process: i32) -> bool {
        self.workers.contains(&process)
    }

    /// Of an engine, under these calls.
    pub(super) fn hit_engine(&mut self, open: BTreeSet<Call>) {
        for call in open {
            *self.of_engines.entry(call).or_default() += 1;
        }
    }

    /// How many of them hit each call.
    pub(super) fn hits(&self, executions: &[Execution]) -> BTreeMap<Call, usize> {
        let mut hits = self.of_engines.clone();
        for one in executions.iter().filter(|one| self.was_hit(one.process)) {
            *hits.entry(one.call.clone()).or_default() += 1;
        }
        hits
    }
}
