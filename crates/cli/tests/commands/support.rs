//! The `dice` binary in a folder of its own, as a user has it.

mod collector;
mod processes;
mod running;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub(crate) use collector::Collector;
pub(crate) use processes::{Processes, peak_memory_bytes};
pub(crate) use running::{Ended, Running};

/// A small picture with a red and a blue block.
const PHOTO: &[u8] = include_bytes!("photo.png");
const FLEET: &str = include_str!("fleet.toml");
/// What a developer's own settings must not change.
const OURS: [&str; 2] = ["DICE_", "HERMOD_"];
/// Environments are expensive: these are shared with the user's other work.
const SHARED: [&str; 2] = ["DICE_CACHE", "DICE_UV"];

/// A folder with a photograph, and a data folder in it.
pub(crate) struct Dice {
    folder: TempDir,
}

impl Dice {
    /// With nothing that needs a function's environment.
    pub(crate) fn bare() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        std::fs::write(folder.path().join("photo.png"), PHOTO).expect("written");
        std::fs::write(folder.path().join("fleet.toml"), FLEET).expect("written");
        Self { folder }
    }

    /// With functions on offer; `None`, said aloud, where their environments cannot be made.
    pub(crate) fn new() -> Option<Self> {
        if std::env::var_os("DICE_TEST_UV").is_none() {
            eprintln!(
                "skipped: DICE_TEST_UV is not set, and this test needs uv and a package registry"
            );
            return None;
        }
        Some(Self::bare())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> &Self {
        std::fs::write(self.path(name), text).expect("written");
        self
    }

    /// Settings that differ are set on what this gives.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dice"));
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            let ours = OURS.iter().any(|prefix| text.starts_with(prefix));
            if ours && !SHARED.contains(&text.as_ref()) {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("DICE_DATA", self.path("data"))
            .env("DICE_FUNCTIONS", "simulated,testing")
            .env("DICE_FLEET", self.path("fleet.toml"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .stdin(Stdio::null());
        command
    }

    /// As a client of an engine that runs on the data folder: it has its functions and fleet.
    pub(crate) fn client(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command
            .env_remove("DICE_FUNCTIONS")
            .env_remove("DICE_FLEET");
        command
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments))
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.start(arguments).ended()
    }

    /// Runs a program of this text.
    pub(crate) fn run_program(&self, program: &str, more: &[&str]) -> Ended {
        self.write("program.py", program);
        self.run(&[&["run", "program.py"], more].concat())
    }

    /// The bytes of every file under the data folder, with its path.
    pub(crate) fn kept(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.path("data"), &mut files);
        files
    }
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(bytes) = std::fs::read(&path) {
            // Sockets cannot be read.
            files.push((path, bytes));
        }
    }
}

/// A program of `tests/cases`.
pub(crate) fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/cases")
        .join(name)
}

pub(crate) fn case_text(name: &str) -> String {
    std::fs::read_to_string(case(name)).expect("the case is there")
}
