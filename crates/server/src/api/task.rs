//! Tasks and their calls.

use dice_model::{Digest, ProgramForm, TaskEnd, TaskInput, TaskState, Tenant};
use serde::{Deserialize, Serialize};

use super::{Bill, Problem};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskRequest {
    pub program: String,
    /// For tracebacks.
    pub filename: String,
    #[serde(default)]
    pub inputs: Vec<TaskInput>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<u64>,
    /// That what is rented while it runs may cost; then it is ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_micro_usd: Option<i64>,
    /// Whose share of the devices it uses; absent: everybody's who says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<Tenant>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    pub id: u64,
    pub state: TaskState,
    pub filename: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u64>,
    /// The blob of its source; absent: it runs outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Digest>,
    #[serde(default = "distributed")]
    pub form: ProgramForm,
    #[serde(default)]
    pub inputs: Vec<TaskInput>,
    /// How it ended; absent while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<TaskEnd>,
    pub accepted_at: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<u64>,
    pub stdout: String,
    pub stderr: String,
    /// What `hermod.answer` was given (RUNTIME V4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<serde_json::Value>,
    pub call_count: u64,
    /// In the order of their issue; empty in lists.
    pub calls: Vec<CallSpan>,
    /// Absent until it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill: Option<Bill>,
    /// What is simulated, recorded, assumed or estimated in it, in words.
    pub labels: Vec<String>,
}

/// What an engine runs that does not say.
const fn distributed() -> ProgramForm {
    ProgramForm::Distributed
}

/// What calls of a task gave the program.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskResults {
    pub task: u64,
    pub results: Vec<CallResult>,
    /// Ask again with `?after=` this for later calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
}

/// Either `result` or `problem` is there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallResult {
    pub call: u32,
    pub function: String,
    /// That it was executed under; absent: no worker was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<u64>,
    /// The whole batch, on the worker's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execute_ns: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// One call on the timeline.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallSpan {
    pub call: u32,
    pub function: String,
    pub issued_offset_ns: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted_offset_ns: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_offset_ns: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    pub attempt: u32,
    /// `ok`, `failed`, `withdrawn`, `shared` (an equal call's result), `reused` (that of an equal call of
    /// another task), `open`.
    pub outcome: String,
    /// Nobody waited for its result any more.
    pub wasted: bool,
}

/// What functions printed while they executed the task's calls, in order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskLogs {
    pub task: u64,
    /// What its program wrote to stderr; empty while it runs.
    pub stderr: String,
    pub calls: Vec<CallLog>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallLog {
    pub call: u32,
    pub function: String,
    pub at: u64,
    /// Whole lines.
    pub text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskList {
    pub tasks: Vec<Task>,
    /// Ask again with `?before=` this for older ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    Stdout,
    Stderr,
}

/// A task as it happens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum TaskEvent {
    Output {
        stream: Stream,
        text: String,
    },
    /// Its `stdout` and `stderr` are empty: they have come before.
    Ended(Box<Task>),
    /// Nothing more can be told; the task goes on.
    Failed(Problem),
}

/// What is known of an uncertain write (RUNTIME J6).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ResolveRequest {
    Happened { result: serde_json::Value },
    NotHappened {},
}
