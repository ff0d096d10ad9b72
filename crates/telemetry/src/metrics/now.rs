//! What is there at the moment of a scrape.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;

use dice_engine::Now;
use dice_model::{FunctionId, Timestamp};
use dice_runtime::{PoolView, WorkerState};
use dice_scheduler::ModelState;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::histograms::seconds;

type Labels = Vec<(&'static str, String)>;
type Number = Gauge<f64, AtomicU64>;

/// One name, its value for each set of labels.
struct Gauges<'a> {
    registry: &'a mut Registry,
}

impl Gauges<'_> {
    fn add(&mut self, name: &str, help: &str, values: impl IntoIterator<Item = (Labels, f64)>) {
        let family: Family<Labels, Number> = Family::default();
        for (labels, value) in values {
            family.get_or_create(&labels).set(value);
        }
        self.registry.register(name, help, family);
    }
}

pub(super) fn register(
    registry: &mut Registry,
    now: &Now,
    waiting_since: &BTreeMap<FunctionId, Timestamp>,
) {
    let mut gauges = Gauges { registry };
    tasks(&mut gauges, &now.pools);
    functions(&mut gauges, &now.pools);
    let waits = waiting_since.iter().map(|(function, since)| {
        let labels = vec![("function", function.to_string())];
        (labels, seconds(*since, now.at))
    });
    let help = "How long the call that has waited longest has waited";
    gauges.add("dice_queue_oldest_seconds", help, waits);
    devices(&mut gauges, &now.pools);
    leases(&mut gauges, now);
    workers(&mut gauges, now);
    rent(&mut gauges, now);
}

fn tasks(gauges: &mut Gauges<'_>, pools: &[PoolView]) {
    let counts = pools.iter().flat_map(|pool| {
        let of = |state: &str, count: usize| (of_pool(pool, &[("state", state)]), count as f64);
        [
            of("waiting", pool.tasks.waiting),
            of("running", pool.tasks.running),
        ]
    });
    let help = "Tasks that have not ended: accepted and waiting, or running";
    gauges.add("dice_tasks", help, counts);
}

fn functions(gauges: &mut Gauges<'_>, pools: &[PoolView]) {
    let queues = || {
        pools
            .iter()
            .flat_map(|pool| pool.queues.iter().map(move |queue| (pool, queue)))
    };
    let calls = queues().flat_map(|(pool, queue)| {
        let of = |place: &str, count: usize| {
            let labels = [("function", queue.function.as_str()), ("place", place)];
            (of_pool(pool, &labels), count as f64)
        };
        [
            of("queued", queue.queued),
            of("held", queue.held),
            of("granted", queue.granted),
        ]
    });
    let help = "Calls that wait in the queue, that wait because it is full, that hold a device";
    gauges.add("dice_queue_calls", help, calls);
    let failures = queues().map(|(pool, queue)| {
        let labels = [("function", queue.function.as_str())];
        (of_pool(pool, &labels), f64::from(queue.failures))
    });
    let help = "Failed loads and deaths since the function last worked";
    gauges.add("dice_function_failures", help, failures);
}

fn devices(gauges: &mut Gauges<'_>, pools: &[PoolView]) {
    let all = || {
        pools
            .iter()
            .flat_map(|pool| pool.devices.iter().map(move |device| (pool, device)))
    };
    let busy = all().map(|(pool, device)| {
        let labels = of_pool(pool, &[("device", &device.device.0)]);
        (labels, f64::from(u8::from(device.lease.is_some())))
    });
    let help = "1: a lease holds the device; 0: idle";
    gauges.add("dice_device_busy", help, busy);
    let memory = all().flat_map(|(pool, device)| {
        let of = |of: &str, bytes: u64| {
            let labels = [("device", device.device.0.as_str()), ("of", of)];
            (of_pool(pool, &labels), bytes as f64)
        };
        [
            of("device", device.memory_bytes),
            of("models", device.used_bytes),
        ]
    });
    let help = "Memory of the device, and of the models counted on it";
    gauges.add("dice_device_memory_bytes", help, memory);
    let mut models: BTreeMap<Labels, f64> = BTreeMap::new();
    for (pool, device) in all() {
        for model in &device.models {
            let labels = [
                ("function", model.function.as_str()),
                ("state", state(model.state)),
            ];
            *models.entry(of_pool(pool, &labels)).or_default() += 1.0;
        }
    }
    let help = "Devices that hold the function's model, by what becomes of it";
    gauges.add("dice_models", help, models);
}

fn leases(gauges: &mut Gauges<'_>, now: &Now) {
    let oldest = now.pools.iter().map(|pool| {
        let oldest = pool.leases.iter().map(|lease| lease.granted_at).min();
        let age = oldest.map_or(0.0, |since| seconds(since, now.at));
        (of_pool(pool, &[]), age)
    });
    let help = "How long the oldest lease is held; 0: there is none";
    gauges.add("dice_lease_oldest_seconds", help, oldest);
}

fn workers(gauges: &mut Gauges<'_>, now: &Now) {
    let mut states: BTreeMap<Labels, f64> = BTreeMap::new();
    let (mut memory, mut silence) = (Vec::new(), Vec::new());
    for pool in &now.pools {
        for worker in &pool.workers {
            let function = ("function", worker.function.as_str());
            let state = match worker.state {
                WorkerState::Starting => "starting",
                WorkerState::Connected => "connected",
                WorkerState::Stopping => "stopping",
            };
            let labels = of_pool(pool, &[function, ("state", state)]);
            *states.entry(labels).or_default() += 1.0;
            let device = worker.device.as_ref();
            let device = device.map_or("all", |device| device.0.as_str());
            let number = worker.worker.to_string();
            let labels = of_pool(pool, &[function, ("device", device), ("worker", &number)]);
            if let Some(bytes) = worker.memory_bytes {
                memory.push((labels.clone(), bytes as f64));
            }
            if let Some(heard) = worker.heard {
                silence.push((labels, seconds(heard, now.at)));
            }
        }
    }
    gauges.add("dice_workers", "Workers' processes, by state", states);
    let help = "Resident memory of the worker's process, as it says at each heartbeat";
    gauges.add("dice_worker_memory_bytes", help, memory);
    let help = "Since the worker was last heard; three heartbeats, and it is taken for dead";
    gauges.add("dice_worker_silence_seconds", help, silence);
}

fn rent(gauges: &mut Gauges<'_>, now: &Now) {
    let rent = now.rents.iter().filter_map(|rent| {
        let labels = vec![
            ("pool", rent.pool.to_string()),
            ("node_type", rent.kind.0.clone()),
        ];
        Some((labels, rent.per_hour?.0 as f64 / 1e6 / 60.0))
    });
    let help = "What the nodes that are held cost, by the price book; none: it has no price";
    gauges.add("dice_rent_dollars_per_minute", help, rent);
}

fn of_pool(pool: &PoolView, more: &[(&'static str, &str)]) -> Labels {
    let pool = ("pool", pool.pool.to_string());
    let more = more.iter().map(|&(name, value)| (name, value.to_owned()));
    std::iter::once(pool).chain(more).collect()
}

fn state(state: ModelState) -> &'static str {
    match state {
        ModelState::Planned => "planned",
        ModelState::Loading => "loading",
        ModelState::Ready => "ready",
        ModelState::Leaving => "leaving",
        ModelState::Unloading => "unloading",
    }
}
