//! One test for each row of the table of outcomes in `docs/calls.md`.

use std::time::Duration;

#[path = "support/specs.rs"]
mod specs;

use dice_model::{
    CallRef, Effect, FunctionId, FunctionSpec, LeaseId, NodeId, NodeSpec, Origin, TaskId, Timestamp,
};
use dice_scheduler::{
    Action, CallEnd, DeviceProfile, Event, Hedge, History, IssuedCall, Options, PolicyName,
    Profile, Scheduler, Terms,
};

/// A scheduler whose node has one device of 10 bytes, with actions as short texts.
struct Desk {
    scheduler: Scheduler,
    now: Timestamp,
}

fn call(number: u32) -> CallRef {
    CallRef {
        task: TaskId(1),
        call: number,
    }
}

fn node(name: &str) -> NodeSpec {
    specs::node(name, "cpu", 1, 10)
}

fn spec(name: &str, effect: Effect, idempotent: bool, batch: u32, memory: u64) -> FunctionSpec {
    FunctionSpec {
        effect,
        idempotent,
        origin: Origin::Real,
        ..specs::batched(name, memory, batch)
    }
}

fn short(action: Action) -> String {
    let joined = |calls: &[CallRef]| {
        let calls: Vec<String> = calls.iter().map(ToString::to_string).collect();
        calls.join(" ")
    };
    match action {
        Action::StartTask { task } => format!("start {task}"),
        Action::Load { function, device } => format!("load {function} {device}"),
        Action::Unload { function, device } => format!("unload {function} {device}"),
        Action::Kill { function, device } => format!("kill {function} {device}"),
        Action::Grant(grant) => {
            let calls = grant.calls.iter().map(|(call, n)| format!("{call}#{n}"));
            let calls: Vec<String> = calls.collect();
            format!("{} {} {}", grant.lease, grant.device, calls.join(" "))
        }
        Action::Cancel { lease, calls } => format!("cancel {lease} {}", joined(&calls)),
        Action::FailCall { call, failure } => format!("fail {call} {failure}"),
        Action::CallUncertain { call } => format!("uncertain {call}"),
    }
}

impl Desk {
    fn new() -> Self {
        Self::with(Options::default())
    }

    fn with(options: Options) -> Self {
        let mut desk = Self {
            scheduler: Scheduler::new(options),
            now: Timestamp(0),
        };
        desk.tell(Event::NodeJoined(node("n")));
        desk
    }

    /// Offers `f` and has it loaded.
    fn ready(effect: Effect, idempotent: bool, batch: u32) -> Self {
        let mut desk = Self::new();
        desk.offer("f", effect, idempotent, batch, 10);
        let function = FunctionId::new("f");
        desk.tell(Event::FunctionWanted {
            function,
            devices: 1,
        });
        desk.loaded("f", "n/0");
        desk
    }

    fn offer(&mut self, name: &str, effect: Effect, idempotent: bool, batch: u32, memory: u64) {
        let function = spec(name, effect, idempotent, batch, memory);
        let profile = Profile::default();
        self.tell(Event::FunctionOffered { function, profile });
    }

    /// A pure function of 4 bytes that takes one call at a time.
    fn offer_with(&mut self, name: &str, profile: Profile) {
        let function = spec(name, Effect::Pure, false, 1, 4);
        self.tell(Event::FunctionOffered { function, profile });
    }

    fn told(&mut self, events: Vec<Event>) -> Vec<String> {
        for event in events {
            self.scheduler.handle(self.now, event);
        }
        self.scheduler.drain_actions().map(short).collect()
    }

    fn tell(&mut self, event: Event) -> Vec<String> {
        self.told(vec![event])
    }

    /// Together, so that they may share a batch.
    fn issue(&mut self, calls: std::ops::Range<u32>) -> Vec<String> {
        let issued = calls.map(|number| IssuedCall::new(call(number), FunctionId::new("f")));
        self.told(issued.map(Event::CallIssued).collect())
    }

    fn loaded(&mut self, function: &str, device: &str) -> Vec<String> {
        self.tell(Event::Loaded {
            function: FunctionId::new(function),
            device: device.into(),
            memory_bytes: 1,
        })
    }

    /// The worker dies; time passes; another one is there.
    fn worker_dies(&mut self) -> Vec<String> {
        let mut said = self.tell(Event::WorkerLost {
            function: FunctionId::new("f"),
            device: "n/0".into(),
        });
        said.extend(self.pass(Duration::from_secs(60)));
        said.extend(self.loaded("f", "n/0"));
        said
    }

