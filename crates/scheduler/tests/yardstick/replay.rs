//! Lets a real scheduler work on an instance, in virtual time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use dice_model::{CallRef, DeviceId, FunctionId, NodeSpec, TaskId, Timestamp};
use dice_scheduler::{
    Action, CallEnd, DeviceProfile, Event, IssuedCall, Options, PolicyName, Profile, Scheduler,
};

use crate::instance::Instance;

#[path = "../support/specs.rs"]
mod specs;

struct Replay<'a> {
    instance: &'a Instance,
    scheduler: Scheduler,
    now: u64,
    /// What comes when; the number keeps them apart.
    coming: BTreeSet<(u64, u64)>,
    events: Vec<Event>,
    open: usize,
    /// Each call that ends is followed by another one of its function, of a younger task.
    flood: bool,
    issued: u32,
    /// The functions of results to come, by their number among events.
    served: BTreeMap<u64, usize>,
    /// The oldest call has been granted.
    oldest_granted: bool,
}

const MILLISECOND: u64 = 1_000_000;

/// When all calls have ended.
#[allow(dead_code)]
pub(crate) fn makespan(instance: &Instance, policy: PolicyName) -> u64 {
    let mut replay = Replay::new(instance, policy);
    replay.begin(&instance.calls);
    while replay.open > 0 {
        replay.step();
    }
    replay.now
}

/// When the oldest call, of the first function, is granted, while all others go on without end.
#[allow(dead_code)]
pub(crate) fn waits_in_a_flood(instance: &Instance, policy: PolicyName) -> u64 {
    let mut replay = Replay::new(instance, policy);
    replay.flood = true;
    let others = instance.functions.len().max(2) - 1;
    let flood = (0..6 * others).map(|number| (number % others + 1) % instance.functions.len());
    let calls: Vec<usize> = [0].into_iter().chain(flood).collect();
    replay.begin(&calls);
    while !replay.oldest_granted {
        replay.step();
    }
    replay.now
}

fn number(name: &str) -> usize {
    name.parse().expect("named by number")
}

impl<'a> Replay<'a> {
    fn new(instance: &'a Instance, policy: PolicyName) -> Self {
        Self {
            instance,
            scheduler: Scheduler::new(Options {
                policy,
                ..Options::default()
            }),
            now: 0,
            coming: BTreeSet::new(),
            events: Vec::new(),
            open: instance.calls.len(),
            flood: false,
            issued: 0,
            served: BTreeMap::new(),
            oldest_granted: false,
        }
    }

    fn tell(&mut self, event: Event) {
        self.scheduler
            .handle(Timestamp(self.now * MILLISECOND), event);
    }

    fn later(&mut self, milliseconds: u64, event: Event) {
        self.coming
            .insert((self.now + milliseconds, self.events.len() as u64));
        self.events.push(event);
    }

    fn begin(&mut self, calls: &[usize]) {
        for device in 0..self.instance.devices.len() {
            self.tell(Event::NodeJoined(self.node(device)));
        }
        for function in 0..self.instance.functions.len() {
            self.tell(self.offer(function));
        }
        for (device, spec) in self.instance.devices.iter().enumerate() {
            for &function in &spec.warm {
                self.tell(Event::Loaded {
                    function: FunctionId::new(function.to_string()),
                    device: DeviceId(device.to_string()),
                    memory_bytes: self.instance.functions[function].memory,
                });
            }
        }
        for &function in calls {
            self.issue(function);
        }
        self.obey();
    }

    fn issue(&mut self, function: usize) {
        let call = self.issued;
        self.issued += 1;
        // Two calls to a task, so that there are several.
        let call = CallRef {
            task: TaskId(u64::from(call / 2)),
            call,
        };
        let function = FunctionId::new(function.to_string());
        self.tell(Event::CallIssued(IssuedCall::new(call, function)));
    }

    fn node(&self, device: usize) -> NodeSpec {
        let (name, memory) = (device.to_string(), self.instance.devices[device].memory);
        let mut node = specs::node(&name, &name, 1, memory);
        node.devices[0].id = DeviceId(name);
        node
    }

    fn offer(&self, index: usize) -> Event {
        let function = &self.instance.functions[index];
        let device = |device: usize| DeviceProfile {
            device: device.to_string().as_str().into(),
            load: Duration::from_millis(function.load[device]),
            batches: (1..)
                .zip(&function.batch[device])
                .map(|(size, time)| (size, Duration::from_millis(*time)))
                .collect(),
            memory_bytes: None,
        };
        let limit = u32::try_from(function.limit()).expect("at most 4");
        Event::FunctionOffered {
            profile: Profile {
                devices: (0..self.instance.devices.len()).map(device).collect(),
            },
            function: specs::batched(&index.to_string(), function.memory, limit),
        }
    }

    fn step(&mut self) {
        let wake = self.scheduler.next_wake();
        let wake = wake.map(|at| at.0.div_ceil(MILLISECOND).max(self.now));
        match (self.coming.first().copied(), wake) {
            (Some((at, number)), wake) if wake.is_none_or(|wake| at <= wake) => {
                self.coming.pop_first();
                self.now = at;
                let event = self.events[number as usize].clone();
                let ended = match &event {
                    Event::LeaseResults { ended, .. } => ended.len(),
                    _ => 0,
                };
                self.tell(event);
                self.ended(ended, number);
                // What happens at the same time is told before it is acted on.
                if self.coming.first().is_some_and(|next| next.0 == at) {
                    return;
                }
            }
            (_, Some(wake)) => {
                self.now = wake;
                self.tell(Event::Tick);
            }
            (_, None) => panic!("it sleeps for ever: {:?}", self.instance),
        }
        self.obey();
    }

    fn ended(&mut self, calls: usize, event: u64) {
        if !self.flood {
            self.open -= calls;
            return;
        }
        let function = self.served.get(&event).copied();
        for function in std::iter::repeat_n(function, calls).flatten() {
            self.issue(function);
        }
    }

    fn obey(&mut self) {
        let actions: Vec<Action> = self.scheduler.drain_actions().collect();
        for action in actions {
            match action {
                Action::Load { function, device } => {
                    let at = &self.instance.functions[number(function.as_str())];
                    let (time, memory_bytes) = (at.load[number(&device.0)], at.memory);
                    let loaded = Event::Loaded {
                        function,
                        device,
                        memory_bytes,
                    };
                    self.later(time, loaded);
                }
                Action::Unload { function, device } => {
                    self.later(0, Event::Unloaded { function, device });
                }
                Action::Grant(grant) => {
                    self.oldest_granted |= grant.calls.iter().any(|(call, _)| call.call == 0);
                    let served = number(grant.function.as_str());
                    self.served.insert(self.events.len() as u64, served);
                    let function = &self.instance.functions[number(grant.function.as_str())];
                    let time = function.batch[number(&grant.device.0)][grant.calls.len() - 1];
                    let calls = grant.calls.iter();
                    let results = Event::LeaseResults {
                        lease: grant.lease,
                        ended: calls.map(|(call, _)| (*call, CallEnd::Finished)).collect(),
                        last: true,
                    };
                    self.later(time, results);
                }
                other => panic!("nothing goes wrong here: {other:?}"),
            }
        }
    }
}
