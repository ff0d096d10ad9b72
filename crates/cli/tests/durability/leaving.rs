//! However `dice` goes, nothing of it stays behind.

use std::io::{BufRead as _, BufReader};
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::support::{
    Watched, World, finished, of_world, pack, pause, signal_child, told, wait_until, world,
};

/// For a machine that is busy.
const SOON: Duration = Duration::from_secs(5);
/// A worker that has nothing to do and nothing to offer outlives its engine for so long (P3); one
/// that executes, until its batch's deadline.
const ALONE: Duration = Duration::from_secs(10);

#[test]
fn asked_to_end_it_takes_everything_with_it() {
    for asked in [Signal::TERM, Signal::INT] {
        let Some(world) = world() else { return };
        let (dice, mut watched) = busy(&world, "pure", 600.0);
        signal_child(&dice, asked);
        let output = finished(dice);
        assert_eq!(output.status.code(), Some(130), "{}", told(&output));
        assert!(
            told(&output).contains("cancelled task 1"),
            "{}",
            told(&output)
        );
        gone_within(&world, &mut watched, SOON);
    }
}

/// Ctrl-C again: it does not wait for the write that is under way, and all the same.
#[test]
fn asked_twice_it_ends_at_once_and_takes_everything_with_it() {
    let Some(world) = world() else { return };
    let (dice, mut watched) = busy(&world, "write", 600.0);
    signal_child(&dice, Signal::INT);
    std::thread::sleep(Duration::from_millis(500));
    let asked = Instant::now();
    signal_child(&dice, Signal::INT);
    assert_eq!(finished(dice).status.code(), Some(130));
    assert!(
        asked.elapsed() < Duration::from_secs(1),
        "{:?}",
        asked.elapsed()
    );
    gone_within(&world, &mut watched, SOON);
}

/// The sandbox goes with it; workers wait for an engine to come back, for as long as P3 allows.
#[test]
fn killed_it_leaves_idle_workers_for_ten_seconds_and_nothing_else() {
    let Some(world) = world() else { return };
    let (mut dice, mut watched) = busy(&world, "pure", 0.0);
    let mut stdout = BufReader::new(dice.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "0.0\n");
    // By now its worker may forget the result: there is nothing that only it has.
    std::thread::sleep(Duration::from_millis(300));
    dice.kill().unwrap();
    dice.wait().unwrap();
    wait_until("the sandbox has gone", || {
        watched.alive().iter().all(|process| process.is_worker())
    });
    gone_within(&world, &mut watched, ALONE + SOON);
}

/// A task whose only call is being executed, for so long.
fn busy(world: &World, function: &str, seconds: f64) -> (Child, Watched) {
    let program = PROGRAM.trim_start().replace("FUNCTION", function);
    let program = program.replace("SECONDS", &seconds.to_string());
    let program = world.program("busy.py", &program);
    let mut command = world.dice(&pack("testing"));
    let dice = command.arg("run").arg(program).spawn().unwrap();
    let mut watched = Watched::new(&dice);
    wait_until("its call is executed", || {
        watched.look();
        world.traces().len() > 0 && !watched.programs().is_empty()
    });
    (dice, watched)
}

const PROGRAM: &str = r#"
import asyncio

import hermod


async def main() -> None:
    print(await hermod.call("traced_FUNCTION", folder="TRACES", label="0.0", seconds=SECONDS))
    await asyncio.sleep(600)


asyncio.run(main())
"#;

fn gone_within(world: &World, watched: &mut Watched, time: Duration) {
    let until = Instant::now() + time;
    loop {
        let mut left = watched.alive();
        left.extend(of_world(world));
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < until, "left behind: {left:?}");
        pause();
    }
}
