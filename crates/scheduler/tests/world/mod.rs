//! A fake world for a scheduler: does what it is told, badly when asked to, and checks every action.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use dice_model::{
    CallRef, DeviceId, Digest, Effect, FunctionId, FunctionSpec, LeaseId, NodeId, NodeSpec, TaskId,
    Timestamp,
};
use dice_scheduler::{
    Action, CallEnd, DeviceProfile, Event, IssuedCall, LeaseGrant, Options, Profile, Scheduler,
    StateOrder, Terms,
};

#[path = "../support/specs.rs"]
mod specs;

pub(crate) const BOUND: usize = 4;
pub(crate) const CONCURRENCY: u32 = 3;

/// Name, effect, idempotent, memory, batch.
pub(crate) const FUNCTIONS: [(&str, Effect, bool, u64, u32); 5] = [
    ("detect", Effect::Pure, false, 6, 4),
    ("ask", Effect::Read, false, 5, 1),
    ("book", Effect::Write, false, 3, 1),
    ("pay", Effect::Write, true, 3, 8),
    ("old", Effect::AssumedPure, false, 4, 2),
];

#[derive(Debug, Default)]
pub(crate) struct Fate {
    /// Its program, or its task, does not want it any more.
    pub(crate) dropped: bool,
    pub(crate) ends: u32,
    pub(crate) grants: u32,
    pub(crate) lone_deaths: u32,
    /// Two at most: the second is a hedge.
    pub(crate) open: BTreeSet<LeaseId>,
    pub(crate) after: Vec<CallRef>,
    pub(crate) function: usize,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) scheduler: Scheduler,
    options: Options,
    pub(crate) now: Timestamp,
    pub(crate) fates: BTreeMap<CallRef, Fate>,
    orders: BTreeMap<TaskId, StateOrder>,
    pub(crate) nodes: BTreeMap<NodeId, NodeSpec>,
    /// Models on devices: true once loaded.
    pub(crate) models: BTreeMap<(DeviceId, FunctionId), bool>,
    pub(crate) unloading: BTreeSet<(DeviceId, FunctionId)>,
    pub(crate) leases: BTreeMap<LeaseId, LeaseGrant>,
    pub(crate) running: BTreeSet<TaskId>,
    pub(crate) accepted: u64,
    calls: BTreeMap<TaskId, u32>,
    pub(crate) hedges: usize,
    pub(crate) log: Vec<String>,
}

pub(crate) fn function_id(index: usize) -> FunctionId {
    FunctionId::new(FUNCTIONS[index].0)
}

pub(crate) fn spec(index: usize) -> FunctionSpec {
    let (name, effect, idempotent, memory, batch) = FUNCTIONS[index];
    FunctionSpec {
        version: Digest::of(name.as_bytes()),
        effect,
        idempotent,
        ..specs::batched(name, memory, batch)
    }
}

pub(crate) fn profile() -> Profile {
    let device = |name: &str, milliseconds| DeviceProfile {
        device: dice_model::DeviceType::from(name),
        load: Duration::from_millis(20),
        batches: vec![(1, Duration::from_millis(milliseconds))],
        memory_bytes: None,
    };
    Profile {
        devices: vec![device("fast", 10), device("slow", 30)],
    }
}

pub(crate) fn node(number: usize) -> NodeSpec {
    let kind = if number == 0 { "fast" } else { "slow" };
    specs::node(&format!("n{number}"), kind, 2, 10 + number as u64)
}

impl World {
    pub(crate) fn new(options: Options) -> Self {
        let options = Options {
            concurrency: CONCURRENCY,
            queue_bound: BOUND,
            execution_deadline: Duration::from_secs(5),
            grace: Duration::from_secs(1),
            waiting_limit: Duration::from_secs(60),
            load_deadline: Duration::from_secs(10),
            ..options
        };
        let mut world = Self {
            scheduler: Scheduler::new(options.clone()),
            options,
            now: Timestamp(1_000),
            fates: BTreeMap::new(),
            orders: BTreeMap::new(),
            nodes: BTreeMap::new(),
            models: BTreeMap::new(),
            unloading: BTreeSet::new(),
            leases: BTreeMap::new(),
            running: BTreeSet::new(),
            accepted: 0,
            calls: BTreeMap::new(),
            hedges: 0,
            log: Vec::new(),
        };
        world.join(0);
        for index in 0..FUNCTIONS.len() {
            let (function, profile) = (spec(index), profile());
            world.tell(Event::FunctionOffered { function, profile });
        }
        world
    }