    fn ends(&mut self, lease: u64, ends: &[(u32, CallEnd)]) -> Vec<String> {
        let ended = ends.iter().map(|&(number, end)| (call(number), end));
        self.tell(Event::LeaseResults {
            lease: LeaseId(lease),
            ended: ended.collect(),
            last: true,
        })
    }

    fn pass(&mut self, time: Duration) -> Vec<String> {
        self.now = self.now + time;
        self.tell(Event::Tick)
    }
}

/// Outcome `result`.
#[test]
fn a_result_ends_the_call_and_frees_the_device() {
    let mut desk = Desk::ready(Effect::Pure, false, 1);
    assert_eq!(desk.issue(0..2), ["lease-1 n/0 1.0#1"]);
    assert_eq!(
        desk.ends(1, &[(0, CallEnd::Finished)]),
        ["lease-2 n/0 1.1#1"]
    );
    assert_eq!(desk.scheduler.call(call(0)), None);
}

/// Outcome `no-result`.
#[test]
fn an_item_without_a_result_runs_alone_once() {
    let mut desk = Desk::ready(Effect::Pure, false, 8);
    assert_eq!(desk.issue(0..2), ["lease-1 n/0 1.0#1 1.1#1"]);
    let ends = [(0, CallEnd::RunAlone), (1, CallEnd::Finished)];
    assert_eq!(desk.ends(1, &ends), ["lease-2 n/0 1.0#2"]);
    assert_eq!(
        desk.ends(2, &[(0, CallEnd::RunAlone)]),
        ["fail 1.0 function raised: the function returned nothing for this call"]
    );
}

/// Outcome `no-result`.
#[test]
fn an_item_of_an_undeclared_function_is_not_run_again() {
    let mut desk = Desk::ready(Effect::AssumedPure, false, 8);
    desk.issue(0..2);
    let ends = [(0, CallEnd::RunAlone), (1, CallEnd::Finished)];
    assert_eq!(
        desk.ends(1, &ends),
        ["fail 1.0 function raised: the function returned nothing for this call"]
    );
}

/// J8: batch-mates lose no attempt, and the poison is found.
/// Outcome `died-together`.
#[test]
fn calls_that_a_worker_died_with_run_alone_and_the_poison_fails() {
    for effect in [Effect::Pure, Effect::Read] {
        let mut desk = Desk::ready(effect, false, 8);
        assert_eq!(desk.issue(0..2), ["lease-1 n/0 1.0#1 1.1#1"]);
        assert_eq!(desk.worker_dies(), ["load f n/0", "lease-2 n/0 1.0#2"]);
        assert_eq!(desk.worker_dies(), ["load f n/0", "lease-3 n/0 1.0#3"]);
        assert_eq!(
            desk.worker_dies(),
            [
                "fail 1.0 worker lost: two runs of this call alone ended with its worker",
                "load f n/0",
                "lease-4 n/0 1.1#2",
            ]
        );
        assert_eq!(desk.ends(4, &[(1, CallEnd::Finished)]), [""; 0]);
    }
}

/// Alone, it is the one that did it; a second death proves it (J8).
/// Outcome `died-alone`.
#[test]
fn a_call_that_a_worker_died_with_alone_is_tried_once_more() {
    for effect in [Effect::Pure, Effect::Read] {
        let mut desk = Desk::ready(effect, false, 1);
        assert_eq!(desk.issue(0..1), ["lease-1 n/0 1.0#1"]);
        assert_eq!(desk.worker_dies(), ["load f n/0", "lease-2 n/0 1.0#2"]);
        assert_eq!(
            desk.worker_dies(),
            [
                "fail 1.0 worker lost: two runs of this call alone ended with its worker",
                "load f n/0",
            ]
        );
    }
}

/// E1: an undeclared function may have done anything.
/// Outcome `died-alone`.
#[test]
fn an_undeclared_function_is_lost_with_its_worker() {
    let mut desk = Desk::ready(Effect::AssumedPure, false, 1);
    desk.issue(0..1);
    let said = desk.worker_dies();
    assert!(said[0].starts_with("fail 1.0 worker lost: its worker died, and a function"));
}

