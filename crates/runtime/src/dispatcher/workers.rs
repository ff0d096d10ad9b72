//! The pool's worker processes: a real function's serves one device, a simulated one's serves all.

mod arrival;
mod pieces;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use dice_model::{
    CallRef, DeviceId, Digest, Epoch, FunctionId, FunctionSpec, LeaseId, Origin, PoolName,
    Timestamp, WorkerId,
};
use dice_wire::{DeviceGrant, ToWorker};
use tokio::sync::mpsc;

use super::{Pool, Surroundings, WorkerState, WorkerView};
use crate::worker::{Ending, Token, supervise};
use crate::{LaunchRequest, Observers, PoolOptions, WorkerExit};

pub(super) struct Workers {
    pool: PoolName,
    epoch: Epoch,
    last: u64,
    workers: HashMap<WorkerId, Worker>,
    /// Who holds which model on which device.
    residents: HashMap<(FunctionId, DeviceId), WorkerId>,
    /// Whose results are not durable yet.
    offered: HashMap<CallRef, WorkerId>,
    descriptions: HashMap<(FunctionId, Digest), Digest>,
    /// The last thing that went wrong with each function, with the end of its log.
    errors: HashMap<FunctionId, String>,
}

struct Worker {
    function: Arc<FunctionSpec>,
    /// `None`: all of them.
    device: Option<DeviceId>,
    pid: Option<u32>,
    /// To its supervisor; `None`: a worker of an earlier engine, which ends by itself.
    process: Option<mpsc::Sender<Ending>>,
    connection: Option<mpsc::Sender<ToWorker>>,
    connections: u64,
    /// When it last said anything.
    heard: Option<Timestamp>,
    /// Of its process, as it says.
    memory_bytes: Option<u64>,
    residencies: HashMap<DeviceId, Held>,
    /// Granted and not ended, to be sent again if a broken connection lost them.
    granted: HashMap<LeaseId, ToWorker>,
    /// It held more than it should, and the scheduler knows.
    outgrown: bool,
    stopping: bool,
}

struct Held {
    state: Residency,
    grant: DeviceGrant,
}

/// Of a model on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Residency {
    Loading {
        /// When the worker was told; `None`: its process has yet to dial in.
        began: Option<Timestamp>,
        killed: bool,
    },
    Ready,
    Unloading,
}

impl Workers {
    pub(super) fn new(options: &PoolOptions, around: &Surroundings) -> Self {
        Self {
            pool: options.name.clone(),
            epoch: around.epoch,
            last: 0,
            workers: HashMap::new(),
            residents: HashMap::new(),
            offered: HashMap::new(),
            descriptions: HashMap::new(),
            errors: HashMap::new(),
        }
    }

    pub(super) fn expect_description(&mut self, spec: &FunctionSpec, description: Digest) {
        self.descriptions
            .insert((spec.id.clone(), spec.version), description);
    }

    /// Has a worker load the model: one that is there, or a new process.
    pub(super) fn load(
        &mut self,
        function: &Arc<FunctionSpec>,
        grant: DeviceGrant,
        now: Timestamp,
        around: &Surroundings,
        pool: &Pool,
    ) {
        let id = match self.serving_all_devices(function) {
            Some(id) => id,
            None => self.launch(function, &grant, around, pool),
        };
        self.residents
            .insert((function.id.clone(), grant.id.clone()), id);
        let worker = self.workers.get_mut(&id).expect("found or launched");
        let state = Residency::Loading {
            began: None,
            killed: false,
        };
        worker
            .residencies
            .insert(grant.id.clone(), Held { state, grant });
        worker.send_loads(now);
    }

    fn serving_all_devices(&self, function: &FunctionSpec) -> Option<WorkerId> {
        let serves = |worker: &Worker| {
            worker.device.is_none()
                && !worker.stopping
                && worker.function.id == function.id
                && worker.function.version == function.version
        };
        let mut workers = self.workers.iter();
        workers
            .find(|(_, worker)| serves(worker))
            .map(|(&id, _)| id)
    }

    fn launch(
        &mut self,
        function: &Arc<FunctionSpec>,
        grant: &DeviceGrant,
        around: &Surroundings,
        pool: &Pool,
    ) -> WorkerId {
        self.last += 1;
        let id = WorkerId(self.last);
        let device = (function.origin == Origin::Real).then(|| grant.clone());
        let token = Token {
            epoch: self.epoch,
            worker: id,
            pool: self.pool.clone(),
        };
        let request = LaunchRequest {
            pool: self.pool.clone(),
            function: Arc::clone(function),
            token: token.signed(&around.secret),
            log: around
                .logs
                .join(log_name(&self.pool, function, device.as_ref())),
            device: device.clone(),
        };
        let (process, endings) = mpsc::channel(4);
        let launcher = Arc::clone(&around.launcher);
        tokio::spawn(supervise(launcher, request, id, pool.clone(), endings));
        self.workers.insert(
            id,
            Worker {
                function: Arc::clone(function),
                device: device.map(|device| device.id),
                pid: None,
                process: Some(process),
                connection: None,
                connections: 0,
                heard: None,
                memory_bytes: None,
                residencies: HashMap::new(),
                granted: HashMap::new(),
                outgrown: false,
                stopping: false,
            },
        );
        id
    }

