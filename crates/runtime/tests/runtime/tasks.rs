//! Tasks from their acceptance to their end, within one life of the engine.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::support::{
    Behaviour, Engine, Functions, Program, Scripts, Shared, assert_done, catalog_of_version,
    options,
};
use bytes::Bytes;
use dice_model::{FailureKind, LeaseUse, PoolName, TaskEnd, TaskState, Usage, Value};
use dice_runtime::{CallState, Entry, NewTask, ProgramEvent, StartError, UsageFilter};
use dice_wire::ClientFrame;

async fn engine(scripts: Scripts) -> (tempfile::TempDir, Engine) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = Engine::start(folder.path(), scripts).await;
    (folder, engine)
}

fn ending(result: Result<(), TaskEnd>) -> TaskEnd {
    result.err().unwrap_or(TaskEnd::Normal)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_prints_what_its_calls_give_and_its_calls_are_on_record() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        let calls = [
            program.start("pure", 1).await,
            program.start("read", 2).await,
        ];
        for call in calls {
            let value = call.outcome().await.expect("it succeeds");
            program.print(value.canonical()).await;
        }
        program.say(ProgramEvent::Answer(Value::Int(7))).await;
        ending(program.print_call("simulated", 3).await)
    });
    let (_folder, engine) = engine(scripts).await;
    let (task, record, stdout) = engine.run("p").await;
    assert_done(&record);
    assert_eq!(stdout, "1\n2\n3\n");
    assert_eq!(record.answer, Some(Value::Int(7)));
    let calls = engine.handle.calls(task).await.expect("readable");
    assert_eq!(calls.len(), 3);
    for call in &calls {
        assert_eq!(call.state, CallState::Succeeded);
        assert!(call.issued <= call.granted.expect("granted"));
        assert!(call.granted < call.ended);
        assert!(call.execution.is_some() && call.attempts == 1 && !call.wasted);
    }
    engine.stop().await;
}

/// A program's frames and its output come by different ways: that it waits for nothing any more may
/// be heard before the rest of what it printed, and before how it ended.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_a_programs_farewell_is_kept() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        program.print("before").await;
        program.say(ProgramEvent::Client(ClientFrame::Bye {})).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        program.print("after").await;
        let complaint = Bytes::from_static(b"3 problems\n");
        program.say(ProgramEvent::Stderr(complaint)).await;
        program.say(ProgramEvent::Answer(Value::Int(3))).await;
        TaskEnd::Exit { code: 3 }
    });
    let (_folder, engine) = engine(scripts).await;
    let (task, record, stdout) = engine.run("p").await;
    assert_eq!(stdout, "before\nafter\n");
    assert_eq!(record.end, Some(TaskEnd::Exit { code: 3 }));
    assert_eq!(record.answer, Some(Value::Int(3)));
    let entries = engine.entries(task).await;
    let complained =
        |entry: &Entry| matches!(entry, Entry::Stderr { bytes, .. } if bytes == "3 problems\n");
    assert!(entries.iter().any(complained), "{entries:?}");
    engine.stop().await;
}

/// RUNTIME J1: killing the interpreter executes nothing again.
/// Outcome `interpreter-died`.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_whose_interpreter_dies_is_run_again() {
    let lives = Shared::<u32>::default();
    let scripts = Scripts::default().with("p", move |program: Program| {
        let lives = Arc::clone(&lives);
        async move {
            let (slow, waiting) = (
                program.start("read", 1).await,
                program.start("read", 2).await,
            );
            ending(program.print_call("pure", 3).await);
            let life = {
                let mut lives = lives.lock().expect("unpoisoned");
                *lives += 1;
                *lives
            };
            if life == 1 {
                return program.lose();
            }
            for call in [slow, waiting] {
                let value = call.outcome().await.expect("it succeeds");
                program.print(value.canonical()).await;
            }
            ending(program.print_call("write", 4).await)
        }
    });
    let (_folder, engine) = engine(scripts).await;
    engine.functions.set("read", |arguments, _| {
        let value = arguments.get("n").cloned().unwrap_or_default();
        Behaviour::AnswerAfter(Duration::from_millis(30), value)
    });
    let (task, record, stdout) = engine.run("p").await;
    assert_done(&record);
    assert_eq!(stdout, "3\n1\n2\n4\n");
    let executed = [("read", 1), ("read", 2), ("pure", 3), ("write", 4)];
    for (function, n) in executed {
        assert_eq!(engine.functions.executions(function, n), 1, "{function}");
    }
    let calls = engine.handle.calls(task).await.expect("readable");
    assert!(calls.iter().all(|call| call.state == CallState::Succeeded));
    engine.stop().await;
}

