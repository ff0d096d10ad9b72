//! `dice run`: programs of either kind, inputs, outputs.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Dice, Running, case_text};

const STREET: [&str; 2] = ["--input", "street.jpg=photo.png"];

#[test]
fn serial_and_distributed_print_the_same() {
    let Some(dice) = Dice::new() else { return };
    let serial = dice
        .run_program(&case_text("cars_serial.py"), &STREET)
        .expect(0);
    let distributed = dice
        .run_program(&case_text("cars_distributed.py"), &STREET)
        .expect(0);
    assert!(
        serial.stdout.starts_with("Vehicle 1: colour "),
        "{}",
        serial.stdout
    );
    distributed.prints(&serial.stdout);
}

#[test]
fn under_either_policy_and_as_whoever() {
    let Some(dice) = Dice::new() else { return };
    let program = "import hermod, asyncio\nprint('done')\n";
    for policy in ["dice", "fifo"] {
        let arguments = [
            "--policy",
            policy,
            "--tenant",
            "ada",
            "--weight",
            "ada=3",
            "--hedge",
            "5",
            "--idle",
            "60",
            "--scale",
            "glip=0..2",
        ];
        dice.run_program(program, &arguments)
            .expect(0)
            .prints("done\n");
    }
    let refused = |arguments: &[&str], problem: &str| {
        dice.run_program(program, arguments).expect(2).says(problem);
    };
    refused(&["--policy", "random"], "known: dice, fifo");
    refused(&["--weight", "ada=0"], "a whole number above 0");
    refused(&["--tenant", ""], "a tenant has a name");
    refused(&["--scale", "glip=4..1"], "as in glip=1..4");
    refused(&["--scale", "glip"], "as in glip=1..4");
}

#[test]
fn a_program_from_standard_input() {
    let Some(dice) = Dice::new() else { return };
    let mut command = dice.command(&["run", "-"]);
    command.stdin(Stdio::piped());
    let mut running = Running::start(command);
    let mut stdin = running.stdin().expect("a pipe");
    stdin.write_all(b"print(6 * 7)\n").expect("written");
    drop(stdin);
    running.ended().expect(0).prints("42\n");
}

#[test]
fn stdout_and_stderr_are_the_programs_own() {
    let Some(dice) = Dice::new() else { return };
    let program = "import sys\nprint('äöü 🚗')\nprint('to stderr', file=sys.stderr)\n";
    let ended = dice.run_program(program, &[]).expect(0).prints("äöü 🚗\n");
    assert_eq!(ended.stderr, "to stderr\n");
}

