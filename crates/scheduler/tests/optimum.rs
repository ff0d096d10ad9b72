//! How far the `dice` policy is from the best schedule there is, on instances small enough to know it.
//!
//! What is compared is the makespan: until it ends all devices are rented, so it is latency and cost in
//! one. `cargo test -p dice-scheduler --test optimum -- --nocapture` prints the distribution.

#[path = "yardstick/best.rs"]
mod best;
#[path = "yardstick/instance.rs"]
mod instance;
#[path = "yardstick/replay.rs"]
mod replay;

use dice_scheduler::PolicyName;
use instance::Instance;

const INSTANCES: u64 = 1_000;

/// Makespan over the optimum, ascending, with the seed of each instance.
fn ratios(policy: PolicyName, seeds: std::ops::Range<u64>) -> Vec<(f64, u64)> {
    let mut ratios: Vec<_> = seeds
        .map(|seed| {
            let instance = Instance::random(seed);
            let best = best::makespan(&instance);
            let ours = replay::makespan(&instance, policy);
            assert!(ours >= best, "seed {seed}: {ours} ms beats {best} ms");
            (ours as f64 / best as f64, seed)
        })
        .collect();
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    ratios
}

fn mean(ratios: &[(f64, u64)]) -> f64 {
    ratios.iter().map(|(ratio, _)| ratio).sum::<f64>() / ratios.len() as f64
}

#[allow(clippy::print_stdout)]
fn show(name: &str, ratios: &[(f64, u64)]) {
    let at = |share: usize| ratios[(ratios.len() - 1) * share / 100].0;
    let worst: Vec<_> = ratios.iter().rev().take(5).collect();
    println!(
        "{name}: mean {:.3}, p50 {:.3}, p90 {:.3}, p99 {:.3}, worst {:.3} {worst:.3?}",
        mean(ratios),
        at(50),
        at(90),
        at(99),
        at(100),
    );
}

#[test]
fn dice_is_close_to_the_optimum_on_small_instances() {
    let first = std::env::var("DICE_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let first = first.unwrap_or(0);
    let dice = ratios(PolicyName::Dice, first..first + INSTANCES);
    show("dice", &dice);
    let (worst, seed) = dice[dice.len() - 1];
    assert!(mean(&dice) <= 1.15, "mean {}", mean(&dice));
    assert!(worst <= 1.5, "seed {seed}: {worst}");
}

/// What the yardstick is worth: the paper's policy does not pass it.
#[test]
fn fifo_is_not() {
    let fifo = ratios(PolicyName::Fifo, 0..200);
    show("fifo", &fifo);
    assert!(mean(&fifo) > 1.15);
}