/// Outcome `interpreter-died`.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_its_interpreter_never_survives_ends() {
    let scripts = Scripts::default().with("p", |program: Program| async move { program.lose() });
    let (_folder, engine) = engine(scripts).await;
    let (_, record, _) = engine.run("p").await;
    assert!(
        matches!(record.end, Some(TaskEnd::Crashed { .. })),
        "{record:?}"
    );
    engine.stop().await;
}

/// RUNTIME J7: bad arguments and a raise are outcomes, journalled like results.
/// Outcome `failed`.
#[tokio::test(flavor = "multi_thread")]
async fn failures_reach_the_program_with_their_kind() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        let wrong = Value::map([("m", Value::Int(1))]);
        for (function, arguments) in [
            ("pure", wrong),
            ("pur", Value::map([("n", Value::Int(1))])),
            ("pure", Value::map([("n", Value::Int(1))])),
            ("read", Value::map([("n", Value::Int(1))])),
        ] {
            let outcome = program.issue(function, arguments).await.outcome().await;
            let failure = outcome.expect_err("it fails");
            program.print(failure).await;
        }
        TaskEnd::Normal
    });
    let (_folder, engine) = engine(scripts).await;
    engine
        .functions
        .set("pure", |_, _| Behaviour::Raise("no".to_owned()));
    engine
        .functions
        .set("read", |_, _| Behaviour::Answer("text".into()));
    let (_, record, stdout) = engine.run("p").await;
    assert_done(&record);
    let lines: Vec<&str> = stdout.lines().collect();
    assert!(
        lines[0].starts_with("bad arguments: ") && lines[0].contains('m'),
        "{stdout}"
    );
    assert_eq!(
        lines[1],
        "bad arguments: no such function; did you mean \"pure\"?"
    );
    assert_eq!(lines[2], "function raised: no");
    assert!(
        lines[3].contains("its result is not what its schema says"),
        "{stdout}"
    );
    engine.stop().await;
}

/// SEMANTICS E5.
/// Outcome `equal-calls`.
#[tokio::test(flavor = "multi_thread")]
async fn equal_pure_calls_that_succeed_are_made_once() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        let calls = [
            program.start("pure", 1).await,
            program.start("pure", 1).await,
        ];
        for call in calls {
            program.print(call.outcome().await.is_ok()).await;
        }
        let _ = program.call("pure", 1).await;
        let reads = [
            program.start("read", 1).await,
            program.start("read", 1).await,
        ];
        for call in reads {
            let _ = call.outcome().await;
        }
        TaskEnd::Normal
    });
    let (_folder, engine) = engine(scripts).await;
    let (task, record, stdout) = engine.run("p").await;
    assert_done(&record);
    assert_eq!(stdout, "true\ntrue\n");
    assert_eq!(engine.functions.executions("pure", 1), 1);
    assert_eq!(engine.functions.executions("read", 1), 2);
    let calls = engine.handle.calls(task).await.expect("readable");
    let shared: Vec<_> = calls.iter().map(|call| call.shared).collect();
    assert_eq!(shared, [None, Some(0), Some(0), None, None]);
    engine.stop().await;
}

/// SEMANTICS E5: a retry loop must retry.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_joined_one_that_failed_is_made_anew() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        let calls = [
            program.start("pure", 1).await,
            program.start("pure", 1).await,
        ];
        for call in calls {
            program.print(call.outcome().await.is_ok()).await;
        }
        TaskEnd::Normal
    });
    let (_folder, engine) = engine(scripts).await;
    let tries = std::sync::atomic::AtomicU32::new(0);
    engine.functions.set("pure", move |_, _| {
        match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => Behaviour::Raise("once".to_owned()),
            _ => Behaviour::Answer(Value::Int(1)),
        }
    });
    let (_, _, stdout) = engine.run("p").await;
    assert_eq!(stdout, "false\ntrue\n");
    assert_eq!(engine.functions.executions("pure", 1), 2);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pure_call_is_made_again_when_its_worker_dies() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        ending(program.print_call("pure", 1).await)
    });
    let (_folder, engine) = engine(scripts).await;
    engine.functions.set("pure", |_, attempt| match attempt {
        1 => Behaviour::Die,
        _ => Behaviour::Answer(Value::Int(1)),
    });
    let (_, record, stdout) = engine.run("p").await;
    assert_done(&record);
    assert_eq!(stdout, "1\n");
    assert_eq!(engine.functions.executions("pure", 1), 2);
    assert_eq!(engine.launches.started(), 2);
    engine.stop().await;
}

