//! How long functions take: as the profiles of a trace say, and otherwise medians of its leases by batch size.

use std::collections::BTreeMap;
use std::time::Duration;

use dice_model::{DeviceId, DeviceType, FunctionId};

use super::{Trace, TraceError, TracedCall, TracedFunction, TracedProfile};
use crate::scenario::Latency;

/// By function, by device type.
pub(super) type Profiles = BTreeMap<FunctionId, BTreeMap<DeviceType, Latency>>;

/// Calls that shared a device's hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lease<'a> {
    pub(super) function: &'a FunctionId,
    pub(super) device: &'a DeviceId,
    pub(super) size: u32,
    /// From its grant to the last of its results.
    pub(super) time: Duration,
}

impl Trace {
    pub(super) fn leases(&self) -> impl Iterator<Item = Lease<'_>> {
        let mut leases: BTreeMap<(u64, &DeviceId), Lease<'_>> = BTreeMap::new();
        for call in self.tasks.iter().flat_map(|task| &task.calls) {
            let time = call.held();
            let lease = leases.entry(call.lease()).or_insert(Lease {
                function: &call.function,
                device: &call.device,
                size: 0,
                time,
            });
            lease.size += 1;
            lease.time = lease.time.max(time);
        }
        leases.into_values()
    }

    pub(super) fn kind(&self, device: &DeviceId) -> Result<&DeviceType, TraceError> {
        let mut devices = self.nodes.iter().flat_map(|node| &node.devices);
        let known = devices.find(|at| at.id == *device);
        let kind = known.map(|at| &at.kind);
        kind.ok_or_else(|| TraceError::UnknownDevice(device.clone()))
    }

    pub(super) fn profiles(&self) -> Result<Profiles, TraceError> {
        let mut times: BTreeMap<(&FunctionId, &DeviceType), BTreeMap<u32, Vec<Duration>>> =
            BTreeMap::new();
        for lease in self.leases() {
            if !self.functions.iter().any(|at| at.name == *lease.function) {
                return Err(TraceError::UnknownFunction(lease.function.clone()));
            }
            let key = (lease.function, self.kind(lease.device)?);
            let sizes = times.entry(key).or_default();
            sizes.entry(lease.size).or_default().push(lease.time);
        }
        let mut profiles = Profiles::new();
        for ((function, kind), sizes) in times {
            let latency = Latency {
                load_seconds: Duration::ZERO,
                batches: curve(sizes),
            };
            let of_function = profiles.entry(function.clone()).or_default();
            of_function.insert(kind.clone(), latency);
        }
        if profiles.is_empty() {
            return Err(TraceError::Empty);
        }
        for function in &self.functions {
            if let Some(of_function) = profiles.get_mut(&function.name) {
                of_function.extend(function.latencies());
            }
        }
        Ok(profiles)
    }
}

impl TracedFunction {
    fn latencies(&self) -> impl Iterator<Item = (DeviceType, Latency)> {
        self.profiles
            .iter()
            .map(|profile| (profile.kind.clone(), profile.latency()))
    }
}

impl TracedProfile {
    fn latency(&self) -> Latency {
        let batches = self.batches_ns.iter();
        Latency {
            load_seconds: Duration::from_nanos(self.load_ns),
            batches: batches
                .map(|(size, ns)| (*size, Duration::from_nanos(*ns)))
                .collect(),
        }
    }
}

impl TracedCall {
    pub(super) fn lease(&self) -> (u64, &DeviceId) {
        (self.granted_ns, &self.device)
    }

    fn held(&self) -> Duration {
        Duration::from_nanos(self.ended_ns.saturating_sub(self.granted_ns))
    }
}

/// Medians that never fall as batches grow. If no call ran alone, one is taken to be as long as the
/// smallest batch: it is certainly no longer.
fn curve(sizes: BTreeMap<u32, Vec<Duration>>) -> Vec<(u32, Duration)> {
    let mut curve: Vec<(u32, Duration)> = Vec::new();
    for (size, mut times) in sizes {
        times.sort_unstable();
        let median = times[times.len() / 2].max(Duration::from_nanos(1));
        if curve.is_empty() && size > 1 {
            curve.push((1, median));
        }
        let before = curve.last().map_or(Duration::ZERO, |(_, time)| *time);
        curve.push((size, median.max(before)));
    }
    curve
}
