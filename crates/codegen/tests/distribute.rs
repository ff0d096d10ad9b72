//! The paper's way, with scripted models that are right and wrong, and a scripted judge.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::VecDeque;
use std::sync::Mutex;

use dice_codegen::{
    DistributeError, DistributeOptions, Judge, JudgeError, Judgement, LlmError, Problems,
    Rewriting, Scripted, distribute,
};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use support::{GOOD, catalog, fenced, program};

/// Gives these verdicts in order.
struct Verdicts(Mutex<VecDeque<Result<Judgement, JudgeError>>>);

impl Judge for Verdicts {
    fn judge<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<Judgement, JudgeError>> {
        let next = self.0.lock().unwrap().pop_front();
        async move { next.expect("asked more often than the test says") }.boxed()
    }
}

async fn run(
    answers: &[&str],
    verdicts: Vec<Judgement>,
    options: &DistributeOptions,
) -> (Result<Rewriting, DistributeError>, Scripted) {
    let llm = Scripted::new(answers.iter().copied());
    let judge = Verdicts(Mutex::new(verdicts.into_iter().map(Ok).collect()));
    let result = distribute(&llm, &judge, &program(GOOD), &catalog(), options).await;
    assert!(
        judge.0.lock().unwrap().is_empty(),
        "a verdict was not asked for"
    );
    (result, llm)
}

fn better() -> String {
    program(
        &GOOD
            .replace("color = await hermod", "color_call = hermod")
            .replace("print(color", "color = await color_call\n    print(color"),
    )
}

fn different() -> Judgement {
    Judgement::Different {
        counterexample: "blip fails: serial prints \"a\", distributed prints nothing".to_owned(),
    }
}

fn without_failures() -> Judgement {
    Judgement::EqualWhenNoCallFails {
        counterexample: "glip fails".to_owned(),
    }
}

async fn check_accepted(answers: &[&str], verdicts: Vec<Judgement>, assume_no_failures: bool) {
    let options = DistributeOptions {
        assume_no_failures,
        ..DistributeOptions::default()
    };
    let (result, _) = run(answers, verdicts, &options).await;
    let rewriting = result.unwrap();
    assert_eq!(rewriting.accepted, Some(better()));
    assert_eq!(rewriting.attempts.len(), answers.len());
    assert_eq!(rewriting.attempts.last().unwrap().problems, None);
}

#[tokio::test]
async fn only_what_is_equal_is_accepted() {
    let good = fenced(&better());
    check_accepted(&[&good], vec![Judgement::Equal], false).await;
    check_accepted(&[&good], vec![without_failures()], true).await;
    check_accepted(&[&good, &good], vec![different(), Judgement::Equal], false).await;
    check_accepted(
        &[&good, &good],
        vec![without_failures(), Judgement::Equal],
        false,
    )
    .await;
    check_accepted(&["I cannot.", &good], vec![Judgement::Equal], false).await;
}

async fn check_rejected(answers: &[&str], verdicts: Vec<Judgement>, expect: &str) {
    let (result, _) = run(answers, verdicts, &DistributeOptions::default()).await;
    let rewriting = result.unwrap();
    assert_eq!(rewriting.accepted, None);
    let problems = rewriting.attempts.last().unwrap().problems.clone().unwrap();
    assert!(problems.to_string().contains(expect), "{problems}");
}

#[tokio::test]
async fn after_one_repair_it_is_given_up() {
    let good = fenced(&better());
    let unknown = fenced(&better().replace("\"blip\"", "\"detect\""));
    check_rejected(
        &[&good, &good],
        vec![different(), different()],
        "blip fails",
    )
    .await;
    check_rejected(
        &[&good, &good],
        vec![without_failures(), different()],
        "blip fails",
    )
    .await;
    check_rejected(
        &[&unknown, &unknown],
        vec![],
        "there is no function \"detect\"",
    )
    .await;
    check_rejected(&["no", "no"], vec![], "no program").await;
}

#[tokio::test]
async fn the_repair_shows_the_counterexample() {
    let good = fenced(&better());
    let verdicts = vec![different(), Judgement::Equal];
    let (_, llm) = run(&[&good, &good], verdicts, &DistributeOptions::default()).await;
    let asked = llm.asked();
    insta::assert_snapshot!(asked[1].messages[1].text);
}

#[tokio::test]
async fn the_request_says_what_is_on_offer() {
    let good = fenced(&better());
    let (_, llm) = run(
        &[&good],
        vec![Judgement::Equal],
        &DistributeOptions::default(),
    )
    .await;
    let texts: Vec<_> = llm.asked()[0]
        .messages
        .iter()
        .map(|one| one.text.clone())
        .collect();
    insta::assert_snapshot!(texts.join("\n=====\n"));
}

#[tokio::test]
async fn no_answer_is_an_error() {
    let (result, _) = run(&[], vec![], &DistributeOptions::default()).await;
    let Err(DistributeError::Llm { source, .. }) = result else {
        panic!("an answer out of nothing")
    };
    assert_eq!(source, LlmError::ScriptEnded);
}

#[test]
fn problems_are_one_line_each() {
    let text = "reads:\n  a\n".to_owned();
    assert_eq!(Problems::Counterexample(text.clone()).to_string(), text);
}
