//! Calls made before it is decided whether the program makes them (SEMANTICS E3).

use std::time::Duration;

use dice_model::{Cost, MicroUsd, TaskEnd};
use dice_runtime::{CallRecord, CallState, Guessed, Worth};

use crate::support::{Engine, Functions, Program, Scripts, assert_done, options};

/// The calls of a program, whatever time costs: every use of a device is worth $0.01.
async fn calls_of<Script, Run>(script: Script) -> (Vec<CallRecord>, Functions)
where
    Script: Fn(Program) -> Run + Send + Sync + 'static,
    Run: Future<Output = TaskEnd> + Send + 'static,
{
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut options = options(folder.path());
    options.worth = Some(Worth::new(|_, _| Some(Cost::from(MicroUsd(10_000)))));
    let functions = Functions::default();
    let scripts = Scripts::default().with("p", script);
    let engine = Engine::start_with(options, scripts, functions.clone()).await;
    let (task, record, _) = engine.run("p").await;
    assert_done(&record);
    let calls = engine.handle.calls(task).await.expect("readable");
    engine.stop().await;
    (calls, functions)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guess_comes_true_when_the_program_makes_the_call() {
    let (calls, functions) = calls_of(|program: Program| async move {
        let right = program.guess("pure", 1, None).await;
        let wrong = program.guess("pure", 2, None).await;
        assert!(right.outcome().await.is_ok());
        assert!(wrong.outcome().await.is_ok());
        assert!(program.call("pure", 1).await.is_ok());
        TaskEnd::Normal
    })
    .await;
    let guesses: Vec<_> = calls.iter().map(|call| call.guess).collect();
    let expected = [Some(Guessed::Right), Some(Guessed::InVain), None];
    assert_eq!(guesses, expected);
    assert_eq!(functions.executions("pure", 1), 1);
    assert_eq!(functions.executions("pure", 2), 1);
}

/// What a call costs is known once one has ended; until then none is made for money.
/// Outcome `guess-budget`.
#[tokio::test(flavor = "multi_thread")]
async fn spending_stops_at_the_budget_before_dispatch() {
    let (calls, functions) = calls_of(|program: Program| async move {
        let guess = async |n| program.guess("pure", n, Some(25_000)).await;
        let early = guess(0).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(program.call("pure", 100).await.is_ok());
        let guesses = [early, guess(1).await, guess(2).await, guess(3).await];
        tokio::time::sleep(Duration::from_millis(100)).await;
        // One of the two that were made comes true: there is room for one more.
        assert!(program.call("pure", 0).await.is_ok());
        tokio::time::sleep(Duration::from_millis(100)).await;
        for guess in guesses {
            program.cancel(guess).await;
        }
        TaskEnd::Normal
    })
    .await;
    let made: Vec<_> = (0..4).map(|n| functions.executions("pure", n)).collect();
    assert_eq!(made, [1, 1, 1, 0]);
    let withdrawn = calls
        .iter()
        .filter(|call| call.state == CallState::Withdrawn);
    assert_eq!(withdrawn.count(), 1);
    let in_vain = calls
        .iter()
        .filter(|call| call.guess == Some(Guessed::InVain) && call.granted.is_some());
    assert_eq!(in_vain.count(), 2);
}

/// A guess that the program makes while it is held back for want of money is made like any other.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_back_is_made_when_it_is_no_guess_any_more() {
    let (calls, functions) = calls_of(|program: Program| async move {
        let guess = program.guess("pure", 1, Some(0)).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(program.call("pure", 1).await.is_ok());
        assert!(guess.outcome().await.is_ok());
        TaskEnd::Normal
    })
    .await;
    assert_eq!(functions.executions("pure", 1), 1);
    assert_eq!(calls[0].guess, Some(Guessed::Right));
}