/// J6.
/// Outcome `died-alone`.
#[test]
fn a_write_is_in_doubt_when_its_worker_dies() {
    let mut desk = Desk::ready(Effect::Write, false, 8);
    assert_eq!(desk.issue(0..2), ["lease-1 n/0 1.0#1"], "never batched");
    let said = desk.worker_dies();
    assert_eq!(said, ["uncertain 1.0", "load f n/0", "lease-2 n/0 1.1#1"]);
}

/// J6.
/// Outcome `died-alone`.
#[test]
fn an_idempotent_write_is_tried_again_and_then_in_doubt() {
    let mut desk = Desk::ready(Effect::Write, true, 1);
    desk.issue(0..1);
    assert_eq!(desk.worker_dies(), ["load f n/0", "lease-2 n/0 1.0#2"]);
    assert_eq!(desk.worker_dies()[0], "uncertain 1.0");
}

/// Outcome `node-lost`.
#[test]
fn a_node_takes_its_calls_along_without_blaming_them() {
    let mut desk = Desk::ready(Effect::Read, false, 1);
    desk.issue(0..1);
    for lease in 2..6 {
        assert_eq!(desk.tell(Event::NodeLost(NodeId("n".into()))), [""; 0]);
        assert_eq!(desk.tell(Event::NodeJoined(node("n"))), ["load f n/0"]);
        let granted = format!("lease-{lease} n/0 1.0#{lease}");
        assert_eq!(desk.loaded("f", "n/0"), [granted]);
    }
}

/// P5, P3: the deadline is of the execution; the device stays occupied until the worker is gone.
/// Outcome `deadline`.
#[test]
fn a_call_past_its_deadline_fails_and_its_worker_is_killed_after_the_grace() {
    let mut desk = Desk::ready(Effect::Pure, false, 1);
    let mut issued = IssuedCall::new(call(0), FunctionId::new("f"));
    issued.deadline = Some(Duration::from_secs(5));
    desk.tell(Event::CallIssued(issued));
    assert_eq!(desk.scheduler.next_wake(), Some(Timestamp(5_000_000_000)));
    assert_eq!(
        desk.pass(Duration::from_secs(5)),
        [
            "fail 1.0 call deadline: not finished in time",
            "cancel lease-1 1.0"
        ]
    );
    assert_eq!(desk.issue(1..2), [""; 0]);
    assert_eq!(desk.pass(Duration::from_secs(9)), [""; 0]);
    assert_eq!(desk.pass(Duration::from_secs(1)), ["kill f n/0"]);
    assert_eq!(desk.worker_dies(), ["load f n/0", "lease-2 n/0 1.1#1"]);
}

/// Outcome `grace`.
#[test]
fn a_write_past_its_deadline_is_awaited_through_the_grace_and_then_in_doubt() {
    let mut desk = Desk::ready(Effect::Write, false, 1);
    desk.issue(0..1);
    assert_eq!(desk.pass(Duration::from_secs(600)), [""; 0]);
    assert_eq!(desk.pass(Duration::from_secs(10)), ["kill f n/0"]);
    assert_eq!(desk.worker_dies()[0], "uncertain 1.0");
}

/// P5: waiting has a limit of its own, and it counts only while nothing of the queue moves.
/// Outcome `waiting-limit`.
#[test]
fn a_queue_that_does_not_move_fails_after_the_waiting_limit() {
    let mut desk = Desk::with(Options {
        waiting_limit: Duration::from_secs(100),
        ..Options::default()
    });
    desk.offer("f", Effect::Pure, false, 1, 11);
    assert_eq!(desk.issue(0..1), [""; 0], "no device can hold it");
    assert_eq!(desk.pass(Duration::from_secs(99)), [""; 0]);
    assert_eq!(
        desk.pass(Duration::from_secs(1)),
        ["fail 1.0 call deadline: not started within 100 s"]
    );
}

/// Outcome `load-failed`.
#[test]
fn failed_loads_are_tried_again_with_pauses_and_then_fail_the_queue() {
    let mut desk = Desk::with(Options {
        jitter: 0,
        ..Options::default()
    });
    desk.offer("f", Effect::Pure, false, 1, 1);
    assert_eq!(desk.issue(0..1), ["load f n/0"]);
    let failed = Event::LoadFailed {
        function: FunctionId::new("f"),
        device: "n/0".into(),
    };
    for pause in [500, 1000, 2000] {
        assert_eq!(desk.tell(failed.clone()), [""; 0]);
        assert_eq!(desk.pass(Duration::from_millis(pause - 1)), [""; 0]);
        assert_eq!(desk.pass(Duration::from_millis(1)), ["load f n/0"]);
    }
    assert_eq!(
        desk.tell(failed),
        ["fail 1.0 worker lost: it could not be loaded in 4 attempts"]
    );
}

