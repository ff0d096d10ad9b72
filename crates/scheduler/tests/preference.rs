//! On many devices: each does what it is good at, batches are full while there is much to do and short
//! towards the end, and nobody waits long for that.

#[path = "support/sim.rs"]
mod sim;
#[path = "support/specs.rs"]
mod specs;

use std::time::Duration;

use dice_model::Timestamp;
use dice_scheduler::{DeviceProfile, Event, Options, Profile};
use sim::Sim;

const FAR: Timestamp = Timestamp(3_600_000_000_000);

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn profile(devices: &[(&str, &[(u32, u64)])]) -> Profile {
    let devices = devices.iter().map(|(kind, batches)| DeviceProfile {
        device: (*kind).into(),
        load: ms(1),
        batches: batches
            .iter()
            .map(|&(size, time)| (size, ms(time)))
            .collect(),
        memory_bytes: None,
    });
    Profile {
        devices: devices.collect(),
    }
}

/// Nodes "fast" and "slow" of so many devices each, and functions that take their time by profile.
fn world(devices: usize, functions: &[(&str, u32, Profile)]) -> Sim {
    let mut sim = Sim::new(Options {
        concurrency: 100_000,
        ..Options::default()
    });
    for kind in ["fast", "slow"] {
        sim.tell(Event::NodeJoined(specs::node(kind, kind, devices, 100)));
    }
    for (name, batch, profile) in functions {
        let function = specs::batched(name, 1, *batch);
        let id = function.id.clone();
        let profile = profile.clone();
        sim.tell(Event::FunctionOffered { function, profile });
        for node in ["fast", "slow"] {
            for device in specs::node(node, node, devices, 100).devices {
                sim.tell(Event::Loaded {
                    function: id.clone(),
                    device: device.id,
                    memory_bytes: 1,
                });
            }
        }
    }
    let profiles: Vec<_> = functions
        .iter()
        .map(|(name, _, profile)| (name.to_string(), profile.clone()))
        .collect();
    sim.takes = Box::new(move |grant| {
        let (_, profile) = profiles
            .iter()
            .find(|(name, _)| *name == grant.function.as_str())
            .expect("one of these");
        let mut devices = profile.devices.iter();
        let on = devices.find(|at| grant.device.0.starts_with(&at.device.0));
        let size = u32::try_from(grant.calls.len()).expect("few");
        on.and_then(|on| on.batch_time(size)).expect("a time")
    });
    sim
}

fn calls_on(sim: &Sim, function: &str, kind: &str) -> usize {
    let grants = sim.grants().filter(|(_, grant)| {
        grant.function.as_str() == function && grant.device.0.starts_with(kind)
    });
    grants.map(|(_, grant)| grant.calls.len()).sum()
}

/// `even` is hardly slower on the slow devices, `uneven` is four times as slow.
#[test]
fn each_device_does_what_it_is_good_at() {
    let even = profile(&[("fast", &[(1, 100)]), ("slow", &[(1, 110)])]);
    let uneven = profile(&[("fast", &[(1, 100)]), ("slow", &[(1, 400)])]);
    let mut sim = world(10, &[("even", 1, even), ("uneven", 1, uneven)]);
    for task in 0..1000 {
        sim.issue(task, "even");
        sim.issue(task, "uneven");
    }
    while sim.step(FAR).is_some() {}
    assert!(calls_on(&sim, "uneven", "fast") >= 900);
    assert!(calls_on(&sim, "even", "slow") >= 900);
}

/// Eight calls in a batch take as long as two alone. 81 full batches on 20 devices would be four rounds and
/// one batch that all wait for: its calls are spread.
#[test]
fn the_last_batches_are_short() {
    let alike = profile(&[
        ("fast", &[(1, 100), (8, 200)]),
        ("slow", &[(1, 100), (8, 200)]),
    ]);
    let mut sim = world(10, &[("alike", 8, alike)]);
    for task in 0..8 * 81 {
        sim.issue(task, "alike");
    }
    while sim.step(FAR).is_some() {}
    let sizes: Vec<_> = sim.grants().map(|(_, grant)| grant.calls.len()).collect();
    assert!(sizes[..60].iter().all(|&size| size == 8), "{sizes:?}");
    let ends = sim
        .grants()
        .map(|(at, grant)| at + ms(100 + (grant.calls.len() as u64 - 1) * 100 / 7));
    let end = ends.max().expect("there are some") - Timestamp(0);
    assert!(end <= ms(950), "{end:?} {sizes:?}");
}

/// Its batch is never full, while the other's always is.
#[test]
fn what_is_passed_over_waits_for_a_few_leases_at_most() {
    let batches: &[(u32, u64)] = &[(1, 100), (8, 120)];
    let alike = || profile(&[("fast", batches), ("slow", batches)]);
    let mut sim = world(10, &[("plenty", 8, alike()), ("rare", 8, alike())]);
    for task in 0..20_000 {
        sim.issue(task, "plenty");
    }
    let mut longest = Duration::ZERO;
    for round in 0..20 {
        let begin = sim.now;
        let call = sim.issue(100_000 + round, "rare");
        let granted = |sim: &Sim| {
            let mut grants = sim.grants();
            let granted = grants.find(|(_, grant)| grant.calls.iter().any(|(at, _)| *at == call));
            granted.map(|(at, _)| at - begin)
        };
        while granted(&sim).is_none() && sim.step(FAR).is_some() {}
        longest = longest.max(granted(&sim).expect("it runs"));
    }
    assert!(longest <= ms(4 * 100 + 120), "{longest:?}");
}
