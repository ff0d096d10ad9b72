//! A world in which nothing goes wrong, in virtual time: loads and leases take as long as it is told.
#![allow(dead_code)] // Each test uses a part.

use std::collections::BTreeMap;
use std::time::Duration;

use dice_model::{CallRef, DeviceId, FunctionId, LeaseId, TaskId, Tenant, Timestamp};
use dice_scheduler::{Action, CallEnd, Event, IssuedCall, LeaseGrant, Options, Scheduler, Terms};

/// Splitmix64: the same numbers everywhere.
#[derive(Debug, Clone)]
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn between(&mut self, from: u64, to: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        from + (z ^ (z >> 31)) % (to - from + 1)
    }
}

pub(crate) struct Sim {
    pub(crate) scheduler: Scheduler,
    pub(crate) now: Timestamp,
    coming: BTreeMap<(Timestamp, u64), Event>,
    sequence: u64,
    issued: u32,
    pub(crate) load: Duration,
    /// How long a lease takes.
    pub(crate) takes: Box<dyn FnMut(&LeaseGrant) -> Duration>,
    pub(crate) running: BTreeMap<LeaseId, (LeaseGrant, Timestamp)>,
    /// What was asked for, and when.
    pub(crate) log: Vec<(Timestamp, Action)>,
}

impl Sim {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            scheduler: Scheduler::new(options),
            now: Timestamp(0),
            coming: BTreeMap::new(),
            sequence: 0,
            issued: 0,
            load: Duration::from_millis(1),
            takes: Box::new(|_| Duration::from_millis(10)),
            running: BTreeMap::new(),
            log: Vec::new(),
        }
    }

    pub(crate) fn tell(&mut self, event: Event) {
        self.scheduler.handle(self.now, event);
    }

    pub(crate) fn accept(&mut self, task: u64, tenant: &str) {
        let terms = Terms {
            tenant: Tenant::new(tenant),
            ..Terms::default()
        };
        let task = TaskId(task);
        self.tell(Event::TaskAccepted { task, terms });
    }

    pub(crate) fn issue(&mut self, task: u64, function: &str) -> CallRef {
        self.issued += 1;
        let call = CallRef {
            task: TaskId(task),
            call: self.issued,
        };
        let function = FunctionId::new(function);
        self.tell(Event::CallIssued(IssuedCall::new(call, function)));
        call
    }

    fn later(&mut self, after: Duration, event: Event) {
        self.sequence += 1;
        self.coming.insert((self.now + after, self.sequence), event);
    }

    /// Carries out what the scheduler wants, then goes to the next thing that happens. Returns the leases
    /// that have just ended; `None`: nothing will ever happen any more, or not before `until`.
    pub(crate) fn step(&mut self, until: Timestamp) -> Option<Vec<LeaseGrant>> {
        self.obey();
        let next = self.coming.first_key_value().map(|(&(at, _), _)| at);
        let wake = self.scheduler.next_wake();
        let at = [next, wake].into_iter().flatten().min()?;
        if at > until {
            self.now = until;
            return None;
        }
        self.now = self.now.max(at);
        let mut over = Vec::new();
        self.tell(Event::Tick);
        while let Some(entry) = self.coming.first_entry()
            && entry.key().0 <= self.now
        {
            let event = entry.remove();
            if let Event::LeaseResults { lease, .. } = &event {
                over.extend(self.running.remove(lease).map(|(grant, _)| grant));
            }
            self.tell(event);
        }
        Some(over)
    }

    fn obey(&mut self) {
        let actions: Vec<Action> = self.scheduler.drain_actions().collect();
        for action in actions {
            self.log.push((self.now, action.clone()));
            match action {
                Action::Load { function, device } => {
                    let memory_bytes = 1;
                    let loaded = Event::Loaded {
                        function,
                        device,
                        memory_bytes,
                    };
                    self.later(self.load, loaded);
                }
                Action::Unload { function, device } => {
                    self.later(Duration::ZERO, Event::Unloaded { function, device });
                }
                Action::Grant(grant) => self.run(grant),
                _ => {}
            }
        }
    }

    fn run(&mut self, grant: LeaseGrant) {
        let calls = grant.calls.iter();
        let results = Event::LeaseResults {
            lease: grant.lease,
            ended: calls.map(|(call, _)| (*call, CallEnd::Finished)).collect(),
            last: true,
        };
        let time = (self.takes)(&grant);
        self.running.insert(grant.lease, (grant, self.now));
        self.later(time, results);
    }

    pub(crate) fn grants(&self) -> impl Iterator<Item = (Timestamp, &LeaseGrant)> {
        self.log.iter().filter_map(|(at, action)| match action {
            Action::Grant(grant) => Some((*at, grant)),
            _ => None,
        })
    }

    pub(crate) fn unloads(&self) -> impl Iterator<Item = (Timestamp, &FunctionId, &DeviceId)> {
        self.log.iter().filter_map(|(at, action)| match action {
            Action::Unload { function, device } => Some((*at, function, device)),
            _ => None,
        })
    }

    pub(crate) fn loads(&self) -> impl Iterator<Item = (Timestamp, &FunctionId, &DeviceId)> {
        self.log.iter().filter_map(|(at, action)| match action {
            Action::Load { function, device } => Some((*at, function, device)),
            _ => None,
        })
    }
}
