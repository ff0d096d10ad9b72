//! Results of declared-pure calls, for equal calls of other tasks (RUNTIME M2, M5).

use std::path::Path;

use dice_model::{CallRef, TaskEnd, TaskId, Tenant, Usage};
use dice_runtime::{CallState, MemoOptions, NewTask, Options, UsageFilter};

use crate::support::{Behaviour, Engine, Functions, Program, Scripts, options};

/// One call of this function with this argument.
fn scripts() -> Scripts {
    let call = |function: &'static str, n: i64| {
        move |program: Program| async move {
            match program.call(function, n).await {
                Ok(value) => program.print(value.canonical()).await,
                Err(failure) => program.print(failure.to_string()).await,
            }
            TaskEnd::Normal
        }
    };
    Scripts::default()
        .with("pure", call("pure", 1))
        .with("other", call("pure", 2))
        .with("read", call("read", 1))
        .with("pay", call("pay", 1))
}

async fn engine(data: &Path) -> Engine {
    Engine::start_with(with_memo(data), scripts(), Functions::default()).await
}

fn with_memo(data: &Path) -> Options {
    Options {
        memo: Some(MemoOptions::default()),
        ..options(data)
    }
}

/// What it printed, and whose result its only call got.
async fn run(engine: &Engine, task: NewTask) -> (TaskId, String, Option<CallRef>) {
    let task = engine.handle.submit(task).await.expect("accepted");
    engine.end(task).await;
    let calls = engine.handle.calls(task).await.expect("read");
    assert_eq!(calls[0].state, CallState::Succeeded);
    assert_eq!(calls[0].execution.is_none(), calls[0].reused.is_some());
    (task, engine.stdout(task).await, calls[0].reused)
}

fn task(script: &str) -> NewTask {
    NewTask::new(script, "script.py")
}

/// Outcome `remembered`.
#[tokio::test(flavor = "multi_thread")]
async fn an_equal_pure_call_of_another_task_costs_nothing() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let engine = engine(data.path()).await;
    let (first, answer, reused) = run(&engine, task("pure")).await;
    assert_eq!(reused, None);
    let (second, again, reused) = run(&engine, task("pure")).await;
    let of = CallRef {
        task: first,
        call: 0,
    };
    assert_eq!((again, reused), (answer, Some(of)));
    let (_, _, reused) = run(&engine, task("other")).await;
    assert_eq!(reused, None, "other arguments");

    let of_second = UsageFilter {
        tasks: vec![second],
        ..UsageFilter::default()
    };
    let usage = engine.handle.usage(of_second).await.expect("read");
    let [
        Usage::Reused {
            call, of: whose, ..
        },
    ] = usage.as_slice()
    else {
        panic!("one line, and no lease: {usage:?}");
    };
    assert_eq!((call.task, *whose), (second, of));
    engine.stop().await;
}

/// RUNTIME S3: what is remembered is the tenant's.
#[tokio::test(flavor = "multi_thread")]
async fn only_pure_calls_of_the_same_tenant_that_want_it_are_remembered() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let engine = engine(data.path()).await;
    let check = async |first: NewTask, second: NewTask| {
        run(&engine, first).await;
        let (_, _, reused) = run(&engine, second.clone()).await;
        assert_eq!(reused, None, "{second:?}");
    };
    check(task("read"), task("read")).await;
    check(task("pay"), task("pay")).await;
    let of_other = NewTask {
        tenant: Tenant::new("other"),
        ..task("pure")
    };
    check(task("pure"), of_other).await;
    let without = NewTask {
        memo: false,
        ..task("pure")
    };
    check(task("pure"), without.clone()).await;
    // Nor does it give its results to others.
    let without = NewTask {
        source: "other".to_owned(),
        ..without
    };
    check(without, task("other")).await;
    engine.stop().await;
}

/// SEMANTICS E5: failures are never reused.
#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_not_remembered() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let functions = Functions::default();
    functions.set("pure", |_, _| Behaviour::Raise("no".to_owned()));
    let engine = Engine::start_with(with_memo(data.path()), scripts(), functions).await;
    for _ in 0..2 {
        let (task, _, stdout) = engine.run("pure").await;
        assert!(stdout.contains("no"), "{stdout}");
        let calls = engine.handle.calls(task).await.expect("read");
        assert_eq!(calls[0].reused, None);
    }
    engine.stop().await;
}

/// RUNTIME D1.
#[tokio::test(flavor = "multi_thread")]
async fn what_came_from_a_forgotten_task_is_forgotten() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let engine = engine(data.path()).await;
    let (first, _, _) = run(&engine, task("pure")).await;
    assert!(engine.handle.forget(first).await.expect("forgotten"));
    let (_, _, reused) = run(&engine, task("pure")).await;
    assert_eq!(reused, None);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_without_a_memo_makes_every_call() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let options = options(data.path());
    assert_eq!(options.memo, None);
    let engine = Engine::start_with(options, scripts(), Functions::default()).await;
    for _ in 0..2 {
        let (_, _, reused) = run(&engine, task("pure")).await;
        assert_eq!(reused, None);
    }
    engine.stop().await;
}
