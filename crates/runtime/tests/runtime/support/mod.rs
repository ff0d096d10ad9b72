//! A runtime with programs and workers made of scripts: the frames, the journal and the clock are real.
#![allow(unreachable_pub, reason = "a test has no outside")]

mod functions;
mod programs;
mod workers;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use dice_model::{
    DeviceSpec, DeviceType, NodeSpec, NodeType, PoolName, TaskEnd, TaskId, TaskState, Timestamp,
};
use dice_runtime::{Entry, Handle, NewTask, Options, PoolOptions, Runtime, TaskRecord};
use futures::StreamExt as _;

pub use functions::{Behaviour, Functions, catalog, catalog_of_version};
pub use programs::{Program, Scripts};
pub use workers::Launches;

/// One life of an engine on a data folder.
pub struct Engine {
    pub handle: Handle,
    pub functions: Functions,
    pub launches: Launches,
    pub started: Timestamp,
}

pub fn options(data: &Path) -> Options {
    let mut pool = PoolOptions::new(PoolName::default(), vec![node(2)]);
    pool.scheduling.first_pause = Duration::from_millis(5);
    pool.scheduling.grace = Duration::from_millis(50);
    Options {
        pools: vec![pool],
        heartbeat: Duration::from_millis(100),
        // Tasks of a test are alike, and each is to make its calls.
        memo: None,
        ..Options::new(data)
    }
}

fn node(devices: u32) -> NodeSpec {
    let device = |number| DeviceSpec {
        id: format!("local/cpu-{number}").as_str().into(),
        kind: DeviceType("cpu".to_owned()),
        memory_bytes: 1 << 30,
    };
    NodeSpec {
        id: "local".into(),
        kind: NodeType("local-cpu".to_owned()),
        devices: (0..devices).map(device).collect(),
    }
}

impl Engine {
    pub async fn start(data: &Path, scripts: Scripts) -> Self {
        Self::start_with(options(data), scripts, Functions::default()).await
    }

    pub async fn start_with(options: Options, scripts: Scripts, functions: Functions) -> Self {
        let engine = Self::without_functions(options, scripts, functions).await;
        let offered = engine.handle.offer(catalog(), HashMap::new()).await;
        offered.expect("functions can be offered");
        engine
    }

    pub async fn without_functions(
        options: Options,
        scripts: Scripts,
        functions: Functions,
    ) -> Self {
        let home = Arc::new(OnceLock::new());
        let launches = Launches::default();
        let launcher =
            workers::Scripted::new(Arc::clone(&home), functions.clone(), launches.clone());
        let handle = Runtime::start(options, Arc::new(scripts), Arc::new(launcher))
            .await
            .expect("the runtime starts");
        assert!(home.set(handle.clone()).is_ok(), "set once");
        Self {
            started: handle.clock().now(),
            handle,
            functions,
            launches,
        }
    }

    pub async fn submit(&self, script: &str) -> TaskId {
        let task = NewTask::new(script, "script.py");
        self.handle.submit(task).await.expect("accepted")
    }

    /// Waits for the task's end.
    pub async fn end(&self, task: TaskId) -> TaskRecord {
        let events = self.handle.watch(task, 1);
        let ended = tokio::time::timeout(Duration::from_secs(20), async {
            let events = events.filter_map(|event| async move {
                let entry = event.expect("the journal can be read").entry;
                matches!(entry, Entry::Ended { .. }).then_some(())
            });
            std::pin::pin!(events).next().await
        });
        ended.await.expect("it ends in time");
        self.handle.task(task).await.expect("it is there")
    }

    pub async fn run(&self, script: &str) -> (TaskId, TaskRecord, String) {
        let task = self.submit(script).await;
        let record = self.end(task).await;
        let stdout = self.stdout(task).await;
        (task, record, stdout)
    }

    pub async fn entries(&self, task: TaskId) -> Vec<Entry> {
        let record = self.handle.task(task).await.expect("it is there");
        assert!(record.state.is_terminal(), "only ended tasks have all");
        let events = self.handle.watch(task, 1);
        events
            .map(|event| event.expect("readable").entry)
            .collect()
            .await
    }

    pub async fn stdout(&self, task: TaskId) -> String {
        let mut text = Vec::new();
        for entry in self.entries(task).await {
            if let Entry::Stdout { offset, bytes, .. } = entry {
                assert_eq!(offset, text.len() as u64, "output is journalled once");
                text.extend_from_slice(&bytes);
            }
        }
        String::from_utf8(text).expect("scripts print text")
    }

    pub async fn stop(self) {
        let stopped = self.handle.shutdown(Duration::from_secs(2)).await;
        stopped.expect("it stops");
        assert_eq!(self.launches.alive(), 0, "no worker is left behind");
    }
}

/// As SIGKILL would leave it: what was not written to a file by then is gone.
pub fn folder_as_killed(data: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a temporary folder");
    copy_folder(data, copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("known").is_dir() {
            copy_folder(&entry.path(), &target);
        } else if entry.file_name() != "lock" {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

pub fn assert_done(record: &TaskRecord) {
    assert_eq!(record.end, Some(TaskEnd::Normal), "{record:?}");
    assert_eq!(record.state, TaskState::Done);
}

/// What scripts and tests share, by name.
pub type Shared<T> = Arc<Mutex<T>>;
