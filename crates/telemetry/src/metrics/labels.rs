//! What numbers are told apart by. Nothing here may have many values: no task, no call.

use dice_model::{DeviceId, FunctionId, PoolName};
use prometheus_client::encoding::EncodeLabelSet;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfFunction {
    function: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Ended {
    function: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct TaskEnded {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Leased {
    function: String,
    device: String,
    purpose: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfWorkers {
    pool: String,
    function: String,
}

impl OfFunction {
    pub(super) fn new(function: &FunctionId) -> Self {
        let function = function.to_string();
        Self { function }
    }
}

impl Ended {
    pub(super) fn new(function: &FunctionId, outcome: &'static str) -> Self {
        let function = function.to_string();
        Self { function, outcome }
    }
}

impl TaskEnded {
    pub(super) const fn new(state: &'static str) -> Self {
        Self { state }
    }
}

impl Leased {
    pub(super) fn new(function: &FunctionId, device: &DeviceId, purpose: &'static str) -> Self {
        Self {
            function: function.to_string(),
            device: device.0.clone(),
            purpose,
        }
    }
}

impl OfWorkers {
    pub(super) fn new(pool: &PoolName, function: &FunctionId) -> Self {
        Self {
            pool: pool.0.clone(),
            function: function.to_string(),
        }
    }
}
