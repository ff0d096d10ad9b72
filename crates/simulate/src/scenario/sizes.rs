//! A scenario's figures in the units of the other crates.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use dice_model::{DeviceType, NodeType};
use dice_scheduler::DeviceProfile;

use super::{Device, Function, Latency, Scenario};

pub(crate) const GIB: f64 = (1_u64 << 30) as f64;

fn bytes(gib: f64) -> u64 {
    (gib * GIB).round() as u64
}

impl Function {
    pub(crate) fn memory_bytes(&self) -> u64 {
        bytes(self.memory_gib)
    }

    pub(crate) fn profile(&self, device: &DeviceType) -> Option<DeviceProfile> {
        let Latency {
            load_seconds,
            batches,
        } = self.latency.get(device)?;
        Some(DeviceProfile {
            device: device.clone(),
            load: *load_seconds,
            batches: batches.clone(),
            memory_bytes: None,
        })
    }

    /// The least time that one call takes there, over the sizes of batch that are allowed.
    pub(crate) fn time_per_call(&self, device: &DeviceType) -> Option<Duration> {
        let profile = self.profile(device)?;
        let sizes = 1..=self.max_batch_size;
        let times = sizes.filter_map(|size| Some(profile.batch_time(size)?.div_f64(size.into())));
        times.min()
    }

    /// The least that a call waits for its result, wherever it runs.
    pub(crate) fn latency(&self) -> Duration {
        let batches = self.latency.values().flat_map(|latency| &latency.batches);
        batches.map(|(_, time)| *time).min().unwrap_or_default()
    }
}

impl Latency {
    /// As the scheduler sees it: between sizes linear.
    pub(crate) fn batch_time(&self, size: u32) -> Option<Duration> {
        let profile = DeviceProfile {
            device: DeviceType::from(""),
            load: self.load_seconds,
            batches: self.batches.clone(),
            memory_bytes: None,
        };
        profile.batch_time(size)
    }
}

impl Device {
    pub(crate) fn memory_bytes(&self) -> u64 {
        bytes(self.memory_gib)
    }
}

impl Scenario {
    pub(crate) fn device_types(&self) -> BTreeSet<&DeviceType> {
        let devices = self.nodes.iter().flat_map(|node| &node.devices);
        devices.map(|device| &device.r#type).collect()
    }

    /// What each of its node types has.
    pub(crate) fn offers(&self) -> BTreeMap<NodeType, Vec<DeviceType>> {
        let nodes = self.nodes.iter();
        nodes
            .map(|node| {
                let devices = node.devices.iter();
                let kinds = devices.flat_map(|device| {
                    std::iter::repeat_n(device.r#type.clone(), device.count as usize)
                });
                (node.r#type.clone(), kinds.collect())
            })
            .collect()
    }
}
