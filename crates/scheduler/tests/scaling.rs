//! Up, down and to zero, without flapping, whatever comes when.

#[path = "support/sim.rs"]
mod sim;
#[path = "support/specs.rs"]
mod specs;

use std::collections::BTreeMap;
use std::time::Duration;

use dice_model::{DeviceId, FunctionId, TaskId, Timestamp};
use dice_scheduler::{Action, DeviceProfile, Event, Options, Profile, Scale};
use proptest::prelude::*;
use sim::Sim;

const LOAD: Duration = Duration::from_millis(100);
const CALL: Duration = Duration::from_millis(50);
const DEVICES: usize = 12;

#[derive(Debug, Clone)]
struct Case {
    least: u32,
    most: u32,
    idle_after: Duration,
    /// Bursts: how long after the one before, how many calls, and whether the task ends with it.
    bursts: Vec<(u64, usize, bool)>,
}

fn case() -> impl Strategy<Value = Case> {
    let bursts = proptest::collection::vec((0..3_000_u64, 0..60_usize, any::<bool>()), 1..25);
    (0..3_u32, 3..14_u32, 1..2_000_u64, bursts).prop_map(|(least, most, idle, bursts)| Case {
        least,
        most,
        idle_after: Duration::from_millis(idle),
        bursts,
    })
}

fn set_up(case: &Case) -> Sim {
    let scale = Scale {
        least: case.least,
        most: case.most,
        ..Scale::default()
    };
    let mut sim = Sim::new(Options {
        idle_after: Some(case.idle_after),
        scales: BTreeMap::from([(FunctionId::new("f"), scale)]),
        ..Options::default()
    });
    sim.load = LOAD;
    sim.takes = Box::new(|_| CALL);
    let node = specs::node("n", "gpu", DEVICES, 1);
    sim.tell(Event::NodeJoined(node));
    let profile = Profile {
        devices: vec![DeviceProfile {
            device: "gpu".into(),
            load: LOAD,
            batches: vec![(1, CALL)],
            memory_bytes: None,
        }],
    };
    let function = specs::function("f", 1);
    sim.tell(Event::FunctionOffered { function, profile });
    sim
}

/// Everything that was issued runs; then nothing happens for long enough. Returns when tasks were open.
fn run(sim: &mut Sim, case: &Case) -> Vec<(Timestamp, Timestamp)> {
    let mut open: Vec<(Timestamp, Timestamp)> = Vec::new();
    let (mut task, mut began) = (0, None);
    for &(pause, calls, ends) in &case.bursts {
        let until = sim.now + Duration::from_millis(pause);
        while sim.step(until).is_some() {}
        if began.is_none() {
            sim.accept(task, "somebody");
            began = Some(sim.now);
        }
        for _ in 0..calls {
            sim.issue(task, "f");
        }
        if ends {
            // Its calls are withdrawn; those under a lease run on.
            sim.tell(Event::TaskEnded { task: TaskId(task) });
            open.extend(began.take().map(|from| (from, sim.now)));
            task += 1;
        }
    }
    let until = sim.now + Duration::from_secs(60);
    while sim.step(until).is_some() {}
    if began.is_some() {
        sim.tell(Event::TaskEnded { task: TaskId(task) });
        open.extend(began.map(|from| (from, sim.now)));
    }
    let until = sim.now + Duration::from_secs(60);
    while sim.step(until).is_some() {}
    open
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn copies_follow_what_comes_and_do_not_flap(case in case()) {
        let mut sim = set_up(&case);
        let open = run(&mut sim, &case);
        let keeps = case.idle_after.max(LOAD * 4);
        let mut copies = 0_u32;
        let mut busy_until = BTreeMap::<DeviceId, Timestamp>::new();
        for (at, action) in &sim.log {
            let at = *at;
            match action {
                Action::Load { device, .. } => {
                    copies += 1;
                    prop_assert!(copies <= case.most, "{copies} copies");
                    busy_until.insert(device.clone(), at + LOAD);
                }
                Action::Grant(grant) => {
                    busy_until.insert(grant.device.clone(), at + CALL);
                }
                Action::Unload { device, .. } => {
                    copies -= 1;
                    let idle = at.since(busy_until[device]);
                    prop_assert!(idle >= keeps, "{device} was unloaded after {idle:?} of {keeps:?}");
                    prop_assert!(copies >= case.least, "fewer than are to be kept");
                    // At the very moment in which a task is accepted, it may have gone before that.
                    let may_call = open.iter().any(|&(from, to)| from < at && at < to);
                    prop_assert!(copies > 0 || !may_call, "P5: to zero while a task may call");
                }
                _ => {}
            }
        }
        // In the end nobody could call any more.
        prop_assert_eq!(copies, case.least);
        // A copy was of use, or at least stayed, for `keeps` between its load and the next one in its place.
        let whole = sim.now.since(Timestamp(0));
        let at_most = DEVICES as u128 * (1 + whole.as_nanos() / (LOAD + keeps).as_nanos());
        prop_assert!((sim.loads().count() as u128) <= at_most);
    }
}

/// More copies are loaded only where that ends the queue sooner.
#[test]
fn a_short_queue_does_not_load_copies() {
    let case = Case {
        least: 1,
        most: 12,
        idle_after: Duration::from_secs(1),
        bursts: vec![(500, 2, true)],
    };
    let mut sim = set_up(&case);
    run(&mut sim, &case);
    assert_eq!(sim.loads().count(), 1);
    let case = Case {
        bursts: vec![(500, 200, false)],
        ..case
    };
    let mut sim = set_up(&case);
    run(&mut sim, &case);
    assert_eq!(sim.loads().count(), 12);
}
