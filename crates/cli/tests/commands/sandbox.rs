//! Programs that try what they may not, through the command line.

use std::time::Duration;

use crate::support::{Dice, peak_memory_bytes};

/// Beyond what an idle `dice` holds; debug builds included.
const MEMORY_BYTES: u64 = 300 << 20;

#[track_caller]
fn refused(dice: &Dice, program: &str, says: &str) {
    dice.run_program(program, &[])
        .expect(1)
        .prints("")
        .says(says);
}

#[test]
fn files_sockets_and_processes_are_refused() {
    let Some(dice) = Dice::new() else { return };
    refused(
        &dice,
        "open('/etc/passwd').read()\n",
        "PermissionError: a program can open its inputs only, not '/etc/passwd'",
    );
    refused(
        &dice,
        "import os\nos.open('/etc/passwd', os.O_RDONLY)\n",
        "PermissionError: [Errno 13] Permission denied: '/etc/passwd'",
    );
    refused(&dice, "import socket\nsocket.socket()\n", "PermissionError");
    refused(&dice, "import os\nos.fork()\n", "PermissionError");
    refused(
        &dice,
        "import subprocess\nsubprocess.run(['true'])\n",
        "PermissionError",
    );
    refused(
        &dice,
        "import os\nos.kill(os.getppid(), 9)\n",
        "PermissionError",
    );
}

/// Outcome `program-limits`.
#[test]
fn memory_is_bounded() {
    let Some(dice) = Dice::new() else { return };
    let greedy = "held = []\nwhile True:\n    held.append(bytes(1 << 20))\n";
    let ended = dice.run_program(greedy, &[]).expect(1);
    ended.says("the program needed more memory than it may have");
}

#[test]
fn a_loop_without_end_ends_at_the_deadline() {
    let Some(dice) = Dice::new() else { return };
    let ended = dice
        .run_program("while True:\n    pass\n", &["--deadline", "0.5"])
        .expect(4);
    ended.says("its deadline passed");
}

/// The secrets of whoever runs `dice` are not the program's.
#[test]
fn the_environment_is_not_inherited() {
    let Some(dice) = Dice::new() else { return };
    dice.write(
        "program.py",
        "import os\nprint(sorted(os.environ.values()))\n",
    );
    let mut command = dice.command(&["run", "program.py"]);
    command
        .env("SECRET", "hunter2")
        .env("DICE_LLM_KEY", "hunter2");
    let ended = crate::support::Running::start(command).ended().expect(0);
    assert!(!ended.stdout.contains("hunter2"), "{}", ended.stdout);
}

#[test]
fn output_without_bound_takes_no_memory_without_bound() {
    let Some(dice) = Dice::new() else { return };
    dice.write(
        "program.py",
        "for _ in range(100):\n    print('x' * (1 << 20))\n",
    );
    let mut running = dice.start(&["run", "program.py"]);
    let mut peak = 0;
    while !running.has_ended() {
        peak = peak_memory_bytes(running.id()).unwrap_or(0).max(peak);
        std::thread::sleep(Duration::from_millis(5));
    }
    let ended = running.ended().expect(0);
    assert_eq!(ended.stdout.len(), 100 * ((1 << 20) + 1));
    assert!(peak < MEMORY_BYTES, "{} MiB", peak >> 20);
}
