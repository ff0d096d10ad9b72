//! Tasks across lives of the engine: killed at many points, stopped properly, diverging, resumed.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use crate::support::{
    Behaviour, Engine, Functions, Program, Scripts, assert_done, folder_as_killed, options,
};
use bytes::Bytes;
use dice_model::{Digest, TaskEnd, TaskState, Timestamp, Usage, Value};
use dice_runtime::{
    CallState, Clock, Entry, NewBatch, NewTask, ProgramEvent, Resolution, StartError, TaskFilter,
    UsageFilter,
};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Ten pure calls, two at a time, and two writes, printed in serial order.
fn long_script() -> Scripts {
    Scripts::default().with("long", |program: Program| async move {
        for n in 0..5 {
            let pair = [
                program.start("pure", 2 * n).await,
                program.start("read", 2 * n + 1).await,
            ];
            for call in pair {
                let value = call.outcome().await.expect("it succeeds");
                program.print(value.canonical()).await;
            }
            if n % 2 == 1 {
                let paid = program.call("pay", n).await.expect("it succeeds");
                program.print(format!("paid {}", paid.canonical())).await;
            }
        }
        TaskEnd::Normal
    })
}

const CALLS: usize = 12;
const LONG_OUTPUT: &str = "0\n1\n2\n3\npaid 1\n4\n5\n6\n7\npaid 3\n8\n9\n";

fn slow(functions: &Functions) {
    for function in ["pure", "read", "pay"] {
        functions.set(function, |arguments, _| {
            let value = arguments.get("n").cloned().unwrap_or_default();
            Behaviour::AnswerAfter(Duration::from_millis(3), value)
        });
    }
}

/// Calls that have a durable outcome in this folder, by function and argument digest.
fn finished_in(entries: &[Entry]) -> usize {
    let outcomes = entries
        .iter()
        .filter(|entry| matches!(entry, Entry::Outcome { .. }));
    outcomes.count()
}

/// RUNTIME J1, J5: whatever the moment of the kill, the answer is the same, and no call with a
/// durable outcome is executed again.
/// Outcome `engine-died`.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_engine_goes_on_where_its_journal_ends() {
    let first_life = folder();
    let first = Engine::start(first_life.path(), long_script()).await;
    slow(&first.functions);
    let task = first.submit("long").await;
    let mut snapshots = Vec::new();
    for _ in 0..12 {
        snapshots.push(folder_as_killed(first_life.path()));
        tokio::time::sleep(Duration::from_millis(4)).await;
    }
    let record = first.end(task).await;
    assert_done(&record);
    snapshots.push(folder_as_killed(first_life.path()));
    first.stop().await;
    let mut finished_before = Vec::new();
    for snapshot in snapshots {
        finished_before.push(resumes_well(snapshot.path(), task).await);
    }
    let in_the_middle = finished_before.iter().filter(|&&n| 0 < n && n < CALLS);
    assert!(in_the_middle.count() > 0, "{finished_before:?}");
}

