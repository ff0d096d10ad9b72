//! A pool as it is right now, for whoever looks.

use std::collections::{BTreeMap, HashMap};

use dice_model::{DeviceId, FunctionId, NodeType, PoolName, Timestamp, WorkerId};
use dice_scheduler::{DeviceView, LeaseView, QueueView, TaskCounts};

use super::Dispatcher;

#[derive(Debug, Clone)]
pub struct PoolView {
    pub pool: PoolName,
    /// How many of each type are held.
    pub nodes: BTreeMap<NodeType, usize>,
    pub tasks: TaskCounts,
    pub queues: Vec<QueueView>,
    pub devices: Vec<DeviceView>,
    pub leases: Vec<LeaseView>,
    pub workers: Vec<WorkerView>,
    /// The last failure of each function that has not worked since, with the end of its log.
    pub errors: HashMap<FunctionId, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerView {
    pub worker: WorkerId,
    pub function: FunctionId,
    /// `None`: serves all of the pool's.
    pub device: Option<DeviceId>,
    pub pid: Option<u32>,
    pub state: WorkerState,
    /// When it last said anything; it does at every heartbeat.
    pub heard: Option<Timestamp>,
    /// Resident, of its process, as it says.
    pub memory_bytes: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkerState {
    /// Its process has yet to dial in, or is reconnecting.
    Starting,
    Connected,
    Stopping,
}

impl Dispatcher {
    pub(super) fn view(&self) -> PoolView {
        let mut nodes = BTreeMap::new();
        for node in &self.options.nodes {
            *nodes.entry(node.kind.clone()).or_default() += 1;
        }
        PoolView {
            pool: self.options.name.clone(),
            nodes,
            tasks: self.scheduler.tasks(),
            queues: self.scheduler.queues().collect(),
            devices: self.scheduler.devices().collect(),
            leases: self.scheduler.leases().collect(),
            workers: self.workers.views(),
            errors: self.workers.errors(),
        }
    }
}
