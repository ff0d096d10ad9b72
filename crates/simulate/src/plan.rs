//! What a scenario's work needs, for planning; and a plan as a scenario, to see whether it holds.

use std::collections::BTreeMap;
use std::time::Duration;

use dice_cost::{FunctionTimes, Plan, PlannedFunction, PlannedNode, PriceBook, Workload};
use dice_model::{DeviceType, FunctionId};

use crate::scenario::{Device, Function, Latency, Node, Scenario};
use crate::work::Tasks;

/// Tasks that are looked at; more are taken to be like them.
const MOST_TASKS: u64 = 2_000;
const GIB: f64 = (1_u64 << 30) as f64;

impl Scenario {
    /// Its nodes do not count.
    pub fn workload(&self) -> Workload {
        let tasks = Tasks::new(self);
        let looked_at = self.work.tasks.min(MOST_TASKS);
        let mut calls: BTreeMap<u32, f64> = BTreeMap::new();
        let mut longest_path = Duration::ZERO;
        for number in 1..=looked_at {
            let task = tasks.task(number);
            longest_path = longest_path.max(tasks.shortest_time(&task));
            for (place, function) in (0..).zip(&task.calls) {
                *calls.entry(*function).or_default() += task.factor(place);
            }
        }
        let scale = self.work.tasks as f64 / looked_at.max(1) as f64;
        let functions = (0..).zip(&self.functions).filter_map(|(index, function)| {
            let calls = calls.get(&index)? * scale;
            Some(PlannedFunction {
                name: function.name.clone(),
                calls,
                memory_bytes: function.memory_bytes(),
                times: times(function),
            })
        });
        Workload {
            functions: functions.collect(),
            longest_path,
        }
    }

    /// The same work on the plan's nodes, its functions where the plan has them.
    #[must_use]
    pub fn on(&self, plan: &Plan, prices: &PriceBook) -> Self {
        let mut scenario = self.clone();
        let nodes = plan.nodes.iter();
        scenario.nodes = nodes.map(|planned| node(planned, prices)).collect();
        let batches = plan.nodes.iter().flat_map(|node| &node.devices);
        let largest: BTreeMap<&FunctionId, u32> = batches
            .flat_map(|device| &device.resident)
            .map(|resident| (&resident.function, resident.batch_size))
            .fold(BTreeMap::new(), |mut largest, (function, size)| {
                let known = largest.entry(function).or_default();
                *known = size.max(*known);
                largest
            });
        // Enough tasks that every device has its batches and the next ones wait.
        let devices: usize = plan.nodes.iter().map(|node| node.devices.len()).sum();
        let batch = largest.values().max().copied().unwrap_or(1) as usize;
        let enough = u32::try_from(devices * batch * 2).unwrap_or(u32::MAX);
        scenario.concurrency = scenario.concurrency.max(enough);
        scenario
    }
}

fn times(function: &Function) -> BTreeMap<DeviceType, FunctionTimes> {
    let times = function.latency.iter().filter_map(|(kind, latency)| {
        let Latency { load_seconds, .. } = latency;
        let profile = function.profile(kind)?;
        let sizes = 1..=function.max_batch_size;
        let batches = sizes.filter_map(|size| Some((size, profile.batch_time(size)?)));
        let times = FunctionTimes {
            load: *load_seconds,
            batches: batches.collect(),
        };
        Some((kind.clone(), times))
    });
    times.collect()
}

fn node(planned: &PlannedNode, prices: &PriceBook) -> Node {
    let price = prices.price(&planned.kind).ok();
    let offered = price
        .map(|price| price.devices.as_slice())
        .unwrap_or_default();
    let devices = planned
        .devices
        .iter()
        .zip(offered)
        .map(|(device, offered)| Device {
            r#type: device.kind.clone(),
            count: 1,
            memory_gib: offered.memory_bytes as f64 / GIB,
            holds: Vec::new(),
        });
    Node {
        r#type: planned.kind.clone(),
        count: 1,
        start_up_seconds: price.map_or(Duration::ZERO, |price| price.start_up),
        devices: devices.collect(),
    }
}
