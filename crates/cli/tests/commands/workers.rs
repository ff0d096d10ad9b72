//! Workers' processes as their users meet them: how many there are, what ends them, in which language.

use std::path::Path;

use crate::seeing::GROW;
use crate::support::{Dice, Ended};

/// Real functions: each device has a worker of its own.
const OURS: &str = r#"
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
import asyncio, os, threading, time
import hermod

@hermod.function(effect="read", gpu_memory="32Mi")
def busy(seconds: float) -> int:
    """Computes for so long. Returns the number of its process."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass
    return os.getpid()

@hermod.function(effect="read", gpu_memory="32Mi", concurrency=4)
def in_threads(seconds: float) -> str:
    """Sleeps for so long in a thread. Returns its name."""
    time.sleep(seconds)
    return threading.current_thread().name

@hermod.function(effect="read", gpu_memory="32Mi", concurrency=4)
async def on_the_loop(seconds: float) -> str:
    """Sleeps for so long without a thread. Returns the name of the loop's."""
    await asyncio.sleep(seconds)
    return threading.current_thread().name

@hermod.function(effect="read", gpu_memory="32Mi")
def hang(times: int, folder: str) -> str:
    """Never ends, the first so many times."""
    name = os.path.join(folder, "hung")
    with open(name, "a") as file:
        file.write(".")
    if os.path.getsize(name) <= times:
        time.sleep(3600)
    return "ended"
"#;
const TWO_CPUS: &str = r#"
name = "two"
[[nodes]]
type = "local-cpu"
devices = [{ type = "cpu", count = 2, memory = "2Gi" }]
[baseline]
type = "local-cpu"
devices = [{ type = "cpu", memory = "4Gi" }]
"#;

fn dice() -> Option<Dice> {
    let dice = Dice::new()?;
    dice.write("two.toml", TWO_CPUS);
    std::fs::create_dir(dice.path("ours")).expect("made");
    dice.write("ours/ours.py", OURS);
    dice.write("ours/grow.py", GROW);
    Some(dice)
}

/// Runs the body of a program, with `call` for `hermod.call`.
fn run(dice: &Dice, body: &str, more: &[&str]) -> Ended {
    let body = body.trim().replace('\n', "\n    ");
    let program = format!(
        "import asyncio, hermod\n\nasync def main():\n    call = hermod.call\n    {body}\n\nasyncio.run(main())\n"
    );
    let own = ["--functions", "ours", "--fleet", "two.toml"];
    dice.run_program(&program, &[&own[..], more].concat())
}

/// One process per device, warm from call to call: both cores are used, and no more processes than that.
#[test]
fn a_function_of_a_cpu_runs_on_every_core() {
    let Some(dice) = dice() else { return };
    let body = "calls = [call('busy', seconds=0.2 + n / 1000) for n in range(12)]\nprint(len({await one for one in calls}))";
    run(&dice, body, &[]).expect(0).prints("2\n");
}

/// Several calls at once in one process, as the function says: in threads, or on its loop.
#[test]
fn calls_share_a_process_in_threads_or_on_its_loop() {
    let Some(dice) = dice() else { return };
    let body = "
for name in ('in_threads', 'on_the_loop'):
    calls = [call(name, seconds=0.3 + n / 1000) for n in range(8)]
    threads = [await one for one in calls]
    print(name, len(set(threads)) > 1, 'MainThread' in threads)
";
    let told = "in_threads True False\non_the_loop False True\n";
    run(&dice, body, &[]).expect(0).prints(told);
}

/// P3, P5: its worker is killed, since nothing else stops it, and another one serves the next call.
#[test]
fn a_call_that_hangs_is_cut_at_its_deadline() {
    let Some(dice) = dice() else { return };
    let folder = dice.path(".").to_string_lossy().into_owned();
    let body = "
try:
    await call('hang', times=1, folder='FOLDER')
except hermod.CallError as error:
    print(type(error).__name__)
print(await call('hang', times=1, folder='FOLDER'))
";
    let body = body.replace("FOLDER", &folder);
    let ended = run(&dice, &body, &["--call-deadline", "1"]).expect(0);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(lines[0].contains("Deadline"), "{}", ended.stdout);
    assert_eq!(lines[1..], ["ended"]);
}

/// P4: reported, and replaced once its lease has ended; no call is lost to that.
/// Outcome `outgrown`.
#[test]
fn a_worker_that_outgrows_its_profile_is_replaced() {
    let Some(dice) = dice() else { return };
    let body = "
first = await call('grow', mebibytes=600)
for n in range(200):
    if await call('grow', mebibytes=0) != first:
        print('another one')
        break
    await asyncio.sleep(0.1)
";
    let ended = run(&dice, body, &["--scale", "grow=0..1"]).expect(0);
    ended.prints("another one\n").says("outgrown its profile");
}

/// What docs/protocol.md says is enough to write a worker by.
#[test]
fn a_worker_in_another_language() {
    let Some(dice) = Dice::new() else { return };
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/node_worker");
    let program = "
import asyncio, hermod

async def main():
    calls = [hermod.call('count_words', text=text) for text in ('Ab ab c', 'Größe, größe!', '')]
    print([await one for one in calls])
    try:
        await hermod.call('count_words', text=3)
    except hermod.CallError as error:
        print(type(error).__name__)

asyncio.run(main())
";
    let functions = example.to_string_lossy().into_owned();
    dice.write("two.toml", TWO_CPUS);
    let options = ["--functions", &functions, "--fleet", "two.toml"];
    let ended = dice.run_program(program, &options).expect(0);
    let mut lines = ended.stdout.lines();
    assert_eq!(lines.next(), Some("[{'ab': 2, 'c': 1}, {'größe': 2}, {}]"));
    assert!(lines.next().is_some_and(|line| line.contains("Arguments")));
}
