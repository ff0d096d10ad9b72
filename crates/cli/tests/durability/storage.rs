//! The data folder: whose it is, what it is written with, and what happens when it cannot be written.

use std::process::Output;

use crate::support::{finished, json, pack, succeeded, told, wait_until, world};

/// RUNTIME J2: with an fsync before each delivery, killed and resumed.
#[test]
fn power_durable_batches_are_resumed_too() {
    let Some(world) = world() else { return };
    let inputs = world.numbered_inputs(24);
    let program = world.program("squares.py", SQUARES.trim_start());
    let batch = || {
        let mut command = world.dice(&pack("testing"));
        command
            .arg("batch")
            .arg(&program)
            .arg("--inputs")
            .arg(&inputs);
        command.args(["--power-durable", "--concurrency", "4", "--json"]);
        command
    };
    let mut killed = batch().spawn().unwrap();
    wait_until("some tasks have ended", || world.traces().len() >= 12);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let resumed = succeeded(&mut batch());
    assert_eq!(json(&resumed)["done"], 24);
    assert!(
        world
            .traces()
            .executions()
            .values()
            .all(|&times| times <= 2)
    );
}

pub(crate) const SQUARES: &str = r#"
import asyncio

import hermod

with open("task.txt") as file:
    TASK = file.read()


async def main() -> None:
    label = f"{TASK}.0"
    print(await hermod.call("traced_pure", folder="TRACES", label=label, seconds=0.05))


asyncio.run(main())
"#;

/// RUNTIME P6.
#[test]
fn a_second_engine_is_refused_by_name() {
    let Some(world) = world() else { return };
    let mut up = world.dice(&pack("testing"));
    let mut up = up.args(["up", "--listen", "127.0.0.1:0"]).spawn().unwrap();
    wait_until("it listens", || world.data().join("dice.sock").exists());
    let mut second = world.dice(&pack("testing"));
    let output = finished(
        second
            .args(["up", "--listen", "127.0.0.1:0"])
            .spawn()
            .unwrap(),
    );
    fails_with(
        &output,
        &["is in use by another dice", &up.id().to_string()],
    );
    let output = succeeded(world.client().args(["tasks", "list"]));
    assert!(
        output.status.success(),
        "its clients go on: {}",
        told(&output)
    );
    up.kill().unwrap();
    up.wait().unwrap();
    succeeded(world.dice(&pack("testing")).args(["tasks", "list"]));
}

#[test]
fn a_journal_of_a_newer_version_is_refused_and_left_alone() {
    let Some(world) = world() else { return };
    succeeded(world.dice(&pack("testing")).args(["tasks", "list"]));
    let path = world.data().join("journal.sqlite");
    let journal = rusqlite::Connection::open(&path).unwrap();
    journal.pragma_update(None, "user_version", 99).unwrap();
    journal.close().unwrap();
    let before = std::fs::read(&path).unwrap();
    let output = finished(
        world
            .dice(&pack("testing"))
            .args(["tasks", "list"])
            .spawn()
            .unwrap(),
    );
    fails_with(&output, &["journal.sqlite", "newer version of dice", "99"]);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let Some(world) = world() else { return };
    // Root may write everywhere but on a file.
    std::fs::remove_dir(world.data()).unwrap();
    std::fs::write(world.data(), "").unwrap();
    let output = finished(
        world
            .dice(&pack("testing"))
            .args(["tasks", "list"])
            .spawn()
            .unwrap(),
    );
    fails_with(&output, &[world.data().to_str().unwrap()]);
}

pub(crate) fn fails_with(output: &Output, parts: &[&str]) {
    let told = told(output);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{told}");
    for part in parts {
        assert!(told.contains(part), "no {part:?} in {told}");
    }
    assert!(!told.contains("panicked"), "{told}");
}
