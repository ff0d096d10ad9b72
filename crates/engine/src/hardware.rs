//! The fleet as pools: what is rented to run on, and the monolith's node beside it.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use dice_catalog::Catalog;
use dice_cost::{PriceBook, TimeScale, device_prices};
use dice_environments::{Fleet, Machine, Node};
use dice_model::{DeviceId, DeviceType, PoolName, PricePerHour, Timestamp};
use dice_runtime::{DeviceSettings, PoolOptions, Worth};

use crate::Scheduling;
use crate::error::OpenError;

/// The fleets that come with `dice`.
const BUNDLED: &[(&str, &str)] = &[
    ("local-cpu", include_str!("../../../fleets/local-cpu.toml")),
    (
        "paper-a100",
        include_str!("../../../fleets/paper-a100.toml"),
    ),
    (
        "paper-pair",
        include_str!("../../../fleets/paper-pair.toml"),
    ),
    ("wide", include_str!("../../../fleets/wide.toml")),
];

/// A waiting program takes 2.4 MiB of its own (measured, 2 cores, 2026-11); this leaves room for what
/// programs make of their inputs.
const MEMORY_PER_TASK_BYTES: u64 = 16 << 20;

/// A bundled fleet by name, or a file.
pub fn fleet(name: &str) -> Result<Fleet, OpenError> {
    let machine = Machine::here();
    if let Some((_, text)) = BUNDLED.iter().find(|(known, _)| *known == name) {
        return Ok(Fleet::parse(text, Path::new(name), machine)?);
    }
    if !Path::new(name).exists() {
        return Err(OpenError::UnknownFleet {
            name: name.to_owned(),
            known: BUNDLED
                .iter()
                .map(|(known, _)| (*known).to_owned())
                .collect(),
        });
    }
    Ok(Fleet::read(Path::new(name), machine)?)
}

/// The pool that tasks run in unless they say otherwise.
pub(crate) fn pool(fleet: &Fleet, concurrency: u32, scheduling: &Scheduling) -> PoolOptions {
    let mut pool = options(PoolName::default(), &fleet.nodes, concurrency);
    pool.scheduling.policy = scheduling.policy;
    pool.scheduling.weights.clone_from(&scheduling.weights);
    pool.scheduling.hedge = scheduling.hedge;
    pool.scheduling.idle_after = scheduling.idle_after;
    if let Some(deadline) = scheduling.call_deadline {
        pool.scheduling.execution_deadline = deadline;
    }
    pool.scheduling.scales.clone_from(&scheduling.scales);
    pool
}

/// What the use of the fleet's devices costs, at the book's prices: for guesses that have a budget.
pub(crate) fn worth(fleet: &Fleet, prices: &PriceBook, scale: TimeScale) -> Worth {
    let mut devices: HashMap<DeviceId, PricePerHour> = HashMap::new();
    for node in fleet.nodes.iter().chain([&fleet.baseline]) {
        if let Ok(price) = prices.price(&node.spec.kind) {
            let ids = node.spec.devices.iter().map(|device| device.id.clone());
            devices.extend(ids.zip(device_prices(&node.spec, price.price)));
        }
    }
    Worth::new(move |device, time| {
        let ns = u64::try_from(time.as_nanos()).ok()?;
        let stretched = scale.stretch(Timestamp(0), Timestamp(ns));
        let time = stretched.since(Timestamp(0));
        Some(devices.get(device)?.for_duration(time))
    })
}

/// The monolith (RUNTIME M5): one task at a time on one device.
pub(crate) fn baseline(fleet: &Fleet, name: PoolName) -> PoolOptions {
    options(name, std::slice::from_ref(&fleet.baseline), 1)
}

fn options(name: PoolName, nodes: &[Node], concurrency: u32) -> PoolOptions {
    let mut devices = HashMap::new();
    for node in nodes {
        for (spec, device) in node.spec.devices.iter().zip(&node.devices) {
            let settings = DeviceSettings {
                index: device.index,
                threads: device.threads,
            };
            devices.insert(spec.id.clone(), settings);
        }
    }
    PoolOptions {
        name,
        nodes: nodes.iter().map(|node| node.spec.clone()).collect(),
        devices,
        scheduling: dice_scheduler::Options {
            concurrency,
            ..dice_scheduler::Options::default()
        },
    }
}

/// Enough tasks to fill every device's best batch, bounded by memory (RUNTIME P7).
pub(crate) fn default_concurrency(fleet: &Fleet, catalog: &Catalog) -> u32 {
    let devices = devices(fleet);
    let batch = catalog
        .iter()
        .map(|entry| entry.spec.resources.max_batch_size)
        .max()
        .unwrap_or(1);
    let by_memory = Machine::here().memory_bytes / 2 / MEMORY_PER_TASK_BYTES;
    let wanted = devices.saturating_mul(batch).max(devices + 1);
    wanted
        .min(u32::try_from(by_memory).unwrap_or(u32::MAX))
        .max(1)
}

/// That tasks run on, the baseline's apart.
pub(crate) fn devices(fleet: &Fleet) -> u32 {
    let devices: usize = fleet.nodes.iter().map(|node| node.devices.len()).sum();
    u32::try_from(devices).unwrap_or(u32::MAX)
}

/// Of the devices that tasks run on, and of the baseline's.
pub(crate) fn device_types(fleet: &Fleet) -> BTreeSet<DeviceType> {
    let nodes = fleet.nodes.iter().chain([&fleet.baseline]);
    let devices = nodes.flat_map(|node| &node.spec.devices);
    devices.map(|device| device.kind.clone()).collect()
}

/// `2 × a6000-a4000 (4 devices)`
pub(crate) fn describe(nodes: &[Node]) -> String {
    let mut kinds: indexmap::IndexMap<&str, usize> = indexmap::IndexMap::new();
    for node in nodes {
        *kinds.entry(node.spec.kind.0.as_str()).or_default() += 1;
    }
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|(kind, count)| format!("{count} × {kind}"))
        .collect();
    let devices: usize = nodes.iter().map(|node| node.devices.len()).sum();
    let plural = if devices == 1 { "" } else { "s" };
    format!("{} ({devices} device{plural})", kinds.join(" + "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_fleet_can_be_used() {
        for (name, _) in BUNDLED {
            let fleet = fleet(name).expect(name);
            assert_eq!(&fleet.name, name);
            assert_eq!(
                baseline(&fleet, PoolName::new("baseline"))
                    .scheduling
                    .concurrency,
                1
            );
        }
    }

    #[test]
    fn an_unknown_fleet_names_the_known_ones() {
        let error = fleet("nowhere").expect_err("there is none").to_string();
        assert!(error.contains("local-cpu"), "{error}");
    }
}
