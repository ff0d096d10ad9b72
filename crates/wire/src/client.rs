//! Between the gateway and a program's calls: the same frames from a sandbox and from plain Python.

use dice_model::{CallFailure, FunctionId, Value};
use serde::{Deserialize, Serialize};

/// From a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    /// Issues a call. `id` counts the program's calls: 0, 1, 2… in the order of their issue.
    Call {
        id: u32,
        function: FunctionId,
        arguments: Value,
        /// It is made before it is decided whether the program makes it (SEMANTICS E3).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        guess: Option<Guess>,
    },
    /// Nobody in the program waits for it any more (SEMANTICS A2, H1).
    Cancel {
        id: u32,
    },
    /// The program has ended; calls still open are abandoned.
    Bye {},
    Ping {},
    Pong {},
}

/// Comes true if the program makes an equal call that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Guess {
    /// For all guesses of the task that have not come true.
    #[serde(default)]
    pub budget_micro_usd: Option<u64>,
}

/// To a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToClient {
    /// The call's outcome, durable before it is sent (RUNTIME J1, J2).
    Outcome {
        id: u32,
        outcome: Result<Value, CallFailure>,
        /// Equal calls of this function are made once (SEMANTICS E5): the client need not hold an
        /// equal one back.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        joinable: bool,
    },
    /// The task is over (budget, deadline, cancelled): stop.
    Stop {
        reason: String,
    },
    Ping {},
    Pong {},
}
