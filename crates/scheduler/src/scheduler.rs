//! The state machine: what it holds, and which part of it each event goes to.

use std::collections::{BTreeMap, BTreeSet};

use dice_model::{CallRef, FunctionId, LeaseId, Timestamp};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::calls::Call;
use crate::fleet::{DeviceIndex, Fleet};
use crate::function::{Function, FunctionIndex};
use crate::hedging::HedgeBudget;
use crate::leases::Lease;
use crate::paths::{Follows, Tail};
use crate::policy::Policy;
use crate::tasks::Tasks;
use crate::tenants::Tenants;
use crate::timers::{Timer, Timers};
use crate::{Action, Event, Options};

/// Give it every event that has happened, then [`Scheduler::drain_actions`] and carry them out, then
/// sleep until the next event or [`Scheduler::next_wake`]. Several events may be given before one
/// drain: calls that arrive together then share batches.
#[derive(Debug)]
pub struct Scheduler {
    pub(crate) options: Options,
    pub(crate) policy: Box<dyn Policy>,
    pub(crate) now: Timestamp,
    pub(crate) tasks: Tasks,
    pub(crate) tenants: Tenants,
    /// How long a program's longest chain of calls is.
    pub(crate) whole: Tail,
    /// How much device time a program's calls take.
    pub(crate) whole_work: Follows,
    pub(crate) calls: FxHashMap<CallRef, Call>,
    /// Calls that ever arrived.
    pub(crate) arrivals: u64,
    pub(crate) functions: IndexMap<FunctionId, Function, FxBuildHasher>,
    pub(crate) fleet: Fleet,
    pub(crate) leases: BTreeMap<LeaseId, Lease>,
    /// When they should be over, added up.
    pub(crate) lease_ends: u128,
    pub(crate) last_lease: u64,
    /// Leases that have just turned out to take unusually long.
    pub(crate) stragglers: Vec<LeaseId>,
    pub(crate) hedges: HedgeBudget,
    pub(crate) timers: Timers,
    /// Functions with queued calls.
    pub(crate) hungry: BTreeSet<FunctionIndex>,
    /// Those of them that no device has, or is getting.
    pub(crate) starving: BTreeSet<FunctionIndex>,
    /// Functions whose queue or devices have changed since the last drain.
    pub(crate) dirty: Vec<FunctionIndex>,
    /// Functions that running tasks are likely to call next.
    pub(crate) expected: Vec<FunctionIndex>,
    /// Devices that have become idle since the last drain.
    pub(crate) freed: Vec<DeviceIndex>,
    /// Something has happened since the last drain.
    pub(crate) stirred: bool,
    pub(crate) actions: Vec<Action>,
}

impl Scheduler {
    pub fn new(options: Options) -> Self {
        Self {
            policy: options.policy.policy(options.patience),
            options,
            now: Timestamp::ZERO,
            tasks: Tasks::default(),
            tenants: Tenants::default(),
            whole: Tail::default(),
            whole_work: Follows::default(),
            calls: FxHashMap::default(),
            arrivals: 0,
            functions: IndexMap::default(),
            fleet: Fleet::default(),
            leases: BTreeMap::new(),
            lease_ends: 0,
            last_lease: 0,
            stragglers: Vec::new(),
            hedges: HedgeBudget::default(),
            timers: Timers::default(),
            hungry: BTreeSet::new(),
            starving: BTreeSet::new(),
            dirty: Vec::new(),
            expected: Vec::new(),
            freed: Vec::new(),
            stirred: true,
            actions: Vec::new(),
        }
    }

    /// `now` never runs backwards; an earlier one counts as the latest seen.
    pub fn handle(&mut self, now: Timestamp, event: Event) {
        self.now = self.now.max(now);
        self.stirred = true;
        match event {
            Event::NodeJoined(node) => self.node_joined(node),
            Event::NodeLost(node) => self.node_lost(&node),
            Event::FunctionOffered { function, profile } => {
                self.function_offered(function, profile);
            }
            Event::FunctionWanted { function, devices } => {
                self.function_wanted(&function, devices);
            }
            Event::FunctionWithdrawn(function) => self.function_withdrawn(&function),
            Event::Loaded {
                function,
                device,
                memory_bytes,
            } => self.loaded(&function, &device, memory_bytes),
            Event::LoadFailed { function, device } => self.load_failed(&function, &device),
            Event::Unloaded { function, device } => self.unloaded(&function, &device),
            Event::WorkerLost { function, device } => self.worker_lost(&function, &device),
            Event::WorkerOutgrown { function, device } => self.worker_outgrown(&function, &device),
            Event::TaskAccepted { task, terms } => self.task_accepted(task, terms),
            Event::TaskEnded { task } => self.task_ended(task),
            Event::CallIssued(call) => self.call_issued(call),
            Event::GuessCameTrue { call } => self.guess_came_true(call),
            Event::CallWithdrawn { call } => self.call_withdrawn(call),
            Event::LeaseResults { lease, ended, last } => {
                self.lease_results(lease, &ended, last);
            }
            Event::Tick => {}
        }
        // After the event: a result that came in time counts, even if it is handled late.
        while let Some(timer) = self.timers.due(self.now) {
            self.timer_rang(timer);
        }
    }

    fn timer_rang(&mut self, timer: Timer) {
        match timer {
            Timer::Lease(lease) => self.lease_timer(lease),
            Timer::Hedge(lease) => self.stragglers.push(lease),
            Timer::Load(device, function) => self.load_timer(device, function),
            Timer::Waiting(function) => self.waiting_timer(function),
            Timer::Idle(function) => self.idle_timer(function),
            Timer::Late(function) => self.late_timer(function),
            // Loads and plans are decided at every drain.
            Timer::Retry(_) | Timer::Promise(_) => {}
        }
    }

    /// Decides, and hands out what is to be done, in order.
    pub fn drain_actions(&mut self) -> impl Iterator<Item = Action> {
        if std::mem::take(&mut self.stirred) {
            self.decide();
        }
        self.actions.drain(..)
    }

    fn decide(&mut self) {
        if !self.follow_plan() {
            self.swap_models();
            self.grant_all();
            self.place_models();
        }
        self.place_expected();
        self.hedge_stragglers();
    }

    /// When to say [`Event::Tick`] at the latest, if nothing else happens. Ask after draining.
    pub fn next_wake(&self) -> Option<Timestamp> {
        self.timers.next()
    }

    pub(crate) fn index_of(&self, function: &FunctionId) -> Option<FunctionIndex> {
        let index = self.functions.get_index_of(function)?;
        Some(u32::try_from(index).expect("fewer than 2³² functions"))
    }

    pub(crate) fn function(&self, index: FunctionIndex) -> &Function {
        &self.functions[index as usize]
    }

    pub(crate) fn function_mut(&mut self, index: FunctionIndex) -> &mut Function {
        &mut self.functions[index as usize]
    }

    pub(crate) fn mark_dirty(&mut self, index: FunctionIndex) {
        let function = &mut self.functions[index as usize];
        if !function.dirty {
            function.dirty = true;
            self.dirty.push(index);
        }
    }
}
