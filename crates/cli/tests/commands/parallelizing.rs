//! `dice parallelize`: text in, text out; needs no engine with `--catalog`.

use std::io::Write as _;
use std::process::Stdio;

use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Dice, Ended, Running, case, case_text};

fn parallelize(dice: &Dice, program: &str, more: &[&str]) -> Ended {
    let catalog = case("functions.yaml");
    let catalog = catalog.to_str().expect("text");
    dice.run(&[&["parallelize", program, "--catalog", catalog], more].concat())
}

#[test]
fn the_distributed_program_goes_to_stdout_and_the_reasons_to_stderr() {
    let dice = Dice::bare();
    dice.write("serial.py", &case_text("cars_serial.py"));
    let quiet = parallelize(&dice, "serial.py", &[]).expect(0);
    insta::assert_snapshot!("cars_distributed", quiet.stdout);
    assert_eq!(quiet.stderr, "", "nothing was kept, nothing to say");

    // Its own output comes back byte-identical (SEMANTICS O4).
    dice.write("distributed.py", &quiet.stdout);
    parallelize(&dice, "distributed.py", &[])
        .expect(0)
        .prints(&quiet.stdout);
}

#[test]
fn an_explanation_has_critical_paths_guesses_and_reuse() {
    let Some(dice) = Dice::new() else { return };
    dice.write("serial.py", &case_text("cars_serial.py"));
    let quiet = parallelize(&dice, "serial.py", &[]).expect(0);
    let explained = parallelize(&dice, "serial.py", &["--explain"]).expect(0);
    assert_eq!(explained.stdout, quiet.stdout);
    insta::assert_snapshot!("cars_explained", explained.stderr);

    let given = ["--explain", "--latency", "blip=2", "--json"];
    let told = parallelize(&dice, "serial.py", &given).expect(0).json();
    let paths = &told["explained"]["paths"];
    let seconds = |side: &str| paths[side]["seconds"].as_f64().expect("seconds");
    assert!(seconds("after") < seconds("before"), "{told}");
    assert_eq!(told["explained"]["latencies"]["blip"], 2.0);
    parallelize(&dice, "serial.py", &["--latency", "blip=2"])
        .expect(2)
        .says("--explain");
}

/// What a search could gain by guessing, and what it would cost; and what is so if it does.
#[test]
fn an_explanation_says_what_guesses_would_gain() {
    let Some(dice) = Dice::new() else { return };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests");
    let program = format!("{folder}/speculation/search_until_found.py");
    let catalog = format!("{folder}/programs/catalog.yaml");
    let explain = |more: &[&str]| {
        let arguments = ["parallelize", &program, "--catalog", &catalog, "--explain"];
        dice.run(&[&arguments[..], more].concat()).expect(0)
    };
    insta::assert_snapshot!(
        "search_explained",
        explain(&[]).stderr.replace(folder, "tests")
    );
    explain(&["--speculate", "2"]).says("speculation: --speculate 2 makes it");
}

/// Without a sandbox the decisions stand, and it is said what is missing.
#[test]
fn an_explanation_without_a_sandbox() {
    let dice = Dice::bare();
    dice.write("serial.py", &case_text("cars_serial.py"));
    let catalog = case("functions.yaml");
    let catalog = catalog.to_str().expect("text");
    let mut command = dice.command(&[
        "parallelize",
        "serial.py",
        "--catalog",
        catalog,
        "--explain",
    ]);
    command
        .env("DICE_UV", dice.path("nowhere"))
        .env("DICE_CACHE", dice.path("cache"));
    let explained = Running::start(command).ended().expect(0);
    explained
        .says("moved [A1]")
        .says("the critical paths are not known: ");
}

#[test]
fn what_stays_in_order_is_said_with_line_and_rule() {
    let dice = Dice::bare();
    dice.write(
        "chain.py",
        r#"import asyncio

import hermod
from PIL import Image


async def main():
    image = Image.open("photo.png")
    question = "What is this?"
    while question:
        answer = await hermod.call("blip", image=image, question=question)
        question = answer["note"]


asyncio.run(main())
"#,
    );
    let kept = parallelize(&dice, "chain.py", &[]).expect(0);
    assert_eq!(
        kept.stdout,
        std::fs::read_to_string(dice.path("chain.py")).expect("there")
    );
    kept.says("chain.py:10: kept [E3]").says("help: ");
}

#[test]
fn json_has_program_and_decisions() {
    let dice = Dice::bare();
    dice.write("serial.py", &case_text("cars_serial.py"));
    let told = parallelize(&dice, "serial.py", &["--json"])
        .expect(0)
        .json();
    assert_eq!(told["changed"], true);
    let plain = parallelize(&dice, "serial.py", &[]).expect(0).stdout;
    assert_eq!(told["program"], plain);
    let decisions = told["decisions"].as_array().expect("decisions");
    assert!(!decisions.is_empty());
    for decision in decisions {
        assert!(
            decision["line"].is_u64() && decision["what"].is_string(),
            "{decision}"
        );
        assert!(decision["message"].is_string(), "{decision}");
    }
}

#[test]
fn standard_input() {
    let dice = Dice::bare();
    let catalog = case("functions.yaml");
    let mut command = dice.command(&[
        "parallelize",
        "-",
        "--catalog",
        catalog.to_str().expect("text"),
    ]);
    command.stdin(Stdio::piped());
    let mut running = Running::start(command);
    let mut stdin = running.stdin().expect("a pipe");
    stdin
        .write_all(case_text("cars_serial.py").as_bytes())
        .expect("written");
    drop(stdin);
    dice.write("serial.py", &case_text("cars_serial.py"));
    let file = parallelize(&dice, "serial.py", &[]).expect(0);
    running.ended().expect(0).prints(&file.stdout);
}

