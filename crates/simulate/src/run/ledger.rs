//! Adds up what happens, and keeps the intervals if they are wanted.

use std::time::Duration;

use dice_cost::TaskSpan;
use dice_model::{
    DeviceId, FunctionId, LeaseId, LeaseUse, NodeId, NodeSpec, PoolName, TaskId, Timestamp, Usage,
};
use dice_scheduler::LeaseGrant;
use rustc_hash::FxHashMap;

use crate::outcome::{DeviceOutcome, Outcome};
use crate::scenario::{Detail, Scenario};

#[derive(Debug)]
pub(crate) struct Ledger {
    detail: Detail,
    devices: Vec<Entry>,
    by_id: FxHashMap<DeviceId, usize>,
    nodes: Vec<(NodeSpec, Timestamp)>,
    tasks: u64,
    calls: u64,
    leases: u64,
    work: FxHashMap<FunctionId, f64>,
    usage: Vec<Usage>,
    spans: Vec<TaskSpan>,
}

#[derive(Debug)]
struct Entry {
    node: NodeId,
    sums: DeviceOutcome,
    loads_since: Timestamp,
    leased_since: Timestamp,
}

impl Ledger {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self {
            detail: scenario.detail,
            devices: Vec::new(),
            by_id: FxHashMap::default(),
            nodes: Vec::new(),
            tasks: 0,
            calls: 0,
            leases: 0,
            work: FxHashMap::default(),
            usage: Vec::new(),
            spans: Vec::new(),
        }
    }

    pub(crate) fn joined(&mut self, now: Timestamp, node: &NodeSpec) {
        for device in &node.devices {
            self.by_id.insert(device.id.clone(), self.devices.len());
            self.devices.push(Entry {
                node: node.id.clone(),
                sums: DeviceOutcome::new(device),
                loads_since: now,
                leased_since: now,
            });
        }
        self.nodes.push((node.clone(), now));
    }

    fn entry(&mut self, device: &DeviceId) -> &mut Entry {
        &mut self.devices[self.by_id[device]]
    }

    pub(crate) fn loads(&mut self, now: Timestamp, device: &DeviceId) {
        self.entry(device).loads_since = now;
    }

    pub(crate) fn loaded(&mut self, now: Timestamp, function: &FunctionId, device: &DeviceId) {
        let entry = self.entry(device);
        let from = entry.loads_since;
        entry.sums.load += now - from;
        let node = entry.node.clone();
        if self.detail == Detail::Intervals {
            self.usage.push(Usage::Leased {
                pool: PoolName::default(),
                node,
                device: device.clone(),
                lease: LeaseId(0),
                function: function.clone(),
                from,
                to: now,
                purpose: LeaseUse::Load,
            });
        }
    }

    pub(crate) fn granted(&mut self, now: Timestamp, grant: &LeaseGrant, factors: f64) {
        self.entry(&grant.device).leased_since = now;
        *self.work.entry(grant.function.clone()).or_default() += factors;
    }

    pub(crate) fn executed(&mut self, now: Timestamp, grant: LeaseGrant) {
        let entry = self.entry(&grant.device);
        let from = entry.leased_since;
        entry.sums.execute += now - from;
        let node = entry.node.clone();
        self.leases += 1;
        self.calls += grant.calls.len() as u64;
        if self.detail == Detail::Intervals {
            let calls = grant.calls.into_iter().map(|(call, _)| call).collect();
            self.usage.push(Usage::Leased {
                pool: PoolName::default(),
                node,
                device: grant.device,
                lease: grant.lease,
                function: grant.function,
                from,
                to: now,
                purpose: LeaseUse::Execute { calls },
            });
        }
    }

    /// That have ended.
    pub(crate) const fn tasks(&self) -> u64 {
        self.tasks
    }

    pub(crate) fn task_ended(&mut self, task: TaskId, from: Timestamp, to: Timestamp) {
        self.tasks += 1;
        if self.detail == Detail::Intervals {
            self.spans.push(TaskSpan { task, from, to });
        }
    }

    pub(crate) fn outcome(mut self, end: Timestamp, longest_path: Duration) -> Outcome {
        if self.detail == Detail::Intervals {
            let held = self.nodes.iter().map(|(node, from)| Usage::NodeHeld {
                pool: PoolName::default(),
                node: node.id.clone(),
                kind: node.kind.clone(),
                from: *from,
                to: end,
            });
            self.usage.extend(held);
        }
        let (fleet, joined) = self.nodes.into_iter().unzip();
        Outcome {
            makespan: end - Timestamp::ZERO,
            tasks: self.tasks,
            calls: self.calls,
            leases: self.leases,
            devices: self.devices.into_iter().map(|entry| entry.sums).collect(),
            work: self.work.into_iter().collect(),
            longest_path,
            fleet,
            joined,
            usage: self.usage,
            spans: self.spans,
        }
    }
}