/// When a function is loaded again after its first two failures.
fn pauses(seed: u64, name: &str) -> [Duration; 2] {
    let mut desk = Desk::with(Options {
        seed,
        ..Options::default()
    });
    for other in ["f", "g"] {
        desk.offer(other, Effect::Pure, false, 1, 1);
    }
    let function = FunctionId::new(name);
    desk.tell(Event::CallIssued(IssuedCall::new(
        call(0),
        function.clone(),
    )));
    [(); 2].map(|()| {
        let device = "n/0".into();
        let function = function.clone();
        let failed = desk.now;
        desk.tell(Event::LoadFailed { function, device });
        desk.now = desk.scheduler.next_wake().expect("it is tried again");
        assert_eq!(desk.tell(Event::Tick), [format!("load {name} n/0")]);
        desk.now - failed
    })
}

/// Outcome `load-failed`.
#[test]
fn pauses_are_a_little_longer_by_a_seed() {
    for seed in 0..20 {
        for name in ["f", "g"] {
            let [first, second] = pauses(seed, name);
            let wanted = Duration::from_millis(500);
            assert!((wanted..=wanted * 6 / 5).contains(&first), "{first:?}");
            assert!(
                (wanted * 2..=wanted * 12 / 5).contains(&second),
                "{second:?}"
            );
            assert_eq!(pauses(seed, name), [first, second], "the same again");
        }
        assert_ne!(pauses(seed, "f"), pauses(seed, "g"), "not together");
    }
    assert_ne!(pauses(0, "f"), pauses(1, "f"));
}

/// E1: a straggler of a pure function is run twice, and the first answer ends both.
/// Outcome `straggler`.
#[test]
fn a_straggler_runs_twice_and_the_first_answer_counts() {
    let mut desk = Desk::with(Options {
        hedge: Some(Hedge {
            quantile: 950,
            share: 500,
        }),
        ..Options::default()
    });
    desk.tell(Event::NodeJoined(node("m")));
    desk.offer("f", Effect::Pure, false, 1, 10);
    let function = FunctionId::new("f");
    desk.tell(Event::FunctionWanted {
        function,
        devices: 2,
    });
    desk.loaded("f", "n/0");
    desk.loaded("f", "m/0");
    for number in 0..17 {
        desk.issue(number..number + 1);
        desk.now = desk.now + Duration::from_secs(1);
        desk.ends(u64::from(number) + 1, &[(number, CallEnd::Finished)]);
    }
    let slow = desk.issue(17..18);
    assert_eq!(slow.len(), 1);
    let hedged = desk.pass(Duration::from_secs(1));
    assert_eq!(hedged.len(), 1, "{hedged:?}");
    assert!(hedged[0].starts_with("lease-19 ") && hedged[0].ends_with(" 1.17#2"));
    let won = desk.ends(19, &[(17, CallEnd::Finished)]);
    assert_eq!(won, ["cancel lease-18 1.17"]);
    assert_eq!(desk.ends(18, &[(17, CallEnd::Finished)]), [""; 0]);
    assert_eq!(desk.scheduler.leases().count(), 0);
}

/// Outcome `hung`.
#[test]
fn those_behind_a_call_that_hangs_get_a_copy_elsewhere() {
    let mut desk = Desk::ready(Effect::Pure, false, 1);
    desk.tell(Event::NodeJoined(node("m")));
    assert_eq!(desk.issue(0..2), ["lease-1 n/0 1.0#1"]);
    let nothing: [String; 0] = [];
    assert_eq!(desk.pass(Duration::from_secs(29)), nothing);
    assert_eq!(desk.pass(Duration::from_secs(2)), ["load f m/0"]);
    assert_eq!(desk.loaded("f", "m/0"), ["lease-2 m/0 1.1#1"]);
    // It was only slow: its result counts.
    let ended = desk.ends(1, &[(0, CallEnd::Finished)]);
    assert_eq!(ended, nothing);
}

