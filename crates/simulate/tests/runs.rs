//! Scenarios whose outcome can be worked out by hand.

use std::time::Duration;

use dice_simulate::{Scenario, simulate};

const PAPER_LIKE: &str = r#"
name = "small"
concurrency = 4
policy = "fifo"

[[node]]
type = "a100-80g"
count = 2
devices = [{ type = "A100-80G", memory_gib = 80.0, holds = ["find", "ask"] }]

[[function]]
name = "find"
memory_gib = 4.0
latency = { A100-80G = { load_seconds = 4.0, batches = [[1, 1.0]] } }

[[function]]
name = "ask"
memory_gib = 8.0
latency = { A100-80G = { load_seconds = 8.0, batches = [[1, 0.5]] } }

[work]
tasks = 4
program_seconds = 2.0
counts.car = { 2 = 3 }

[[work.step]]
calls = ["find"]

[[work.step]]
each = "car"
calls = ["ask", "ask"]
"#;

#[track_caller]
fn check(changes: &[(&str, &str)], seconds: f64) {
    let mut text = PAPER_LIKE.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    let scenario = Scenario::parse(&text).expect("a scenario");
    let outcome = simulate(&scenario).expect("it ends");
    let took = outcome.makespan;
    assert_eq!(took, Duration::from_secs_f64(seconds), "{changes:?}");
    assert_eq!(outcome.tasks, scenario.work.tasks);
    assert_eq!(outcome.calls, outcome.tasks * 5);
}

#[test]
fn makespans_are_those_worked_out_by_hand() {
    // 2 s of the programs, 4 × 1 s + 16 × 0.5 s over two devices.
    check(&[], 8.0);
    // One at a time: 2 + 1 + 4 × 0.5 s each.
    let serial = ("program_seconds", "form = \"serial\"\nprogram_seconds");
    check(&[("concurrency = 4", "concurrency = 1"), serial], 20.0);
    check(&[("concurrency = 4", "concurrency = 2"), serial], 10.0);
    // Nothing is loaded: 4 s for the one, and 8 s for the other after it.
    check(
        &[
            ("holds = [\"find\", \"ask\"]", "holds = []"),
            ("tasks = 4", "tasks = 1"),
        ],
        2.0 + 4.0 + 1.0 + 8.0 + 2.0,
    );
}
