//! What was used, as the runtime saw it: the ledger's raw material (RUNTIME M2).

use serde::{Deserialize, Serialize};

use crate::{CallRef, DeviceId, FunctionId, LeaseId, NodeId, NodeType, PoolName, Timestamp};

/// One interval, journalled when it ends. Prices come later, in `cost`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "use", rename_all = "snake_case")]
pub enum Usage {
    /// A node was rented, whether or not anything ran on it.
    NodeHeld {
        pool: PoolName,
        node: NodeId,
        kind: NodeType,
        from: Timestamp,
        to: Timestamp,
    },
    /// A lease held a device.
    Leased {
        pool: PoolName,
        node: NodeId,
        device: DeviceId,
        lease: LeaseId,
        function: FunctionId,
        from: Timestamp,
        to: Timestamp,
        purpose: LeaseUse,
    },
    /// A call got the remembered result of an equal call of another task: at no cost.
    Reused {
        pool: PoolName,
        function: FunctionId,
        call: CallRef,
        of: CallRef,
        at: Timestamp,
    },
    /// Tokens of a language model, at a price of its own.
    LanguageModel {
        model: String,
        prompt_tokens: u64,
        answer_tokens: u64,
        micro_usd: Option<i64>,
    },
}

/// What a device was held for. Calls of one batch share it equally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaseUse {
    Execute {
        calls: Vec<CallRef>,
    },
    /// Bringing a model into memory: a line of its own.
    Load,
    /// Results that nobody waited for any more, or that came twice.
    Wasted {
        calls: Vec<CallRef>,
    },
    /// The run of a call that ran twice, because it took unusually long, whose answer came second.
    Hedged {
        calls: Vec<CallRef>,
    },
}