    /// Says whether the model is gone at once; a process of its own is gone when it has exited.
    pub(super) fn unload(&mut self, function: &FunctionId, device: &DeviceId) -> bool {
        let key = (function.clone(), device.clone());
        let Some(id) = self.residents.get(&key).copied() else {
            return true;
        };
        let worker = self.workers.get_mut(&id).expect("a resident is a worker");
        if worker.device.is_none() {
            worker.residencies.remove(device);
            self.residents.remove(&key);
            worker.send(ToWorker::Unload {
                device: device.clone(),
            });
            return true;
        }
        if let Some(held) = worker.residencies.get_mut(device) {
            held.state = Residency::Unloading;
        }
        worker.stop(UNLOAD_GRACE);
        false
    }

    /// Says whether there is a process to kill; its exit follows.
    pub(super) fn kill(&mut self, function: &FunctionId, device: &DeviceId) -> bool {
        let key = (function.clone(), device.clone());
        let id = self.residents.get(&key);
        let Some(worker) = id.and_then(|id| self.workers.get_mut(id)) else {
            return false;
        };
        if let Some(held) = worker.residencies.get_mut(device)
            && let Residency::Loading { killed, .. } = &mut held.state
        {
            *killed = true;
        }
        worker.kill();
        true
    }

    pub(super) fn send(&mut self, function: &FunctionId, device: &DeviceId, frame: ToWorker) {
        let id = self.residents.get(&(function.clone(), device.clone()));
        if let Some(worker) = id.and_then(|id| self.workers.get_mut(id)) {
            worker.send(frame);
        }
    }

    pub(super) fn grant(
        &mut self,
        function: &FunctionId,
        device: &DeviceId,
        lease: LeaseId,
        frame: ToWorker,
    ) {
        let id = self.residents.get(&(function.clone(), device.clone()));
        if let Some(worker) = id.and_then(|id| self.workers.get_mut(id)) {
            worker.granted.insert(lease, frame.clone());
            worker.send(frame);
        }
    }

    pub(super) fn released(&mut self, function: &FunctionId, device: &DeviceId, lease: LeaseId) {
        let id = self.residents.get(&(function.clone(), device.clone()));
        if let Some(worker) = id.and_then(|id| self.workers.get_mut(id)) {
            worker.granted.remove(&lease);
        }
    }

    /// These results of the worker are with their tasks, not yet durable.
    pub(super) fn offered(&mut self, worker: WorkerId, calls: &[CallRef]) {
        self.offered
            .extend(calls.iter().map(|&call| (call, worker)));
    }

    pub(super) fn acknowledge(&mut self, calls: Vec<CallRef>) {
        let mut by_worker: HashMap<WorkerId, Vec<CallRef>> = HashMap::new();
        for call in calls {
            if let Some(worker) = self.offered.remove(&call) {
                by_worker.entry(worker).or_default().push(call);
            }
        }
        for (id, calls) in by_worker {
            if let Some(worker) = self.workers.get_mut(&id) {
                worker.send(ToWorker::Ack { calls });
            }
        }
    }

    /// Its function works: what went wrong before is history.
    pub(super) fn worked(&mut self, worker: WorkerId) {
        if let Some(worker) = self.workers.get(&worker) {
            self.errors.remove(&worker.function.id);
        }
    }

    pub(super) fn loaded(
        &mut self,
        worker: WorkerId,
        device: &DeviceId,
    ) -> Option<(FunctionId, Timestamp)> {
        let worker = self.workers.get_mut(&worker)?;
        let held = worker.residencies.get_mut(device)?;
        let Residency::Loading { began, .. } = held.state else {
            return None;
        };
        held.state = Residency::Ready;
        Some((worker.function.id.clone(), began?))
    }

    /// A worker that serves one device and could not load is of no more use.
    pub(super) fn load_failed(
        &mut self,
        worker: WorkerId,
        device: &DeviceId,
        message: String,
    ) -> Option<(FunctionId, Timestamp)> {
        let worker = self.workers.get_mut(&worker)?;
        let function = worker.function.id.clone();
        let Residency::Loading { began, .. } = worker.residencies.remove(device)?.state else {
            return None;
        };
        self.residents.remove(&(function.clone(), device.clone()));
        tracing::warn!(%function, %device, message, "a function could not be loaded");
        self.errors.insert(function.clone(), message);
        if worker.device.is_some() {
            worker.stop(UNLOAD_GRACE);
        }
        Some((function, began?))
    }

    /// It is alive.
    pub(super) fn heard(&mut self, worker: WorkerId, at: Timestamp, memory_bytes: Option<u64>) {
        if let Some(worker) = self.workers.get_mut(&worker) {
            worker.heard = Some(at);
            worker.memory_bytes = memory_bytes.or(worker.memory_bytes);
        }
    }