    pub(crate) fn tell(&mut self, event: Event) {
        self.log.push(format!("{} {event:?}", self.now.0));
        self.scheduler.handle(self.now, event);
        let actions: Vec<Action> = self.scheduler.drain_actions().collect();
        let mut killed = Vec::new();
        for action in actions {
            self.log.push(format!("  {action:?}"));
            match action {
                Action::Kill { function, device } => killed.push((device, function)),
                action => self.obey(action),
            }
        }
        self.check_bounds();
        // A worker is seen to be gone after it was told to go.
        for (device, function) in killed {
            self.kill(&device, &function);
        }
    }

    fn obey(&mut self, action: Action) {
        match action {
            Action::StartTask { task } => {
                assert!(self.running.insert(task), "{task} started twice");
            }
            Action::Load { function, device } => self.start_load(function, device),
            Action::Unload { function, device } => {
                self.unloading.insert((device, function));
            }
            Action::Kill { .. } => unreachable!("its end is an event of its own"),
            Action::Grant(grant) => self.start_lease(grant),
            Action::Cancel { lease, calls } => {
                let grant = &self.leases[&lease];
                for call in calls {
                    assert!(grant.calls.iter().any(|(granted, _)| *granted == call));
                }
            }
            Action::FailCall { call, .. } => {
                let fate = self.fates.get_mut(&call).expect("an issued call fails");
                assert!(!fate.dropped, "{call}: nobody wants to know");
                fate.ends += 1;
            }
            Action::CallUncertain { call } => {
                let fate = self
                    .fates
                    .get_mut(&call)
                    .expect("an issued call is in doubt");
                assert_eq!(FUNCTIONS[fate.function].1, Effect::Write);
                assert!(fate.grants > 0, "{call}: never sent, so not in doubt");
                fate.ends += 1;
            }
        }
    }

    /// RUNTIME P4: what is counted never exceeds what there is.
    fn start_load(&mut self, function: FunctionId, device: DeviceId) {
        let before = self.models.insert((device.clone(), function), false);
        assert_eq!(before, None, "loaded twice on {device}");
        let on_it = self.models.keys().filter(|(at, _)| *at == device);
        let used: u64 = on_it.map(|(_, function)| memory(function)).sum();
        let devices = self.nodes.values().flat_map(|node| &node.devices);
        let mut spec = devices.filter(|spec| spec.id == device);
        let capacity = spec.next().expect("the device is there").memory_bytes;
        assert!(used <= capacity, "{device}: {used} of {capacity}");
    }

    fn start_lease(&mut self, grant: LeaseGrant) {
        let place = (grant.device.clone(), grant.function.clone());
        assert_eq!(
            self.models.get(&place),
            Some(&true),
            "{place:?} is not loaded"
        );
        assert!(
            !self.unloading.contains(&place),
            "{place:?} is being unloaded"
        );
        let taken = self
            .leases
            .values()
            .any(|lease| lease.device == grant.device);
        assert!(!taken, "P3: two leases on {}", grant.device);
        let (_, effect, _, _, batch) = by_name(&grant.function);
        let limit = if effect == Effect::Write { 1 } else { batch };
        assert!(
            (1..=limit as usize).contains(&grant.calls.len()),
            "{grant:?}"
        );
        for (call, attempt) in &grant.calls {
            self.check_grant(*call, *attempt, &grant);
        }
        self.hedges += usize::from(grant.hedge);
        self.leases.insert(grant.lease, grant);
    }