/// How many calls had a durable outcome before this life.
async fn resumes_well(data: &Path, task: dice_model::TaskId) -> usize {
    let engine = Engine::start(data, long_script()).await;
    let record = engine.end(task).await;
    assert_done(&record);
    assert_eq!(engine.stdout(task).await, LONG_OUTPUT);
    let entries = engine.entries(task).await;
    assert_eq!(finished_in(&entries), CALLS, "each call has one outcome");
    let executed = engine.functions.all_executions() as usize;
    let ended = executed == 0 && record.ended < Some(engine.started);
    // This life begins with the last start.
    let start = |entry: &Entry| matches!(entry, Entry::Started { .. });
    let start = entries.iter().rposition(start).expect("it was started");
    let before = if ended {
        CALLS
    } else {
        finished_in(&entries[..start])
    };
    assert_eq!(executed, CALLS - before, "{entries:#?}");
    engine.stop().await;
    before
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_engine_goes_on_next_time() {
    let data = folder();
    let release = Arc::new(AtomicBool::new(false));
    let scripts = Scripts::default().with("p", |program: Program| async move {
        for n in 0..2 {
            let value = program.call("pure", n).await.expect("it succeeds");
            program.print(value.canonical()).await;
        }
        TaskEnd::Normal
    });
    let functions = Functions::default();
    let released = Arc::clone(&release);
    functions.set("pure", move |arguments, _| match arguments.get("n") {
        Some(Value::Int(1)) if !released.load(Ordering::SeqCst) => Behaviour::Hang,
        n => Behaviour::Answer(n.cloned().unwrap_or_default()),
    });
    let first = Engine::start_with(options(data.path()), scripts.clone(), functions.clone()).await;
    let task = first.submit("p").await;
    while functions.executions("pure", 1) == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    first.stop().await;
    release.store(true, Ordering::SeqCst);
    let second = Engine::start_with(options(data.path()), scripts, functions.clone()).await;
    let record = second.end(task).await;
    assert_done(&record);
    assert_eq!(second.stdout(task).await, "0\n1\n");
    assert_eq!(functions.executions("pure", 0), 1, "it had finished");
    second.stop().await;
}

async fn is_granted(engine: &Engine, task: dice_model::TaskId) -> bool {
    let calls = engine.handle.calls(task).await.expect("readable");
    calls.iter().any(|call| call.state == CallState::Granted)
}

/// RUNTIME J5: observed values are fed back; a clock is not read twice.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_observed_is_observed_again() {
    let data = folder();
    let clock = Arc::new(AtomicU32::new(0));
    let scripts = Scripts::default().with("p", move |program: Program| {
        let clock = Arc::clone(&clock);
        async move {
            let seen = match program.request.observed.first() {
                Some(seen) => seen.clone(),
                None => {
                    let read = clock.fetch_add(1, Ordering::SeqCst);
                    let read = Value::Int(i64::from(read));
                    program.say(ProgramEvent::Observed(read.clone())).await;
                    read
                }
            };
            program.print(seen.canonical()).await;
            let _ = program.call("pure", 1).await;
            TaskEnd::Normal
        }
    });
    let functions = Functions::default();
    functions.set("pure", |_, _| Behaviour::Hang);
    let first = Engine::start_with(options(data.path()), scripts.clone(), functions.clone()).await;
    let task = first.submit("p").await;
    // What is recorded before the grant is durable with it.
    while !is_granted(&first, task).await {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let snapshot = folder_as_killed(data.path());
    first.stop().await;
    let second = Engine::start(snapshot.path(), scripts).await;
    assert_done(&second.end(task).await);
    assert_eq!(second.stdout(task).await, "0\n");
    second.stop().await;
}

/// RUNTIME J5. `script`'s first run has written and printed; the second does otherwise.
async fn diverges(
    otherwise: impl Fn(Program) -> futures::future::BoxFuture<'static, ()>
    + Clone
    + Send
    + Sync
    + 'static,
) -> TaskEnd {
    let data = folder();
    let runs = Arc::new(AtomicU32::new(0));
    let scripts = Scripts::default().with("p", move |program: Program| {
        let first = runs.fetch_add(1, Ordering::SeqCst) == 0;
        let otherwise = otherwise.clone();
        async move {
            if first {
                program.print("wrote").await;
                let _ = program.call("write", 1).await;
            } else {
                otherwise(program.clone()).await;
            }
            let _ = program.call("read", 2).await;
            TaskEnd::Normal
        }
    });
    let functions = Functions::default();
    functions.set("read", |_, _| Behaviour::Hang);
    let first = Engine::start_with(options(data.path()), scripts.clone(), functions.clone()).await;
    let task = first.submit("p").await;
    while !is_granted(&first, task).await || functions.executions("read", 2) == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let snapshot = folder_as_killed(data.path());
    first.stop().await;
    let second = Engine::start(snapshot.path(), scripts).await;
    let record = second.end(task).await;
    second.stop().await;
    record.end.expect("ended")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_that_writes_or_prints_otherwise_ends_the_task() {
    use futures::FutureExt as _;
    let no_write = diverges(|program| async move { program.print("wrote").await }.boxed()).await;
    let other_write = diverges(|program| {
        async move {
            program.print("wrote").await;
            let _ = program.call("write", 3).await;
        }
        .boxed()
    })
    .await;
    let other_print = diverges(|program| {
        async move {
            program.print("wrong").await;
            let _ = program.call("write", 1).await;
        }
        .boxed()
    })
    .await;
    for end in [no_write, other_write, other_print] {
        assert!(matches!(end, TaskEnd::ReplayDiverged { .. }), "{end:?}");
    }
}

/// RUNTIME J6: the intent was durable, the result is not known.
/// Outcome `engine-died`.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_under_way_at_the_kill_is_uncertain_unless_idempotent() {
    for (function, state) in [("write", TaskState::Uncertain), ("pay", TaskState::Done)] {
        let data = folder();
        let scripts = Scripts::default().with("p", move |program: Program| async move {
            match program.print_call(function, 1).await {
                Ok(()) => TaskEnd::Normal,
                Err(end) => end,
            }
        });
        let functions = Functions::default();
        functions.set(function, |_, _| Behaviour::Hang);
        let first =
            Engine::start_with(options(data.path()), scripts.clone(), functions.clone()).await;
        let task = first.submit("p").await;
        while functions.executions(function, 1) == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let snapshot = folder_as_killed(data.path());
        drop(first);
        let second = Engine::start(snapshot.path(), scripts).await;
        let record = second.end(task).await;
        assert_eq!(record.state, state, "{record:?}");
        if state == TaskState::Uncertain {
            assert_eq!(second.functions.all_executions(), 0, "it is not made again");
            let happened = Resolution::Happened(Value::Int(1));
            second
                .handle
                .resolve(task, happened)
                .await
                .expect("resolved");
            while !second
                .handle
                .task(task)
                .await
                .expect("there")
                .state
                .is_terminal()
            {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            assert_eq!(second.stdout(task).await, "1\n");
            assert_eq!(second.functions.all_executions(), 0);
        }
        second.stop().await;
    }
}

/// RUNTIME P6.
#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_has_one_engine() {
    let data = folder();
    let first = Engine::start(data.path(), Scripts::default()).await;
    let second = dice_runtime::Runtime::start(
        options(data.path()),
        Arc::new(Scripts::default()),
        Arc::new(NoWorkers),
    );
    let Err(StartError::Folder(error)) = second.await else {
        panic!("two engines on one folder");
    };
    assert!(error.to_string().contains(&std::process::id().to_string()));
    first.stop().await;
}

struct NoWorkers;

impl dice_runtime::Launcher for NoWorkers {
    fn launch(
        &self,
        _: dice_runtime::LaunchRequest,
    ) -> futures::future::BoxFuture<
        'static,
        Result<dice_runtime::LaunchedWorker, dice_runtime::LaunchError>,
    > {
        Box::pin(async { Err(dice_runtime::LaunchError::new("there are none")) })
    }
}

fn batch(tasks: usize) -> NewBatch {
    NewBatch {
        label: "pictures".to_owned(),
        digest: Digest::of(b"pictures"),
        tasks: (0..tasks)
            .map(|_| NewTask::new("long", "long.py"))
            .collect(),
    }
}

/// The same batch again is the same batch while it is unfinished, also after a kill.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_resumed_by_its_digest() {
    let data = folder();
    let first = Engine::start(data.path(), long_script()).await;
    slow(&first.functions);
    let made = first.handle.create_batch(batch(6)).await.expect("accepted");
    let again = first.handle.create_batch(batch(6)).await.expect("accepted");
    assert_eq!(made.id, again.id);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let snapshot = folder_as_killed(data.path());
    first.stop().await;
    let second = Engine::start(snapshot.path(), long_script()).await;
    let resumed = second
        .handle
        .create_batch(batch(6))
        .await
        .expect("accepted");
    assert_eq!(resumed.tasks, made.tasks);
    for &task in &resumed.tasks {
        assert_done(&second.end(task).await);
        assert_eq!(second.stdout(task).await, LONG_OUTPUT);
    }
    let finished = second.handle.batch(made.id).await.expect("readable");
    assert!(finished.expect("there").is_finished());
    let another = second
        .handle
        .create_batch(batch(6))
        .await
        .expect("accepted");
    assert_ne!(another.id, made.id, "a finished one is not resumed");
    second.stop().await;
}

