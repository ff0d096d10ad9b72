//! Blobs in an S3-compatible store: whoever has the journal and the bucket has everything.

use std::path::Path;
use std::process::Command;

use crate::s3::S3;
use crate::storage::{SQUARES, fails_with};
use crate::support::{World, finished, json, pack, succeeded, told, wait_until, world};

const TASKS: usize = 24;

/// An engine that is killed, and whose machine is gone with its folder of blobs.
#[test]
fn a_bucket_has_what_a_lost_folder_had() {
    let (Some(world), Some(s3)) = (world(), S3::start()) else {
        return;
    };
    prepare(&world);
    let mut killed = batch(&world, &s3).spawn().unwrap();
    wait_until("some tasks have ended", || {
        world.traces().len() >= TASKS / 2
    });
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(lose_blobs(&world) >= TASKS, "inputs, program and catalog");
    let output = succeeded(&mut batch(&world, &s3));
    assert_eq!(json(&output)["done"], TASKS, "{}", told(&output));

    lose_blobs(&world);
    let checked = succeeded(with_store(&mut world.client(), &s3).arg("fsck"));
    let told = told(&checked);
    // A program, a catalog, and an input per task.
    assert!(
        told.contains(&format!("{} blobs (0 unused)", TASKS + 2)),
        "{told}"
    );
}

/// RUNTIME D1.
#[test]
fn what_is_forgotten_leaves_the_bucket_too() {
    let (Some(world), Some(s3)) = (world(), S3::start()) else {
        return;
    };
    prepare(&world);
    succeeded(&mut batch(&world, &s3));
    for task in ["1", "2"] {
        let mut forget = world.dice(&pack("testing"));
        succeeded(with_store(&mut forget, &s3).args(["tasks", "forget", task]));
    }
    let mut sweep = world.client();
    let sweep = with_store(&mut sweep, &s3);
    let swept = succeeded(sweep.args(["fsck", "--sweep", "--grace-hours", "0"]));
    let told = told(&swept);
    assert!(
        told.contains(&format!("{TASKS} blobs")),
        "two inputs are gone: {told}"
    );
}

/// The service dies under a batch and comes back: what waits for it waits.
#[test]
fn a_service_that_comes_back_is_waited_for() {
    let (Some(world), Some(mut s3)) = (world(), S3::start()) else {
        return;
    };
    prepare(&world);
    let running = batch(&world, &s3).spawn().unwrap();
    wait_until("it has begun to store", || {
        std::fs::read_dir(world.data().join("blobs")).is_ok_and(|names| names.count() > 3)
    });
    s3.kill();
    std::thread::sleep(std::time::Duration::from_secs(1));
    s3.restart();
    let output = finished(running);
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(json(&output)["done"], TASKS);
}

#[test]
fn a_store_that_cannot_be_used_is_named() {
    let (Some(world), Some(mut s3)) = (world(), S3::start()) else {
        return;
    };
    let check = |s3: &S3, url: &str, parts: &[&str]| {
        let mut look = world.dice(&pack("testing"));
        with_store(&mut look, s3).env("DICE_BLOBS", url);
        fails_with(
            &finished(look.args(["tasks", "list"]).spawn().unwrap()),
            parts,
        );
    };
    check(
        &s3,
        "s3://nowhere/team",
        &[
            "s3://nowhere/team",
            "NoSuchBucket",
            "the bucket must be there",
        ],
    );
    check(
        &s3,
        "ftp://somewhere",
        &["ftp://somewhere", "s3://BUCKET/PREFIX"],
    );
    let url = s3.url();
    s3.kill();
    check(&s3, &url, &[&url, "AWS_ENDPOINT"]);
}

fn prepare(world: &World) {
    world.numbered_inputs(TASKS);
    world.program("squares.py", SQUARES.trim_start());
}

fn batch(world: &World, s3: &S3) -> Command {
    let mut command = world.dice(&pack("testing"));
    command.arg("batch").arg(world.path("squares.py"));
    command.arg("--inputs").arg(world.path("inputs"));
    command.args(["--concurrency", "4", "--json"]);
    with_store(&mut command, s3);
    command
}

fn with_store<'a>(command: &'a mut Command, s3: &S3) -> &'a mut Command {
    command.envs(s3.environment()).env("DICE_BLOBS", s3.url())
}

/// How many there were.
fn lose_blobs(world: &World) -> usize {
    let files = |folder: &Path| std::fs::read_dir(folder).unwrap().count();
    let mut lost = 0;
    for folder in std::fs::read_dir(world.data().join("blobs")).unwrap() {
        let folder = folder.unwrap();
        if folder.file_name().len() == 2 {
            lost += files(&folder.path());
            std::fs::remove_dir_all(folder.path()).unwrap();
        }
    }
    lost
}
