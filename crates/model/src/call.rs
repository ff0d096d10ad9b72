//! Calls: their identity and how they end.

use serde::{Deserialize, Serialize};

use crate::{Digest, FunctionId, TaskId, Value};

/// A call by its place in a task's journal. Says who is meant; says nothing about equality: for that
/// see [`CallKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CallRef {
    pub task: TaskId,
    /// Counts the task's calls as they were issued; differs between runs.
    pub call: u32,
}

impl std::fmt::Display for CallRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.task, self.call)
    }
}

/// What makes a call the same call in another run (SEMANTICS E4): journal, replay, idempotency and
/// fault injection go by this and never by a position in issue order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallKey {
    pub function: FunctionId,
    pub version: Digest,
    /// Of the arguments, defaults filled in.
    pub arguments: Digest,
    /// Writes so far, in this task, to the state that the call reads or writes; 0 for pure calls.
    pub state_epoch: u32,
    /// Among the task's calls that are equal in all of the above: 0, 1, 2…
    pub occurrence: u32,
}

impl CallKey {
    pub fn digest(&self) -> Digest {
        let text = format!(
            "{}\n{}\n{}\n{}\n{}",
            self.function, self.version, self.arguments, self.state_epoch, self.occurrence
        );
        Digest::of(text.as_bytes())
    }
}

/// How a call ended: its result, unwrapped (DESIGN §4), or why there is none.
pub type Outcome = Result<Value, CallFailure>;

/// A failure that the program sees as `hermod.CallError` (RUNTIME J7).
///
/// `str()` of the error in Python is function, kind and message, nothing else (SEMANTICS O3), so
/// nothing that differs between runs may go into `message`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{kind}: {message}")]
pub struct CallFailure {
    pub kind: FailureKind,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// Unknown function, or arguments that its schema refuses. Journalled as a result.
    BadArguments,
    /// The function's own code raised. Journalled as a result.
    Raised,
    /// Workers died under it, and it may not be tried (again).
    WorkerLost,
    /// Not finished within the call's deadline.
    Deadline,
}

impl FailureKind {
    pub const fn words(self) -> &'static str {
        match self {
            Self::BadArguments => "bad arguments",
            Self::Raised => "function raised",
            Self::WorkerLost => "worker lost",
            Self::Deadline => "call deadline",
        }
    }
}

impl std::fmt::Display for FailureKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.words())
    }
}

impl CallFailure {
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }
}
