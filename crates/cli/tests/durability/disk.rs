//! Disks that are full, read-only or torn: it is said what is wrong, and nothing that was durable is lost.

use std::process::{Command, Output, Stdio};

use dice_model::{LeaseUse, TaskState, Usage};

use crate::storage::{SQUARES, fails_with};
use crate::support::{Journal, World, finished, json, pack, succeeded, told, wait_until, world};

/// It says so and ends, and with room again the same command goes on to the end. What was used is billed to
/// the last lease (RUNTIME M2).
/// Outcome `disk-full`.
#[test]
fn a_full_disk_ends_the_engine_and_loses_nothing() {
    let Some(world) = world_with_mounts() else {
        return;
    };
    world.numbered_inputs(40);
    let output = batch_on_a_small_disk(&world, FULL, WORDY);
    assert_eq!(json(&output)["done"], 40);
    let told = told(&output);
    for part in [
        "error: the journal failed: database or disk is full",
        "going on with batch 1",
    ] {
        assert!(told.contains(part), "no {part:?} in {told}");
    }
    assert!(!told.contains("the journal lost a record"), "{told}");
    let journal = Journal::of(&world.path("kept"));
    let billed: usize = journal.usage.iter().map(calls_in).sum();
    assert_eq!(
        billed,
        world.traces().len(),
        "each execution is on the bill"
    );
}

fn calls_in(usage: &Usage) -> usize {
    match usage {
        Usage::Leased {
            purpose:
                LeaseUse::Execute { calls } | LeaseUse::Wasted { calls } | LeaseUse::Hedged { calls },
            ..
        } => calls.len(),
        _ => 0,
    }
}

/// Writes far more than there is room for, then gets room.
const FULL: &str = r#"
data=$1
kept=$2
shift 2
mount -t tmpfs -o size=1500k tmpfs "$data" || exit 1
"$@" >&2 && exit 1
mount -o remount,size=64m "$data" || exit 1
"$@"
code=$?
cp -r "$data" "$kept"
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
        label = f"{TASK}.{number}." + "x" * 3000
        print(len(await hermod.call("traced_pure", folder="TRACES", label=label, seconds=0)))


asyncio.run(main())
"#;

/// Named at once, and left as it is; when it can be written again, everything is there.
#[test]
fn a_folder_that_became_read_only_is_named_and_left_alone() {
    let Some(world) = world_with_mounts() else {
        return;
    };
    world.numbered_inputs(4);
    let output = batch_on_a_small_disk(&world, READ_ONLY, SQUARES);
    let told = told(&output);
    let folder = world.data().display().to_string();
    for part in [
        "second ended with 1",
        "cannot be used",
        &folder,
        "Read-only file system",
    ] {
        assert!(told.contains(part), "no {part:?} in {told}");
    }
    assert!(!told.contains("panicked"), "{told}");
    let journal = Journal::of(&world.path("kept"));
    assert_eq!(journal.ended(), 8, "four of the first, four of the third");
}

/// The second command is refused.
const READ_ONLY: &str = r#"
data=$1
kept=$2
shift 2
mount -t tmpfs -o size=64m tmpfs "$data" || exit 1
"$@" >&2 || exit 1
mount -o remount,ro "$data" || exit 1
"$@" >&2
echo "second ended with $?" >&2
mount -o remount,rw "$data" || exit 1
"$@"
code=$?
cp -r "$data" "$kept"
umount "$data"
exit $code
"#;

/// A power cut in the middle of the log's last write: cut at the last whole commit, and it goes on there.
#[test]
fn a_log_whose_last_page_is_torn_goes_on_from_the_commit_before() {
    let Some(world) = world() else { return };
    let killed_at = killed_half_way(&world);
    let log = world.data().join("journal.sqlite-wal");
    let torn = std::fs::metadata(&log).unwrap().len() - 1000;
    std::fs::File::options()
        .write(true)
        .open(&log)
        .and_then(|log| log.set_len(torn))
        .unwrap();

    let cut = Journal::of(&world.data());
    assert_eq!(cut.tasks.len(), killed_at.tasks.len());
    let lost = killed_at.ended() - cut.ended();
    assert!(lost <= 4, "{lost} tasks ended in the last commit");
    let output = succeeded(&mut squares(&world));
    assert_eq!(json(&output)["done"], 24);
    let healthy = succeeded(world.client().arg("fsck"));
    assert!(told(&healthy).contains("all is well"), "{}", told(&healthy));
}

/// A page of the database itself that is not what was written: it is said, and nothing is written over it.
#[test]
fn a_database_that_is_torn_is_said_to_be_and_left_alone() {
    let Some(world) = world() else { return };
    succeeded(&mut {
        prepare(&world);
        squares(&world)
    });
    let journal = world.data().join("journal.sqlite");
    let connection = rusqlite::Connection::open(&journal).unwrap();
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(connection);
    let mut bytes = std::fs::read(&journal).unwrap();
    let torn = bytes.len() - 2048;
    bytes[torn..].fill(0xa5);
    bytes[4096..8192].fill(0xa5);
    std::fs::write(&journal, &bytes).unwrap();
    let output = finished(squares(&world).spawn().unwrap());
    fails_with(&output, &["the journal failed", "malformed", "dice fsck"]);
    let checked = finished(world.client().arg("fsck").spawn().unwrap());
    assert_eq!(checked.status.code(), Some(1), "{}", told(&checked));
    assert!(told(&checked).contains("journal: "), "{}", told(&checked));
}

/// What was durable then.
fn killed_half_way(world: &World) -> Journal {
    prepare(world);
    let mut killed = squares(world).spawn().unwrap();
    wait_until("some tasks have ended", || world.traces().len() >= 12);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let journal = Journal::of(&world.data());
    let done = |task: &&crate::support::Task| task.record.state == TaskState::Done;
    assert!(journal.tasks.iter().filter(done).count() > 0);
    journal
}

fn prepare(world: &World) {
    world.numbered_inputs(24);
    world.program("squares.py", SQUARES.trim_start());
}

fn squares(world: &World) -> Command {
    let mut command = world.dice(&pack("testing"));
    command.arg("batch").arg(world.path("squares.py"));
    command.arg("--inputs").arg(world.path("inputs"));
    command.args(["--concurrency", "4", "--json"]);
    command
}

/// `None`, said on stderr, where file systems cannot be mounted.
fn world_with_mounts() -> Option<World> {
    let world = world()?;
    let alone = Command::new("unshare").args(["--mount", "true"]).status();
    if !alone.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no rights to mount a small file system");
        return None;
    }
    Some(world)
}

/// `dice`, by a script that mounts the data folder; what is on it in the end is kept in `kept`.
/// Of all inputs there are.
fn batch_on_a_small_disk(world: &World, script: &str, program: &str) -> Output {
    let program = world.program("program.py", program.trim_start());
    let mut batch = on_a_small_disk(world, script);
    batch.arg("batch").arg(program);
    batch
        .arg("--inputs")
        .arg(world.path("inputs"))
        .arg("--json");
    succeeded(&mut batch)
}

fn on_a_small_disk(world: &World, script: &str) -> Command {
    let script = world.program("script.sh", script.trim_start());
    let mut command = Command::new("unshare");
    command.arg("--mount").arg("sh").arg(script);
    command.arg(world.data()).arg(world.path("kept"));
    let dice = world.dice(&pack("testing"));
    command.arg(dice.get_program()).args(dice.get_args());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
