//! Calls without a program around them: durable before they are answered, billed, withdrawn, bounded.

use std::time::Duration;

use dice_model::{FailureKind, LeaseUse, Outcome, TaskEnd, TaskState, Usage, Value};
use dice_runtime::{Called, Entry, Handle, RequestError, TaskFilter, TaskKind, UsageFilter};

use crate::support::{Behaviour, Engine, Functions, Scripts, folder_as_killed, options};

async fn call(handle: &Handle, function: &str, n: i64) -> Outcome {
    let arguments = Value::map([("n", Value::Int(n))]);
    match handle.call(function, arguments).await {
        Ok(Called::Ended(outcome)) => outcome,
        other => panic!("{other:?}"),
    }
}

/// RUNTIME J1, V3.
#[tokio::test(flavor = "multi_thread")]
async fn an_answered_call_is_a_task_in_the_journal() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = Engine::start(folder.path(), Scripts::default()).await;
    assert_eq!(call(&engine.handle, "read", 7).await, Ok(Value::Int(7)));
    let killed = folder_as_killed(folder.path());
    engine.stop().await;
    let engine = Engine::start(killed.path(), Scripts::default()).await;
    let tasks = engine.handle.tasks(TaskFilter::default()).await;
    let tasks = tasks.expect("readable");
    let [task] = tasks.as_slice() else {
        panic!("{tasks:?}");
    };
    assert_eq!(task.spec.kind, TaskKind::External);
    assert_eq!((task.state, task.calls), (TaskState::Done, 1));
    let entries = engine.entries(task.id).await;
    let words: Vec<&str> = entries.iter().map(word).collect();
    assert_eq!(words, ["started", "issued", "granted", "outcome", "ended"]);
    engine.stop().await;
    let options = options(killed.path());
    let health = dice_runtime::check(&options, None).await.expect("readable");
    assert_eq!(health.problems, []);
}

fn word(entry: &Entry) -> &'static str {
    match entry {
        Entry::Started { .. } => "started",
        Entry::Issued { .. } => "issued",
        Entry::Granted { .. } => "granted",
        Entry::Outcome { .. } => "outcome",
        Entry::Withdrawn { .. } => "withdrawn",
        Entry::Ended { .. } => "ended",
        _ => "another",
    }
}

/// What an engine has not used of the numbers that it set aside is never used.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_of_tasks_are_used_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for _life in 0..2 {
        let engine = Engine::start(folder.path(), Scripts::default()).await;
        for n in 0..3 {
            call(&engine.handle, "pure", n).await.expect("it answers");
            engine.run("exit").await;
        }
        engine.stop().await;
    }
    let engine = Engine::start(folder.path(), Scripts::default()).await;
    let tasks = engine.handle.tasks(TaskFilter::default()).await;
    assert_eq!(tasks.expect("readable").len(), 12);
    engine.stop().await;
}

/// Equal calls of different callers are made each for itself: sharing is within a task (E5).
#[tokio::test(flavor = "multi_thread")]
async fn each_is_executed_and_billed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = Engine::start(folder.path(), Scripts::default()).await;
    let calls = (0..40).map(|_| call(&engine.handle, "pure", 1));
    let outcomes = futures::future::join_all(calls).await;
    assert!(outcomes.iter().all(|outcome| *outcome == Ok(Value::Int(1))));
    assert_eq!(engine.functions.executions("pure", 1), 40);
    let usage = engine.handle.usage(UsageFilter::default()).await;
    let billed: usize = usage.expect("readable").iter().map(executed).sum();
    assert_eq!(billed, 40);
    engine.stop().await;
}

