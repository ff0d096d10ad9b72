//! Check and repair, with a scripted model that is wrong in each way first.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use dice_catalog::Catalog;
use dice_codegen::{
    Form, GenerateError, Generated, LlmError, Options, Outcome, Scripted, generate,
};
use support::{GOOD, cars, catalog, fenced, program};

async fn run(answers: &[&str]) -> (Result<Generated, GenerateError>, Scripted) {
    let llm = Scripted::new(answers.iter().copied());
    let result = generate(&llm, &cars(), &catalog(), &Options::default()).await;
    (result, llm)
}

/// `wrong` comes first; it is sent back with a problem that says `expect`, and then put right.
async fn check_repaired(wrong: &str, expect: &str) {
    let good = program(GOOD);
    let (result, llm) = run(&[wrong, &fenced(&good)]).await;
    let generated = result.unwrap();
    assert_eq!(generated.rounds.len(), 2, "{wrong}");
    let Outcome::Program { source, warnings } = generated.outcome else {
        panic!("no program: {wrong}")
    };
    assert_eq!(source, good);
    assert_eq!(warnings, []);
    let asked = llm.asked();
    let repair = &asked[1].messages.last().unwrap().text;
    assert!(repair.contains(expect), "{repair}\nlacks {expect}");
    assert!(
        repair.contains("What color are the cars?"),
        "the query is asked again"
    );
}

#[tokio::test]
async fn each_wrong_answer_is_repaired() {
    let wrong = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        fenced(&program(&GOOD.replace(from, to)))
    };
    for (answer, expect) in [
        (
            wrong("\"glip\"", "\"detect\""),
            "there is no function \"detect\" (on offer: blip, glip, xvlm)",
        ),
        (wrong("\"blip\"", "\"blib\""), "did you mean \"blip\"?"),
        (
            wrong("question=", "prompt="),
            "blip has no parameter prompt",
        ),
        (
            wrong(", question=\"What color is the car?\"", ""),
            "blip needs question",
        ),
        (
            wrong("\"What color is the car?\"", "7"),
            "7 is not of type \"string\"",
        ),
        (
            wrong("image=patch", "image=car"),
            "image needs an image, and this is a box",
        ),
        (
            wrong("image=patch", "patch"),
            "blip takes its arguments by keyword",
        ),
        (
            wrong("color[\"answer\"]", "color[\"color\"]"),
            "color has no field \"color\"",
        ),
        (
            wrong("color[\"answer\"]", "color.answer"),
            "has no .answer (color[\"answer\"])",
        ),
        (
            wrong("= await hermod.call(\"blip\"", "= hermod.call(\"blip\""),
            "without being awaited",
        ),
        (
            wrong("street.jpg", "image.jpg"),
            "there is no input \"image.jpg\"",
        ),
        (
            wrong("car[\"x\"] + car", "car[\"left\"] + car"),
            "car has no field \"left\"",
        ),
        (wrong("print(", "print(("), "syntax error"),
        (
            fenced("import requests\nprint(requests)\n"),
            "there is no module requests",
        ),
        (fenced("print('red')\n"), "the program calls no function"),
        (
            fenced(&program(
                "print(await hermod.call('blip', image=Image.new('RGB', (1, 1)), question='?'))",
            )),
            "the program reads none of its inputs (inputs: street.jpg)",
        ),
        (
            fenced(&program(GOOD).replace("from PIL import Image\n", "")),
            "Image is not defined (from PIL import Image)",
        ),
        (
            "I am sorry, I would need to see the picture.".to_owned(),
            "the answer has no program",
        ),
        (String::new(), "the answer has no program"),
    ] {
        check_repaired(&answer, expect).await;
    }
}

#[tokio::test]
async fn two_rounds_of_repair_and_no_more() {
    let wrong = fenced(&program("await hermod.call('nothing')"));
    let (result, llm) = run(&[&wrong, &wrong, &wrong, &fenced(&program(GOOD))]).await;
    assert_eq!(llm.asked().len(), 3);
    let Err(GenerateError::NotValid {
        program: last,
        diagnostics,
        rounds,
        usage,
    }) = result
    else {
        panic!("it is wrong three times")
    };
    assert_eq!(last, program("await hermod.call('nothing')"));
    assert_eq!(diagnostics[0].code, "unknown-function");
    assert_eq!((rounds.len(), usage.len()), (3, 0));
}