/// A crash ends what was held when it was last seen, and forgets none of it.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_held_by_an_engine_that_died_stay_in_the_ledger() {
    let data = folder();
    let first = Engine::start(data.path(), Scripts::default()).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    first
        .handle
        .usage(UsageFilter::default())
        .await
        .expect("readable");
    let snapshot = folder_as_killed(data.path());
    first.stop().await;
    let second = Engine::start(snapshot.path(), Scripts::default()).await;
    let usage = second
        .handle
        .usage(UsageFilter::default())
        .await
        .expect("readable");
    let mut held = usage.iter().filter_map(|usage| match usage {
        Usage::NodeHeld { from, to, .. } => Some((*from, *to)),
        _ => None,
    });
    let (from, to) = held.next().expect("the first engine's");
    assert!(to.since(from) >= Duration::from_millis(20));
    assert!(held.next().expect("the second engine's").0 > to);
    second.stop().await;
}

/// RUNTIME D1.
#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_task_is_gone_and_what_it_used_is_not() {
    let data = folder();
    let engine = Engine::start(data.path(), long_script()).await;
    let (task, _, _) = engine.run("long").await;
    assert!(engine.handle.forget(task).await.expect("works"));
    assert!(engine.handle.task(task).await.is_err());
    let left = engine.handle.tasks(TaskFilter::default()).await;
    assert_eq!(left.expect("readable"), []);
    let filter = UsageFilter {
        tasks: vec![task],
        ..UsageFilter::default()
    };
    assert!(
        !engine
            .handle
            .usage(filter)
            .await
            .expect("readable")
            .is_empty()
    );
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blobs_are_kept_by_their_digest() {
    let data = folder();
    let engine = Engine::start(data.path(), Scripts::default()).await;
    let blobs = engine.handle.blobs();
    let bytes = Bytes::from(vec![7; 3 << 20]);
    let digest = blobs.put_stream(&bytes[..], None).await.expect("stored");
    assert_eq!(digest, Digest::of(&bytes));
    assert_eq!(blobs.put(&bytes).await.expect("there already"), digest);
    assert_eq!(blobs.get(digest).await.expect("there"), bytes);
    assert!(!blobs.has(Digest::of(b"other")).await);
    engine.stop().await;
}

