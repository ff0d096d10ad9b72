//! One thing that happened in a task.

use bytes::Bytes;
use dice_model::{
    CallRef, DeviceId, Digest, FunctionId, LeaseId, Outcome, TaskEnd, TaskId, Timestamp, Value,
};
use serde::{Deserialize, Serialize};

use crate::record::Resolution;

/// Calls are named by their number in the task ([`CallRef::call`]), which a resumed run keeps for
/// calls with the same key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The program starts; a second one is a replay after a stop or a crash.
    Started { at: Timestamp },
    /// Bytes of the program's output and where they begin in it.
    Stdout {
        at: Timestamp,
        offset: u64,
        bytes: Bytes,
    },
    Stderr {
        at: Timestamp,
        offset: u64,
        bytes: Bytes,
    },
    /// What a clock or the like said, to be said again in a replay (J5).
    Observed { value: Value },
    /// The structured answer; the last one counts.
    Answered { value: Value },
    Issued {
        call: u32,
        function: FunctionId,
        version: Digest,
        /// Of its [`dice_model::CallKey`].
        key: Digest,
        at: Timestamp,
        /// It waits for the result of this equal call instead of being made (E5).
        joined: Option<u32>,
        /// Nobody knew whether the program makes it (E3). It came true if one that is no guess joins it.
        #[serde(default)]
        guess: bool,
        /// For writes: their place among the writes of their state, where a replay must find the same
        /// write again (J5).
        write: Option<WritePlace>,
    },
    /// A lease is granted for it. For a write this is the intent: durable before it is sent (J6).
    Granted {
        call: u32,
        lease: LeaseId,
        device: DeviceId,
        attempt: u32,
        at: Timestamp,
    },
    /// Durable before the program sees it (J1).
    Outcome {
        call: u32,
        recorded: Recorded,
        at: Timestamp,
        /// `None`: no worker was asked.
        execution: Option<Execution>,
        /// It is the result of this equal call of another task, which was remembered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reused: Option<CallRef>,
    },
    /// Lines that the function printed while it executed the call.
    Logged {
        call: u32,
        text: String,
        at: Timestamp,
    },
    /// Nobody waits for it any more (A2).
    Withdrawn { call: u32, at: Timestamp },
    /// A write was sent and its answer is lost (J6).
    Uncertain { call: u32, at: Timestamp },
    /// A person says what became of it; the task goes on.
    Resolved {
        call: u32,
        resolution: Resolution,
        at: Timestamp,
    },
    /// Always the last entry, unless a person resolves an uncertain write.
    Ended { end: TaskEnd, at: Timestamp },
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WritePlace {
    pub state: Option<String>,
    /// Writes to that state before it.
    pub epoch: u32,
}

/// How an outcome is kept: a joined call's is its leader's, and kept once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recorded {
    Own(Outcome),
    SameAs(u32),
}

/// What the lease that made an outcome was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    pub lease: LeaseId,
    pub device: DeviceId,
    pub attempt: u32,
    pub granted: Timestamp,
    /// The whole batch, on the worker's clock.
    pub execute_ns: u64,
}

impl Entry {
    /// The call it is about.
    pub fn call(&self) -> Option<u32> {
        match self {
            Self::Issued { call, .. }
            | Self::Granted { call, .. }
            | Self::Logged { call, .. }
            | Self::Outcome { call, .. }
            | Self::Withdrawn { call, .. }
            | Self::Uncertain { call, .. }
            | Self::Resolved { call, .. } => Some(*call),
            _ => None,
        }
    }

    /// The call's key, where one is said.
    pub(crate) fn key(&self) -> Option<Digest> {
        match self {
            Self::Issued { key, .. } => Some(*key),
            _ => None,
        }
    }

    pub fn call_ref(&self, task: TaskId) -> Option<CallRef> {
        self.call().map(|call| CallRef { task, call })
    }
}
