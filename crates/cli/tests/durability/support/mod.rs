//! A world for one test: its folders, its fleet, its functions, and what they wrote down.
#![allow(unreachable_pub, reason = "a test has no outside")]

mod journal;
mod processes;
mod random;
mod traces;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

pub use journal::{Journal, Task, is_durable};
pub use processes::{Watched, of_world, signal, signal_child};
pub use random::Random;
pub use traces::{Call, Execution, Traces};

/// Longer than anything here takes on a busy machine; what takes longer hangs.
pub const PATIENCE: Duration = Duration::from_secs(120);

pub struct World {
    folder: tempfile::TempDir,
}

/// `None`, said on stderr, where the test may not use the network.
pub fn world() -> Option<World> {
    if std::env::var_os("DICE_TEST_UV").is_none() {
        eprintln!(
            "skipped: DICE_TEST_UV is not set, and this test needs uv and a package registry"
        );
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for name in ["data", "traces", "inputs"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    let world = World { folder };
    std::fs::write(world.path("fleet.toml"), FLEET).unwrap();
    Some(world)
}

/// Two nodes, so that a bill has more than one line to add up.
const FLEET: &str = r#"
name = "fast"
time_scale = 0.02

[[nodes]]
type = "local-cpu"
count = 2
devices = [{ type = "cpu", count = 2, memory = "32Gi" }]

[baseline]
type = "local-cpu"
devices = [{ type = "cpu", memory = "32Gi" }]
"#;

impl World {
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub fn traces(&self) -> Traces {
        Traces::of(self.path("traces"))
    }

    /// A program, with the folder of traces filled in.
    pub fn program(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        let text = text.replace("TRACES", self.path("traces").to_str().unwrap());
        std::fs::write(&path, text).unwrap();
        path
    }

    /// One text per task, its number.
    pub fn numbered_inputs(&self, count: usize) -> PathBuf {
        for number in 0..count {
            let path = self.path("inputs").join(format!("{number:03}.txt"));
            std::fs::write(path, number.to_string()).unwrap();
        }
        self.path("inputs")
    }

    /// `dice` on this world's folder, with an engine of its own.
    pub fn dice(&self, functions: &Path) -> Command {
        let mut command = self.client();
        command.arg("--functions").arg(functions);
        command.arg("--fleet").arg(self.path("fleet.toml"));
        command
    }

    /// `dice` on this world's folder.
    pub fn client(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dice"));
        command.arg("--data").arg(self.data());
        for set in ["DICE_SERVER", "DICE_FUNCTIONS", "DICE_FLEET", "DICE_PRICES"] {
            command.env_remove(set);
        }
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

impl Drop for World {
    /// A test that failed leaves nothing running.
    fn drop(&mut self) {
        for process in &of_world(self) {
            signal(process, rustix::process::Signal::KILL);
        }
    }
}

/// `functions/NAME` of this repository.
pub fn pack(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.unwrap().join("functions").join(name)
}

/// Waits for the process, which must end by itself.
pub fn finished(mut child: Child) -> Output {
    let until = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > until {
            child.kill().unwrap();
            let output = child.wait_with_output().unwrap();
            panic!("it hangs: {}", told(&output));
        }
        pause();
    }
    child.wait_with_output().unwrap()
}

/// Runs it to its end, which must be a good one.
pub fn succeeded(command: &mut Command) -> Output {
    let output = finished(command.spawn().unwrap());
    assert!(output.status.success(), "{}", told(&output));
    output
}

pub fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("not JSON: {error}\n{}", told(output));
    })
}

pub fn told(output: &Output) -> String {
    format!(
        "{}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < until, "waited in vain until {what}");
        pause();
    }
}

pub fn pause() {
    std::thread::sleep(Duration::from_millis(5));
}