    /// What a worker of its own has loaded and ready, told once: it is about to be replaced. A simulated one
    /// has many, and holds none of them.
    pub(super) fn outgrown(&mut self, worker: WorkerId) -> Option<(FunctionId, DeviceId)> {
        let worker = self.workers.get_mut(&worker)?;
        let device = worker.device.clone()?;
        let ready = worker.residencies.get(&device)?.state == Residency::Ready;
        if !ready || worker.outgrown || worker.stopping {
            return None;
        }
        worker.outgrown = true;
        Some((worker.function.id.clone(), device))
    }

    pub(super) fn function(&self, worker: WorkerId) -> Option<&FunctionId> {
        Some(&self.workers.get(&worker)?.function.id)
    }

    pub(super) fn launched(&mut self, worker: WorkerId, pid: u32) {
        if let Some(worker) = self.workers.get_mut(&worker) {
            worker.pid = Some(pid);
        }
    }

    /// What it held is free again.
    pub(super) fn exited(
        &mut self,
        id: WorkerId,
        exit: &WorkerExit,
        log: String,
        observers: &Observers,
    ) -> Option<(FunctionId, Vec<(DeviceId, Residency)>)> {
        let worker = self.workers.remove(&id)?;
        self.offered.retain(|_, by| *by != id);
        self.residents.retain(|_, by| *by != id);
        let function = worker.function.id.clone();
        if worker.stopping {
            tracing::debug!(%function, worker = %id, %exit, "a worker has stopped");
        } else {
            tracing::warn!(%function, worker = %id, %exit, log, "a worker died");
            observers.tell(|observer| observer.worker_died(&self.pool, &function));
            self.errors.insert(
                function.clone(),
                format!("the worker ended ({exit}); its log ends:\n{log}"),
            );
        }
        let held = worker.residencies.into_iter();
        Some((function, held.map(|(id, held)| (id, held.state)).collect()))
    }

    pub(super) fn stop_all(&mut self, grace: Duration) {
        self.workers
            .values_mut()
            .for_each(|worker| worker.stop(grace));
    }

    /// Workers of earlier engines do not count: they end by themselves.
    pub(super) fn are_gone(&self) -> bool {
        self.workers.values().all(|worker| worker.process.is_none())
    }

    pub(super) fn views(&self) -> Vec<WorkerView> {
        let mut views: Vec<WorkerView> = self
            .workers
            .iter()
            .map(|(&id, worker)| WorkerView {
                worker: id,
                function: worker.function.id.clone(),
                device: worker.device.clone(),
                pid: worker.pid,
                state: worker.state(),
                heard: worker.heard,
                memory_bytes: worker.memory_bytes,
            })
            .collect();
        views.sort_by_key(|view| view.worker);
        views
    }

    pub(super) fn errors(&self) -> HashMap<FunctionId, String> {
        self.errors.clone()
    }
}

/// For a worker whose model has to go: it has no lease then.
const UNLOAD_GRACE: Duration = Duration::from_secs(5);

impl Worker {
    /// Never waits. A worker that takes nothing any more is as good as dead.
    fn send(&mut self, frame: ToWorker) {
        let Some(connection) = &self.connection else {
            return;
        };
        let frames = match frame {
            ToWorker::Grant(grant) => pieces::pieces(grant)
                .into_iter()
                .map(ToWorker::Grant)
                .collect(),
            frame => vec![frame],
        };
        for frame in frames {
            if let Err(mpsc::error::TrySendError::Full(_)) = connection.try_send(frame) {
                return self.kill();
            }
        }
    }

    fn send_loads(&mut self, now: Timestamp) {
        if self.connection.is_none() {
            return;
        }
        let mut loads = Vec::new();
        for held in self.residencies.values_mut() {
            if let Residency::Loading { began, .. } = &mut held.state
                && began.is_none()
            {
                *began = Some(now);
                loads.push(held.grant.clone());
            }
        }
        for device in loads {
            self.send(ToWorker::Load { device });
        }
    }

    fn stop(&mut self, grace: Duration) {
        self.stopping = true;
        if self.connection.is_none() {
            return self.kill();
        }
        let grace_ms = u64::try_from(grace.as_millis()).unwrap_or(u64::MAX);
        self.send(ToWorker::Stop { grace_ms });
        self.end(Ending::Within(grace));
    }

    fn kill(&mut self) {
        self.end(Ending::Now);
    }

    fn end(&mut self, ending: Ending) {
        if let Some(process) = &self.process {
            // Full: it has been told already. Closed: it is gone.
            let _ = process.try_send(ending);
        }
    }

    fn state(&self) -> WorkerState {
        match (self.stopping, &self.connection) {
            (true, _) => WorkerState::Stopping,
            (false, None) => WorkerState::Starting,
            (false, Some(_)) => WorkerState::Connected,
        }
    }
}

/// One file per function and device, appended to by one process after the other.
fn log_name(pool: &PoolName, function: &FunctionSpec, device: Option<&DeviceGrant>) -> String {
    let device = device.map_or("all", |device| device.id.0.as_str());
    let name = format!("{pool}.{}.{device}.log", function.id);
    name.replace(['/', '\0'], "-")
}
