//! What the scheduler decides about: nodes with devices, and functions that take their time there.

use std::time::Duration;

use dice_model::{
    DeviceId, DeviceSpec, Digest, FunctionId, FunctionSpec, NodeId, NodeSpec, Origin, Resources,
    Timestamp,
};
use dice_scheduler::{DeviceProfile, Event, LeaseGrant, Profile, Scheduler};
use rand::RngExt;
use rustc_hash::FxHashMap;

use super::{Clock, Coming};
use crate::scenario::{Arrivals, Device, Function, Scenario};
use crate::work::{Purpose, stream};

#[derive(Debug)]
pub(crate) struct World<'a> {
    scenario: &'a Scenario,
    nodes: Vec<Node<'a>>,
    functions: FxHashMap<FunctionId, usize>,
    /// By function, then by kind of device.
    times: Vec<Vec<Option<DeviceProfile>>>,
    /// The kind of each device, as a place in such a list.
    devices: FxHashMap<DeviceId, usize>,
}

#[derive(Debug)]
struct Node<'a> {
    spec: NodeSpec,
    start_up: Duration,
    /// Per device, what it holds when it joins.
    holds: Vec<&'a [FunctionId]>,
}

impl<'a> World<'a> {
    pub(crate) fn new(scenario: &'a Scenario) -> Self {
        let kinds: Vec<_> = scenario.device_types().into_iter().collect();
        let nodes = nodes(scenario);
        let devices = nodes.iter().flat_map(|node| &node.spec.devices);
        let kind_of = |device: &DeviceSpec| kinds.iter().position(|kind| **kind == device.kind);
        let functions = scenario.functions.iter();
        Self {
            scenario,
            devices: devices
                .filter_map(|device| Some((device.id.clone(), kind_of(device)?)))
                .collect(),
            nodes,
            times: functions
                .clone()
                .map(|function| kinds.iter().map(|kind| function.profile(kind)).collect())
                .collect(),
            functions: functions.map(|at| at.name.clone()).zip(0..).collect(),
        }
    }

    /// Says which functions there are, and when nodes and tasks come.
    pub(crate) fn begin(&mut self, scheduler: &mut Scheduler, clock: &mut Clock<Coming>) {
        for (index, function) in self.scenario.functions.iter().enumerate() {
            let devices = self.times[index].iter().flatten();
            let devices = devices.cloned().collect();
            let offered = Event::FunctionOffered {
                function: spec(function),
                profile: Profile { devices },
            };
            scheduler.handle(clock.now(), offered);
        }
        for (index, node) in self.nodes.iter().enumerate() {
            clock.at(Timestamp::ZERO + node.start_up, Coming::NodeJoins(index));
        }
        let mut chance = stream(self.scenario.seed, Purpose::Arrivals);
        let mut at = Timestamp::ZERO;
        for (number, task) in (1..).zip(&self.scenario.work.recorded) {
            clock.at(at + task.arrives, Coming::TaskArrives(number));
        }
        let recorded = !self.scenario.work.recorded.is_empty();
        let drawn = if recorded {
            0
        } else {
            self.scenario.work.tasks
        };
        for number in 1..=drawn {
            if let Arrivals::Poisson(rate) = self.scenario.work.arrivals {
                let share: f64 = chance.random_range(f64::MIN_POSITIVE..1.0);
                at = at + Duration::from_secs_f64(-share.ln() / rate);
            }
            clock.at(at, Coming::TaskArrives(number));
        }
    }

    pub(crate) fn join(&self, node: usize, now: Timestamp, scheduler: &mut Scheduler) {
        let Node { spec, holds, .. } = &self.nodes[node];
        scheduler.handle(now, Event::NodeJoined(spec.clone()));
        for (device, held) in spec.devices.iter().zip(holds) {
            for function in *held {
                let loaded = Event::Loaded {
                    function: function.clone(),
                    device: device.id.clone(),
                    memory_bytes: self.memory_bytes(function),
                };
                scheduler.handle(now, loaded);
            }
        }
    }

    pub(crate) fn node(&self, node: usize) -> &NodeSpec {
        &self.nodes[node].spec
    }

    pub(crate) fn function(&self, index: u32) -> &FunctionId {
        &self.scenario.functions[index as usize].name
    }

    pub(crate) fn memory_bytes(&self, function: &FunctionId) -> u64 {
        self.scenario.functions[self.functions[function]].memory_bytes()
    }

    pub(crate) fn load_time(&self, function: &FunctionId, device: &DeviceId) -> Duration {
        self.profile(function, device).load
    }

    /// `factors`: of its calls, added up.
    pub(crate) fn lease_time(&self, grant: &LeaseGrant, factors: f64) -> Duration {
        let size = u32::try_from(grant.calls.len()).expect("a batch fits in u32");
        let profile = self.profile(&grant.function, &grant.device);
        let time = profile.batch_time(size).unwrap_or_default();
        let mean = factors / f64::from(size);
        // Exact where nothing is drawn.
        if mean == 1.0 {
            time
        } else {
            time.mul_f64(mean)
        }
    }

    fn profile(&self, function: &FunctionId, device: &DeviceId) -> &DeviceProfile {
        let of_function = &self.times[self.functions[function]];
        let profile = of_function[self.devices[device]].as_ref();
        profile.expect("the scenario was checked: a time wherever it fits")
    }
}

fn nodes<'a>(scenario: &'a Scenario) -> Vec<Node<'a>> {
    let mut nodes: Vec<Node<'a>> = Vec::new();
    for node in &scenario.nodes {
        let same = nodes.iter().filter(|at| at.spec.kind == node.r#type);
        let before = same.count();
        for number in 0..node.count as usize {
            let name = format!("{}-{}", node.r#type, before + number + 1);
            let copies = |device: &'a Device| std::iter::repeat_n(device, device.count as usize);
            let devices = || node.devices.iter().flat_map(copies);
            nodes.push(Node {
                spec: NodeSpec {
                    id: NodeId(name.clone()),
                    kind: node.r#type.clone(),
                    devices: (1..)
                        .zip(devices())
                        .map(|(slot, device)| DeviceSpec {
                            id: DeviceId(format!("{name}/{slot}")),
                            kind: device.r#type.clone(),
                            memory_bytes: device.memory_bytes(),
                        })
                        .collect(),
                },
                start_up: node.start_up_seconds,
                holds: devices().map(|device| device.holds.as_slice()).collect(),
            });
        }
    }
    nodes
}

fn spec(function: &Function) -> FunctionSpec {
    FunctionSpec {
        id: function.name.clone(),
        version: Digest::of(function.name.as_str().as_bytes()),
        effect: function.effect,
        state: None,
        idempotent: false,
        resources: Resources {
            gpu_memory_bytes: function.memory_bytes(),
            max_batch_size: function.max_batch_size,
            concurrency: 1,
        },
        origin: Origin::Simulated,
    }
}
