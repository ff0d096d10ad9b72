//! Many tasks of one program.

use dice_model::{TaskInput, TaskState, Tenant};
use serde::{Deserialize, Serialize};

use super::Bill;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BatchRequest {
    pub program: String,
    pub filename: String,
    /// The inputs of each task.
    pub tasks: Vec<Vec<TaskInput>>,
    /// Start anew although the same batch is unfinished.
    #[serde(default)]
    pub fresh: bool,
    /// Whose share of the devices its tasks use; absent: everybody's who says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<Tenant>,
    /// That what is rented from the first task's start on may cost; then all tasks are ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_micro_usd: Option<i64>,
    /// From when it is accepted, at the pace of the fleet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<u64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Batch {
    pub id: u64,
    /// It was begun before and is being continued.
    pub resumed: bool,
    pub total: u64,
    pub done: u64,
    pub failed: u64,
    /// Of the failed ones: ended at the budget or a deadline.
    #[serde(default)]
    pub at_limit: u64,
    /// Ended, whichever way.
    pub finished: bool,
    pub items: Vec<BatchItem>,
    /// Absent until it is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill: Option<Bill>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_ns: Option<u64>,
    pub calls: u64,
    pub labels: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BatchItem {
    pub task: u64,
    /// The file that it was about: known to the command that uploaded it, absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The names under which the program reads its inputs.
    pub inputs: Vec<String>,
    pub state: TaskState,
    pub stdout: String,
    /// Why it failed, in a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Its share of the bill, idle time and all (RUNTIME M2, *loaded*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub micro_usd: Option<i64>,
}
