//! What can be set about a scheduler, and what it is rebuilt from after a restart.

use std::collections::BTreeMap;
use std::time::Duration;

use dice_model::{
    FunctionId, FunctionSpec, NodeSpec, NodeType, PricePerHour, TaskId, Tenant, Timestamp,
};

use crate::{IssuedCall, LeaseGrant, PolicyName, Profile, Terms};

#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub policy: PolicyName,
    /// Tasks that run at once (RUNTIME P7).
    pub concurrency: u32,
    /// Calls in one function's queue; further ones wait in their task's own list (SEMANTICS H4).
    pub queue_bound: usize,
    /// Of a call that names none: from grant to result (RUNTIME P5).
    pub execution_deadline: Duration,
    /// After a lease's deadline, until its worker is killed.
    pub grace: Duration,
    /// How long a function with queued calls may go without any grant, cold start included (P5), until
    /// those calls fail. A long queue that moves is not a wait.
    pub waiting_limit: Duration,
    /// A load that takes longer has failed.
    pub load_deadline: Duration,
    /// Loads of a function that fail in a row until its queued calls fail.
    pub load_attempts: u32,
    /// Pause after the first failed load or death of a worker; doubles up to `longest_pause`.
    pub first_pause: Duration,
    pub longest_pause: Duration,
    /// In thousandths: how much longer a pause may be, so that functions that failed together are not all
    /// tried again together. By how much follows from `seed`.
    pub jitter: u32,
    pub seed: u64,
    /// A copy of a model that was not used for this long is unloaded, the last one only when no task is
    /// accepted or running (P5). `None`: they stay.
    pub idle_after: Option<Duration>,
    /// Of functions for which something else holds.
    pub scales: BTreeMap<FunctionId, Scale>,
    /// Second runs of calls of declared-pure functions that take unusually long. `None`: never.
    pub hedge: Option<Hedge>,
    /// What a task without a deadline is granted, when it is weighed against those that have one.
    pub patience: Duration,
    /// Tenants' parts of the devices where they want more than there is; who is not named has 1.
    pub weights: BTreeMap<Tenant, u32>,
    /// Breaks ties between devices that are equally fast; may be empty.
    pub prices: BTreeMap<NodeType, PricePerHour>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            policy: PolicyName::Dice,
            concurrency: 16,
            queue_bound: 1024,
            execution_deadline: Duration::from_secs(600),
            grace: Duration::from_secs(10),
            waiting_limit: Duration::from_secs(1800),
            load_deadline: Duration::from_secs(900),
            load_attempts: 4,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(60),
            jitter: 200,
            seed: 0,
            idle_after: None,
            scales: BTreeMap::new(),
            hedge: None,
            patience: Duration::from_secs(600),
            weights: BTreeMap::new(),
            prices: BTreeMap::new(),
        }
    }
}

/// When calls are run a second time, and how often at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hedge {
    /// In thousandths: a lease that takes longer than so many of those before it is a straggler.
    pub quantile: u32,
    /// In thousandths of all device time: what second runs may take at most.
    pub share: u32,
}

impl Default for Hedge {
    fn default() -> Self {
        Self {
            quantile: 950,
            share: 50,
        }
    }
}

/// On how many devices a function may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Kept on so many, calls or not, as far as memory is free.
    pub least: u32,
    /// Never on more.
    pub most: u32,
    /// Instead of [`Options::idle_after`].
    pub idle_after: Option<Duration>,
}

impl Default for Scale {
    fn default() -> Self {
        Self {
            least: 0,
            most: u32::MAX,
            idle_after: None,
        }
    }
}

/// What journal and workers know after a restart (RUNTIME P2). Models that are still resident are said
/// afterwards, by [`crate::Event::Loaded`], as their workers come back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Restored {
    pub at: Timestamp,
    pub nodes: Vec<NodeSpec>,
    pub functions: Vec<(FunctionSpec, Profile)>,
    /// In the order in which they were accepted.
    pub tasks: Vec<RestoredTask>,
    /// Without an outcome, those under `leases` included.
    pub calls: Vec<IssuedCall>,
    /// Granted and not known to have ended. Their devices stay occupied until results come, or
    /// [`crate::Event::WorkerLost`], or deadline and grace have passed.
    pub leases: Vec<RestoredLease>,
    /// Leases handed out so far: the highest number.
    pub last_lease: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredTask {
    pub task: TaskId,
    pub terms: Terms,
    /// Its program was started, and the caller starts it again itself.
    pub started: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RestoredLease {
    pub grant: LeaseGrant,
    pub granted_at: Timestamp,
}