/// Outcome `load-deadline`.
#[test]
fn a_load_that_takes_too_long_is_killed_and_has_failed() {
    let mut desk = Desk::new();
    desk.offer("f", Effect::Pure, false, 1, 1);
    desk.issue(0..1);
    assert_eq!(desk.pass(Duration::from_secs(900)), ["kill f n/0"]);
    assert_eq!(desk.worker_dies(), ["load f n/0", "lease-1 n/0 1.0#1"]);
}

/// A2.
/// Outcome `withdrawn-before`.
#[test]
fn a_call_that_is_withdrawn_before_its_grant_is_forgotten() {
    let mut desk = Desk::ready(Effect::Pure, false, 1);
    desk.issue(0..3);
    assert_eq!(desk.tell(Event::CallWithdrawn { call: call(1) }), [""; 0]);
    assert_eq!(desk.scheduler.call(call(1)), None);
    let finished = [(0, CallEnd::Finished)];
    assert_eq!(desk.ends(1, &finished), ["lease-2 n/0 1.2#1"]);
}

/// A2.
/// Outcome `withdrawn-after`.
#[test]
fn a_call_that_is_withdrawn_after_its_grant_is_cancelled() {
    let mut desk = Desk::ready(Effect::Pure, false, 1);
    desk.issue(0..2);
    let withdrawn = Event::CallWithdrawn { call: call(0) };
    assert_eq!(desk.tell(withdrawn.clone()), ["cancel lease-1 1.0"]);
    assert_eq!(desk.tell(withdrawn), [""; 0], "said twice");
    assert_eq!(desk.worker_dies(), ["load f n/0", "lease-2 n/0 1.1#1"]);
}

/// E3.
/// Outcome `guess`.
#[test]
fn a_guess_waits_behind_what_is_none_until_it_comes_true() {
    let guess = |number| {
        Event::CallIssued(IssuedCall {
            guess: true,
            ..IssuedCall::new(call(number), FunctionId::new("f"))
        })
    };
    let finished = |number| [(number, CallEnd::Finished)];
    let mut desk = Desk::ready(Effect::Pure, false, 1);
    assert_eq!(desk.issue(0..1), ["lease-1 n/0 1.0#1"]);
    assert_eq!(desk.tell(guess(1)), [""; 0]);
    assert_eq!(desk.tell(guess(2)), [""; 0]);
    assert_eq!(desk.issue(3..5), [""; 0]);
    assert_eq!(desk.ends(1, &finished(0)), ["lease-2 n/0 1.3#1"]);
    assert_eq!(desk.tell(Event::GuessCameTrue { call: call(2) }), [""; 0]);
    assert_eq!(desk.ends(2, &finished(3)), ["lease-3 n/0 1.2#1"]);
    assert_eq!(desk.ends(3, &finished(2)), ["lease-4 n/0 1.4#1"]);
    assert_eq!(desk.ends(4, &finished(4)), ["lease-5 n/0 1.1#1"]);
}

/// J7, P7.
/// Outcome `task-ended`.
#[test]
fn an_ended_task_takes_its_calls_along_and_makes_room_for_the_next() {
    let mut desk = Desk::with(Options {
        concurrency: 1,
        ..Options::default()
    });
    desk.offer("f", Effect::Pure, false, 8, 1);
    let accepted = |task| Event::TaskAccepted {
        task: TaskId(task),
        terms: Terms::default(),
    };
    assert_eq!(desk.told(vec![accepted(1), accepted(2)]), ["start 1"]);
    desk.issue(0..2);
    desk.loaded("f", "n/0");
    desk.issue(2..3);
    let ended = Event::TaskEnded { task: TaskId(1) };
    assert_eq!(desk.tell(ended), ["cancel lease-1 1.0 1.1", "start 2"]);
    assert_eq!(
        desk.scheduler
            .queues()
            .map(|queue| queue.queued)
            .sum::<usize>(),
        0
    );
}

/// Outcome `function-withdrawn`.
#[test]
fn calls_of_a_function_that_is_not_on_offer_fail() {
    let mut desk = Desk::ready(Effect::Pure, false, 1);
    desk.issue(0..2);
    let withdrawn = Event::FunctionWithdrawn(FunctionId::new("f"));
    let failed = |number| format!("fail 1.{number} bad arguments: no function f is on offer");
    assert_eq!(desk.tell(withdrawn), [failed(1)], "the granted one goes on");
    assert_eq!(desk.issue(2..3), [failed(2)]);
    assert_eq!(desk.ends(1, &[(0, CallEnd::Finished)]), ["unload f n/0"]);
}