/// RUNTIME J8.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_kills_its_workers_fails() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        ending(program.print_call("pure", 1).await)
    });
    let (_folder, engine) = engine(scripts).await;
    engine.functions.set("pure", |_, _| Behaviour::Die);
    let (_, record, _) = engine.run("p").await;
    let Some(TaskEnd::Exception { call_failed, .. }) = record.end else {
        panic!("{record:?}");
    };
    assert_eq!(call_failed, Some(FailureKind::WorkerLost));
    let errors = &engine.handle.view().await[0].errors;
    assert!(
        errors.values().any(|error| error.contains("SIGSEGV")),
        "{errors:?}"
    );
    engine.stop().await;
}

/// RUNTIME J6: a write that was sent and whose worker died is in doubt, until a person says.
/// Outcome `uncertain`.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_write_makes_the_task_uncertain_until_it_is_resolved() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        ending(program.print_call("write", 1).await)
    });
    for (resolution, executions) in [
        (dice_runtime::Resolution::Happened(Value::Int(1)), 1),
        (dice_runtime::Resolution::NotHappened, 2),
    ] {
        let (_folder, engine) = engine(scripts.clone()).await;
        let tries = std::sync::atomic::AtomicU32::new(0);
        engine.functions.set("write", move |_, _| {
            match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
                0 => Behaviour::Die,
                _ => Behaviour::Answer(Value::Int(1)),
            }
        });
        let (task, record, stdout) = engine.run("p").await;
        assert_eq!(record.state, TaskState::Uncertain);
        assert_eq!(stdout, "");
        engine
            .handle
            .resolve(task, resolution)
            .await
            .expect("resolved");
        let record = loop {
            let record = engine.handle.task(task).await.expect("there");
            if record.state.is_terminal() {
                break record;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        assert_done(&record);
        assert_eq!(engine.stdout(task).await, "1\n");
        assert_eq!(engine.functions.executions("write", 1), executions);
        engine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotent_write_is_made_again() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        ending(program.print_call("pay", 1).await)
    });
    let (_folder, engine) = engine(scripts).await;
    engine.functions.set("pay", |_, attempt| match attempt {
        1 => Behaviour::Die,
        _ => Behaviour::Answer(Value::Int(1)),
    });
    let (_, record, _) = engine.run("p").await;
    assert_done(&record);
    assert_eq!(engine.functions.executions("pay", 1), 2);
    engine.stop().await;
}

/// What a program prints that calls once before a new version of its function is offered, with results of
/// this type, and once after it.
async fn across_an_upgrade(result: &str) -> String {
    let upgraded = Arc::new(tokio::sync::Notify::new());
    let seen = Arc::clone(&upgraded);
    let scripts = Scripts::default().with("p", move |program: Program| {
        let upgraded = Arc::clone(&seen);
        async move {
            ending(program.print_call("pure", 1).await);
            upgraded.notified().await;
            match program.call("pure", 2).await {
                Ok(value) => program.print(value.canonical()).await,
                Err(failure) => program.print(failure).await,
            }
            TaskEnd::Normal
        }
    });
    let (_folder, engine) = engine(scripts).await;
    let task = engine.submit("p").await;
    while engine.functions.executions("pure", 1) == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let catalog = catalog_of_version(b"another file", result);
    let offered = engine.handle.offer(catalog, HashMap::new()).await;
    offered.expect("functions can be offered");
    upgraded.notify_one();
    assert_done(&engine.end(task).await);
    let stdout = engine.stdout(task).await;
    engine.stop().await;
    stdout
}

/// RUNTIME J4: a call goes to the version that its task began with, or to one that promises the same.
/// Outcome `new-version`.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_keeps_the_functions_that_it_began_with() {
    assert_eq!(across_an_upgrade("integer").await, "1\n2\n");
    assert_eq!(
        across_an_upgrade("string").await,
        "1\nworker lost: the version that this task began with is not on offer any more\n"
    );
}

