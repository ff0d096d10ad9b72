//! A batch as it really ran, to be replayed on other hardware: `dice cost --trace` writes one.

mod profile;
mod recorded;

use std::time::Duration;

use dice_model::{DeviceType, Effect, FunctionId, NodeSpec};
use dice_scheduler::PolicyName;
use serde::{Deserialize, Serialize};

use self::profile::Profiles;
use crate::scenario::{
    Arrivals, Detail, Device, Form, Function, Node, Scenario, ScenarioError, Work,
};

/// The form of the file; another number means that it cannot be read.
const VERSION: u32 = 1;

/// What was recorded, in the times of the hardware that it stands for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    pub version: u32,
    pub name: String,
    /// What in it is simulated or assumed, in words.
    pub labels: Vec<String>,
    /// Tasks that ran at once.
    pub concurrency: u32,
    pub nodes: Vec<TracedNode>,
    pub functions: Vec<TracedFunction>,
    pub tasks: Vec<TracedTask>,
}

/// One node that it ran on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedNode {
    #[serde(rename = "type")]
    pub kind: dice_model::NodeType,
    pub devices: Vec<TracedDevice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedDevice {
    pub id: dice_model::DeviceId,
    #[serde(rename = "type")]
    pub kind: DeviceType,
    pub memory_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedFunction {
    pub name: FunctionId,
    pub effect: Effect,
    pub memory_bytes: u64,
    pub max_batch_size: u32,
    /// How long it takes by type of device, as far as that was known: also of devices that it did not run on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<TracedProfile>,
}

/// Of whole batches, by size, the smallest first; between sizes linear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedProfile {
    #[serde(rename = "type")]
    pub kind: DeviceType,
    pub load_ns: u64,
    pub batches_ns: Vec<(u32, u64)>,
}

/// Times are nanoseconds since the batch was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedTask {
    pub accepted_ns: u64,
    pub started_ns: u64,
    pub ended_ns: u64,
    pub calls: Vec<TracedCall>,
}

/// A call that ran; one whose result came from elsewhere is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedCall {
    pub function: FunctionId,
    pub issued_ns: u64,
    /// Calls with the same of these two shared a batch.
    pub granted_ns: u64,
    pub device: dice_model::DeviceId,
    pub ended_ns: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    #[error("trace: {0}")]
    Json(#[from] serde_json::Error),
    #[error("trace: it is of version {0}, and this is for version {VERSION}")]
    Version(u32),
    #[error("trace: no call in it has run")]
    Empty,
    #[error("trace: a call ran on {0}, which none of its nodes has")]
    UnknownDevice(dice_model::DeviceId),
    #[error("trace: {0} is called, and not among its functions")]
    UnknownFunction(FunctionId),
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
}

/// What is to be another way than it was.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// Nodes in place of the recorded ones.
    pub nodes: Option<Vec<Node>>,
    pub policy: Option<PolicyName>,
    pub concurrency: Option<u32>,
    /// Times on devices that the trace has not seen; they win over what it has.
    pub functions: Vec<Function>,
    /// Calls take what profiles say, whatever their leases took: what is left of the record is what the
    /// programs did. For validation.
    pub by_profile: bool,
}

impl Trace {
    pub const VERSION: u32 = VERSION;

    pub fn parse(text: &str) -> Result<Self, TraceError> {
        let trace: Self = serde_json::from_str(text)?;
        if trace.version != VERSION {
            return Err(TraceError::Version(trace.version));
        }
        Ok(trace)
    }

    /// From when the first task was accepted until the last one ended.
    pub fn makespan(&self) -> Duration {
        let ends = self.tasks.iter().map(|task| task.ended_ns);
        Duration::from_nanos(ends.max().unwrap_or(0))
    }

    /// That devices were held by calls, all of them together.
    pub fn device_time(&self) -> Duration {
        self.leases().map(|lease| lease.time).sum()
    }

    /// Nodes with as many of the models as fit loaded: all but the recorded ones are taken so.
    pub fn loaded(&self, nodes: &[NodeSpec]) -> Result<Vec<Node>, TraceError> {
        let functions = self.scenario_functions(&self.profiles()?, &[]);
        let nodes = nodes.iter().map(|node| Node::loaded(node, &functions));
        Ok(nodes.collect())
    }

    fn scenario_functions(&self, profiles: &Profiles, others: &[Function]) -> Vec<Function> {
        let called = self
            .functions
            .iter()
            .filter(|function| profiles.contains_key(&function.name));
        let functions = called.map(|function| {
            let mut latency = profiles[&function.name].clone();
            if let Some(other) = others.iter().find(|other| other.name == function.name) {
                latency.extend(other.latency.clone());
            }
            Function {
                name: function.name.clone(),
                effect: function.effect,
                memory_gib: gib(function.memory_bytes),
                max_batch_size: function.max_batch_size.max(1),
                spread: 0.0,
                latency,
            }
        });
        functions.collect()
    }

    /// The same tasks, on the same nodes but for these changes.
    pub fn scenario(&self, changes: &Changes) -> Result<Scenario, TraceError> {
        let profiles = self.profiles()?;
        let recorded = self.recorded(&profiles, changes.by_profile)?;
        let scenario = Scenario {
            name: self.name.clone(),
            seed: 0,
            policy: changes.policy.unwrap_or_default(),
            concurrency: changes.concurrency.unwrap_or(self.concurrency).max(1),
            detail: Detail::Sums,
            functions: self.scenario_functions(&profiles, &changes.functions),
            nodes: match &changes.nodes {
                Some(nodes) => nodes.clone(),
                None => self.nodes.iter().map(|node| node.scenario(self)).collect(),
            },
            work: Work {
                tasks: recorded.len() as u64,
                form: Form::Distributed,
                program_seconds: Duration::ZERO,
                counts: std::collections::BTreeMap::new(),
                steps: Vec::new(),
                arrivals: Arrivals::Batch,
                recorded,
            },
        };
        scenario.check()?;
        Ok(scenario)
    }
}

impl TracedNode {
    /// Loaded with what ran there: loads are not in a trace.
    fn scenario(&self, trace: &Trace) -> Node {
        let calls = || trace.tasks.iter().flat_map(|task| &task.calls);
        let devices = self.devices.iter().map(|device| {
            let mut holds: Vec<FunctionId> = calls()
                .filter(|call| call.device == device.id)
                .map(|call| call.function.clone())
                .collect();
            holds.sort();
            holds.dedup();
            Device {
                r#type: device.kind.clone(),
                count: 1,
                memory_gib: gib(device.memory_bytes),
                holds,
            }
        });
        Node {
            r#type: self.kind.clone(),
            count: 1,
            start_up_seconds: Duration::ZERO,
            devices: devices.collect(),
        }
    }
}

fn gib(bytes: u64) -> f64 {
    bytes as f64 / crate::scenario::GIB
}
