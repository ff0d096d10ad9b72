//! `dice cost`, `dice quote`, `dice plan`: money explained, foretold and planned.

use serde_json::Value;

use crate::support::{Dice, case_text};

fn amounts(list: &Value, field: &str) -> i64 {
    let list = list
        .as_array()
        .unwrap_or_else(|| panic!("{list} is no list"));
    list.iter()
        .map(|one| one[field].as_i64().expect("µ$"))
        .sum()
}

fn photographs(dice: &Dice, count: usize) {
    std::fs::create_dir(dice.path("photos")).expect("made");
    let photo = std::fs::read(dice.path("photo.png")).expect("there");
    for number in 0..count {
        let mut copy = photo.clone();
        copy.extend(number.to_string().bytes());
        std::fs::write(dice.path(&format!("photos/{number:02}.png")), copy).expect("written");
    }
}

/// RUNTIME M2: both views and the finest grain add up to what was rented, and M4: causes to the saving.
#[test]
fn a_batch_is_explained_to_the_last_millionth() {
    let Some(dice) = Dice::new() else { return };
    photographs(&dice, 8);
    dice.write("program.py", &case_text("cars_serial.py"));
    let batch = ["batch", "program.py", "--inputs", "photos", "--json"];
    let batch = dice.run(&batch).expect(0).json();
    assert!(
        batch["bill"]["floors"]["fleet_micro_usd"]
            .as_i64()
            .expect("a floor")
            > 0
    );
    let id = batch["id"].to_string();
    let report = dice
        .run(&["cost", "--batch", &id, "--json"])
        .expect(0)
        .json();
    let total = report["total_micro_usd"].as_i64().expect("µ$");
    assert_eq!(total, batch["bill"]["total_micro_usd"]);
    assert_eq!(amounts(&report["direct"], "micro_usd"), total);
    assert_eq!(amounts(&report["entries"], "micro_usd"), total);
    assert_eq!(amounts(&report["nodes"], "micro_usd"), total);
    let rest = ["other_tasks_micro_usd", "no_task_micro_usd"]
        .map(|field| report[field].as_i64().expect("µ$"));
    let loaded = amounts(&report["tasks"], "loaded_micro_usd");
    assert_eq!(loaded + rest.iter().sum::<i64>(), total);
    let split = &report["split"];
    assert_eq!(split["simulated"], true, "{report}");
    assert_eq!(split["actual_micro_usd"], total);
    let saved = amounts(&split["causes"], "saved_micro_usd");
    assert_eq!(
        split["baseline_micro_usd"].as_i64().expect("µ$") - saved,
        total
    );

    let text = dice.run(&["cost", "--batch", &id]).expect(0).stdout;
    for part in [
        "floor: $",
        "WHY (SIMULATED)",
        "best monolith (simulated)",
        "AT ONCE",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    let csv = dice
        .run(&["cost", "--batch", &id, "--csv"])
        .expect(0)
        .stdout;
    let usd = csv
        .lines()
        .skip(1)
        .map(|line| line.rsplit(',').next().expect("a column"));
    let micro: f64 = usd
        .map(|usd| usd.parse::<f64>().expect("dollars") * 1e6)
        .sum();
    assert_eq!(micro.round() as i64, total);
    let focus = dice
        .run(&["cost", "--batch", &id, "--focus"])
        .expect(0)
        .stdout;
    assert!(focus.starts_with("BilledCost,BillingAccountId,"), "{focus}");
    assert!(
        focus.contains(",USD,") && focus.contains(",Usage,"),
        "{focus}"
    );
}

/// Outcome `budget`.
/// RUNTIME J7: what is over its budget or deadline ends, and nothing more of it is dispatched.
#[test]
fn a_budget_and_a_deadline_are_kept_while_it_runs() {
    // Not scaled: what starting takes counts as what it is.
    let Some(dice) = Dice::new() else { return };
    photographs(&dice, 8);
    dice.write("program.py", &case_text("cars_serial.py"));
    let batch = [
        "batch",
        "program.py",
        "--inputs",
        "photos",
        "--fresh",
        "--fleet",
        "paper-pair",
        "--json",
    ];
    let budget = dice.run(&[&batch[..], &["--budget", "0.0018"]].concat());
    let budget = budget.expect(4);
    assert!(
        budget.stderr.contains("nobody can say beforehand"),
        "{}",
        budget.stderr
    );
    let batch_of = budget.json();
    assert!(
        batch_of["at_limit"].as_u64().expect("tasks") > 0,
        "{batch_of}"
    );
    let problem = |batch: &Value| {
        let items = batch["items"].as_array().expect("items").clone();
        let problems = items.iter().filter_map(|item| item["problem"].as_str());
        problems.map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    assert!(
        problem(&batch_of).contains("the budget of $0.001800 is spent: $0.00"),
        "{batch_of}"
    );
    // The bill is that of all nodes from the first start to the last end; a busy machine ends a little late.
    let total = batch_of["bill"]["total_micro_usd"].as_i64().expect("µ$");
    assert!(total < 2 * 1_800, "{total}");

    let late = dice
        .run(&[&batch[..], &["--deadline", "3"]].concat())
        .expect(4)
        .json();
    assert!(problem(&late).contains("the deadline passed"), "{late}");
    let run = [
        "run",
        "program.py",
        "--fleet",
        "paper-pair",
        "--input",
        "street.jpg=photo.png",
        "--budget",
        "0.0005",
    ];
    let run = dice.run(&run).expect(4).stderr;
    assert!(run.contains("its budget of $0.000500 is spent"), "{run}");
    dice.run(&[&batch[..], &["--budget", "nothing"]].concat())
        .expect(2);
}

/// What ran is replayed as it was and on other nodes, and put beside another run of the same work.
#[test]
fn a_batch_is_replayed_and_compared() {
    let Some(dice) = Dice::new() else { return };
    photographs(&dice, 4);
    dice.write("program.py", &case_text("cars_serial.py"));
    let batch = ["batch", "program.py", "--inputs", "photos", "--json"];
    let batch = dice.run(&batch).expect(0);
    dice.write("before.json", &batch.stdout);
    let trace = dice.run(&["cost", "--batch", "1", "--trace"]).expect(0);
    dice.write("trace.json", &trace.stdout);

    let replay = ["replay", "trace.json", "--fleet", "paper-a100", "--json"];
    let replay = dice.run(&replay).expect(0).json();
    assert_eq!(replay["changes"][0], "fleet paper-a100");
    for run in ["recorded", "same", "changed"] {
        let figure = |field: &str| replay[run][field].as_f64().expect("a figure");
        assert!(
            figure("makespan_seconds") > 0.0 && figure("cost_usd") > 0.0,
            "{replay}"
        );
    }
    // Loads are not in a trace, and the machine was slower than the profiles by what each lease took longer.
    let device = |run: &str| replay[run]["device_seconds"].as_f64().expect("seconds");
    assert!(
        (device("same") / device("recorded") - 1.0).abs() < 0.5,
        "{replay}"
    );
    let text = dice
        .run(&["replay", "trace.json", "--policy", "fifo"])
        .expect(0)
        .stdout;
    assert!(text.contains("both columns are SIMULATED"), "{text}");
    let wrong = dice.run(&["replay", "program.py"]).expect(2).stderr;
    assert!(
        wrong.contains("hint: `dice cost --batch N --trace`"),
        "{wrong}"
    );

    let same = dice
        .run(&["compare", "batch:1", "before.json", "--json"])
        .expect(0)
        .json();
    assert_eq!(same["answers"], "equal");
    assert_eq!(same["left"]["micro_usd"], same["right"]["micro_usd"]);
    let others = dice.run(&["compare", "before.json", "1"]).expect(1).stdout;
    assert!(
        others.contains("answers: DIFFERENT: 4 tasks and 1"),
        "{others}"
    );
    dice.run(&["compare", "1", "program.py"]).expect(2);
}

#[test]
fn a_quote_learns_from_a_sample_and_stands_beside_the_run() {
    let Some(dice) = Dice::new() else { return };
    photographs(&dice, 12);
    dice.write("program.py", &case_text("cars_serial.py"));
    let quote = ["quote", "program.py", "--inputs", "photos"];
    let unsure = dice.run(&quote).expect(2);
    for part in ["too few tasks", "glip", "--sample 12"] {
        assert!(
            unsure.stderr.contains(part),
            "no {part:?} in\n{}",
            unsure.stderr
        );
    }
    let told = dice
        .run(&[&quote[..], &["--sample", "6", "--json"]].concat())
        .expect(0)
        .json();
    let money = &told["micro_usd"];
    let bound = |name: &str| money[name].as_i64().expect("µ$");
    assert!(
        0 < bound("low") && bound("low") <= bound("likely") && bound("likely") <= bound("high")
    );
    assert_eq!(told["sampled"].as_array().expect("tasks").len(), 6);
    assert!(told["sample_micro_usd"].as_i64().expect("µ$") > 0);
    // Now it knows enough, and says what cannot be had.
    let refused = dice
        .run(&[&quote[..], &["--budget", "0.000001"]].concat())
        .expect(4)
        .stdout;
    for part in ["REFUSED: a budget of $0.000001", "would do: a budget of $"] {
        assert!(refused.contains(part), "no {part:?} in\n{refused}");
    }
    let late = dice
        .run(&[&quote[..], &["--deadline", "1"]].concat())
        .expect(4)
        .stdout;
    assert!(late.contains("REFUSED: a deadline of 1.0 s"), "{late}");
    let batch = dice
        .run(&["batch", "program.py", "--inputs", "photos"])
        .expect(0)
        .stdout;
    assert!(batch.contains("quoted: $"), "{batch}");
    // What the quote refuses is not begun.
    let fresh = ["batch", "program.py", "--inputs", "photos", "--fresh"];
    let refused = dice.run(&[&fresh[..], &["--budget", "0.000001"]].concat());
    let refused = refused.expect(4).stderr;
    for part in [
        "not begun: a budget of $0.000001",
        "hint: would do: a budget of $",
    ] {
        assert!(refused.contains(part), "no {part:?} in\n{refused}");
    }
    dice.run(&["cost", "--batch", "2"]).expect(2);
}

const WORK: &str = r#"
name = "photographs"
concurrency = 8

[[function]]
name = "find"
memory_gib = 4.0
max_batch_size = 4
latency.A100-80G = { load_seconds = 4.0, batches = [[1, 1.0], [4, 2.0]] }
latency.A6000 = { load_seconds = 4.0, batches = [[1, 1.3], [4, 2.6]] }
latency.A4000 = { load_seconds = 4.0, batches = [[1, 1.8], [4, 3.6]] }

[work]
tasks = 400

[[work.step]]
calls = ["find", "find"]
"#;

#[test]
fn a_plan_says_what_to_rent_and_how_sure_that_is() {
    let dice = Dice::bare();
    dice.write("work.toml", WORK);
    let plan = [
        "plan",
        "--workload",
        "work.toml",
        "--prices",
        "hyperstack-2026-11",
    ];
    // A call takes 0.9 s on an A4000 for $0.15 an hour: nothing is cheaper.
    let text = dice.run(&plan).expect(0).stdout;
    assert!(
        text.contains("× a4000") && text.contains("find by 4"),
        "{text}"
    );
    assert!(text.contains("choice of nodes: "), "{text}");
    let soon = dice
        .run(&[&plan[..], &["--deadline", "120", "--json"]].concat())
        .expect(0)
        .json();
    assert!(
        soon["simulated_seconds"].as_f64().expect("seconds") <= 120.0,
        "{soon}"
    );
    let floor = soon["market_floor_usd"].as_f64().expect("dollars");
    assert!(
        soon["planned_usd"].as_f64().expect("dollars") >= floor,
        "{soon}"
    );
    let spot = dice
        .run(&[&plan[..], &["--spot"]].concat())
        .expect(2)
        .stderr;
    assert!(spot.contains("has no spot price"), "{spot}");
    let never = dice
        .run(&[&plan[..], &["--deadline", "1"]].concat())
        .expect(2)
        .stderr;
    assert!(
        never.contains("hint: give it a longer --deadline"),
        "{never}"
    );
}