/// RUNTIME P1: a pool has its own devices, queues and tasks.
#[tokio::test(flavor = "multi_thread")]
async fn a_pools_tasks_use_its_devices_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut options = options(folder.path());
    let mut other = options.pools[0].clone();
    other.name = PoolName::new("other");
    other.nodes[0].id = "elsewhere".into();
    for (number, device) in other.nodes[0].devices.iter_mut().enumerate() {
        device.id = format!("elsewhere/cpu-{number}").as_str().into();
    }
    options.pools.push(other.clone());
    let scripts = Scripts::default().with("p", |program: Program| async move {
        ending(program.print_call("pure", 1).await)
    });
    let engine = Engine::start_with(options, scripts, Functions::default()).await;
    let twice = engine.handle.add_pool(other.clone()).await;
    assert!(matches!(twice, Err(StartError::PoolTwice(name)) if name == other.name));
    for (pool, node) in [(PoolName::default(), "local/"), (other.name, "elsewhere/")] {
        let task = NewTask {
            pool,
            ..NewTask::new("p", "script.py")
        };
        let task = engine.handle.submit(task).await.expect("accepted");
        assert_done(&engine.end(task).await);
        for entry in engine.entries(task).await {
            if let Entry::Granted { device, .. } = entry {
                assert!(device.0.starts_with(node), "{device}");
            }
        }
    }
    engine.stop().await;
}

/// SEMANTICS H2, A2: what nobody waits for any more; writes are finished all the same.
/// Outcome `program-ended`.
#[tokio::test(flavor = "multi_thread")]
async fn writes_that_nobody_awaits_are_finished_and_the_rest_is_abandoned() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        program.start("pure", 1).await;
        let write = program.start("write", 2).await;
        program.cancel(write).await;
        TaskEnd::Normal
    });
    let (_folder, engine) = engine(scripts).await;
    engine.functions.set("pure", |_, _| Behaviour::Hang);
    let (task, record, _) = engine.run("p").await;
    assert_done(&record);
    let calls = engine.handle.calls(task).await.expect("readable");
    assert_eq!(calls[0].state, CallState::Withdrawn);
    assert_eq!(calls[1].state, CallState::Succeeded);
    assert_eq!(engine.functions.executions("write", 2), 1);
    engine.stop().await;
}

/// SEMANTICS H3: also for concurrency in the input.
#[tokio::test(flavor = "multi_thread")]
async fn writes_keep_their_order() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        let mut calls = Vec::new();
        for n in 0..8 {
            calls.push(program.start("write", n).await);
        }
        for call in calls {
            let _ = call.outcome().await;
        }
        TaskEnd::Normal
    });
    let (_folder, engine) = engine(scripts).await;
    let seen = crate::support::Shared::<Vec<i64>>::default();
    let order = std::sync::Arc::clone(&seen);
    engine.functions.set("write", move |arguments, _| {
        let Some(Value::Int(n)) = arguments.get("n") else {
            return Behaviour::Raise("no n".to_owned());
        };
        order.lock().expect("unpoisoned").push(*n);
        let time = Duration::from_millis(u64::try_from(8 - n).expect("small"));
        Behaviour::AnswerAfter(time, Value::Int(*n))
    });
    let (_, record, _) = engine.run("p").await;
    assert_done(&record);
    assert_eq!(
        *seen.lock().expect("unpoisoned"),
        (0..8).collect::<Vec<_>>()
    );
    engine.stop().await;
}

/// A program that waits for what never comes.
async fn waiting() -> (tempfile::TempDir, Engine) {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        ending(program.print_call("pure", 1).await)
    });
    let (folder, engine) = engine(scripts).await;
    engine.functions.set("pure", |_, _| Behaviour::Hang);
    (folder, engine)
}

/// RUNTIME J7: from outside, and the program cannot catch it.
/// Outcome `task-deadline`.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_ends_by_its_deadline() {
    let (_folder, engine) = waiting().await;
    let late = NewTask {
        deadline: Some(Duration::from_millis(100)),
        ..NewTask::new("p", "late.py")
    };
    let late = engine.handle.submit(late).await.expect("accepted");
    assert_eq!(engine.end(late).await.end, Some(TaskEnd::Deadline));
    engine.stop().await;
}

/// RUNTIME J7.
/// Outcome `task-cancelled`.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_ends_when_it_is_cancelled() {
    let (_folder, engine) = waiting().await;
    let cancelled = engine.submit("p").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    engine.handle.cancel(cancelled).await.expect("there");
    let record = engine.end(cancelled).await;
    assert_eq!(record.state, TaskState::Cancelled);
    engine.stop().await;
}

