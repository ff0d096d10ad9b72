//! What a running engine shows of itself: metrics, the moment's view.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use crate::serving::up;
use crate::support::{Dice, Running};

const DOCUMENTED: &str = include_str!("../../../../docs/metrics.md");
/// Calls of each outcome, one dead worker, and calls that wait because both devices are held.
const EVERYTHING: &str = r#"
import asyncio, hermod

async def main(folder):
    await hermod.call("echo", value=1)
    try:
        await hermod.call("raise_error", message="no")
    except hermod.CallError:
        pass
    await hermod.call("crash", folder=folder, times=1)
    await hermod.call("grow", mebibytes=600)
    waits = [hermod.call("hold", seconds=0.25, number=n) for n in range(24)]
    await asyncio.gather(*waits)

asyncio.run(main("FOLDER"))
"#;
/// One call at a time on each device.
const HOLD: &str = r#"
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
import time
import hermod

@hermod.function(effect="pure", gpu_memory="32Mi", origin="simulated")
def hold(seconds: float, number: int) -> int:
    """Holds its device for so long."""
    time.sleep(seconds)
    return number
"#;

/// A worker of its own, which may hold a little over 512 MiB.
pub(crate) const GROW: &str = r#"
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
import os
import hermod

kept = []

@hermod.function(effect="read", gpu_memory="1Mi")
def grow(mebibytes: int) -> int:
    """Holds so much more memory for ever. Returns the number of its process."""
    kept.append(os.urandom(1 << 20) * mebibytes)
    return os.getpid()
"#;

type Labels = BTreeSet<String>;

/// Names of the metrics with the names of their labels.
fn documented() -> BTreeMap<String, Labels> {
    let rows = DOCUMENTED.lines().filter_map(|line| {
        let cells: Vec<&str> = line
            .strip_prefix("| `")?
            .split('|')
            .map(str::trim)
            .collect();
        let [name, kind, labels, ..] = cells[..] else {
            return None;
        };
        let known = ["counter", "gauge", "histogram"].contains(&kind);
        let labels = labels.split(", ").map(|label| label.trim_matches('`'));
        let labels = labels.filter(|label| !label.is_empty()).map(str::to_owned);
        known.then(|| (name.trim_end_matches('`').to_owned(), labels.collect()))
    });
    rows.collect()
}

fn scraped(text: &str) -> BTreeMap<String, Labels> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let samples = samples.map(|line| {
        let (series, _value) = line.rsplit_once(' ').expect("a sample has a value");
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        let parts = ["_bucket", "_sum", "_count"];
        let name = parts
            .iter()
            .find_map(|part| name.strip_suffix(part))
            .unwrap_or(name);
        let labels = labels
            .split("\",")
            .filter_map(|label| Some(label.split_once('=')?.0));
        let labels = labels.filter(|label| *label != "le").map(str::to_owned);
        (name.to_owned(), labels.collect())
    });
    samples.collect()
}

fn get(address: &str, path: &str) -> String {
    let authority = address.strip_prefix("http://").expect("an address");
    let mut stream = std::net::TcpStream::connect(authority).expect("it listens");
    let request = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.0 200"), "{head}");
    body.to_owned()
}

fn busy_engine(dice: &Dice) -> (Running, Running, String) {
    std::fs::create_dir(dice.path("functions")).expect("made");
    dice.write("functions/hold.py", HOLD);
    dice.write("functions/grow.py", GROW);
    let mut up_command = dice.command(&["up", "--listen", "127.0.0.1:0"]);
    up_command.env("DICE_FUNCTIONS", "testing,./functions");
    let (engine, [tcp, _]) = up(Running::start(up_command));
    let folder = dice.path(".").to_string_lossy().into_owned();
    dice.write("program.py", &EVERYTHING.replace("FOLDER", &folder));
    let program = Running::start(dice.client(&["run", "program.py"]));
    (engine, program, tcp)
}

