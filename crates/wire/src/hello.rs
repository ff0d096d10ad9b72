//! The first frame of each connection, and the answer.

use dice_model::{CallRef, Digest, Epoch, FunctionId, LeaseId, TaskId, WorkerId};
use serde::{Deserialize, Serialize};

/// Sent by whoever dials in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hello {
    Hello(HelloBody),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HelloBody {
    pub protocol: u32,
    /// The SDK's version, for messages.
    #[serde(default)]
    pub sdk: String,
    /// Pillow's `major.minor`; another one than the gateway's is refused (RUNTIME V2). Empty: none.
    #[serde(default)]
    pub pillow: String,
    pub role: Role,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Serves one function.
    Worker(WorkerHello),
    /// A program outside the sandbox: becomes a task of kind *external*.
    Client { program: String },
    /// The second stream: blobs up and down, by digest.
    Blobs {},
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkerHello {
    pub function: FunctionId,
    /// Of the function's source, as in the catalog; another one is `Degraded` (RUNTIME C1).
    pub version: Digest,
    /// The catalog entry as this worker's code describes it, to be compared with the catalog's.
    pub description: Digest,
    /// Handed to the process when it was started (`HERMOD_WORKER_TOKEN`); names who started it.
    pub token: String,
    pub pid: u32,
    /// Leases still being executed from before a reconnect.
    #[serde(default)]
    pub running: Vec<LeaseId>,
    /// Calls whose results are kept, not yet acknowledged as durable; re-offered after this (J1).
    #[serde(default)]
    pub unacknowledged: Vec<CallRef>,
}

/// Sent back by the gateway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Welcome {
    Welcome {
        protocol: u32,
        epoch: Epoch,
        /// A peer silent for three of these is taken for dead.
        heartbeat_ms: u64,
        /// For a worker.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        worker: Option<WorkerId>,
        /// For a client.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<TaskId>,
    },
    /// The connection closes after this.
    Refused { reason: String },
}
