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
        r#"dice_tasks_ended_total{state="done"} 1"#,
    ] {
        assert!(text.lines().any(|have| have == line), "{line} in\n{text}");
    }
}
