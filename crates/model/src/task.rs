//! Tasks: what goes in and how they end.

use serde::{Deserialize, Serialize};

use crate::Digest;

/// One named input of a task; its bytes are a blob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskInput {
    /// As the program says it: `Image.open("accident_scene.jpg")`.
    pub name: String,
    pub kind: InputKind,
    pub blob: Digest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    Image,
    Text,
    Json,
    Csv,
    Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgramForm {
    /// As generated: each call awaited at once.
    Serial,
    /// As transformed: calls issued early, awaited in place.
    Distributed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Durable, waiting to start.
    Accepted,
    Running,
    Done,
    Failed,
    Cancelled,
    /// A write may or may not have happened: `dice tasks resolve` (RUNTIME J6).
    Uncertain,
}

impl TaskState {
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Accepted | Self::Running)
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Uncertain => "uncertain",
        }
    }
}

/// How a task ended. The first three are the program's own end (SEMANTICS O1); the rest come from
/// outside, and the program cannot catch them (RUNTIME J7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum TaskEnd {
    Normal,
    /// `sys.exit(code)`.
    Exit {
        code: i32,
    },
    /// An exception left the program. `call_failed`: it was a `CallError` of this kind.
    Exception {
        #[serde(rename = "type")]
        kind: String,
        message: String,
        traceback: String,
        call_failed: Option<crate::FailureKind>,
    },
    Cancelled,
    /// The task's own deadline.
    Deadline,
    /// What it or its batch might cost was spent.
    Budget {
        #[serde(default)]
        budget: crate::MicroUsd,
        #[serde(default)]
        spent: crate::MicroUsd,
    },
    MemoryExceeded,
    CpuTimeExceeded,
    /// A write was sent and its answer lost; `call` tells which (RUNTIME J6).
    Uncertain {
        call: u32,
        function: String,
    },
    /// A resumed run asked for other writes, or printed otherwise, than the first (RUNTIME J5).
    ReplayDiverged {
        detail: String,
    },
    /// The interpreter's process died for another reason.
    Crashed {
        detail: String,
    },
}

impl TaskEnd {
    /// How, in a word or two.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Normal => "normally",
            Self::Exit { .. } => "by sys.exit",
            Self::Exception { .. } => "with an exception",
            Self::Cancelled => "cancelled",
            Self::Deadline => "at its deadline",
            Self::Budget { .. } => "at its budget",
            Self::MemoryExceeded => "out of memory",
            Self::CpuTimeExceeded => "out of processor time",
            Self::Uncertain { .. } => "with a write in doubt",
            Self::ReplayDiverged { .. } => "with a replay that diverged",
            Self::Crashed { .. } => "by a crash",
        }
    }

    pub const fn state(&self) -> TaskState {
        match self {
            Self::Normal | Self::Exit { code: 0 } => TaskState::Done,
            Self::Cancelled => TaskState::Cancelled,
            Self::Uncertain { .. } => TaskState::Uncertain,
            _ => TaskState::Failed,
        }
    }
}
