//! What an event allocates: little, and no more with more calls. Alone in its file, since all threads count.

#[path = "support/specs.rs"]
mod specs;
#[path = "support/steady.rs"]
mod steady;

use std::alloc::System;

use dice_scheduler::PolicyName;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use steady::{Size, Steady};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations for a thousand events, the driver's own included: one for a lease's results.
fn per_thousand(policy: PolicyName, batch: u32, calls: u32) -> u64 {
    let mut steady = Steady::new(Size {
        nodes: 25,
        calls,
        ..Size::large(policy, batch)
    });
    steady.events(20_000);
    let region = Region::new(ALLOCATOR);
    let events = steady.events(20_000);
    let change = region.change();
    (change.allocations + change.reallocations) as u64 * 1_000 / events
}

#[test]
#[allow(clippy::print_stdout)]
fn an_event_allocates_little_however_many_calls_there_are() {
    for (policy, batch, at_most) in [
        (PolicyName::Dice, 16, 1_500),
        (PolicyName::Dice, 1, 5_000),
        (PolicyName::Fifo, 1, 5_000),
    ] {
        let [few, many] = [5_000, 50_000].map(|calls| per_thousand(policy, batch, calls));
        println!("{policy}, batches of {batch}: {few} with few calls, {many} with many");
        assert!(many <= at_most, "{policy}, {batch}: {many}");
        assert!(many * 10 <= few * 13, "{policy}, {batch}: {many} and {few}");
    }
}
