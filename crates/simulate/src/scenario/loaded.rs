//! Nodes that begin with models in memory.

use std::time::Duration;

use dice_model::{FunctionId, NodeSpec};

use super::sizes::GIB;
use super::{Device, Function, Node};

impl Node {
    /// There from the start, with as many models loaded as fit.
    pub fn loaded(node: &NodeSpec, functions: &[Function]) -> Self {
        let devices = node.devices.iter().enumerate().map(|(place, device)| {
            let memory_gib = device.memory_bytes as f64 / GIB;
            Device {
                r#type: device.kind.clone(),
                count: 1,
                memory_gib,
                holds: fitting(functions, place, memory_gib),
            }
        });
        Self {
            r#type: node.kind.clone(),
            count: 1,
            start_up_seconds: Duration::ZERO,
            devices: devices.collect(),
        }
    }
}

/// Where not all fit, each device begins with another one.
fn fitting(functions: &[Function], place: usize, memory_gib: f64) -> Vec<FunctionId> {
    let mut left = memory_gib;
    let mut held = Vec::new();
    for function in functions.iter().cycle().skip(place).take(functions.len()) {
        if function.memory_gib <= left {
            left -= function.memory_gib;
            held.push(function.name.clone());
        }
    }
    held
}