    fn check_grant(&mut self, call: CallRef, attempt: u32, grant: &LeaseGrant) {
        let (lease, size, hedge) = (grant.lease, grant.calls.len(), grant.hedge);
        let ended = |other: &CallRef| {
            let other = &self.fates[other];
            (other.ends > 0 || other.dropped) && other.open.is_empty()
        };
        let fate = &self.fates[&call];
        assert!(fate.after.iter().all(ended), "H3: {call} is too early");
        assert!(!fate.dropped && fate.ends == 0, "{call} is over");
        let (_, effect, idempotent, _, _) = FUNCTIONS[fate.function];
        let runs = usize::from(hedge);
        assert_eq!(fate.open.len(), runs, "{call} runs already");
        assert!(!hedge || effect == Effect::Pure, "{call} may not run twice");
        let again = effect.retried_after_dispatch() || idempotent;
        assert!(fate.grants == 0 || again, "{call} may not run twice");
        assert!(fate.lone_deaths < 2, "J8: {call} is poison");
        assert!(
            fate.lone_deaths == 0 || size == 1 || hedge,
            "J8: {call} runs alone"
        );
        let fate = self.fates.get_mut(&call).expect("seen above");
        fate.grants += 1;
        fate.open.insert(lease);
        assert_eq!(attempt, fate.grants);
    }

    fn check_bounds(&self) {
        for queue in self.scheduler.queues() {
            assert!(queue.queued <= BOUND, "{queue:?}");
            assert!(queue.held == 0 || queue.queued == BOUND, "{queue:?}");
        }
        assert!(self.running.len() <= CONCURRENCY as usize);
        for device in self.scheduler.devices() {
            assert!(device.used_bytes <= device.memory_bytes, "{device:?}");
        }
    }

    pub(crate) fn accept(&mut self) {
        self.accepted += 1;
        let task = TaskId(self.accepted);
        self.tell(Event::TaskAccepted {
            task,
            terms: Terms::default(),
        });
    }

    pub(crate) fn issue(&mut self, task: TaskId, function: usize) {
        let number = self.calls.entry(task).or_insert(0);
        let call = CallRef {
            task,
            call: *number,
        };
        *number += 1;
        let order = self.orders.entry(task).or_default();
        let after = order.issue(call, FUNCTIONS[function].1, None).after;
        let fate = Fate {
            after: after.clone(),
            function,
            ..Fate::default()
        };
        self.fates.insert(call, fate);
        self.tell(Event::CallIssued(IssuedCall {
            after,
            ..IssuedCall::new(call, function_id(function))
        }));
    }

    pub(crate) fn withdraw(&mut self, call: CallRef) {
        let fate = self.fates.get_mut(&call).expect("only issued calls");
        fate.dropped = true;
        self.tell(Event::CallWithdrawn { call });
    }

    pub(crate) fn end_task(&mut self, task: TaskId) {
        self.running.remove(&task);
        for (call, fate) in &mut self.fates {
            fate.dropped |= call.task == task;
        }
        self.tell(Event::TaskEnded { task });
    }

    pub(crate) fn join(&mut self, number: usize) {
        let node = node(number);
        self.nodes.insert(node.id.clone(), node.clone());
        self.tell(Event::NodeJoined(node));
    }

    pub(crate) fn lose_node(&mut self, number: usize) {
        let node = node(number);
        self.nodes.remove(&node.id);
        for device in node.devices {
            self.forget_leases(&device.id, None);
            self.models.retain(|(at, _), _| *at != device.id);
            self.unloading.retain(|(at, _)| *at != device.id);
        }
        self.tell(Event::NodeLost(node.id));
    }

    fn forget_leases(&mut self, device: &DeviceId, function: Option<&FunctionId>) {
        let lost = self.leases.extract_if(.., |_, lease| {
            lease.device == *device && function.is_none_or(|f| lease.function == *f)
        });
        for (_, lease) in lost {
            let lone = lease.calls.len() == 1 && function.is_some();
            for (call, _) in lease.calls {
                let fate = self.fates.get_mut(&call).expect("granted calls are issued");
                if fate.open.remove(&lease.lease) {
                    fate.lone_deaths += u32::from(lone);
                }
            }
        }
    }

