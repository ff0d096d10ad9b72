//! What is kept of tasks and batches, and how it is asked for.

use std::time::Duration;

use dice_model::{
    BatchId, Digest, MicroUsd, PoolName, ProgramForm, TaskEnd, TaskId, TaskInput, TaskState,
    Tenant, Timestamp, Value,
};
use serde::{Deserialize, Serialize};

use crate::ProgramLimits;

/// A task to be accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTask {
    pub source: String,
    /// For tracebacks and lists.
    pub filename: String,
    pub form: ProgramForm,
    /// Their blobs must be stored already.
    pub inputs: Vec<TaskInput>,
    pub pool: PoolName,
    /// Whose share of the pool it uses.
    pub tenant: Tenant,
    /// `None`: taken from the program and its inputs, so that equal tasks behave alike.
    pub seed: Option<u64>,
    /// From the start of the program.
    pub deadline: Option<Duration>,
    pub bounds: Bounds,
    pub limits: ProgramLimits,
    /// Equal calls of declared-pure functions are made once (SEMANTICS E5).
    pub reuse: bool,
    /// Its pure calls may get results of equal calls of earlier tasks, and give theirs to later ones.
    pub memo: bool,
}

impl NewTask {
    pub fn new(source: impl Into<String>, filename: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            filename: filename.into(),
            form: ProgramForm::Serial,
            inputs: Vec::new(),
            pool: PoolName::default(),
            tenant: Tenant::default(),
            seed: None,
            deadline: None,
            bounds: Bounds::default(),
            limits: ProgramLimits::default(),
            reuse: true,
            memo: true,
        }
    }
}

/// Many tasks that are accepted together or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBatch {
    /// For people.
    pub label: String,
    /// Of whatever makes two batches the same to who makes them: while one with this digest is
    /// unfinished, making it again gives that one.
    pub digest: Digest,
    pub tasks: Vec<NewTask>,
}

/// What a batch may take and cost as a whole, or a task that is of none. Kept here, enforced by who knows
/// prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bounds {
    pub budget: Option<MicroUsd>,
    /// From the first task's acceptance, at the pace of the fleet: ten times as fast, a tenth of it.
    pub deadline: Option<Duration>,
}

/// Fixed at admission; nothing of it ever changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskSpec {
    pub kind: TaskKind,
    pub filename: String,
    pub form: ProgramForm,
    pub inputs: Vec<TaskInput>,
    pub pool: PoolName,
    #[serde(default)]
    pub tenant: Tenant,
    pub seed: u64,
    pub deadline: Option<Duration>,
    #[serde(default)]
    pub bounds: Bounds,
    pub limits: ProgramLimits,
    pub reuse: bool,
    #[serde(default)]
    pub memo: bool,
    pub batch: Option<BatchId>,
    /// The functions that this task sees, whatever is offered later (RUNTIME J4): a blob.
    pub catalog: Digest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Its source is a blob. Resumed by replay (J5).
    Program { source: Digest },
    /// Runs outside, and cannot be replayed (V3).
    External,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TaskRecord {
    pub id: TaskId,
    pub spec: TaskSpec,
    pub state: TaskState,
    pub end: Option<TaskEnd>,
    /// What `hermod.answer` was given, if it was called.
    pub answer: Option<Value>,
    pub accepted: Timestamp,
    /// Of the first run.
    pub started: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    /// How many it has made so far.
    pub calls: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRecord {
    pub id: BatchId,
    pub label: String,
    pub digest: Digest,
    pub accepted: Timestamp,
    /// In the order in which they were given.
    pub tasks: Vec<TaskId>,
    /// How many of them have ended.
    pub ended: usize,
}

impl BatchRecord {
    pub fn is_finished(&self) -> bool {
        self.ended == self.tasks.len()
    }
}

/// Newest first; every condition given must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TaskFilter {
    pub states: Vec<TaskState>,
    pub batch: Option<BatchId>,
    /// Only tasks older than this one: the last of the page before.
    pub before: Option<TaskId>,
    /// 0: all of them.
    pub limit: usize,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct UsageFilter {
    pub pool: Option<PoolName>,
    /// What ended after this…
    pub from: Option<Timestamp>,
    /// …and began before this.
    pub to: Option<Timestamp>,
    /// Leases with calls of these tasks, and nothing else; empty: everything.
    pub tasks: Vec<TaskId>,
}

/// What became of a write in doubt, as a person found out (J6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// With this result.
    Happened(Value),
    /// It is made again.
    NotHappened,
}