/// Names, kinds and meanings are compared in `crates/telemetry`.
#[test]
fn what_is_scraped_is_what_is_documented() {
    let Some(dice) = Dice::new() else { return };
    let (_engine, program, address) = busy_engine(&dice);
    let documented = documented();
    let mut seen = BTreeMap::new();
    let started = Instant::now();
    while seen != documented && started.elapsed() < Duration::from_secs(60) {
        seen.extend(scraped(&get(&address, "/metrics")));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(seen, documented);
    program.ended().expect(0);
    let text = get(&address, "/metrics");
    for line in [
        r#"dice_calls_ended_total{function="hold",outcome="ok"} 24"#,
        r#"dice_calls_ended_total{function="raise_error",outcome="raised"} 1"#,
        r#"dice_calls_granted_total{function="crash"} 2"#,
        r#"dice_worker_deaths_total{pool="default",function="crash"} 1"#,
        r#"dice_worker_outgrown_total{pool="default",function="grow"} 1"#,
        r#"dice_tasks_ended_total{state="done"} 1"#,
    ] {
        assert!(text.lines().any(|have| have == line), "{line} in\n{text}");
    }
}

/// In a batch, in a thread, on the loop: whoever printed it, it is found by its call.
#[test]
fn what_a_call_printed_is_kept_with_it_until_it_is_forgotten() {
    let Some(dice) = Dice::new() else { return };
    std::fs::create_dir(dice.path("functions")).expect("made");
    let talk = HOLD
        .replace("        time.sleep", "    time.sleep")
        .replace(
            "    time.sleep(seconds)",
            "    print(f'number {number}')\n    import sys; print('done', end='', file=sys.stderr)",
        );
    dice.write("functions/hold.py", &talk);
    dice.write(
        "program.py",
        "import asyncio, hermod\nasync def main():\n    for n in range(2):\n        await hermod.call('hold', seconds=0.0, number=n)\nasyncio.run(main())\n",
    );
    let mut run = dice.command(&["run", "program.py"]);
    run.env("DICE_FUNCTIONS", "./functions");
    Running::start(run).ended().expect(0);
    let logs = |more: &[&str]| {
        dice.run(&[&["tasks", "logs", "1"], more].concat())
            .expect(0)
    };
    let all = "call 0 (hold): number 0\ncall 0 (hold): done\n\
               call 1 (hold): number 1\ncall 1 (hold): done\n";
    logs(&[]).prints(all);
    logs(&["--call", "1"]).prints("number 1\ndone\n");
    dice.run(&["tasks", "forget", "1"]).expect(0);
    for (path, bytes) in dice.kept() {
        let journal = path
            .extension()
            .is_some_and(|it| it.to_string_lossy().starts_with("db"));
        let found = bytes.windows(8).any(|window| window == b"number 1");
        assert!(!(journal && found), "{}", path.display());
    }
}

#[test]
fn json_logs_have_the_numbers_of_tasks_and_calls() {
    let Some(dice) = Dice::new() else { return };
    let program = "import asyncio, hermod\nasync def main():\n    await hermod.call('echo', value='secret')\nasyncio.run(main())\n";
    dice.write("program.py", program);
    let mut run = dice.command(&["run", "program.py", "--log", "json"]);
    run.env("DICE_LOG", "debug")
        .env("DICE_FUNCTIONS", "testing");
    let ended = Running::start(run).ended().expect(0);
    let lines = ended.stderr.lines().filter(|line| line.starts_with('{'));
    let lines: Vec<serde_json::Value> = lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let said = |message: &str| {
        let mut found = lines.iter().filter(|line| line["message"] == message);
        found
            .next()
            .unwrap_or_else(|| panic!("no {message:?} in {}", ended.stderr))
    };
    assert_eq!(said("task accepted")["task"], 1);
    assert_eq!(said("call issued")["function"], "echo");
    assert_eq!(said("call answered")["call"], 0);
    assert_eq!(said("task ended")["state"], "done");
    // RUNTIME D1: arguments are not logged.
    assert!(!ended.stderr.contains("secret"), "{}", ended.stderr);
}
