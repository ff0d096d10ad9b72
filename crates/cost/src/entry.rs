//! The finest grain of a bill: what one node was used for, by which function, for which task.

use std::time::Duration;

use dice_model::{Cost, FunctionId, NodeId, TaskId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub node: NodeId,
    pub purpose: Purpose,
    pub function: Option<FunctionId>,
    pub task: Option<TaskId>,
    pub cost: Cost,
    /// Summed over devices; zero where it is about the whole node.
    pub device_time: Duration,
}

/// What rented time was used for: the lines of the direct view (RUNTIME M2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    Execute,
    Load,
    Wasted,
    Speculation,
    StartUp,
    Idle,
    Rounding,
}

impl Purpose {
    /// As bills print it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Execute => "executing calls",
            Self::Load => "loading models",
            Self::Wasted => "wasted",
            Self::Speculation => "speculation",
            Self::StartUp => "start-up",
            Self::Idle => "idle",
            Self::Rounding => "rounding up to billed time",
        }
    }
}
