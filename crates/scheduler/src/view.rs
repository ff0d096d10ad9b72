//! What can be looked at from outside: for `dice tasks show`, metrics and tests.

use dice_model::{CallRef, DeviceId, FunctionId, LeaseId, Timestamp};

use crate::Scheduler;
use crate::fleet::Model;

/// Where a call is. A call that is not known any more has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallPlace {
    /// Earlier calls of its state have not ended (SEMANTICS H3).
    Blocked,
    /// Its function's queue is full; it waits in its task's own list (H4).
    Held,
    Queued,
    Granted(LeaseId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskCounts {
    /// Accepted, not started.
    pub waiting: usize,
    pub running: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueView {
    pub function: FunctionId,
    pub queued: usize,
    /// In their tasks' own lists, because the queue is full.
    pub held: usize,
    pub granted: usize,
    /// Devices that have the model.
    pub ready: u32,
    /// Devices that are getting it.
    pub loading: u32,
    /// Failed loads and deaths since the last success.
    pub failures: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceView {
    pub device: DeviceId,
    pub memory_bytes: u64,
    /// Counted, which is before it is used (RUNTIME P4).
    pub used_bytes: u64,
    pub lease: Option<LeaseId>,
    pub models: Vec<ModelView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelView {
    pub function: FunctionId,
    pub state: ModelState,
    pub memory_bytes: u64,
}

/// Of a model on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModelState {
    /// Will be loaded when the models that make room are gone; takes no memory yet.
    Planned,
    Loading,
    Ready,
    /// Serves its lease to the end, then goes.
    Leaving,
    Unloading,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseView {
    pub lease: LeaseId,
    pub function: FunctionId,
    pub device: DeviceId,
    /// Still without an outcome.
    pub calls: Vec<CallRef>,
    pub granted_at: Timestamp,
    pub deadline: Timestamp,
}

impl Scheduler {
    /// `None`: it has ended, or was never issued.
    pub fn call(&self, call: CallRef) -> Option<CallPlace> {
        self.calls.get(&call).map(|call| call.place)
    }

    pub fn tasks(&self) -> TaskCounts {
        TaskCounts {
            waiting: self.tasks.waiting(),
            running: self.tasks.running(),
        }
    }

    /// By function, in the order in which they were first offered.
    pub fn queues(&self) -> impl Iterator<Item = QueueView> {
        self.functions.values().map(|function| QueueView {
            function: function.spec.id.clone(),
            queued: function.queue.len(),
            held: function.queue.held(),
            granted: function.granted,
            ready: function.ready,
            loading: function.loading,
            failures: function.failures,
        })
    }

    pub fn devices(&self) -> impl Iterator<Item = DeviceView> {
        self.fleet.devices().map(|(_, device)| DeviceView {
            device: device.id.clone(),
            memory_bytes: device.capacity_bytes,
            used_bytes: device.used_bytes(),
            lease: device.lease,
            models: device
                .models
                .iter()
                .map(|model| self.model_view(model))
                .collect(),
        })
    }

    fn model_view(&self, model: &Model) -> ModelView {
        ModelView {
            function: self.function(model.function).spec.id.clone(),
            state: model.state,
            memory_bytes: model.memory_bytes,
        }
    }

    /// Oldest first.
    pub fn leases(&self) -> impl Iterator<Item = LeaseView> {
        self.leases.iter().map(|(&id, lease)| LeaseView {
            lease: id,
            function: self.function(lease.function).spec.id.clone(),
            device: self.fleet.device(lease.device).id.clone(),
            calls: lease.calls.clone(),
            granted_at: lease.granted_at,
            deadline: lease.deadline,
        })
    }
}