#[tokio::test]
async fn a_good_answer_needs_one_round() {
    let (result, llm) = run(&[&fenced(&program(GOOD))]).await;
    assert!(matches!(result.unwrap().outcome, Outcome::Program { .. }));
    assert_eq!(llm.asked()[0].round, 0);
}

#[tokio::test]
async fn warnings_do_not_send_a_program_back() {
    let warned = program(&format!(
        "{GOOD}\nhermod.call('glip', image=image, object_name='bus')"
    ));
    let (result, _) = run(&[&fenced(&warned)]).await;
    let Outcome::Program { warnings, .. } = result.unwrap().outcome else {
        panic!("a program")
    };
    assert_eq!(warnings[0].code, "never-awaited");
}

#[tokio::test]
async fn a_refusal_is_an_outcome() {
    let (result, _) = run(&["Cannot answer: no function\nhears sounds."]).await;
    let reason = "no function hears sounds.".to_owned();
    assert_eq!(result.unwrap().outcome, Outcome::CannotAnswer { reason });
}

#[tokio::test]
async fn errors_of_the_model_pass_through() {
    let busy = LlmError::Busy {
        url: "http://llm".into(),
        status: 503,
        problem: "full".into(),
    };
    let llm = Scripted::with_results([Err(busy.clone())]);
    let error = generate(&llm, &cars(), &catalog(), &Options::default())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), busy.to_string());
}

#[tokio::test]
async fn nothing_is_asked_without_functions_or_words() {
    let llm = Scripted::default();
    let error = generate(&llm, &cars(), &Catalog::default(), &Options::default())
        .await
        .unwrap_err();
    assert!(matches!(error, GenerateError::NoFunctions));
    let silent = support::query("  ", &[]);
    let error = generate(&llm, &silent, &catalog(), &Options::default())
        .await
        .unwrap_err();
    assert!(matches!(error, GenerateError::EmptyQuery));
    assert!(llm.asked().is_empty());
}

const COMPACT: &str = r#"def answer(image):
    for car in glip(image=image, object_name="car"):
        print(blip(image=car, question="What color is the car?"))"#;

#[tokio::test]
async fn a_compact_program_is_expanded() {
    let llm = Scripted::new([format!("```python\n{COMPACT}\n```")]).in_form(Form::Compact);
    let generated = generate(&llm, &cars(), &catalog(), &Options::default()).await;
    let generated = generated.unwrap();
    let Outcome::Program { source, warnings } = generated.outcome else {
        panic!("no program")
    };
    assert!(
        source.contains("await hermod.call(\"blip\", image=crop(image, car)"),
        "{source}"
    );
    assert_eq!(warnings, []);
    assert_eq!(
        generated.rounds[0].compact.as_deref().map(str::trim),
        Some(COMPACT)
    );
}

/// Both what does not expand and what the check finds in the expansion come back as the model wrote it.
#[tokio::test]
async fn a_wrong_compact_program_is_sent_back_as_it_was_written() {
    for (wrong, expect) in [
        (
            COMPACT.replace("image=car", "image=glip(image=image, object_name=\"a\")"),
            "image needs one, and this is a list",
        ),
        (
            COMPACT.replace("question", "prompt"),
            "blip has no parameter prompt",
        ),
    ] {
        let answers = [
            format!("```python\n{wrong}\n```"),
            format!("```python\n{COMPACT}\n```"),
        ];
        let llm = Scripted::new(answers).in_form(Form::Compact);
        let generated = generate(&llm, &cars(), &catalog(), &Options::default()).await;
        assert_eq!(generated.unwrap().rounds.len(), 2, "{wrong}");
        let asked = llm.asked();
        let repair = &asked[1].messages.last().unwrap().text;
        assert!(
            repair.contains(&wrong) && repair.contains(expect),
            "{repair}"
        );
        assert!(repair.contains("def answer(image):`"), "{repair}");
    }
}

#[tokio::test]
async fn a_model_may_write_the_serial_program_all_the_same() {
    let llm = Scripted::new([fenced(&program(GOOD))]).in_form(Form::Compact);
    let generated = generate(&llm, &cars(), &catalog(), &Options::default()).await;
    assert!(matches!(
        generated.unwrap().outcome,
        Outcome::Program { .. }
    ));
}
