//! The journal in PostgreSQL, whose server is killed, and whose engine is.

use std::process::Command;

use crate::postgres::Postgres;
use crate::support::{World, finished, json, pack, told, wait_until, world};

const TASKS: usize = 32;

/// RUNTIME J1: killing the database re-executes nothing.
/// Outcome `database-died`.
#[test]
fn a_database_that_is_killed_costs_no_execution() {
    let (Some(world), Some(mut server)) = (world(), Postgres::start()) else {
        return;
    };
    prepare(&world);
    let running = batch(&world, &server).spawn().unwrap();
    for kill in 1..=4 {
        let part = kill * TASKS / 6;
        wait_until("some tasks have ended", || world.traces().len() >= part);
        server.restart();
    }
    let output = finished(running);
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(json(&output)["done"], TASKS);
    let executions = world.traces().executions();
    assert_eq!(executions.len(), TASKS);
    for (call, times) in executions {
        assert_eq!(times, 1, "{call:?}");
    }
}

/// RUNTIME J1, P2: the next engine goes on, and makes again at most what was under way.
#[test]
fn an_engine_that_is_killed_leaves_its_database_to_the_next() {
    let (Some(world), Some(server)) = (world(), Postgres::start()) else {
        return;
    };
    prepare(&world);
    let mut killed = batch(&world, &server).spawn().unwrap();
    wait_until("some tasks have ended", || {
        world.traces().len() >= TASKS / 2
    });
    killed.kill().unwrap();
    killed.wait().unwrap();
    let output = finished(batch(&world, &server).spawn().unwrap());
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(json(&output)["done"], TASKS);
    let executions = world.traces().executions();
    let again = executions.values().filter(|&&times| times > 1).count();
    assert!(executions.values().all(|&times| times <= 2));
    assert!(
        again <= 8,
        "{again} calls were made again; 8 were under way at most"
    );
}

fn prepare(world: &World) {
    world.numbered_inputs(TASKS);
    world.program("squares.py", super::storage::SQUARES.trim_start());
}

fn batch(world: &World, server: &Postgres) -> Command {
    let mut command = world.dice(&pack("testing"));
    command.args(["--journal", &server.url()]);
    command.arg("batch").arg(world.path("squares.py"));
    command.arg("--inputs").arg(world.path("inputs"));
    command.args(["--concurrency", "4", "--json"]);
    command
}