#[test]
fn mistakes_are_pointed_at() {
    let dice = Dice::bare();
    dice.write("broken.py", "import hermod\n\nasync def main(:\n    pass\n");
    let broken = parallelize(&dice, "broken.py", &[]).expect(1).prints("");
    broken
        .says(" --> broken.py:3:16")
        .says("3 | async def main(:\n  |                ^");
    let missing = parallelize(&dice, "missing.py", &[]);
    missing.expect(2).says("missing.py: No such file");
}

#[test]
fn catalogs_that_are_not_catalogs() {
    let dice = Dice::bare();
    dice.write("serial.py", &case_text("cars_serial.py"));
    let check = |catalog: &str, problem: &str| {
        dice.write("catalog.yaml", catalog);
        let ended = dice.run(&["parallelize", "serial.py", "--catalog", "catalog.yaml"]);
        ended
            .expect(2)
            .prints("")
            .says("catalog.yaml")
            .says(problem);
    };
    check(
        "kind: Deployment",
        "kind is Deployment, not Function or List",
    );
    check("{", "catalog.yaml");
    check(
        "kind: Function\nmetadata: {name: f}\nstatus: {parametersSchema: '{'}",
        "f",
    );
    let ended = dice.run(&["parallelize", "serial.py", "--catalog", "nowhere.yaml"]);
    ended.expect(2).says("--catalog nowhere.yaml: No such file");
}

#[test]
fn the_ideal_stands_beside_what_is_achieved() {
    let Some(dice) = Dice::new() else { return };
    dice.write("serial.py", &case_text("cars_serial.py"));
    let latency = ["--ideal", "--latency", "blip=2", "--json"];
    let told = parallelize(&dice, "serial.py", &latency).expect(0).json();
    let ideal = &told["ideal"];
    let seconds = |name: &str| ideal[name].as_f64().expect("seconds");
    assert!(seconds("ideal") <= seconds("achieved"), "{ideal}");
    assert!(seconds("achieved") < seconds("serial"), "{ideal}");
    let path = ideal["path"].as_array().expect("a path");
    assert_eq!(path.last().expect("calls")["end"], ideal["achieved"]);

    parallelize(&dice, "serial.py", &["--ideal", "--latency", "nobody=2"])
        .expect(2)
        .says("no function `nobody`");
    parallelize(&dice, "serial.py", &["--ideal"])
        .expect(0)
        .says("the ideal's critical path:");
}

/// The paper's way: the model's program counts only if it is compared and found equal.
#[tokio::test(flavor = "multi_thread")]
async fn a_models_program_is_taken_only_if_it_is_equal() {
    let Some(dice) = Dice::new() else { return };
    dice.write("serial.py", &case_text("cars_serial.py"));
    let right = parallelize(&dice, "serial.py", &[]).expect(0).stdout;
    let wrong = right.replace("print(line)", "print(line.upper())");
    assert_ne!(right, wrong);

    let accepted = rewritten(&dice, &[&right], &[]).await.expect(0);
    accepted
        .prints(&right)
        .says("compared and accepted")
        .says("(1 of 1 accepted so far)");

    let repaired = rewritten(&dice, &[&wrong, &right], &[]).await.expect(0);
    repaired
        .prints(&right)
        .says("attempt 2")
        .says("(2 of 2 accepted so far)");

    let refused = rewritten(&dice, &[&wrong, &wrong], &[]).await.expect(0);
    refused
        .says("was not accepted")
        .says("made by analysis instead")
        .says("(2 of 3 accepted so far)");

    // The paper's own: failures become lines of output.
    let figure_6 = case_text("cars_distributed.py");
    let refused = rewritten(&dice, &[&figure_6], &[]).await.expect(0);
    refused
        .says("equal when no call fails:")
        .says("made by analysis instead");
    let bold = ["--assume-no-failures"];
    let accepted = rewritten(&dice, &[&figure_6], &bold).await.expect(0);
    accepted
        .prints(&figure_6)
        .says("accepted, though it is equal only when no call fails (3 of 5 accepted so far)");
}

async fn rewritten(dice: &Dice, answers: &[&str], more: &[&str]) -> Ended {
    let service = MockServer::start().await;
    for answer in answers {
        let content = format!("```python\n{answer}```\n");
        let message = serde_json::json!({"choices": [{"message": {"content": content}}]});
        Mock::given(method("POST"))
            .respond_with(ResponseTemplate::new(200).set_body_json(message))
            .up_to_n_times(if answers.len() == 1 { 2 } else { 1 })
            .mount(&service)
            .await;
    }
    let catalog = case("functions.yaml");
    let catalog = catalog.to_str().expect("text");
    let arguments = [
        "parallelize",
        "serial.py",
        "--with",
        "llm",
        "--catalog",
        catalog,
    ];
    let mut command = dice.command(&[&arguments[..], more].concat());
    command
        .env("DICE_LLM_URL", format!("{}/v1", service.uri()))
        .env("DICE_LLM_MODEL", "test-model")
        .env("DICE_LLM_KEY", "secret");
    tokio::task::block_in_place(|| Running::start(command).ended())
}
