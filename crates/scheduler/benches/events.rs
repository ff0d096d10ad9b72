//! Events a second with 1,000 devices and 100,000 queued calls, in a steady state: each result that
//! comes in makes room for a call that is issued.

use std::collections::VecDeque;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dice_model::{CallRef, FunctionId, FunctionSpec, NodeSpec, TaskId, Timestamp};
use dice_scheduler::{
    Action, CallEnd, DeviceProfile, Event, IssuedCall, LeaseGrant, Options, PolicyName, Profile,
    Scheduler, Terms,
};

#[path = "../tests/support/specs.rs"]
mod specs;

const NODES: usize = 125;
const DEVICES_A_NODE: usize = 8;
const FUNCTIONS: usize = 10;
const TASKS: u64 = 1_000;
const CALLS: u32 = 100_000;

struct Bench {
    scheduler: Scheduler,
    functions: Vec<FunctionId>,
    now: Timestamp,
    running: VecDeque<LeaseGrant>,
    next: u32,
    /// Given and taken again and again, so that the bench measures no allocations of its own.
    actions: Vec<Action>,
}

fn function(index: usize, batch: u32) -> FunctionSpec {
    specs::batched(&format!("function-{index}"), 8, batch)
}

fn node(number: usize) -> NodeSpec {
    specs::node(&format!("node-{number}"), "gpu", DEVICES_A_NODE, 16)
}

impl Bench {
    fn new(policy: PolicyName, batch: u32) -> Self {
        let scheduler = Scheduler::new(Options {
            policy,
            concurrency: u32::try_from(TASKS).expect("a thousand"),
            queue_bound: CALLS as usize,
            ..Options::default()
        });
        let mut bench = Self {
            scheduler,
            functions: (0..FUNCTIONS).map(|index| function(index, 1).id).collect(),
            now: Timestamp(1),
            running: VecDeque::new(),
            next: 0,
            actions: Vec::new(),
        };
        (0..NODES).for_each(|number| bench.tell(Event::NodeJoined(node(number))));
        let profile = Profile {
            devices: vec![DeviceProfile {
                device: "gpu".into(),
                load: Duration::from_millis(10),
                batches: vec![
                    (1, Duration::from_millis(50)),
                    (16, Duration::from_millis(100)),
                ],
            }],
        };
        for index in 0..FUNCTIONS {
            let (function, profile) = (function(index, batch), profile.clone());
            bench.tell(Event::FunctionOffered { function, profile });
        }
        (0..TASKS).for_each(|task| {
            bench.tell(Event::TaskAccepted {
                task: TaskId(task),
                terms: Terms::default(),
            });
        });
        (0..CALLS).for_each(|_| bench.issue());
        while bench.running.len() < NODES * DEVICES_A_NODE {
            bench.drain();
        }
        bench
    }

    fn tell(&mut self, event: Event) {
        self.now.0 += 1_000;
        self.scheduler.handle(self.now, event);
    }

    fn issue(&mut self) {
        let number = self.next;
        self.next += 1;
        let call = CallRef {
            task: TaskId(u64::from(number) % TASKS),
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
    fn turn(&mut self) -> u64 {
        let grant = self.running.pop_front().expect("every device is busy");
        let ended: Vec<_> = grant
            .calls
            .iter()
            .map(|(call, _)| (*call, CallEnd::Finished))
            .collect();
        let count = ended.len();
        let lease = grant.lease;
        self.tell(Event::LeaseResults {
            lease,
            ended,
            last: true,
        });
        (0..count).for_each(|_| self.issue());
        self.drain();
        1 + count as u64
    }
}

fn events(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("events");
    for (name, policy, batch) in [
        ("dice, batches of 16", PolicyName::Dice, 16),
        ("dice, no batches", PolicyName::Dice, 1),
        ("fifo", PolicyName::Fifo, 1),
    ] {
        let mut bench = Bench::new(policy, batch);
        group.throughput(Throughput::Elements(100_000));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut count = 0;
                while count < 100_000 {
                    count += bench.turn();
                }
                black_box(count)
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(4));
    targets = events
}
criterion_main!(benches);