/// The machine's clock is set back by a day between two lives, and ahead by another: nothing runs
/// backwards, nothing is lost, and what was held is paid for as long as it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_between_two_lives_loses_nothing() {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let data = folder();
    let noon = Timestamp(1_800_000_000_000_000_000);
    let day = u64::try_from(DAY.as_nanos()).expect("a day in ns");
    let mut records = Vec::new();
    for wall in [noon, Timestamp(noon.0 - day), Timestamp(noon.0 + day)] {
        let mut options = options(data.path());
        options.clock = Clock::at(wall);
        let engine = Engine::start_with(options, long_script(), Functions::default()).await;
        let (_, record, stdout) = engine.run("long").await;
        assert_eq!(stdout, LONG_OUTPUT);
        records.push(record);
        engine.stop().await;
    }
    let engine = Engine::start(data.path(), long_script()).await;
    for (record, next) in records.iter().zip(&records[1..]) {
        assert!(record.ended < Some(next.accepted), "{record:?} {next:?}");
    }
    for record in &records {
        assert_done(record);
        let took = record.ended.expect("it ended").since(record.accepted);
        assert!(took < Duration::from_secs(60), "{took:?}");
    }
    for used in engine
        .handle
        .usage(UsageFilter::default())
        .await
        .expect("read")
    {
        if let Usage::NodeHeld { from, to, .. } | Usage::Leased { from, to, .. } = used {
            assert!(
                from <= to && to.since(from) < Duration::from_secs(60),
                "{from:?} {to:?}"
            );
        }
    }
    engine.stop().await;
}
