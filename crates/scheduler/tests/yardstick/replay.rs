//! Lets a real scheduler work on an instance, in virtual time.

use std::collections::BTreeSet;
use std::time::Duration;

use dice_model::{
    CallRef, DeviceId, DeviceSpec, Digest, Effect, FunctionId, FunctionSpec, NodeId, NodeSpec,
    Origin, Resources, TaskId, Timestamp,
};
use dice_scheduler::{
    Action, CallEnd, DeviceProfile, Event, IssuedCall, Options, PolicyName, Profile, Scheduler,
};

use crate::instance::Instance;

struct Replay<'a> {
    instance: &'a Instance,
    scheduler: Scheduler,
    now: u64,
    /// What comes when; the number keeps them apart.
    coming: BTreeSet<(u64, u64)>,
    events: Vec<Event>,
    open: usize,
}

const MILLISECOND: u64 = 1_000_000;

pub(crate) fn makespan(instance: &Instance, policy: PolicyName) -> u64 {
    let mut replay = Replay {
        instance,
        scheduler: Scheduler::new(Options {
            policy,
            ..Options::default()
        }),
        now: 0,
        coming: BTreeSet::new(),
        events: Vec::new(),
        open: instance.calls.len(),
    };
    replay.begin();
    while replay.open > 0 {
        replay.step();
    }
    replay.now
}

fn number(name: &str) -> usize {
    name.parse().expect("named by number")
}

impl Replay<'_> {
    fn tell(&mut self, event: Event) {
        self.scheduler
            .handle(Timestamp(self.now * MILLISECOND), event);
    }

    fn later(&mut self, milliseconds: u64, event: Event) {
        self.coming
            .insert((self.now + milliseconds, self.events.len() as u64));
        self.events.push(event);
    }

    fn begin(&mut self) {
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
        for (call, function) in (0..).zip(&self.instance.calls) {
            // Two calls to a task, so that there are several.
            let call = CallRef {
                task: TaskId(u64::from(call / 2)),
                call,
            };
            let function = FunctionId::new(function.to_string());
            self.tell(Event::CallIssued(IssuedCall::new(call, function)));
        }
        self.obey();
    }

    fn node(&self, device: usize) -> NodeSpec {
        let name = device.to_string();
        NodeSpec {
            id: NodeId(name.clone()),
            kind: name.as_str().into(),
            devices: vec![DeviceSpec {
                id: DeviceId(name.clone()),
                kind: name.as_str().into(),
                memory_bytes: self.instance.devices[device].memory,
            }],
        }
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
        };
        Event::FunctionOffered {
            profile: Profile {
                devices: (0..self.instance.devices.len()).map(device).collect(),
            },
            function: FunctionSpec {
                id: FunctionId::new(index.to_string()),
                version: Digest::of(b"1"),
                effect: Effect::Pure,
                state: None,
                idempotent: false,
                resources: Resources {
                    gpu_memory_bytes: function.memory,
                    max_batch_size: u32::try_from(function.limit()).expect("at most 4"),
                    concurrency: 1,
                },
                origin: Origin::Simulated,
            },
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
                if let Event::LeaseResults { ended, .. } = &event {
                    self.open -= ended.len();
                }
                self.tell(event);
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
