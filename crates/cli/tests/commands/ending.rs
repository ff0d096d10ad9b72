//! How `dice run` ends: each exit code by a real cause, with what to do about it.

use std::time::Duration;

use rustix::process::Signal;

use crate::support::{Dice, Ended, Processes};

const SLEEPS: &str = r#"import asyncio
import hermod

async def main():
    print("started", flush=True)
    await hermod.call("sleep", seconds=60)
    print("not reached")

asyncio.run(main())
"#;

fn calling(call: &str) -> String {
    format!("import asyncio, hermod\n\nasync def main():\n    {call}\n\nasyncio.run(main())\n")
}

#[test]
fn zero_when_all_went_well() {
    let Some(dice) = Dice::new() else { return };
    dice.run_program("print('fine')\n", &[])
        .expect(0)
        .prints("fine\n");
    dice.run_program("import sys\nprint('fine')\nsys.exit(0)\n", &[])
        .expect(0);
}

#[test]
fn one_when_the_program_failed() {
    let Some(dice) = Dice::new() else { return };
    let raised = dice.run_program("print('before')\nraise ValueError('no such thing')\n", &[]);
    let raised = raised.expect(1).prints("before\n");
    raised
        .says("File \"program.py\", line 2")
        .says("ValueError: no such thing");

    let exited = dice.run_program("import sys\nsys.exit(3)\n", &[]).expect(1);
    exited.says("exited with status 3");

    let wrong = dice.run_program("def f(: pass\n", &[]).expect(1);
    wrong
        .says("File \"program.py\", line 1")
        .says("SyntaxError");
}

#[test]
fn one_when_a_call_cannot_be_made() {
    let Some(dice) = Dice::new() else { return };
    let unknown = dice.run_program(
        &calling("await hermod.call('glipp', object_name='car')"),
        &[],
    );
    unknown
        .expect(1)
        .says("glipp")
        .says("did you mean \"glip\"?")
        .says("line 4");
    let wrong = dice.run_program(&calling("await hermod.call('raise_error', text='x')"), &[]);
    wrong
        .expect(1)
        .says("raise_error: bad arguments")
        .says("message");
}

#[test]
fn two_when_it_was_used_wrongly() {
    let dice = Dice::bare();
    dice.write("program.py", "print('never')\n");
    let check = |arguments: &[&str], problem: &str| {
        let ended = dice.run(&[&["run"], arguments].concat());
        ended.expect(2).prints("").says(problem);
    };
    check(&["missing.py"], "missing.py: No such file");
    check(&["."], ".: Is a directory");
    check(
        &["program.py", "--deadline", "-1"],
        "--deadline -1: not a time",
    );
    check(&["program.py", "--deadline", "soon"], "--deadline");
    check(&["program.py", "--input", "=x"], "expected NAME=FILE");
    check(&["program.py", "--deadlin", "1"], "--deadline");
    check(
        &["program.py", "--compare", "--deadline", "1"],
        "cannot be used with",
    );
    std::fs::write(dice.path("program.py"), b"print('\xff')\n").expect("written");
    check(&["program.py"], "program.py: not UTF-8");
}

#[test]
fn two_when_an_input_is_missing() {
    let Some(dice) = Dice::new() else { return };
    let check = |inputs: &[&str], problem: &str| -> Ended {
        dice.run_program("print('never')\n", inputs)
            .expect(2)
            .prints("")
            .says(problem)
    };
    check(
        &["-i", "scene.jpg=nowhere.jpg"],
        "--input scene.jpg=nowhere.jpg: No such file",
    )
    .says("hint: ");
    check(
        &["-i", "a=photo.png", "-i", "a=fleet.toml"],
        "--input a: given twice",
    );
    check(
        &["-i", "folder=data"],
        "--input folder=data: Is a directory",
    );
}

#[test]
fn inputs_that_are_not_there_or_not_pictures() {
    let Some(dice) = Dice::new() else { return };
    let program = "from PIL import Image\nImage.open('else.png')\n";
    let other = dice
        .run_program(program, &["--input", "photo.png"])
        .expect(1);
    other
        .says("'else.png' is not an input of this task")
        .says("its inputs: 'photo.png'");
    let broken = dice
        .run_program(program, &["--input", "else.png=fleet.toml"])
        .expect(1);
    broken.says("UnidentifiedImageError").says("else.png");
}

#[test]
fn three_when_a_function_failed() {
    let Some(dice) = Dice::new() else { return };
    let raised = dice.run_program(
        &calling("await hermod.call('raise_error', message='boom')"),
        &[],
    );
    raised
        .expect(3)
        .says("FunctionRaised: raise_error: function raised: ValueError: boom");
    let folder = dice.path(".");
    let crash = format!("await hermod.call('crash', folder={folder:?}, times=9)");
    dice.run_program(&calling(&crash), &[])
        .expect(3)
        .says("WorkerLost: crash");
}

/// What a program catches is its own business.
#[test]
fn a_caught_failure_is_no_failure() {
    let Some(dice) = Dice::new() else { return };
    let program = calling(
        "try:\n        await hermod.call('raise_error', message='boom')\n    \
         except hermod.CallError as error:\n        print('caught', error)",
    );
    let ended = dice.run_program(&program, &[]).expect(0);
    ended.prints("caught raise_error: function raised: ValueError: boom\n");
}

#[test]
fn four_at_the_deadline() {
    let Some(dice) = Dice::new() else { return };
    let late = dice
        .run_program(SLEEPS, &["--deadline", "2"])
        .expect(4)
        .prints("started\n");
    late.says("deadline").says("--deadline");
}

#[test]
fn ctrl_c_cancels_and_leaves_no_process() {
    let Some(dice) = Dice::new() else { return };
    dice.write("program.py", SLEEPS);
    let mut running = dice.start(&["run", "program.py"]);
    running.wait_for(|stdout| stdout.contains("started"));
    let processes = wait_for_worker(running.id());
    running.signal(Signal::INT);
    running
        .ended()
        .expect(130)
        .prints("started\n")
        .says("cancelled task 1");
    assert_eq!(
        processes.left_after(Duration::from_secs(5)),
        Vec::<u32>::new()
    );

    let listed = dice.run(&["tasks", "list", "--json"]).expect(0).json();
    assert_eq!(listed["tasks"][0]["state"], "cancelled");
}

#[test]
fn killed_it_leaves_no_process_either() {
    let Some(dice) = Dice::new() else { return };
    dice.write("program.py", SLEEPS);
    let mut running = dice.start(&["run", "program.py"]);
    running.wait_for(|stdout| stdout.contains("started"));
    let processes = wait_for_worker(running.id());
    running.signal(Signal::KILL);
    assert_eq!(running.ended().code, None);
    assert_eq!(
        processes.left_after(Duration::from_secs(20)),
        Vec::<u32>::new()
    );
}

/// All that `dice` has started, once the function's worker is among them.
fn wait_for_worker(id: u32) -> Processes {
    for _ in 0..500 {
        let processes = Processes::descended_from(id);
        if processes.running("plain.py:sleep").is_some() {
            return processes;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("no worker has come");
}
