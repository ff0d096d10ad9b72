//! `dice ask` and `dice generate`: from a sentence, by recorded answers or a language model.

use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Dice, Ended, Running};

const RECORDED: &str = "Report the colour of every car and read its number plate.";
const KEY: &str = "sk-secret-0123456789";

#[test]
fn a_recorded_answer_is_labelled_as_one() {
    let Some(dice) = Dice::new() else { return };
    let generated = dice
        .run(&["generate", RECORDED, "--input", "photo.png"])
        .expect(0);
    assert!(
        generated.stdout.starts_with("import asyncio\n"),
        "{generated:#?}"
    );
    let generated = generated.says("recorded answer: plates");

    // The program is one: it runs, and prints what `ask` prints.
    dice.write("serial.py", &generated.stdout);
    let run = dice
        .run(&["run", "serial.py", "--input", "photo.png"])
        .expect(0);
    let asked = dice.run(&[
        "ask",
        RECORDED,
        "--input",
        "photo.png",
        "--save",
        "programs",
    ]);
    let asked = asked.expect(0);
    for part in [
        "serial program (recorded answer: plates)",
        &run.stdout,
        "note: simulated",
    ] {
        assert!(
            asked.stdout.contains(part),
            "no {part:?} in {}",
            asked.stdout
        );
    }
    let saved = std::fs::read_to_string(dice.path("programs/serial.py")).expect("saved");
    assert_eq!(saved, generated.stdout);
    let saved = std::fs::read_to_string(dice.path("programs/distributed.py")).expect("saved");
    assert!(saved.contains("hermod.ahead()"), "{saved}");
}

#[test]
fn ask_tells_what_happens_as_json_lines() {
    let Some(dice) = Dice::new() else { return };
    let asked = dice
        .run(&["ask", RECORDED, "--input", "photo.png", "--json"])
        .expect(0);
    let events = asked.json_lines();
    let mut names: Vec<&str> = events
        .iter()
        .filter_map(|event| event["event"].as_str())
        .collect();
    names.dedup();
    assert_eq!(
        names,
        [
            "functions",
            "serial",
            "distributed",
            "running",
            "output",
            "answered"
        ]
    );
    let serial = &events[1];
    assert_eq!(
        (&serial["origin"], &serial["author"]),
        (&json!("recorded answer"), &json!("plates"))
    );
}

#[test]
fn without_a_language_model_a_new_query_says_what_to_set() {
    let Some(dice) = Dice::new() else { return };
    for command in ["generate", "ask"] {
        let ended = dice
            .run(&[command, "Is there a dog?", "--input", "photo.png"])
            .expect(2);
        let ended = ended.says("no recorded answer for the query \"Is there a dog?\"");
        let ended = ended
            .says("DICE_LLM_URL")
            .says("DICE_LLM_MODEL")
            .says("DICE_LLM_KEY");
        let said = ended.stderr.matches("DICE_LLM_URL").count();
        assert_eq!(said, 1, "once is enough: {}", ended.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_program_is_repaired_and_the_key_stays_secret() {
    let Some(dice) = Dice::new() else { return };
    let service = MockServer::start().await;
    let wrong = program("glipp");
    let asked = |answer: &str| {
        Mock::given(method("POST"))
            .and(path("/v1/chat/completions"))
            .and(header("authorization", format!("Bearer {KEY}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(completion(answer)))
    };
    asked(&wrong)
        .up_to_n_times(1)
        .expect(1)
        .mount(&service)
        .await;
    asked(&program("glip")).expect(1).mount(&service).await;

    let ask = [
        "ask",
        "How many cars?",
        "--input",
        "photo.png",
        "--json",
        "-vv",
    ];
    let ended = with_model(&dice, &ask, &service.uri()).expect(0);
    let events = ended.json_lines();
    let serial = events
        .iter()
        .find(|event| event["event"] == "serial")
        .expect("told");
    assert_eq!(serial["origin"], "model answer");
    assert_eq!(serial["author"], "test-model");
    assert_eq!(serial["rounds"], 2);
    assert_eq!(serial["prompt_tokens"], 2000);
    assert_eq!(serial["answer_tokens"], 200);
    let answered = events.last().expect("told");
    assert_eq!(answered["event"], "answered");
    assert!(
        answered["stdout"]
            .as_str()
            .expect("text")
            .starts_with("cars: "),
        "{answered}"
    );

    // The second request tells the model what was wrong.
    let requests = service.received_requests().await.expect("recorded");
    let repair = String::from_utf8_lossy(&requests[1].body).into_owned();
    assert!(repair.contains("glipp"), "{repair}");

    assert_secret(&dice, &ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_fails_is_named_and_the_key_stays_secret() {
    let Some(dice) = Dice::new() else { return };
    let service = MockServer::start().await;
    let refused = ResponseTemplate::new(401)
        .set_body_json(json!({"error": {"message": format!("invalid key {KEY}")}}));
    Mock::given(method("POST"))
        .respond_with(refused)
        .mount(&service)
        .await;
    let ended = with_model(
        &dice,
        &["ask", "How many cars?", "-i", "photo.png", "-vv"],
        &service.uri(),
    );
    let ended = ended.expect(3).says("DICE_LLM_KEY").says(&service.uri());
    assert_secret(&dice, &ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_learns_nothing_is_given_up() {
    let Some(dice) = Dice::new() else { return };
    let service = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(completion(&program("glipp")));
    Mock::given(method("POST"))
        .respond_with(answer)
        .mount(&service)
        .await;
    let ended = with_model(
        &dice,
        &["generate", "How many cars?", "-i", "photo.png"],
        &service.uri(),
    );
    let ended = ended.expect(1).prints("").says("glipp").says("hint: ");
    // The program and where it is wrong.
    ended
        .says("cars = await hermod.call(\"glipp\"")
        .says("program.py:9:");
}

#[test]
fn half_a_configuration_is_an_error() {
    let Some(dice) = Dice::new() else { return };
    let mut command = dice.command(&["ask", "How many cars?", "--input", "photo.png"]);
    command.env("DICE_LLM_URL", "http://127.0.0.1:1/v1");
    Running::start(command)
        .ended()
        .expect(2)
        .says("DICE_LLM_MODEL");
}

fn with_model(dice: &Dice, arguments: &[&str], service: &str) -> Ended {
    let mut command = dice.command(arguments);
    command
        .env("DICE_LLM_URL", format!("{service}/v1"))
        .env("DICE_LLM_MODEL", "test-model")
        .env("DICE_LLM_KEY", KEY);
    tokio::task::block_in_place(|| Running::start(command).ended())
}

#[track_caller]
fn assert_secret(dice: &Dice, ended: &Ended) {
    assert!(!ended.stdout.contains(KEY), "{}", ended.stdout);
    assert!(!ended.stderr.contains(KEY), "{}", ended.stderr);
    let kept = dice.kept();
    assert!(!kept.is_empty());
    for (file, bytes) in kept {
        let found = bytes
            .windows(KEY.len())
            .any(|window| window == KEY.as_bytes());
        assert!(!found, "the key is in {}", file.display());
    }
}

fn program(detector: &str) -> String {
    format!(
        r#"import asyncio

import hermod
from PIL import Image


async def main():
    image = Image.open("photo.png")
    cars = await hermod.call("{detector}", image=image, object_name="car")
    print("cars:", len(cars))


asyncio.run(main())
"#
    )
}

fn completion(program: &str) -> Value {
    json!({
        "choices": [{"message": {"role": "assistant", "content": format!("```python\n{program}```")}}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    })
}
