//! Tenants that want more than there is get their shares, and nobody starves.

#[path = "support/sim.rs"]
mod sim;
#[path = "support/specs.rs"]
mod specs;

use std::collections::BTreeMap;
use std::time::Duration;

use dice_model::{Tenant, Timestamp};
use dice_scheduler::{Event, Options, Profile};
use proptest::prelude::*;
use sim::{Numbers, Sim};

const SECOND: Duration = Duration::from_secs(1);
/// Of a lease.
const LONGEST: Duration = Duration::from_millis(50);

#[derive(Debug, Clone)]
struct Case {
    weights: Vec<u32>,
    devices: usize,
    functions: usize,
    batch: u32,
    /// Calls that each tenant always has open.
    open: Vec<usize>,
    seed: u64,
}

fn case() -> impl Strategy<Value = Case> {
    let tenants = proptest::collection::vec((1..5_u32, 0..3_usize), 2..6);
    (tenants, 9..20_usize, 1..3_usize, 1..5_u32, any::<u64>()).prop_map(
        |(tenants, devices, functions, batch, seed)| Case {
            weights: tenants.iter().map(|(weight, _)| *weight).collect(),
            // Enough for all devices each, some of them many times more.
            open: tenants
                .iter()
                .map(|(_, more)| devices * batch as usize * (2 + 10 * more))
                .collect(),
            devices,
            functions,
            batch,
            seed,
        },
    )
}

fn name(tenant: usize) -> String {
    format!("tenant-{tenant}")
}

/// Every tenant has one task, number and all, and as many calls open as it may.
fn flooded(case: &Case, queue_bound: usize) -> Sim {
    let weights = case.weights.iter().enumerate();
    let mut sim = Sim::new(Options {
        weights: weights
            .map(|(tenant, &weight)| (Tenant::new(name(tenant)), weight))
            .collect(),
        queue_bound,
        ..Options::default()
    });
    let mut numbers = Numbers(case.seed);
    sim.takes =
        Box::new(move |_| Duration::from_millis(numbers.between(5, LONGEST.as_millis() as u64)));
    sim.tell(Event::NodeJoined(specs::node(
        "n",
        "gpu",
        case.devices,
        100,
    )));
    for function in 0..case.functions {
        sim.tell(Event::FunctionOffered {
            function: specs::batched(&function.to_string(), 1, case.batch),
            profile: Profile::default(),
        });
    }
    for tenant in 0..case.weights.len() {
        sim.accept(tenant as u64, &name(tenant));
    }
    for (tenant, &open) in case.open.iter().enumerate() {
        for number in 0..open {
            sim.issue(tenant as u64, &(number % case.functions).to_string());
        }
    }
    sim
}

/// Goes on until then; each call that ends is followed by another one of its tenant.
fn keep_up(sim: &mut Sim, until: Timestamp) {
    while let Some(over) = sim.step(until) {
        for grant in over {
            for (call, _) in &grant.calls {
                sim.issue(call.task.0, grant.function.as_str());
            }
        }
    }
}

/// Leases by tenant.
fn leases(sim: &Sim) -> BTreeMap<u64, usize> {
    let mut leases = BTreeMap::new();
    for (_, grant) in sim.grants() {
        let tenant = grant.calls[0].0.task.0;
        let mixed = grant.calls.iter().any(|(call, _)| call.task.0 != tenant);
        assert!(!mixed, "S3: batches do not mix tenants");
        *leases.entry(tenant).or_default() += 1;
    }
    leases
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Leases are drawn from one distribution, so shares of leases are shares of time.
    /// RUNTIME S3: batches do not mix tenants.
    #[test]
    fn tenants_get_their_shares(case in case(), bounded in any::<bool>()) {
        let bound = if bounded { 8 } else { 100_000 };
        let mut sim = flooded(&case, bound);
        keep_up(&mut sim, Timestamp(0) + SECOND * 10);
        let leases = leases(&sim);
        let all: usize = leases.values().sum();
        let weights: u32 = case.weights.iter().sum();
        for (tenant, &weight) in case.weights.iter().enumerate() {
            let share = leases[&(tenant as u64)] as f64 / all as f64;
            let fair = f64::from(weight) / f64::from(weights);
            prop_assert!((share - fair).abs() < 0.05, "{tenant}: {share:.3} of {fair:.3}, {case:?}");
        }
    }

    /// However much the others want, and however full their queues are: a newcomer waits for no more than
    /// the leases under way and its turn.
    #[test]
    fn a_newcomer_does_not_wait_for_what_others_have_queued(case in case(), bounded in any::<bool>()) {
        let bound = if bounded { 8 } else { 100_000 };
        let mut sim = flooded(&case, bound);
        let arrival = Timestamp(0) + SECOND;
        keep_up(&mut sim, arrival);
        sim.accept(99, "newcomer");
        let call = sim.issue(99, "0");
        keep_up(&mut sim, arrival + SECOND);
        let granted = sim.grants().find(|(_, grant)| grant.calls.iter().any(|(c, _)| *c == call));
        let waited = granted.map(|(at, _)| at - arrival);
        prop_assert!(waited.is_some_and(|waited| waited <= LONGEST * 3), "{waited:?}");
    }
}
