//! Stragglers are run a second time, within bounds, and the first answer counts.

#[path = "support/sim.rs"]
mod sim;
#[path = "support/specs.rs"]
mod specs;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use dice_model::{CallRef, Effect, FunctionSpec, Timestamp};
use dice_scheduler::{Action, DeviceProfile, Event, Hedge, LeaseGrant, Options, Profile};
use sim::{Numbers, Sim};

const USUAL: Duration = Duration::from_millis(100);
const HEDGE: Hedge = Hedge {
    quantile: 950,
    share: 100,
};

struct Seen {
    /// From grant to the first answer, ascending.
    latencies: Vec<Duration>,
    hedges: usize,
    /// Time of hedges, and of all leases.
    hedged: Duration,
    all: Duration,
}

/// 1,000 calls, a few at a time; one in 25 takes twenty times as long.
fn run(effect: Effect, hedge: Option<Hedge>, seed: u64) -> Seen {
    let mut sim = Sim::new(Options {
        hedge,
        ..Options::default()
    });
    let mut numbers = Numbers(seed);
    sim.takes = Box::new(move |_| match numbers.between(1, 25) {
        1 => USUAL * 20,
        _ => USUAL + Duration::from_millis(numbers.between(0, 20)),
    });
    sim.tell(Event::NodeJoined(specs::node("n", "gpu", 10, 1)));
    let function = FunctionSpec {
        effect,
        ..specs::function("f", 1)
    };
    let profile = Profile {
        devices: vec![DeviceProfile {
            device: "gpu".into(),
            load: Duration::from_millis(1),
            batches: vec![(1, USUAL)],
            memory_bytes: None,
        }],
    };
    sim.tell(Event::FunctionOffered { function, profile });
    sim.accept(1, "somebody");
    let mut granted = BTreeMap::<CallRef, Timestamp>::new();
    let mut answered = BTreeMap::<CallRef, Duration>::new();
    let mut issued = 0;
    while answered.len() < 1_000 {
        while issued < 1_000 && issued - answered.len() < 6 {
            sim.issue(1, "f");
            issued += 1;
        }
        let over: Vec<LeaseGrant> = sim.step(Timestamp(u64::MAX)).expect("calls are open");
        for (at, grant) in sim.grants() {
            granted.entry(grant.calls[0].0).or_insert(at);
        }
        for (call, _) in over.iter().flat_map(|grant| &grant.calls) {
            answered.entry(*call).or_insert(sim.now - granted[call]);
            assert_eq!(sim.scheduler.call(*call), None, "the first answer ends it");
        }
    }
    sim.step(sim.now);
    let mut latencies: Vec<_> = answered.into_values().collect();
    latencies.sort_unstable();
    let second: Vec<_> = sim.grants().filter(|(_, grant)| grant.hedge).collect();
    let again: BTreeSet<_> = second.iter().map(|(_, grant)| grant.calls[0].0).collect();
    assert_eq!(again.len(), second.len(), "no call runs a third time");
    let cancelled = sim
        .log
        .iter()
        .filter(|(_, action)| matches!(action, Action::Cancel { .. }));
    assert_eq!(cancelled.count(), second.len(), "whoever loses is told");
    Seen {
        hedges: second.len(),
        hedged: USUAL * u32::try_from(second.len()).expect("at most 1,000"),
        all: latencies.iter().sum(),
        latencies,
    }
}

fn at(seen: &Seen, thousandth: usize) -> Duration {
    seen.latencies[(seen.latencies.len() - 1) * thousandth / 1_000]
}

#[test]
fn stragglers_get_a_second_run_and_the_first_answer_counts() {
    for seed in 0..5 {
        let (without, with) = (
            run(Effect::Pure, None, seed),
            run(Effect::Pure, Some(HEDGE), seed),
        );
        assert_eq!(without.hedges, 0);
        assert!(with.hedges > 10, "{}", with.hedges);
        assert_eq!(at(&without, 990), USUAL * 20);
        assert!(at(&with, 970) <= USUAL * 5, "{:?}", at(&with, 970));
        // The bound counts what all leases took, the losers' too.
        let bound = with.all + USUAL * 20 * u32::try_from(with.hedges).expect("few");
        assert!(
            with.hedged * 1_000 <= bound * HEDGE.share,
            "{:?} of {bound:?}",
            with.hedged
        );
    }
}

/// SEMANTICS E1, RUNTIME J6: only what is declared pure.
#[test]
fn nothing_else_is_run_twice() {
    for effect in [Effect::AssumedPure, Effect::Read, Effect::Write] {
        assert_eq!(run(effect, Some(HEDGE), 1).hedges, 0, "{effect:?}");
    }
}
