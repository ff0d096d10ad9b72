//! The scheduler against a world that does its worst: what must hold after every single event.

mod world;

use std::time::Duration;

use dice_model::TaskId;
use dice_scheduler::{CallEnd, Event, Hedge, Options, PolicyName};
use proptest::prelude::*;
use world::{FUNCTIONS, World};

/// One thing that happens. Numbers pick among what there is, whatever that is by then.
#[derive(Debug, Clone)]
enum Step {
    Accept,
    Issue(u64, usize),
    Withdraw(usize),
    EndTask(u64),
    Loaded(usize),
    LoadFailed(usize),
    Unloaded(usize),
    Finished(usize, usize),
    RunAlone(usize),
    WorkerDies(usize),
    NodeJoins,
    NodeLost(usize),
    NewVersion(usize),
    Wanted(usize, u32),
    Advance(u64),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Accept),
        12 => (0..6_u64, 0..FUNCTIONS.len()).prop_map(|(task, f)| Step::Issue(task, f)),
        1 => (0..40_usize).prop_map(Step::Withdraw),
        1 => (0..6_u64).prop_map(Step::EndTask),
        6 => (0..4_usize).prop_map(Step::Loaded),
        1 => (0..4_usize).prop_map(Step::LoadFailed),
        4 => (0..4_usize).prop_map(Step::Unloaded),
        6 => (0..4_usize, 1..5_usize).prop_map(|(l, n)| Step::Finished(l, n)),
        1 => (0..4_usize).prop_map(Step::RunAlone),
        2 => (0..6_usize).prop_map(Step::WorkerDies),
        1 => Just(Step::NodeJoins),
        1 => (0..2_usize).prop_map(Step::NodeLost),
        1 => (0..FUNCTIONS.len()).prop_map(Step::NewVersion),
        1 => (0..FUNCTIONS.len(), 0..3_u32).prop_map(|(f, n)| Step::Wanted(f, n)),
        3 => (1..4000_u64).prop_map(Step::Advance),
        1 => Just(Step::Restart),
    ]
}

fn nth<T>(mut items: impl Iterator<Item = T> + Clone, number: usize) -> Option<T> {
    let count = items.clone().count();
    items.nth(number.checked_rem(count)?)
}

fn take(world: &mut World, step: Step) {
    match step {
        Step::Accept => world.accept(),
        Step::Issue(task, function) => {
            let running: Vec<TaskId> = world.running.iter().copied().collect();
            if let Some(task) = nth(running.into_iter(), task as usize) {
                world.issue(task, function);
            }
        }
        Step::Withdraw(number) => {
            let open = world
                .fates
                .iter()
                .filter(|(_, f)| f.ends == 0 && !f.dropped);
            let open: Vec<_> = open.map(|(call, _)| *call).collect();
            if let Some(call) = nth(open.into_iter(), number) {
                world.withdraw(call);
            }
        }
        Step::EndTask(number) => {
            let running: Vec<TaskId> = world.running.iter().copied().collect();
            if let Some(task) = nth(running.into_iter(), number as usize) {
                world.end_task(task);
            }
        }
        Step::Loaded(number) => finish_load(world, number, true),
        Step::LoadFailed(number) => finish_load(world, number, false),
        Step::Unloaded(number) => {
            if let Some(place) = nth(world.unloading.clone().iter(), number) {
                world.finish_unload(place);
            }
        }
        Step::Finished(number, count) => {
            if let Some(lease) = nth(world.leases.clone().keys(), number) {
                world.finish(*lease, count, CallEnd::Finished);
            }
        }
        Step::RunAlone(number) => {
            if let Some((lease, grant)) = nth(world.leases.clone().iter(), number) {
                world.finish(*lease, grant.calls.len(), CallEnd::RunAlone);
            }
        }
        Step::WorkerDies(number) => {
            if let Some((device, function)) = nth(world.models.clone().keys(), number) {
                world.kill(device, function);
            }
        }
        Step::NodeJoins => world.join(1),
        Step::NodeLost(number) => world.lose_node(number),
        Step::NewVersion(number) => {
            let mut function = world::spec(number);
            function.version = dice_model::Digest::of(&world.now.0.to_be_bytes());
            let profile = world::profile();
            world.tell(Event::FunctionOffered { function, profile });
        }
        Step::Wanted(function, devices) => {
            let function = world::function_id(function);
            world.tell(Event::FunctionWanted { function, devices });
        }
        Step::Advance(milliseconds) => world.advance(Duration::from_millis(milliseconds)),
        Step::Restart => world.restart(),
    }
}