    pub(crate) fn kill(&mut self, device: &DeviceId, function: &FunctionId) {
        self.forget_leases(device, Some(function));
        let place = (device.clone(), function.clone());
        self.models.remove(&place);
        self.unloading.remove(&place);
        let (device, function) = place;
        self.tell(Event::WorkerLost { function, device });
    }

    pub(crate) fn finish_load(&mut self, place: &(DeviceId, FunctionId), works: bool) {
        let (device, function) = place.clone();
        if works {
            self.models.insert(place.clone(), true);
            let memory_bytes = memory(&function);
            self.tell(Event::Loaded {
                function,
                device,
                memory_bytes,
            });
        } else {
            self.models.remove(place);
            self.unloading.remove(place);
            self.tell(Event::LoadFailed { function, device });
        }
    }

    pub(crate) fn finish_unload(&mut self, place: &(DeviceId, FunctionId)) {
        self.unloading.remove(place);
        self.models.remove(place);
        let (device, function) = place.clone();
        self.tell(Event::Unloaded { function, device });
    }

    /// The first `count` calls come back with this end; the lease is over if they are all.
    pub(crate) fn finish(&mut self, lease: LeaseId, count: usize, end: CallEnd) {
        let grant = self.leases.get_mut(&lease).expect("only open leases");
        let count = count.clamp(1, grant.calls.len());
        let done: Vec<CallRef> = grant.calls.drain(..count).map(|(call, _)| call).collect();
        let last = grant.calls.is_empty();
        if last {
            self.leases.remove(&lease);
        }
        for call in &done {
            let fate = self.fates.get_mut(call).expect("granted calls are issued");
            fate.open.remove(&lease);
            if end == CallEnd::Finished && !fate.dropped && fate.ends == 0 {
                fate.ends += 1;
            }
        }
        let ended = done.into_iter().map(|call| (call, end)).collect();
        self.tell(Event::LeaseResults { lease, ended, last });
    }

    /// Two copies of the first function, and enough calls of it that it is known what is unusual.
    pub(crate) fn warm_up(&mut self) {
        self.tell(Event::FunctionWanted {
            function: function_id(0),
            devices: 2,
        });
        for place in self.models.keys().cloned().collect::<Vec<_>>() {
            self.finish_load(&place, true);
        }
        self.accept();
        let task = TaskId(self.accepted);
        for _ in 0..20 {
            self.issue(task, 0);
            // Less than the profile says, so that none of these is a straggler.
            self.advance(Duration::from_millis(9));
            for lease in self.leases.keys().copied().collect::<Vec<_>>() {
                self.finish(lease, usize::MAX, CallEnd::Finished);
            }
        }
    }

    pub(crate) fn advance(&mut self, time: Duration) {
        self.now = self.now + time;
        self.tell(Event::Tick);
    }

    /// The scheduler dies; a new one is made from what journal and workers know.
    pub(crate) fn restart(&mut self) {
        let mut restored = self.scheduler.snapshot();
        restored
            .leases
            .retain(|lease| self.leases.contains_key(&lease.grant.lease));
        self.scheduler = Scheduler::restore(self.options.clone(), restored);
        let loading = self.models.iter().filter(|(_, ready)| !**ready);
        let loading: Vec<_> = loading.map(|(place, _)| place.clone()).collect();
        for place in loading {
            self.models.remove(&place);
            self.unloading.remove(&place);
        }
        for (device, function) in self.models.keys().cloned().collect::<Vec<_>>() {
            let memory_bytes = memory(&function);
            self.scheduler.handle(
                self.now,
                Event::Loaded {
                    function,
                    device,
                    memory_bytes,
                },
            );
        }
        self.unloading.clear();
        self.tell(Event::Tick);
    }
}

fn by_name(function: &FunctionId) -> (&'static str, Effect, bool, u64, u32) {
    let mut found = FUNCTIONS
        .iter()
        .filter(|known| known.0 == function.as_str());
    *found.next().expect("one of ours")
}

pub(crate) fn memory(function: &FunctionId) -> u64 {
    by_name(function).3
}

/// The story of a failure: only the last one printed, the smallest, matters.
impl Drop for World {
    #[allow(clippy::print_stdout)]
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("what happened:\n{}", self.log.join("\n"));
        }
    }
}
