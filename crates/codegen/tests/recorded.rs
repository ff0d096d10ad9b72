//! Recorded answers: the built-in ones are correct, and misses say what to do.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use dice_catalog::Catalog;
use dice_codegen::{
    AnswerSource, GenerateError, LlmError, Options, Outcome, Recorded, Recording, generate,
};
use support::{catalog, query};

const ACCIDENT: &str = "In the accident scene, report the color and model of all the cars involved in the accident and check if the cars are damaged or overturned.";

#[tokio::test]
async fn every_built_in_answer_is_a_correct_program() {
    let recorded = Recorded::built_in();
    let names: Vec<_> = recorded
        .recordings()
        .iter()
        .map(|recording| recording.name.as_str())
        .collect();
    assert_eq!(names, ["accident", "plates"]);
    for recording in recorded.recordings() {
        let generated = generate(&recorded, &recording.query, &catalog(), &Options::default())
            .await
            .unwrap();
        let Outcome::Program { warnings, .. } = &generated.outcome else {
            panic!("{}", recording.name)
        };
        assert_eq!(warnings, &[], "{}", recording.name);
        assert_eq!(
            generated.source.label(),
            format!("recorded answer {}", recording.name)
        );
        assert!(generated.usage.is_empty(), "no model ran");
    }
}

#[tokio::test]
async fn the_papers_query_is_answered_whatever_its_blanks() {
    let asked = query(&ACCIDENT.replace(' ', "  \n"), &["accident_scene.jpg"]);
    let generated = generate(
        &Recorded::built_in(),
        &asked,
        &catalog(),
        &Options::default(),
    )
    .await
    .unwrap();
    assert!(matches!(generated.source, AnswerSource::Recorded { .. }));
}

#[tokio::test]
async fn better_documentation_is_no_other_catalog() {
    let text = include_str!("../../../tests/cases/functions.yaml")
        .replace("documentation: ", "documentation: Much better. ");
    let catalog = Catalog::from_resources(&text).unwrap();
    let asked = query(ACCIDENT, &["accident_scene.jpg"]);
    assert!(
        generate(&Recorded::built_in(), &asked, &catalog, &Options::default())
            .await
            .is_ok()
    );
}

async fn miss(text: &str, input: &str, catalog: &Catalog) -> String {
    let asked = query(text, &[input]);
    match generate(&Recorded::built_in(), &asked, catalog, &Options::default()).await {
        Err(GenerateError::Llm(error @ LlmError::NotRecorded(_))) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_miss_says_what_is_missing_and_what_to_set() {
    insta::assert_snapshot!(miss("How many dogs?", "a.jpg", &catalog()).await);
    insta::assert_snapshot!(miss(ACCIDENT, "other.jpg", &catalog()).await);
    let text = include_str!("../../../tests/cases/functions.yaml").replace("question", "prompt");
    insta::assert_snapshot!(
        miss(
            ACCIDENT,
            "accident_scene.jpg",
            &Catalog::from_resources(&text).unwrap()
        )
        .await
    );
}

#[tokio::test]
async fn a_recorded_program_that_the_catalog_outgrew_is_shown_with_its_problems() {
    let text =
        include_str!("../../../tests/cases/functions.yaml").replace("\"answer\"", "\"reply\"");
    let asked = query(ACCIDENT, &["accident_scene.jpg"]);
    let catalog = Catalog::from_resources(&text).unwrap();
    match generate(&Recorded::built_in(), &asked, &catalog, &Options::default()).await {
        Err(GenerateError::NotValid {
            diagnostics,
            rounds,
            ..
        }) => {
            assert_eq!((diagnostics[0].code, rounds.len()), ("unknown-field", 1));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn recordings_are_read_from_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("README.md"), "not one").unwrap();
    let text = "+++\nquery = \"Q\"\n[functions]\n+++\nCannot answer: no.\n";
    std::fs::write(folder.path().join("no.md"), text).unwrap();
    let recorded = Recorded::from_folder(folder.path()).unwrap();
    assert_eq!(recorded.recordings()[0].answer, "Cannot answer: no.\n");
    for wrong in [
        "",
        "+++\n+++\n",
        "+++\nquery = 1\n+++\n",
        "+++\nquery = \"Q\"\nmore = 1\n[functions]\n+++\n",
    ] {
        assert!(Recording::parse("x", wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_key_tells_queries_inputs_and_functions_apart() {
    let parse = |text: &str| Recording::parse("x", text).unwrap().key();
    let base = "+++\nquery = \"Q\"\ninputs = {a = \"image\"}\n[functions]\nf = {image = \"image\"}\n+++\nA";
    for (from, to) in [
        ("\"Q\"", "\"R\""),
        ("{a =", "{b ="),
        ("a = \"image\"", "a = \"text\""),
        ("f =", "g ="),
    ] {
        assert_ne!(parse(base), parse(&base.replace(from, to)), "{to}");
    }
    assert_eq!(parse(base), parse(&base.replace("\"Q\"", "\" Q \"")));
}