/// RUNTIME P7: accepted and durable, and its program is not started.
/// Outcome `its-turn`.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_waits_for_its_turn() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut options = options(folder.path());
    options.pools[0].scheduling.concurrency = 1;
    let scripts = Scripts::default().with("p", |program: Program| async move {
        ending(program.print_call("pure", 1).await)
    });
    let engine = Engine::start_with(options, scripts, Functions::default()).await;
    engine.functions.set("pure", |_, _| {
        Behaviour::AnswerAfter(Duration::from_millis(500), Value::Int(1))
    });
    let first = engine.submit("p").await;
    let second = engine.submit("p").await;
    while engine.functions.all_executions() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let record = engine.handle.task(second).await.expect("accepted");
    assert_eq!((record.state, record.started), (TaskState::Accepted, None));
    assert_done(&engine.end(first).await);
    assert_done(&engine.end(second).await);
    engine.stop().await;
}

/// SEMANTICS H4: of one task, no more calls are dispatched than it may have in flight; none fails.
/// Outcome `too-many-in-flight`.
#[tokio::test(flavor = "multi_thread")]
async fn calls_beyond_those_in_flight_wait_in_their_task() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = dice_runtime::Options {
        calls_in_flight_per_task: 3,
        ..options(folder.path())
    };
    let scripts = Scripts::default().with("p", |program: Program| async move {
        let mut calls = Vec::new();
        for n in 0..10 {
            calls.push(program.start("read", n).await);
        }
        for call in calls {
            let value = call.outcome().await.expect("it succeeds");
            program.print(value.canonical()).await;
        }
        TaskEnd::Normal
    });
    let engine = Engine::start_with(options, scripts, Functions::default()).await;
    engine.functions.set("read", |arguments, _| {
        let value = arguments.get("n").cloned().unwrap_or_default();
        Behaviour::AnswerAfter(Duration::from_millis(20), value)
    });
    let task = engine.submit("p").await;
    let mut most = 0;
    while engine.functions.executions("read", 9) == 0 {
        let queues = engine.handle.view().await.remove(0).queues;
        let known = queues
            .iter()
            .map(|queue| queue.queued + queue.held + queue.granted);
        most = most.max(known.sum());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!((1..=3).contains(&most), "{most}");
    assert_done(&engine.end(task).await);
    assert_eq!(engine.stdout(task).await, "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    engine.stop().await;
}

/// RUNTIME M2: every instant of a device is in the ledger once, and a node until now.
#[tokio::test(flavor = "multi_thread")]
async fn usage_says_what_each_lease_was_for() {
    let scripts = Scripts::default().with("p", |program: Program| async move {
        let wasted = program.start("pure", 2).await;
        let _ = program.call("pure", 1).await;
        program.cancel(wasted).await;
        TaskEnd::Normal
    });
    let (_folder, engine) = engine(scripts).await;
    engine.functions.set("pure", |arguments, _| {
        let value = arguments.get("n").cloned().unwrap_or_default();
        Behaviour::AnswerAfter(Duration::from_millis(20), value)
    });
    let (task, record, _) = engine.run("p").await;
    assert_done(&record);
    let usage = engine
        .handle
        .usage(UsageFilter::default())
        .await
        .expect("readable");
    let held = usage.iter().find_map(|usage| match usage {
        Usage::NodeHeld { from, to, .. } => Some((*from, *to)),
        _ => None,
    });
    let (from, to) = held.expect("the node is held");
    assert!(
        to > record.ended.expect("ended"),
        "open intervals count until now"
    );
    let mut loads = 0;
    for use_ in &usage {
        if let Usage::Leased {
            from: began,
            to: ended,
            purpose,
            ..
        } = use_
        {
            assert!(from <= *began && began <= ended && *ended <= to);
            loads += u32::from(*purpose == LeaseUse::Load);
        }
    }
    assert_eq!(loads, engine.launches.started());
    let of_task = UsageFilter {
        tasks: vec![task],
        ..UsageFilter::default()
    };
    let of_task = engine.handle.usage(of_task).await.expect("readable");
    assert!(!of_task.is_empty());
    assert!(of_task.iter().all(|usage| matches!(
        usage,
        Usage::Leased {
            purpose: LeaseUse::Execute { .. } | LeaseUse::Wasted { .. },
            ..
        }
    )));
    engine.stop().await;
}