/// H4.
/// Outcome `queue-full`.
#[test]
fn a_full_queue_holds_calls_back_and_fails_none() {
    let mut desk = Desk::with(Options {
        queue_bound: 2,
        ..Options::default()
    });
    desk.offer("f", Effect::Pure, false, 1, 1);
    desk.issue(0..5);
    let queue = desk.scheduler.queues().next().expect("f is there");
    assert_eq!((queue.queued, queue.held), (2, 3));
    assert_eq!(desk.loaded("f", "n/0"), ["lease-1 n/0 1.0#1"]);
    for number in 0..4 {
        let lease = u64::from(number) + 1;
        let next = format!("lease-{} n/0 1.{}#1", lease + 1, number + 1);
        assert_eq!(desk.ends(lease, &[(number, CallEnd::Finished)]), [next]);
    }
}

/// H3.
/// Outcome `earlier-calls`.
#[test]
fn a_call_waits_for_those_before_it_even_if_they_are_withdrawn_while_they_run() {
    let mut desk = Desk::ready(Effect::Write, false, 1);
    desk.offer("g", Effect::Read, false, 1, 0);
    desk.issue(0..1);
    let mut read = IssuedCall::new(call(1), FunctionId::new("g"));
    read.after = vec![call(0)];
    assert_eq!(desk.tell(Event::CallIssued(read)), [""; 0]);
    let said = desk.tell(Event::CallWithdrawn { call: call(0) });
    assert_eq!(said, ["cancel lease-1 1.0"]);
    assert_eq!(desk.ends(1, &[(0, CallEnd::Finished)]), ["load g n/0"]);
}

/// J8 across a restart: what the journal knows of a call still counts.
/// Outcome `restart`.
#[test]
fn history_survives_a_restart() {
    let mut desk = Desk::ready(Effect::Pure, false, 1);
    let mut issued = IssuedCall::new(call(0), FunctionId::new("f"));
    issued.history = History {
        attempts: 3,
        lone_deaths: 1,
        ..History::default()
    };
    assert_eq!(desk.tell(Event::CallIssued(issued)), ["lease-1 n/0 1.0#4"]);
    let restored = desk.scheduler.snapshot();
    desk.scheduler = Scheduler::restore(Options::default(), restored);
    assert_eq!(desk.pass(Duration::ZERO), [""; 0], "its device is occupied");
    let said = desk.worker_dies();
    assert!(
        said[0].starts_with("fail 1.0 worker lost: two runs"),
        "{said:?}"
    );
}

/// P4: two models that do not fit together take turns, and each earns its load before it goes.
#[test]
fn a_model_without_a_place_gets_one_when_its_load_is_worth_it() {
    let mut desk = Desk::ready(Effect::Pure, false, 1);
    desk.offer("g", Effect::Pure, false, 1, 10);
    desk.issue(0..50);
    let mut other = IssuedCall::new(call(99), FunctionId::new("g"));
    other.deadline = Some(Duration::from_secs(1));
    assert_eq!(desk.tell(Event::CallIssued(other)), [""; 0]);
    let said = desk.ends(1, &[(0, CallEnd::Finished)]);
    assert_eq!(
        said,
        ["unload f n/0"],
        "nobody knows yet how long g takes to load"
    );
    let unloaded = Event::Unloaded {
        function: FunctionId::new("f"),
        device: "n/0".into(),
    };
    assert_eq!(desk.tell(unloaded), ["load g n/0"]);
    assert_eq!(desk.loaded("g", "n/0"), ["lease-2 n/0 1.99#1"]);
}

#[test]
fn fifo_grants_in_order_of_arrival_and_never_batches() {
    let mut desk = Desk::with(Options {
        policy: PolicyName::Fifo,
        ..Options::default()
    });
    desk.offer("f", Effect::Pure, false, 8, 1);
    desk.issue(0..1);
    let of_another_task = CallRef {
        task: TaskId(2),
        call: 0,
    };
    let issued = IssuedCall::new(of_another_task, FunctionId::new("f"));
    desk.tell(Event::CallIssued(issued));
    desk.issue(1..2);
    assert_eq!(desk.loaded("f", "n/0"), ["lease-1 n/0 1.0#1"]);
    assert_eq!(
        desk.ends(1, &[(0, CallEnd::Finished)]),
        ["lease-2 n/0 2.0#1"]
    );
}

