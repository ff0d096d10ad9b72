//! The engine's hardware and functions as a scenario: what a simulation of its work needs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use dice_cost::{BatchTimes, Observed};
use dice_model::{DeviceType, FunctionId, NodeSpec};
use dice_scheduler::DeviceProfile;
use dice_simulate::{Arrivals, Detail, Form, Function, Latency, Node, Scenario, StagedTask, Work};

use crate::Engine;

const GIB: f64 = (1_u64 << 30) as f64;

/// How a simulated pool is set up, beside what it runs.
#[derive(Debug, Clone)]
pub(crate) struct Setting<'a> {
    pub(crate) nodes: &'a [NodeSpec],
    pub(crate) form: Form,
    /// Tasks at once.
    pub(crate) concurrency: u32,
    pub(crate) batching: bool,
}

impl Engine {
    /// Of whole batches, by size up to the largest allowed; empty where the packs' profiles say nothing.
    pub(crate) fn profiled(&self, function: &FunctionId, kind: &DeviceType) -> BatchTimes {
        let Some(profile) = self.device_profile(function, kind) else {
            return BatchTimes::new();
        };
        let entry = self.catalog().get(function.as_str());
        let most = entry.map_or(1, |entry| entry.spec.resources.max_batch_size);
        let times = (1..=most).filter_map(|size| Some((size, profile.batch_time(size)?)));
        times.collect()
    }

    fn device_profile(&self, function: &FunctionId, kind: &DeviceType) -> Option<&DeviceProfile> {
        let devices = &self.profiles().get(function)?.devices;
        devices.iter().find(|profile| &profile.device == kind)
    }

    /// What a batch takes: as the profile has it, or as this run did.
    pub(crate) fn expected(
        &self,
        observed: &Observed,
        function: &FunctionId,
        kind: &DeviceType,
        size: u32,
    ) -> Option<Duration> {
        let latency = self.latency(observed, function, kind)?;
        let profile = DeviceProfile {
            device: kind.clone(),
            load: latency.load_seconds,
            batches: latency.batches,
            memory_bytes: None,
        };
        profile.batch_time(size)
    }

    fn latency(
        &self,
        observed: &Observed,
        function: &FunctionId,
        kind: &DeviceType,
    ) -> Option<Latency> {
        if let Some(profile) = self.device_profile(function, kind) {
            return Some(Latency {
                load_seconds: profile.load,
                batches: profile.batches.clone(),
            });
        }
        let own = observed.own.get(&(function.clone(), kind.clone()))?;
        let (size, time) = own.first_key_value()?;
        let mut batches = own.clone();
        batches.entry(1).or_insert(*time / *size);
        Some(Latency {
            load_seconds: Duration::ZERO,
            batches: batches.into_iter().collect(),
        })
    }

    /// Everything that the tasks call, on these nodes; all models that fit are loaded at the start.
    pub(crate) fn scenario(
        &self,
        observed: &Observed,
        tasks: Vec<StagedTask>,
        setting: &Setting<'_>,
    ) -> Result<Scenario, String> {
        let called = tasks.iter().flat_map(|task| task.stages.iter().flatten());
        let called: BTreeSet<&FunctionId> = called.map(|call| &call.function).collect();
        let devices = setting.nodes.iter().flat_map(|node| &node.devices);
        let kinds: BTreeSet<&DeviceType> = devices.map(|device| &device.kind).collect();
        let functions = called
            .into_iter()
            .map(|id| self.function(observed, id, &kinds, setting));
        let functions = functions.collect::<Result<Vec<_>, _>>()?;
        let scenario = Scenario {
            name: "this work".to_owned(),
            seed: 0,
            policy: self.scheduling().policy,
            concurrency: setting.concurrency.max(1),
            detail: Detail::Sums,
            nodes: setting
                .nodes
                .iter()
                .map(|node| Node::loaded(node, &functions))
                .collect(),
            functions,
            work: Work {
                tasks: tasks.len() as u64,
                form: setting.form,
                program_seconds: Duration::ZERO,
                counts: BTreeMap::new(),
                steps: Vec::new(),
                recorded: tasks
                    .iter()
                    .map(|task| task.recorded(setting.form))
                    .collect(),
                arrivals: Arrivals::Batch,
            },
        };
        scenario.checked().map_err(|error| error.to_string())
    }

    fn function(
        &self,
        observed: &Observed,
        id: &FunctionId,
        kinds: &BTreeSet<&DeviceType>,
        setting: &Setting<'_>,
    ) -> Result<Function, String> {
        let entry = self.catalog().get(id.as_str());
        let spec = &entry
            .ok_or_else(|| format!("{id} is not on offer any more"))?
            .spec;
        let latency = kinds.iter().filter_map(|kind| {
            let latency = self.latency(observed, id, kind)?;
            Some(((*kind).clone(), latency))
        });
        Ok(Function {
            name: id.clone(),
            effect: spec.effect,
            memory_gib: spec.resources.gpu_memory_bytes as f64 / GIB,
            max_batch_size: if setting.batching {
                spec.resources.max_batch_size
            } else {
                1
            },
            spread: 0.0,
            latency: latency.collect(),
        })
    }
}
