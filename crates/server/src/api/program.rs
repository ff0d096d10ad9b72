//! From a sentence to programs.

use dice_model::TaskInput;
use serde::{Deserialize, Serialize};

use super::{ComparisonReport, Problem, Stream, Task};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GenerateRequest {
    pub query: String,
    #[serde(default)]
    pub inputs: Vec<TaskInput>,
}

/// A serial program and where it came from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Generated {
    pub program: String,
    /// `model answer` or `recorded answer`.
    pub origin: String,
    /// The model that wrote it, or the recording's file.
    pub author: String,
    /// Answers that it took: 1 and the repair rounds.
    pub rounds: u32,
    pub prompt_tokens: u64,
    pub answer_tokens: u64,
    pub micro_usd: Option<i64>,
    /// Warnings that did not stop it.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Diagnostic {
    pub severity: String,
    pub code: String,
    pub line: u32,
    pub column: u32,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ParallelizeRequest {
    pub program: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Distributed {
    pub program: String,
    pub changed: bool,
    pub decisions: Vec<Decision>,
}

/// Why something was moved or kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Decision {
    pub line: u32,
    /// `moved` or `kept`.
    pub what: String,
    /// The rule of `docs/contract.md` that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AskRequest {
    pub query: String,
    #[serde(default)]
    pub inputs: Vec<TaskInput>,
    /// Run the baseline too.
    #[serde(default)]
    pub compare: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<u64>,
    /// That what is rented while it runs may cost; then it is ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_micro_usd: Option<i64>,
}

/// The whole way, as it happens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum AskEvent {
    Functions {
        functions: Vec<String>,
    },
    Serial(Generated),
    Distributed(Distributed),
    /// A stage of the run has begun: `baseline` or `distributed`.
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
    Answered(Box<Task>),
    Failed(Problem),
}
