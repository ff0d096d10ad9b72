//! `dice simulate` and `dice prices`: figures without any engine.

use crate::support::Dice;

const SCENARIO: &str = r#"
name = "two calls"
concurrency = 2

[[node]]
type = "a100-80g"
devices = [{ type = "A100-80G", memory_gib = 80.0, holds = ["find"] }]

[[function]]
name = "find"
memory_gib = 4.0
latency = { A100-80G = { load_seconds = 4.0, batches = [[1, 1.5]] } }

[work]
tasks = 2
program_seconds = 1.0

[[work.step]]
calls = ["find"]
"#;

#[test]
fn a_scenario_ends_with_time_cost_and_floor() {
    let dice = Dice::bare();
    dice.write("scenario.toml", SCENARIO);
    let command = [
        "simulate",
        "scenario.toml",
        "--prices",
        "hyperstack-2025-03",
    ];
    let text = dice.run(&command).expect(0).stdout;
    assert!(text.contains("SIMULATED"), "{text}");
    let ended = dice.run(&[&command[..], &["--json"]].concat()).expect(0);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(report["simulated"], true);
    assert_eq!(report["makespan_seconds"], 4.0);
    let near = |field: &str, expect: f64| {
        let found = report[field].as_f64().expect("a number");
        assert!((found - expect).abs() < 1e-9, "{field}: {found}");
    };
    near("cost_usd", 4.0 * 2.2 / 3600.0);
    near("fleet_floor_usd", 3.0 * 2.2 / 3600.0);
    near("gap_to_fleet_floor_percent", 100.0 / 3.0);
}

#[test]
fn what_cannot_be_simulated_says_where() {
    let dice = Dice::bare();
    let check = |from: &str, to: &str, expect: &str| {
        assert!(SCENARIO.contains(from), "{from}");
        dice.write("scenario.toml", &SCENARIO.replace(from, to));
        let ended = dice.run(&["simulate", "scenario.toml"]).expect(2);
        assert!(ended.stderr.contains(expect), "{}", ended.stderr);
    };
    check(
        "calls = [\"find\"]",
        "calls = [\"seek\"]",
        "a step calls seek",
    );
    check(
        "memory_gib = 4.0",
        "memory_gib = 90.0",
        "find fits on no device",
    );
    check("[[1, 1.5]]", "[[2, 1.5]]", "batches must start with size 1");
    check(
        "concurrency = 2",
        "concurrency = 0",
        "concurrency must be at least 1",
    );
    check(
        "A100-80G = {",
        "H100 = {",
        "how long it takes there is not said",
    );
    check(
        "name = \"two calls\"",
        "nam = \"two calls\"",
        "unknown field `nam`",
    );
    dice.run(&["simulate", "nowhere.toml"]).expect(2);
}

#[test]
fn price_books_are_shown_checked_and_compared() {
    let dice = Dice::bare();
    let diff = ["prices", "diff", "hyperstack-2025-03", "hyperstack-2026-11"];
    let text = dice.run(&diff).expect(0).stdout;
    assert!(text.contains("$2.20") && text.contains("-38.6 %"), "{text}");
    let shown = dice.run(&["prices", "show", "local"]).expect(0).stdout;
    assert!(
        shown.contains("note: the price of local-cpu is assumed"),
        "{shown}"
    );
    dice.write("free.toml", "name = 'b'\ndate = '2026-01-01'\n[[node]]\ntype = 'x'\nusd_per_hour = '0'\nsource = 's'\nbilling_seconds = 1\n");
    let refused = dice.run(&["prices", "check", "free.toml"]).expect(2);
    assert!(
        refused.stderr.contains("the price is zero"),
        "{}",
        refused.stderr
    );
}