fn executed(usage: &Usage) -> usize {
    match usage {
        Usage::Leased {
            purpose: LeaseUse::Execute { calls },
            ..
        } => calls.len(),
        _ => 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_outcomes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = Engine::start(folder.path(), Scripts::default()).await;
    let kind = |outcome: Outcome| outcome.expect_err("it fails").kind;
    engine
        .functions
        .set("pure", |_, _| Behaviour::Raise("ValueError: no".to_owned()));
    let raised = call(&engine.handle, "pure", 1).await;
    assert_eq!(kind(raised), FailureKind::Raised);
    let text = |_: &Value, _| Behaviour::Answer(Value::Text("not a number".to_owned()));
    engine.functions.set("read", text);
    let broken = call(&engine.handle, "read", 1).await;
    assert_eq!(kind(broken), FailureKind::Raised);
    engine.functions.set("read", |_, _| Behaviour::Die);
    let lost = call(&engine.handle, "read", 2).await;
    assert_eq!(kind(lost), FailureKind::WorkerLost);
    let wrong = Value::map([("m", Value::Int(1))]);
    let wrong = engine.handle.call("pure", wrong).await;
    let Ok(Called::Ended(wrong)) = wrong else {
        panic!("{wrong:?}");
    };
    assert_eq!(kind(wrong), FailureKind::BadArguments);
    engine.stop().await;
}

/// A write's intent is durable before it is sent (J6): it needs a task from the beginning.
#[tokio::test(flavor = "multi_thread")]
async fn writes_are_not_made_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = Engine::start(folder.path(), Scripts::default()).await;
    for function in ["write", "pay", "nonesuch"] {
        let arguments = Value::map([("n", Value::Int(1))]);
        let called = engine.handle.call(function, arguments.clone()).await;
        let Ok(Called::NeedsTask(back)) = called else {
            panic!("{called:?}");
        };
        assert_eq!(back, arguments);
    }
    assert_eq!(engine.functions.all_executions(), 0);
    engine.stop().await;
}

/// SEMANTICS A2.
/// Outcome `caller-left`.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_wait_withdraws_the_call() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = Engine::start(folder.path(), Scripts::default()).await;
    let late = Duration::from_millis(200);
    let slow = move |_: &Value, _| Behaviour::AnswerAfter(late, Value::Int(1));
    engine.functions.set("read", slow);
    let impatient = call(&engine.handle, "read", 1);
    let timed_out = tokio::time::timeout(Duration::from_millis(100), impatient).await;
    timed_out.expect_err("it is not answered by then");
    let task = loop {
        let tasks = engine.handle.tasks(TaskFilter::default()).await;
        if let [task] = tasks.expect("readable").as_slice() {
            break task.clone();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert!(
        matches!(task.end, Some(TaskEnd::Crashed { .. })),
        "{task:?}"
    );
    let entries = engine.entries(task.id).await;
    assert!(entries.iter().any(|entry| word(entry) == "withdrawn"));
    engine.stop().await;
}

/// Every queue is bounded, and says so when it is full.
/// Outcome `too-many-singles`.
#[tokio::test(flavor = "multi_thread")]
async fn more_single_calls_than_may_wait_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = dice_runtime::Options {
        most_single_calls: 2,
        ..options(folder.path())
    };
    let engine = Engine::start_with(options, Scripts::default(), Functions::default()).await;
    engine.functions.set("read", |_, _| Behaviour::Hang);
    let hanging: Vec<_> = (0..2)
        .map(|n| {
            let handle = engine.handle.clone();
            tokio::spawn(async move { call(&handle, "read", n).await })
        })
        .collect();
    while engine.functions.all_executions() < 1 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    let arguments = Value::map([("n", Value::Int(3))]);
    let refused = engine.handle.call("read", arguments).await;
    assert!(
        matches!(refused, Err(RequestError::Busy { waiting: 2 })),
        "{refused:?}"
    );
    hanging.iter().for_each(tokio::task::JoinHandle::abort);
    engine.stop().await;
}

/// Outcome `too-many-tasks`.
#[tokio::test(flavor = "multi_thread")]
async fn more_tasks_than_may_wait_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = dice_runtime::Options {
        most_tasks: 2,
        ..options(folder.path())
    };
    let scripts = Scripts::default().with("wait", |_| std::future::pending());
    let engine = Engine::start_with(options, scripts, Functions::default()).await;
    for _ in 0..2 {
        engine.submit("wait").await;
    }
    let third = dice_runtime::NewTask::new("wait", "script.py");
    let refused = engine.handle.submit(third).await;
    assert!(
        matches!(refused, Err(RequestError::Full { waiting: 2 })),
        "{refused:?}"
    );
    engine.stop().await;
}
