//! The data folder: whose it is, what it is written with, and what happens when it cannot be written.

use std::process::{Command, Output, Stdio};

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

/// It says so and ends, and with room again the same command goes on to the end.
#[test]
fn a_full_disk_ends_the_engine_and_loses_nothing() {
    let Some(world) = world() else { return };
    let alone = Command::new("unshare").args(["--mount", "true"]).status();
    if !alone.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no rights to mount a small file system");
        return;
    }
    world.numbered_inputs(40);
    world.program("wordy.py", WORDY.trim_start());
    let script = world.program("script.sh", FULL.trim_start());
    let mut command = Command::new("unshare");
    command
        .arg("--mount")
        .arg("sh")
        .arg(script)
        .arg(world.data());
    let dice = world.dice(&pack("testing"));
    command.arg(dice.get_program()).args(dice.get_args());
    command.arg("batch").arg(world.path("wordy.py"));
    command
        .arg("--inputs")
        .arg(world.path("inputs"))
        .arg("--json");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = succeeded(&mut command);
    assert_eq!(json(&output)["done"], 40);
    let told = told(&output);
    assert!(
        told.contains("error: the journal failed: database or disk is full"),
        "{told}"
    );
    assert!(told.contains("going on with batch 1"), "{told}");
}

/// Writes far more than there is room for, then gets room.
const FULL: &str = r#"
data=$1
shift
mount -t tmpfs -o size=1500k tmpfs "$data" || exit 1
"$@" >&2 && exit 1
mount -o remount,size=64m "$data" || exit 1
"$@"
code=$?
umount "$data"
exit $code
"#;

const WORDY: &str = r#"
import asyncio

import hermod

with open("task.txt") as file:
    TASK = file.read()


async def main() -> None:
    for number in range(20):
        value = f"{TASK} {number} " + "x" * 3000
        print(len(await hermod.call("echo", value=value)))


asyncio.run(main())
"#;

fn fails_with(output: &Output, parts: &[&str]) {
    let told = told(output);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{told}");
    for part in parts {
        assert!(told.contains(part), "no {part:?} in {told}");
    }
    assert!(!told.contains("panicked"), "{told}");
}
