//! `dice tasks`: what ran, runs, or hangs in doubt.

use serde_json::Value;

use crate::support::{Dice, Ended};

fn tasks(dice: &Dice, arguments: &[&str]) -> Ended {
    dice.run(&[&["tasks"], arguments].concat())
}

fn task(dice: &Dice, id: &str) -> Value {
    tasks(dice, &["show", id, "--json"]).expect(0).json()
}

#[test]
fn an_empty_folder_says_what_to_do() {
    let Some(dice) = Dice::new() else { return };
    let listed = tasks(&dice, &[]).expect(0);
    listed.prints("no tasks yet: `dice run` or `dice ask` makes one\n");
}

#[test]
fn list_show_logs_forget() {
    let Some(dice) = Dice::new() else { return };
    dice.run_program("print('first')\n", &[]).expect(0);
    let second = "import sys\nprint('second')\nprint('a log', file=sys.stderr)\nsys.exit(3)\n";
    dice.run_program(second, &[]).expect(1);

    let listed = tasks(&dice, &["list"]).expect(0).stdout;
    let rows: Vec<Vec<&str>> = listed
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows[0][..4], ["TASK", "STATE", "PROGRAM", "CALLS"]);
    assert_eq!(rows[1][..4], ["2", "failed", "program.py", "0"]);
    assert_eq!(rows[2][..4], ["1", "done", "program.py", "0"]);
    let limited = tasks(&dice, &["list", "--limit", "1", "--before", "2", "--json"]).expect(0);
    assert_eq!(limited.json()["tasks"][0]["id"], 1);

    let shown = tasks(&dice, &["show", "2"]).expect(0).stdout;
    assert!(
        shown.starts_with("task 2 (program.py) failed after "),
        "{shown}"
    );
    assert!(
        shown.contains("exited with status 3") && shown.contains("second"),
        "{shown}"
    );
    tasks(&dice, &["logs", "2"]).expect(0).prints("a log\n");

    tasks(&dice, &["forget", "1"])
        .expect(0)
        .prints("forgot task 1\n");
    let forgotten = tasks(&dice, &["show", "1", "--json"]);
    assert!(!forgotten.stdout.contains("first"), "{}", forgotten.stdout);
}

#[test]
fn tasks_that_are_not_there() {
    let Some(dice) = Dice::new() else { return };
    for action in ["show", "cancel", "logs", "forget"] {
        let ended = tasks(&dice, &[action, "7"]).expect(2).prints("");
        ended
            .says("there is no task 7")
            .says("hint: `dice tasks list` shows the tasks");
    }
    let ended = tasks(&dice, &["resolve", "7", "--not-happened"]).expect(2);
    ended.says("no task 7");
    tasks(&dice, &["resolve", "7"])
        .expect(2)
        .says("--not-happened");
    let ended = tasks(&dice, &["resolve", "7", "--happened", "{"]).expect(2);
    ended
        .says("--happened {")
        .says("hint: give the write's result as JSON");
    tasks(&dice, &["show", "seven"]).expect(2).says("seven");
}

/// A program that counts up twice; the first time the worker dies after it counted.
fn in_doubt(dice: &Dice) {
    let folder = dice.path("");
    let program = format!(
        r#"import asyncio
import hermod

FOLDER = {folder:?}

async def main():
    print("before")
    first = await hermod.call("count_up", folder=FOLDER, counter="first", crash=True)
    print("first", first["value"])
    second = await hermod.call("count_up", folder=FOLDER, counter="second")
    print("second", second["value"])

asyncio.run(main())
"#
    );
    let ended = dice.run_program(&program, &[]).expect(3).prints("before\n");
    ended.says("count_up").says("dice tasks resolve");
    assert_eq!(task(dice, "1")["state"], "uncertain");
    assert_eq!(counted(dice, "first"), 1);
}

fn counted(dice: &Dice, counter: &str) -> u64 {
    let file = dice.path(&format!("{counter}.json"));
    let text = std::fs::read_to_string(file).unwrap_or_else(|_| r#"{"value": 0}"#.to_owned());
    let state: Value = serde_json::from_str(&text).expect("JSON");
    state["value"].as_u64().expect("a number")
}

#[test]
fn a_write_in_doubt_that_happened() {
    let Some(dice) = Dice::new() else { return };
    in_doubt(&dice);
    let resolved = tasks(&dice, &["resolve", "1", "--happened", r#"{"value": 41}"#]).expect(0);
    assert!(
        resolved.stdout.contains("first 41\nsecond 1"),
        "{}",
        resolved.stdout
    );
    let settled = task(&dice, "1");
    assert_eq!(settled["state"], "done");
    assert_eq!(settled["stdout"], "before\nfirst 41\nsecond 1\n");
    assert_eq!((counted(&dice, "first"), counted(&dice, "second")), (1, 1));
    tasks(&dice, &["resolve", "1", "--not-happened"])
        .expect(2)
        .says("task 1 is done");
}

#[test]
fn a_write_in_doubt_that_did_not_happen() {
    let Some(dice) = Dice::new() else { return };
    in_doubt(&dice);
    // It is made again, and dies again: in doubt again, with a second execution.
    let resolved = tasks(&dice, &["resolve", "1", "--not-happened"]).expect(3);
    assert!(
        resolved.stdout.contains("dice tasks resolve"),
        "{}",
        resolved.stdout
    );
    assert_eq!(task(&dice, "1")["state"], "uncertain");
    assert_eq!((counted(&dice, "first"), counted(&dice, "second")), (2, 0));
    tasks(&dice, &["resolve", "1", "--happened", r#"{"value": 2}"#]).expect(0);
    assert_eq!(task(&dice, "1")["stdout"], "before\nfirst 2\nsecond 1\n");
}

#[test]
fn cancelled_from_another_command() {
    let Some(dice) = Dice::new() else { return };
    dice.write(
        "program.py",
        "import asyncio, hermod\nprint('started', flush=True)\n\
         async def main():\n    await hermod.call('sleep', seconds=60)\nasyncio.run(main())\n",
    );
    let mut running = dice.start(&["run", "program.py"]);
    running.wait_for(|stdout| stdout.contains("started"));
    let cancel =
        |arguments: &[&str]| crate::support::Running::start(dice.client(arguments)).ended();
    let refused = cancel(&["tasks", "forget", "1"]).expect(2);
    refused.says("task 1 has not ended; cancel it first");
    let cancelled = cancel(&["tasks", "cancel", "1"]).expect(0).stdout;
    assert!(
        cancelled.starts_with("task 1 (program.py) cancelled"),
        "{cancelled}"
    );
    running.ended().expect(130).prints("started\n");
}
