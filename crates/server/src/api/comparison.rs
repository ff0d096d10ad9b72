//! The monolith beside the distributed run.

use dice_model::TaskInput;
use serde::{Deserialize, Serialize};

use super::{Problem, Split, Stream, Task};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ComparisonRequest {
    pub serial: String,
    pub distributed: String,
    pub filename: String,
    #[serde(default)]
    pub inputs: Vec<TaskInput>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ComparisonReport {
    /// The serial program on one device that holds all models, one task at a time (RUNTIME M5).
    pub baseline: Side,
    pub distributed: Side,
    /// Same output, same end, same writes (SEMANTICS O1).
    pub equal: bool,
    /// Where they differ first, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
    /// 1 − distributed / baseline; negative if it cost more, absent if a side is not priced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saving: Option<f64>,
    /// Baseline's time over the distributed one's.
    pub speedup: f64,
    /// What each cause saves, from the measured baseline down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// Why there is no `split`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_missing: Option<String>,
    pub labels: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Side {
    pub task: Task,
    /// What ran it: `1 × local-cpu (1 device)`.
    pub hardware: String,
    pub elapsed_ns: u64,
    /// Devices held for calls.
    pub device_ns: u64,
    /// Of `device_ns`: executing calls.
    #[serde(default)]
    pub execute_ns: u64,
    /// Devices rented, used or not.
    #[serde(default)]
    pub rented_ns: u64,
    /// `execute_ns` over `rented_ns`.
    pub utilisation: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ComparisonEvent {
    /// A stage has begun: `baseline` or `distributed`.
    Running {
        stage: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<u64>,
    },
    Output {
        stage: String,
        stream: Stream,
        text: String,
    },
    Compared(Box<ComparisonReport>),
    Failed(Problem),
}