/// Two models on one device take turns, so each gets its own while there are devices enough; those that
/// declare no memory too.
#[test]
fn models_are_spread_over_devices() {
    let mut desk = Desk::new();
    desk.tell(Event::NodeJoined(node("m")));
    desk.tell(Event::NodeJoined(node("o")));
    let names = ["f", "g", "h"];
    for name in names {
        desk.offer(name, Effect::Pure, false, 1, 0);
    }
    let calls = (0..).zip(names).map(|(number, name)| {
        let issued = IssuedCall::new(call(number), FunctionId::new(name));
        Event::CallIssued(issued)
    });
    let said = desk.told(calls.collect());
    assert_eq!(said, ["load f n/0", "load g m/0", "load h o/0"]);
}

/// Outcome `load-failed`.
#[test]
fn a_load_that_failed_is_tried_elsewhere() {
    let mut desk = Desk::new();
    desk.tell(Event::NodeJoined(node("m")));
    desk.offer("f", Effect::Pure, false, 1, 1);
    assert_eq!(desk.issue(0..1), ["load f n/0"]);
    desk.tell(Event::LoadFailed {
        function: FunctionId::new("f"),
        device: "n/0".into(),
    });
    assert_eq!(desk.pass(Duration::from_secs(1)), ["load f m/0"]);
}

/// What followed in earlier tasks is loaded before it is called, if there is room.
#[test]
fn the_next_function_of_a_program_is_loaded_ahead() {
    let mut desk = Desk::new();
    for name in ["f", "g"] {
        desk.offer(name, Effect::Pure, false, 1, 4);
    }
    let issued = |task, number, name: &str| {
        let task = TaskId(task);
        let call = CallRef { task, call: number };
        Event::CallIssued(IssuedCall::new(call, FunctionId::new(name)))
    };
    for task in 1..=2 {
        desk.tell(issued(task, 0, "f"));
        desk.tell(issued(task, 1, "g"));
        desk.tell(Event::TaskEnded { task: TaskId(task) });
    }
    desk.tell(Event::NodeLost(NodeId("n".into())));
    desk.tell(Event::NodeJoined(node("n")));
    let said = desk.tell(issued(3, 0, "f"));
    assert_eq!(said, ["load f n/0", "load g n/0"]);
    assert_eq!(desk.loaded("g", "n/0"), [""; 0]);
    assert_eq!(desk.loaded("f", "n/0"), ["lease-1 n/0 3.0#1"]);
}

/// Two devices have the model, and one takes ten times as long.
fn fast_and_slow() -> Desk {
    let mut desk = Desk::new();
    desk.tell(Event::NodeLost(NodeId("n".into())));
    for name in ["fast", "slow"] {
        let mut node = node(name);
        node.devices[0].kind = name.into();
        desk.tell(Event::NodeJoined(node));
    }
    let device = |name: &str, milliseconds| DeviceProfile {
        device: name.into(),
        load: Duration::from_secs(1),
        batches: vec![(1, Duration::from_millis(milliseconds))],
        memory_bytes: None,
    };
    desk.offer_with(
        "f",
        Profile {
            devices: vec![device("fast", 10), device("slow", 100)],
        },
    );
    desk.loaded("f", "fast/0");
    desk.loaded("f", "slow/0");
    desk
}

#[test]
fn a_call_waits_for_a_fast_device_that_is_busy_if_it_ends_sooner_there() {
    let mut desk = fast_and_slow();
    assert_eq!(desk.issue(0..2), ["lease-1 fast/0 1.0#1"]);
    desk.pass(Duration::from_millis(10));
    let said = desk.ends(1, &[(0, CallEnd::Finished)]);
    assert_eq!(said, ["lease-2 fast/0 1.1#1"]);
}

/// The fast one does not come back: a promise that is not kept ends the waiting.
#[test]
fn a_call_does_not_wait_for_a_device_that_hangs() {
    let mut desk = fast_and_slow();
    desk.issue(0..2);
    assert_eq!(desk.pass(Duration::from_millis(20)), [""; 0]);
    let wakes = desk.scheduler.next_wake();
    assert_eq!(
        wakes,
        Some(Timestamp(44_000_000)),
        "twice the plan's 20 ms, and 4"
    );
    let said = desk.pass(Duration::from_millis(24));
    assert_eq!(said, ["lease-2 slow/0 1.1#1"]);
}
