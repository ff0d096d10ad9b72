//! Functions and nodes as the tests, the yardstick and the benches need them.
#![allow(dead_code)] // Each of them uses a part.

use dice_model::{
    DeviceId, DeviceSpec, Digest, Effect, FunctionId, FunctionSpec, NodeId, NodeSpec, Origin,
    Resources,
};

/// A declared-pure function that takes one call at a time.
pub(crate) fn function(name: &str, memory: u64) -> FunctionSpec {
    FunctionSpec {
        id: FunctionId::new(name),
        version: Digest::of(b"1"),
        effect: Effect::Pure,
        state: None,
        idempotent: false,
        resources: Resources {
            gpu_memory_bytes: memory,
            max_batch_size: 1,
            concurrency: 1,
        },
        origin: Origin::Simulated,
    }
}

pub(crate) fn batched(name: &str, memory: u64, batch: u32) -> FunctionSpec {
    let mut function = function(name, memory);
    function.resources.max_batch_size = batch;
    function
}

/// Its devices are `NAME/0`, `NAME/1`…, of its own kind.
pub(crate) fn node(name: &str, kind: &str, devices: usize, memory_bytes: u64) -> NodeSpec {
    let device = |slot| DeviceSpec {
        id: DeviceId(format!("{name}/{slot}")),
        kind: kind.into(),
        memory_bytes,
    };
    NodeSpec {
        id: NodeId(name.into()),
        kind: kind.into(),
        devices: (0..devices).map(device).collect(),
    }
}