#[test]
fn inputs_of_every_kind() {
    let Some(dice) = Dice::new() else { return };
    dice.write("notes.txt", "a note")
        .write("rows.csv", "name,age\nAda,36\n")
        .write("settings.json", r#"{"limit": 3}"#);
    let program = r#"import hermod
from PIL import Image

print(Image.open("photo.png").size)
print(open("notes.txt").read())
print(hermod.input("rows.csv"))
print(hermod.input("settings.json")["limit"])
hermod.answer({"cars": 2})
"#;
    let inputs = [
        "-i",
        "photo.png",
        "-i",
        "notes.txt",
        "-i",
        "rows.csv",
        "-i",
        "settings.json",
        "--json",
    ];
    let task = dice.run_program(program, &inputs).expect(0).json();
    let expected = "(320, 180)\na note\n[{'name': 'Ada', 'age': 36}]\n3\n";
    assert_eq!(task["stdout"], expected);
    assert_eq!(task["answer"], json!({"cars": 2}));
}

#[test]
fn json_is_the_whole_task() {
    let Some(dice) = Dice::new() else { return };
    let program = case_text("cars_serial.py");
    let task = dice.run_program(&program, &[&STREET[..], &["--json"]].concat());
    let task = task.expect(0).json();
    assert_eq!(task["state"], "done");
    assert_eq!(task["end"], json!({"end": "normal"}));
    assert_eq!(task["filename"], "program.py");
    let calls = task["calls"].as_array().expect("calls");
    assert!(calls.len() > 4);
    for call in calls {
        let time = |name: &str| call[name].as_u64().expect(name);
        assert!(
            time("issued_offset_ns") <= time("granted_offset_ns"),
            "{call}"
        );
        assert!(
            time("granted_offset_ns") < time("ended_offset_ns"),
            "{call}"
        );
        assert_eq!(call["outcome"], "ok");
    }
    let labels = task["labels"].to_string();
    assert!(
        labels.contains("simulated results and times: blip, glip, xvlm"),
        "{labels}"
    );
}

/// The trace-event format, as ui.perfetto.dev reads it.
#[test]
fn a_timeline_for_perfetto() {
    let Some(dice) = Dice::new() else { return };
    let options = [&STREET[..], &["--timeline", "trace.json"]].concat();
    dice.run_program(&case_text("cars_serial.py"), &options)
        .expect(0);
    let text = std::fs::read_to_string(dice.path("trace.json")).expect("written");
    let trace: Value = serde_json::from_str(&text).expect("JSON");
    let events = trace["traceEvents"].as_array().expect("events");
    let of_phase = |phase: &str| -> Vec<&Value> {
        events.iter().filter(|event| event["ph"] == phase).collect()
    };
    for slice in of_phase("X") {
        assert!(
            slice["name"].is_string() && slice["ts"].as_f64().is_some(),
            "{slice}"
        );
        assert!(
            slice["dur"].as_f64().is_some_and(|length| length > 0.0),
            "{slice}"
        );
    }
    // Perfetto drops a slice that overlaps another one of its thread without lying inside it.
    let mut ends = std::collections::HashMap::new();
    let mut slices = of_phase("X");
    slices.sort_by(|a, b| {
        a["ts"]
            .as_f64()
            .partial_cmp(&b["ts"].as_f64())
            .expect("numbers")
    });
    for slice in slices {
        let (from, length) = (slice["ts"].as_f64(), slice["dur"].as_f64());
        let (from, length) = (from.expect("checked"), length.expect("checked"));
        let lane = (slice["pid"].as_u64(), slice["tid"].as_u64());
        let end = ends.insert(lane, from + length).unwrap_or(0.0);
        assert!(from >= end - 1e-3, "{slice} begins before {end}");
    }
    // What may overlap has a beginning and an end, told by category, number and name.
    let told = |event: &Value| (event["id"].as_u64(), event["name"].to_string());
    let mut begun: Vec<_> = of_phase("b").into_iter().map(told).collect();
    let mut ended: Vec<_> = of_phase("e").into_iter().map(told).collect();
    begun.sort();
    ended.sort();
    assert_eq!(begun, ended);
    let executed = of_phase("X")
        .into_iter()
        .filter(|slice| slice["pid"] == 1)
        .count();
    assert!(executed > 4, "{trace:#}");
    let lanes = of_phase("M");
    for slice in of_phase("X") {
        let named = |lane: &&Value| lane["pid"] == slice["pid"] && lane["tid"] == slice["tid"];
        assert!(lanes.iter().any(named), "{slice} is on no named lane");
    }
}

/// Found out before anything runs: what was paid for is never lost to a typing mistake.
#[test]
fn a_timeline_that_cannot_be_written() {
    let Some(dice) = Dice::new() else { return };
    let program = "print('ran')\n";
    let ended = dice
        .run_program(program, &["--timeline", "nowhere/trace.json"])
        .expect(2);
    ended
        .prints("")
        .says("--timeline nowhere/trace.json: No such file");
    let listed = dice.run(&["tasks", "list", "--json"]).expect(0).json();
    assert_eq!(listed["tasks"], json!([]));
}

/// RUNTIME V3: a frame has at most 8 MiB. The calls of a lease may have more together, and a call alone
/// may not.
#[test]
fn a_batch_may_be_larger_than_a_frame_and_a_call_may_not() {
    let Some(dice) = Dice::new() else { return };
    std::fs::create_dir(dice.path("functions")).expect("made");
    let function = r#"
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
import hermod

@hermod.function(effect="read", gpu_memory="32Mi", max_batch_size=64)
async def size(text: str) -> int:
    """Its length."""
    return len(text)
"#;
    dice.write("functions/size.py", function);
    let program = r#"
import asyncio, hermod

async def main():
    calls = [hermod.call("size", text="x" * 3_000_000) for _ in range(8)]
    print(sum(await asyncio.gather(*calls)))
    try:
        await hermod.call("size", text="x" * ((8 << 20) - 1000))
    except hermod.CallError as error:
        print(error)

asyncio.run(main())
"#;
    dice.write("program.py", program);
    let mut run = dice.command(&["run", "program.py"]);
    run.env("DICE_FUNCTIONS", "./functions")
        .env_remove("DICE_FLEET");
    let ended = Running::start(run).ended().expect(0);
    insta::assert_snapshot!(ended.stdout);
}
