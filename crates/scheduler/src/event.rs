//! What happens to a scheduler, and what it asks for. Nothing else crosses this border.

use std::time::Duration;

use dice_model::{
    CallFailure, CallRef, DeviceId, Effect, FunctionId, FunctionSpec, LeaseId, NodeId, NodeSpec,
    TaskId, Tenant,
};

/// What happened. Time comes beside it, see [`crate::Scheduler::handle`].
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A node is there; its devices are empty.
    NodeJoined(NodeSpec),
    /// A node is gone, with everything that ran on it.
    NodeLost(NodeId),
    /// A function may be called from now on; said again when its spec or profile changes. With
    /// another version, workers of the old one finish their lease and are unloaded.
    FunctionOffered {
        function: FunctionSpec,
        profile: Profile,
    },
    /// Keep the function on this many devices from now on, calls or not, as far as memory is free and its
    /// [`crate::Scale`] allows; never on fewer than that says.
    FunctionWanted { function: FunctionId, devices: u32 },
    /// It may not be called any more; queued calls fail.
    FunctionWithdrawn(FunctionId),

    /// The answer to [`Action::Load`]; or, unasked, a worker that is there after a restart: adopted.
    Loaded {
        function: FunctionId,
        device: DeviceId,
        memory_bytes: u64,
    },
    /// The other answer. Loading is tried again with back-off, here or elsewhere.
    LoadFailed {
        function: FunctionId,
        device: DeviceId,
    },
    /// The answer to [`Action::Unload`].
    Unloaded {
        function: FunctionId,
        device: DeviceId,
    },
    /// The worker that held this residency died (or was never there), confirmed: its lease ends without
    /// results, and what it held is free. Also the answer to [`Action::Kill`].
    WorkerLost {
        function: FunctionId,
        device: DeviceId,
    },

    /// The worker that holds this residency has grown beyond what it should hold: it finishes its lease, is
    /// unloaded, and loaded anew where it is needed.
    WorkerOutgrown {
        function: FunctionId,
        device: DeviceId,
    },

    /// A durable task waits to start.
    TaskAccepted { task: TaskId, terms: Terms },
    /// It ended, or will never start; its calls are withdrawn.
    TaskEnded { task: TaskId },

    /// Said twice of one call, it counts once. A task that was never accepted is an external one: its
    /// calls run, and it does not count towards `concurrency`.
    CallIssued(IssuedCall),
    /// A guess is none any more: from now on it waits as if it had been none.
    GuessCameTrue { call: CallRef },
    /// Nobody waits for it any more (SEMANTICS A2): forgotten if queued, else cancelled and wasted.
    CallWithdrawn { call: CallRef },

    /// Some results of a lease came in; `last` ends it. Of a lease that has ended already: ignored.
    LeaseResults {
        lease: LeaseId,
        ended: Vec<(CallRef, CallEnd)>,
        last: bool,
    },
    /// Nothing happened but the passing of time: see [`crate::Scheduler::next_wake`].
    Tick,
}

/// What a task is to the scheduler, beside its number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Whose share of the devices it uses.
    pub tenant: Tenant,
    /// From its start; one that was restored as started: from then. Whoever gave it ends the task when it
    /// passes: here it only moves its calls up.
    pub deadline: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct IssuedCall {
    pub call: CallRef,
    pub function: FunctionId,
    /// For its execution, from the grant (RUNTIME P5). `None`: [`crate::Options::execution_deadline`].
    pub deadline: Option<Duration>,
    /// Calls of this task that must have ended before this one is dispatched (SEMANTICS H3): worked
    /// out by [`crate::StateOrder`], which the runtime asks as calls are issued.
    /// Those that have ended, or are unknown, do not count.
    pub after: Vec<CallRef>,
    /// What the journal knows of it from before a restart; [`History::default`] for a new call.
    pub history: History,
    /// Nobody knows yet whether its task makes it (SEMANTICS E3): it waits behind all that are no guess.
    pub guess: bool,
}

/// What a call has been through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct History {
    /// Grants so far.
    pub attempts: u32,
    /// Workers that died with this call alone in their lease (RUNTIME J8).
    pub lone_deaths: u32,
    /// It may not share a lease any more.
    pub alone: bool,
    /// Nobody waits for it any more, but its lease may still run.
    pub withdrawn: bool,
}

/// How a call of a lease ended, as far as scheduling cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallEnd {
    /// It has an outcome: a result, or "function raised".
    Finished,
    /// The batch form returned nothing usable for it: run it alone (RUNTIME J8).
    RunAlone,
}

/// What the caller must do. Actions of one event are in the order in which they must be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Start the task's program: it is within `concurrency` (RUNTIME P7).
    StartTask { task: TaskId },
    /// Bring the function's model into this device's memory; its memory is already counted (P4).
    Load {
        function: FunctionId,
        device: DeviceId,
    },
    /// Free it again.
    Unload {
        function: FunctionId,
        device: DeviceId,
    },
    /// Deliver a batch (P3).
    Grant(LeaseGrant),
    /// End the worker that holds this residency: a lease has passed its deadline and the grace, or a
    /// load takes too long. Answered by [`Event::WorkerLost`]; until then the device is occupied (P3).
    Kill {
        function: FunctionId,
        device: DeviceId,
    },
    /// Stop these calls of a lease where the function allows; the lease still ends by its results.
    Cancel { lease: LeaseId, calls: Vec<CallRef> },
    /// The call ends with this failure: retries are used up, or its deadline passed. A result that
    /// still comes in for it is to be dropped and counted as wasted.
    FailCall { call: CallRef, failure: CallFailure },
    /// A write was granted and its worker died: nobody knows whether it happened (J6). Also said of a
    /// call that was withdrawn, or whose task has ended, while it ran.
    CallUncertain { call: CallRef },
}

#[derive(Debug, Clone, PartialEq)]
pub struct LeaseGrant {
    pub lease: LeaseId,
    pub function: FunctionId,
    pub device: DeviceId,
    /// Each with its attempt: 1, 2…
    pub calls: Vec<(CallRef, u32)>,
    /// From the grant: the longest of its calls'. [`crate::Options::grace`] after it, the worker is
    /// killed.
    pub deadline: Duration,
    /// These calls run under another lease, too, which takes unusually long: the first answer counts, and
    /// [`Action::Cancel`] says so to the other.
    pub hedge: bool,
}

/// How long a function takes, for choosing batches and devices.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    pub devices: Vec<DeviceProfile>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DeviceProfile {
    pub device: dice_model::DeviceType,
    pub load: Duration,
    /// Latency of a whole batch by its size, ascending by size; between sizes: linear.
    pub batches: Vec<(u32, Duration)>,
    /// Held there at most; `None`: as much as the function declares.
    pub memory_bytes: Option<u64>,
}

impl DeviceProfile {
    /// Of a batch of this size: measured, else between measured sizes linear, outside them in
    /// proportion. `None` without any measured size.
    pub fn batch_time(&self, size: u32) -> Option<Duration> {
        crate::function::interpolate(&self.batches, size)
    }
}

impl IssuedCall {
    pub fn new(call: CallRef, function: FunctionId) -> Self {
        Self {
            call,
            function,
            deadline: None,
            after: Vec::new(),
            history: History::default(),
            guess: false,
        }
    }
}

/// Whether two calls of one task and state must keep their order: two reads need not.
pub(crate) const fn keeps_order(earlier: Effect, later: Effect) -> bool {
    matches!(
        (earlier, later),
        (Effect::Write, Effect::Read | Effect::Write) | (Effect::Read, Effect::Write)
    )
}
