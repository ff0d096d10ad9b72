//! A fleet in a steady state: each result that comes in makes room for a call that is issued.
#![allow(dead_code)] // Each of those who use it uses a part.

use std::collections::VecDeque;
use std::time::Duration;

use dice_model::{CallRef, FunctionId, TaskId, Tenant, Timestamp};
use dice_scheduler::{
    Action, CallEnd, DeviceProfile, Event, IssuedCall, LeaseGrant, Options, PolicyName, Profile,
    Scheduler, Terms,
};

use crate::specs;

const FUNCTIONS: usize = 10;
const DEVICES_A_NODE: usize = 8;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) policy: PolicyName,
    pub(crate) batch: u32,
    pub(crate) nodes: usize,
    pub(crate) tasks: u64,
    pub(crate) tenants: u64,
    /// Open at any time.
    pub(crate) calls: u32,
}

impl Size {
    /// 1,000 devices and 100,000 calls, of one tenant.
    pub(crate) const fn large(policy: PolicyName, batch: u32) -> Self {
        Self {
            policy,
            batch,
            nodes: 125,
            tasks: 1_000,
            tenants: 1,
            calls: 100_000,
        }
    }
}

pub(crate) struct Steady {
    size: Size,
    pub(crate) scheduler: Scheduler,
    functions: Vec<FunctionId>,
    now: Timestamp,
    running: VecDeque<LeaseGrant>,
    next: u32,
    /// Given and taken again and again, so that nothing is allocated for it.
    actions: Vec<Action>,
}

impl Steady {
    pub(crate) fn new(size: Size) -> Self {
        let functions = (0..FUNCTIONS).map(|index| format!("function-{index}"));
        let functions: Vec<String> = functions.collect();
        let mut steady = Self {
            size,
            scheduler: Scheduler::new(Options {
                policy: size.policy,
                concurrency: u32::try_from(size.tasks).expect("not so many"),
                queue_bound: size.calls as usize,
                ..Options::default()
            }),
            functions: functions
                .iter()
                .map(|name| FunctionId::new(name.as_str()))
                .collect(),
            now: Timestamp(1),
            running: VecDeque::new(),
            next: 0,
            actions: Vec::new(),
        };
        for number in 0..size.nodes {
            let node = specs::node(&format!("node-{number}"), "gpu", DEVICES_A_NODE, 16);
            steady.tell(Event::NodeJoined(node));
        }
        for name in &functions {
            let function = specs::batched(name, 8, size.batch);
            let profile = profile();
            steady.tell(Event::FunctionOffered { function, profile });
        }
        for task in 0..size.tasks {
            let tenant = Tenant::new(format!("tenant-{}", task % size.tenants));
            let terms = Terms {
                tenant,
                ..Terms::default()
            };
            let task = TaskId(task);
            steady.tell(Event::TaskAccepted { task, terms });
        }
        (0..size.calls).for_each(|_| steady.issue());
        let devices = size.nodes * DEVICES_A_NODE;
        while steady.running.len() < devices.min(size.calls as usize / 2) {
            steady.drain();
        }
        steady
    }

    fn tell(&mut self, event: Event) {
        self.now.0 += 1_000;
        self.scheduler.handle(self.now, event);
    }

    fn issue(&mut self) {
        let number = self.next;
        self.next += 1;
        let call = CallRef {
            task: TaskId(u64::from(number) % self.size.tasks),
            call: number,
        };
        let function = self.functions[number as usize % FUNCTIONS].clone();
        self.tell(Event::CallIssued(IssuedCall::new(call, function)));
    }

    fn drain(&mut self) {
        let mut actions = std::mem::take(&mut self.actions);
        actions.extend(self.scheduler.drain_actions());
        for action in actions.drain(..) {
            match action {
                Action::Grant(grant) => self.running.push_back(grant),
                Action::Load { function, device } => self.tell(Event::Loaded {
                    function,
                    device,
                    memory_bytes: 8,
                }),
                Action::Unload { function, device } => {
                    self.tell(Event::Unloaded { function, device });
                }
                _ => {}
            }
        }
        self.actions = actions;
    }

    /// One lease ends, and as many calls are issued. Returns the number of events.
    pub(crate) fn turn(&mut self) -> u64 {
        let grant = self.running.pop_front().expect("devices are busy");
        let calls = grant.calls.iter();
        let ended: Vec<_> = calls.map(|(call, _)| (*call, CallEnd::Finished)).collect();
        let (lease, count) = (grant.lease, ended.len());
        self.tell(Event::LeaseResults {
            lease,
            ended,
            last: true,
        });
        (0..count).for_each(|_| self.issue());
        self.drain();
        1 + count as u64
    }

    /// At least so many events; returns how many.
    pub(crate) fn events(&mut self, least: u64) -> u64 {
        let mut count = 0;
        while count < least {
            count += self.turn();
        }
        count
    }
}

fn profile() -> Profile {
    Profile {
        devices: vec![DeviceProfile {
            device: "gpu".into(),
            load: Duration::from_millis(10),
            batches: vec![
                (1, Duration::from_millis(50)),
                (16, Duration::from_millis(100)),
            ],
            memory_bytes: None,
        }],
    }
}
