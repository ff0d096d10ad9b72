//! The engine at this moment.

use dice_engine::Now as Seen;
use dice_runtime::{PoolView, WorkerState};
use dice_scheduler::ModelState;
use serde::{Deserialize, Serialize};

/// Ages are until `at`; money is µ$.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    pub at: u64,
    pub pools: Vec<Pool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    pub name: String,
    pub nodes: Vec<Nodes>,
    pub tasks_waiting: usize,
    pub tasks_running: usize,
    pub functions: Vec<Function>,
    pub devices: Vec<Device>,
    /// Oldest first.
    pub leases: Vec<Lease>,
    pub workers: Vec<Worker>,
}

/// Those of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nodes {
    #[serde(rename = "type")]
    pub kind: String,
    pub count: usize,
    /// Of all of them; `null`: the price book has no price.
    pub micro_usd_per_hour: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    pub name: String,
    pub queued: usize,
    /// In their tasks, because the queue is full.
    pub held: usize,
    pub granted: usize,
    /// Devices that have the model, and that are getting it.
    pub ready: u32,
    pub loading: u32,
    /// Failed loads and deaths since it last worked.
    pub failures: u32,
    /// The last of them, with the end of the worker's log.
    pub error: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub name: String,
    pub memory_bytes: u64,
    /// Counted, which is before it is used.
    pub used_bytes: u64,
    pub lease: Option<u64>,
    pub models: Vec<Model>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    pub function: String,
    /// `planned`, `loading`, `ready`, `leaving` or `unloading`.
    pub state: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    pub lease: u64,
    pub function: String,
    pub device: String,
    /// `TASK.CALL`, without an outcome yet.
    pub calls: Vec<String>,
    pub age_ns: u64,
    /// Until it is cut; negative: it is being cut.
    pub left_ns: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    pub worker: u64,
    pub function: String,
    /// `null`: all of the pool's.
    pub device: Option<String>,
    pub process: Option<u32>,
    /// `starting`, `connected` or `stopping`.
    pub state: String,
    pub silence_ns: Option<u64>,
    pub memory_bytes: Option<u64>,
}

impl From<&Seen> for Now {
    fn from(now: &Seen) -> Self {
        Self {
            at: now.at.0,
            pools: now.pools.iter().map(|pool| of_pool(pool, now)).collect(),
        }
    }
}

fn of_pool(pool: &PoolView, now: &Seen) -> Pool {
    let rents = now.rents.iter().filter(|rent| rent.pool == pool.pool);
    Pool {
        name: pool.pool.to_string(),
        nodes: rents
            .map(|rent| Nodes {
                kind: rent.kind.0.clone(),
                count: rent.nodes,
                micro_usd_per_hour: rent.per_hour.map(|price| price.0),
            })
            .collect(),
        tasks_waiting: pool.tasks.waiting,
        tasks_running: pool.tasks.running,
        functions: functions(pool),
        devices: devices(pool),
        leases: leases(pool, now),
        workers: workers(pool, now),
    }
}

fn functions(pool: &PoolView) -> Vec<Function> {
    let functions = pool.queues.iter().map(|queue| Function {
        name: queue.function.to_string(),
        queued: queue.queued,
        held: queue.held,
        granted: queue.granted,
        ready: queue.ready,
        loading: queue.loading,
        failures: queue.failures,
        error: pool.errors.get(&queue.function).cloned(),
    });
    functions.collect()
}

fn devices(pool: &PoolView) -> Vec<Device> {
    let devices = pool.devices.iter().map(|device| Device {
        name: device.device.0.clone(),
        memory_bytes: device.memory_bytes,
        used_bytes: device.used_bytes,
        lease: device.lease.map(|lease| lease.0),
        models: device
            .models
            .iter()
            .map(|model| Model {
                function: model.function.to_string(),
                state: state(model.state).to_owned(),
            })
            .collect(),
    });
    devices.collect()
}

fn leases(pool: &PoolView, now: &Seen) -> Vec<Lease> {
    let leases = pool.leases.iter().map(|lease| Lease {
        lease: lease.lease.0,
        function: lease.function.to_string(),
        device: lease.device.0.clone(),
        calls: lease
            .calls
            .iter()
            .map(|call| format!("{}.{}", call.task.0, call.call))
            .collect(),
        age_ns: now.at.0.saturating_sub(lease.granted_at.0),
        left_ns: i64::try_from(i128::from(lease.deadline.0) - i128::from(now.at.0))
            .unwrap_or(i64::MAX),
    });
    leases.collect()
}

fn workers(pool: &PoolView, now: &Seen) -> Vec<Worker> {
    let workers = pool.workers.iter().map(|worker| Worker {
        worker: worker.worker.0,
        function: worker.function.to_string(),
        device: worker.device.as_ref().map(|device| device.0.clone()),
        process: worker.pid,
        state: match worker.state {
            WorkerState::Starting => "starting",
            WorkerState::Connected => "connected",
            WorkerState::Stopping => "stopping",
        }
        .to_owned(),
        silence_ns: worker.heard.map(|heard| now.at.0.saturating_sub(heard.0)),
        memory_bytes: worker.memory_bytes,
    });
    workers.collect()
}

const fn state(state: ModelState) -> &'static str {
    match state {
        ModelState::Planned => "planned",
        ModelState::Loading => "loading",
        ModelState::Ready => "ready",
        ModelState::Leaving => "leaving",
        ModelState::Unloading => "unloading",
    }
}
