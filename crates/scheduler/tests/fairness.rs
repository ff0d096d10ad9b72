//! Nobody starves: whatever else is asked for without end, a call is granted in bounded time.

#[path = "yardstick/instance.rs"]
mod instance;
#[path = "yardstick/replay.rs"]
mod replay;

use dice_scheduler::PolicyName;
use instance::Instance;

/// The longest that one function can keep a device, and one model its place, are a few of these.
fn unit(instance: &Instance) -> u64 {
    let functions = instance.functions.iter();
    let longest = functions.map(|function| {
        let load = function.load.iter().max();
        let batch = function.batch.iter().flatten().max();
        load.unwrap_or(&0) + batch.unwrap_or(&0)
    });
    longest.max().unwrap_or(0)
}

#[test]
fn a_call_among_endless_younger_ones_is_granted_in_bounded_time() {
    for seed in 0..300 {
        let instance = Instance::random(seed);
        for policy in [PolicyName::Dice, PolicyName::Fifo] {
            let waited = replay::waits_in_a_flood(&instance, policy);
            let bound = 40 * unit(&instance);
            assert!(
                waited <= bound,
                "seed {seed}, {policy}: {waited} ms of {bound}"
            );
        }
    }
}