fn finish_load(world: &mut World, number: usize, works: bool) {
    let loading = world.models.clone();
    let loading = loading.iter().filter(|(_, ready)| !**ready);
    if let Some((place, _)) = nth(loading, number) {
        world.finish_load(place, works);
    }
}

/// From here on the world behaves: everything must come to its end, in bounded time.
fn settle(world: &mut World) {
    world.join(0);
    for index in 0..FUNCTIONS.len() {
        let function = world::function_id(index);
        world.tell(Event::FunctionWanted {
            function,
            devices: 0,
        });
    }
    for _ in 0..400 {
        let (models, unloading) = (world.models.clone(), world.unloading.clone());
        for place in &unloading {
            world.finish_unload(place);
        }
        for (place, _) in models.iter().filter(|(_, ready)| !**ready) {
            if world.models.contains_key(place) && !world.unloading.contains(place) {
                world.finish_load(place, true);
            }
        }
        for lease in world.leases.clone().keys() {
            if world.leases.contains_key(lease) {
                world.finish(*lease, usize::MAX, CallEnd::Finished);
            }
        }
        if world
            .scheduler
            .queues()
            .all(|q| q.queued + q.held + q.granted == 0)
        {
            return;
        }
        world.advance(Duration::from_millis(500));
    }
    panic!("it does not end:\n{}", world.log.join("\n"));
}

fn run(policy: PolicyName, steps: &[Step]) -> World {
    let mut world = World::new(Options {
        policy,
        idle_after: Some(Duration::from_secs(2)),
        // Half of all device time, so that it happens at all in so small a world.
        hedge: Some(Hedge {
            quantile: 500,
            share: 500,
        }),
        ..Options::default()
    });
    world.warm_up();
    for step in steps {
        take(&mut world, step.clone());
    }
    settle(&mut world);
    world
}

/// What the random runs are worth: in them calls do run twice, and end once.
#[test]
fn a_hedged_call_ends_once() {
    for first in [true, false] {
        let mut world = run(PolicyName::Dice, &[]);
        let task = TaskId(world.accepted);
        world.tell(Event::FunctionWanted {
            function: world::function_id(0),
            devices: 2,
        });
        (0..4).for_each(|number| finish_load(&mut world, number, true));
        world.issue(task, 0);
        world.advance(Duration::from_secs(1));
        assert_eq!(world.hedges, 1);
        let leases: Vec<_> = world.leases.keys().copied().collect();
        let (wins, loses) = if first { (0, 1) } else { (1, 0) };
        world.finish(leases[wins], 1, CallEnd::Finished);
        world.finish(leases[loses], 1, CallEnd::Finished);
        settle(&mut world);
        assert!(world.fates.values().all(|fate| fate.ends == 1));
    }
}

/// A lease that is found overdue so late that its worker is ended at once is not run twice first.
#[test]
fn what_is_past_its_deadline_is_not_hedged() {
    let mut world = run(PolicyName::Dice, &[]);
    let task = TaskId(world.accepted);
    world.tell(Event::FunctionWanted {
        function: world::function_id(0),
        devices: 2,
    });
    (0..4).for_each(|number| finish_load(&mut world, number, true));
    world.issue(task, 0);
    world.advance(Duration::from_secs(6));
    assert_eq!(world.hedges, 0);
    settle(&mut world);
    assert!(world.fates.values().all(|fate| fate.ends == 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// No call is lost, none ends twice, none runs twice unless its effect allows; memory, leases and
    /// queues keep their bounds (asserted by the world at every action).
    #[test]
    fn every_call_ends_exactly_once(
        fifo in any::<bool>(),
        steps in proptest::collection::vec(step(), 0..120),
    ) {
        let policy = if fifo { PolicyName::Fifo } else { PolicyName::Dice };
        let world = run(policy, &steps);
        for (call, fate) in &world.fates {
            let wanted = if fate.dropped { 0..=1 } else { 1..=1 };
            prop_assert!(wanted.contains(&fate.ends), "{call}: {fate:?}\n{}", world.log.join("\n"));
            prop_assert!(world.scheduler.call(*call).is_none());
        }
    }

    #[test]
    fn the_same_events_cause_the_same_actions(steps in proptest::collection::vec(step(), 0..80)) {
        let (first, second) = (run(PolicyName::Dice, &steps), run(PolicyName::Dice, &steps));
        prop_assert_eq!(&first.log, &second.log);
    }
}
