//! What of a use is searched for: where and when it was, and for which tasks.

use dice_model::{LeaseUse, PoolName, TaskId, Timestamp, Usage};

pub(super) fn place(usage: &Usage) -> (Option<&PoolName>, Option<Timestamp>, Option<Timestamp>) {
    match usage {
        Usage::NodeHeld { pool, from, to, .. } | Usage::Leased { pool, from, to, .. } => {
            (Some(pool), Some(*from), Some(*to))
        }
        Usage::Reused { pool, at, .. } => (Some(pool), Some(*at), Some(*at)),
        Usage::LanguageModel { .. } => (None, None, None),
    }
}

/// Is it a lease with calls of one of these tasks? Of no tasks: whatever it is.
pub(super) fn concerns(usage: &Usage, tasks: &[TaskId]) -> bool {
    if tasks.is_empty() {
        return true;
    }
    let purpose = match usage {
        Usage::Leased { purpose, .. } => purpose,
        Usage::Reused { call, .. } => return tasks.contains(&call.task),
        Usage::NodeHeld { .. } | Usage::LanguageModel { .. } => return false,
    };
    match purpose {
        LeaseUse::Execute { calls } | LeaseUse::Wasted { calls } | LeaseUse::Hedged { calls } => {
            calls.iter().any(|call| tasks.contains(&call.task))
        }
        LeaseUse::Load => false,
    }
}
