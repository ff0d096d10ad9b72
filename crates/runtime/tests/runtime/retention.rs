//! What is forgotten by itself, and when (RUNTIME D1): the time is an argument.

use std::time::Duration;

use dice_model::{InputKind, TaskId, TaskInput, Tenant, Timestamp};
use dice_runtime::{Keep, NewTask, TaskFilter, UsageFilter};

use crate::support::{Engine, Program, Scripts};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn scripts() -> Scripts {
    Scripts::default().with("short", |program: Program| async move {
        let value = program.call("pure", 1).await.expect("it succeeds");
        program.print(value.canonical()).await;
        dice_model::TaskEnd::Normal
    })
}

/// A task of the tenant with an input of its own and one that all have; when it ended.
async fn ended_task(engine: &Engine, tenant: &str) -> (TaskId, Timestamp) {
    let mut task = NewTask::new("short", "short.py");
    task.tenant = Tenant::new(tenant);
    for text in ["everybody's".to_owned(), format!("{tenant}'s")] {
        let blob = engine.handle.blobs().put(text.as_bytes()).await;
        task.inputs.push(TaskInput {
            name: text,
            kind: InputKind::Text,
            blob: blob.expect("stored"),
        });
    }
    let task = engine.handle.submit(task).await.expect("accepted");
    let ended = engine.end(task).await.ended;
    (task, ended.expect("it has ended"))
}

async fn tasks(engine: &Engine) -> Vec<TaskId> {
    let tasks = engine.handle.tasks(TaskFilter::default()).await;
    tasks.expect("read").iter().map(|task| task.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tenants_tasks_are_forgotten_when_their_time_is_over() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let engine = Engine::start(data.path(), scripts()).await;
    let (short, ended) = ended_task(&engine, "short").await;
    let (long, _) = ended_task(&engine, "long").await;
    let keep = Keep {
        others: Some(DAY),
        tenants: [(Tenant::new("long"), 30 * DAY)].into(),
    };
    let usage = engine
        .handle
        .usage(UsageFilter::default())
        .await
        .expect("read");

    let forget = async |keep: &Keep, now| {
        let forgotten = engine.handle.forget_old(keep, now).await;
        forgotten.expect("forgotten")
    };
    let just_before = Timestamp((ended + DAY).0 - 1);
    assert_eq!(forget(&keep, just_before).await, 0);
    assert_eq!(
        forget(&Keep::default(), ended + 999 * DAY).await,
        0,
        "for ever"
    );

    assert_eq!(forget(&keep, ended + DAY).await, 1);
    assert_eq!(tasks(&engine).await, [long]);
    assert!(engine.handle.task(short).await.is_err());
    let has = async |text: &str| {
        let digest = dice_model::Digest::of(text.as_bytes());
        engine.handle.blobs().has(digest).await
    };
    assert!(!has("short's").await, "nobody else has it");
    assert!(has("everybody's").await && has("long's").await);
    let after = engine
        .handle
        .usage(UsageFilter::default())
        .await
        .expect("read");
    assert!(after.len() >= usage.len(), "bills still add up");

    assert_eq!(forget(&keep, ended + 31 * DAY).await, 1);
    assert_eq!(tasks(&engine).await, []);
    assert!(!has("everybody's").await);
    engine.stop().await;
}

/// It happens by itself, at the next start at the latest.
#[tokio::test(flavor = "multi_thread")]
async fn an_engine_forgets_by_itself() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let engine = Engine::start(data.path(), scripts()).await;
    let (_, ended) = ended_task(&engine, "somebody").await;
    engine.stop().await;
    let mut options = crate::support::options(data.path());
    options.clock = dice_runtime::Clock::at(ended + 2 * DAY);
    options.keep.others = Some(DAY);
    let engine = Engine::start_with(options, scripts(), Default::default()).await;
    let until = tokio::time::Instant::now() + Duration::from_secs(20);
    while !tasks(&engine).await.is_empty() {
        assert!(tokio::time::Instant::now() < until, "it forgets nothing");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    engine.stop().await;
}
