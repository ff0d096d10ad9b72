//! `--compare`: the monolith beside the distributed run.

use serde_json::Value;

use crate::support::{Dice, case_text};

#[test]
fn both_ways_give_the_same_answer_and_what_each_cost() {
    let Some(dice) = Dice::new() else { return };
    dice.write("serial.py", &case_text("cars_serial.py"));
    let compared = dice.run(&[
        "run",
        "serial.py",
        "--input",
        "street.jpg=photo.png",
        "--compare",
    ]);
    let compared = compared.expect(0).stdout;
    for part in [
        "Vehicle 1: colour ",
        "on 1 × a100-80g (1 device)",
        "on 1 × a6000-a4000 (2 devices)",
        "BASELINE",
        "DISTRIBUTED",
        "cost",
        "answers: equal",
        "prices: ",
        "note: times are simulated",
        "note: simulated results and times: blip, glip, xvlm",
    ] {
        assert!(compared.contains(part), "no {part:?} in\n{compared}");
    }
    assert_eq!(
        compared.matches("Vehicle 1: ").count(),
        1,
        "the answer is shown once"
    );
}

/// The names that scripts rely on: fields are only ever added.
#[test]
fn the_fields_of_a_comparison() {
    let Some(dice) = Dice::new() else { return };
    let query = "Report the colour of every car and read its number plate.";
    let asked = dice
        .run(&["ask", query, "--input", "photo.png", "--compare", "--json"])
        .expect(0);
    let events = asked.json_lines();
    let report = events.last().expect("the report");
    assert_eq!(report["event"], "compared");
    assert_eq!(report["equal"], true);
    let (baseline, distributed) = (&report["baseline"]["task"], &report["distributed"]["task"]);
    assert_eq!(baseline["stdout"], distributed["stdout"]);
    let calls = |task: &Value| task["calls"].as_array().expect("calls").len();
    assert_eq!(
        calls(baseline),
        calls(distributed),
        "nothing is reused, nothing is wasted"
    );
    for side in [baseline, distributed] {
        let bill = &side["bill"];
        let lines = bill["lines"].as_array().expect("lines").iter();
        let sum: i64 = lines
            .map(|line| line["micro_usd"].as_i64().expect("µ$"))
            .sum();
        assert_eq!(bill["total_micro_usd"], sum, "{bill}");
    }
    insta::assert_yaml_snapshot!(shape(report));
}

/// RUNTIME M5.
#[test]
fn writes_are_not_compared() {
    let Some(dice) = Dice::new() else { return };
    let program = r#"import asyncio, hermod
async def main():
    await hermod.call("count_up", folder=".", counter="a")
asyncio.run(main())
"#;
    let refused = dice
        .run_program(program, &["--compare"])
        .expect(2)
        .prints("");
    refused
        .says("count_up")
        .says("hint: run it without --compare");
    assert!(!dice.path("a.json").exists());
}

#[test]
fn a_program_with_a_mistake_is_pointed_at() {
    let Some(dice) = Dice::new() else { return };
    let broken = dice
        .run_program("import hermod\nprint((\n", &["--compare"])
        .expect(1);
    broken.says("program.py:2:").says("^");
}

/// A program that fails fails both ways, alike.
#[test]
fn failures_are_compared_too() {
    let Some(dice) = Dice::new() else { return };
    let program = r#"import asyncio, hermod
async def main():
    print("before")
    await hermod.call("raise_error", message="boom")
asyncio.run(main())
"#;
    let failed = dice
        .run_program(program, &["--compare", "--json"])
        .expect(3)
        .json();
    assert_eq!(failed["equal"], true);
    assert_eq!(failed["distributed"]["task"]["stdout"], "before\n");
    assert_eq!(
        failed["baseline"]["task"]["end"],
        failed["distributed"]["task"]["end"]
    );
}

/// Field names and types; of a list, its first item.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), shape(value)));
            Value::Object(fields.collect())
        }
        Value::Array(items) => Value::Array(items.first().map(shape).into_iter().collect()),
        Value::String(_) => "text".into(),
        Value::Number(_) => "number".into(),
        Value::Bool(_) => "boolean".into(),
        Value::Null => Value::Null,
    }
}
