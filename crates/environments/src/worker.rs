//! How a worker is started: one process that its starter owns directly.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::child::{self, Inherits};
use crate::environment::read_header;
use crate::{EnvironmentError, Environments};

/// What a worker is told when it is started; the rest comes over the wire.
#[derive(Debug, Clone)]
pub struct WorkerStart {
    /// The function's file.
    pub file: PathBuf,
    /// Which function of the file.
    pub function: String,
    /// Where the gateway listens: `HERMOD_URL`.
    pub url: String,
    /// Names the starter at HELLO: `HERMOD_WORKER_TOKEN`.
    pub token: String,
    /// CPU threads that numeric libraries may use; at least 1.
    pub threads: u32,
    /// Factor on the latencies of simulated functions: `HERMOD_TIME_SCALE`.
    pub time_scale: Option<f64>,
}

/// Read by numeric libraries when they are imported, so they must stand before Python starts.
const THREAD_VARIABLES: &[&str] = &[
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
];

impl Environments {
    /// The command of a worker; stdout and stderr are piped, and it is killed when dropped.
    ///
    /// It is in a process group of its own: a Ctrl-C in the terminal is the engine's to handle.
    pub async fn worker_command(&self, start: &WorkerStart) -> Result<Command, EnvironmentError> {
        let mut command = match read_header(&start.file)?.worker() {
            Some(words) => self.own_program(&words, start).await?,
            None => self.sdk_worker(start).await?,
        };
        command
            .env("HERMOD_URL", &start.url)
            .env("HERMOD_WORKER_TOKEN", &start.token)
            // Spinning threads would take the cores that other workers need.
            .env("OMP_WAIT_POLICY", "PASSIVE")
            .process_group(0);
        for variable in THREAD_VARIABLES {
            command.env(variable, start.threads.max(1).to_string());
        }
        if let Some(scale) = start.time_scale {
            command.env("HERMOD_TIME_SCALE", scale.to_string());
        }
        Ok(command)
    }

    async fn sdk_worker(&self, start: &WorkerStart) -> Result<Command, EnvironmentError> {
        let python = self.function_python(&start.file).await?;
        let mut command = self.hermod_command(&python, Inherits::Basics);
        let mut target = start.file.clone().into_os_string();
        target.push(":");
        target.push(&start.function);
        command.arg("worker").arg(target);
        Ok(command)
    }

    /// A program that speaks the protocol itself, in the file's folder, told what it has to say at HELLO.
    async fn own_program(
        &self,
        words: &[String],
        start: &WorkerStart,
    ) -> Result<Command, EnvironmentError> {
        let described = self.describe(&start.file).await?.json;
        let mut functions = described["functions"].as_array().into_iter().flatten();
        let function = functions.find(|one| one["name"] == start.function.as_str());
        let text = |json: &serde_json::Value| json.as_str().unwrap_or_default().to_owned();
        let description = function.map(|one| text(&one["description_digest"]));
        let mut command = child::command(Path::new(&words[0]), Inherits::Basics);
        command
            .args(&words[1..])
            .current_dir(start.file.parent().unwrap_or(Path::new(".")))
            .env("HERMOD_FUNCTION", &start.function)
            .env("HERMOD_VERSION", text(&described["file_digest"]))
            .env("HERMOD_DESCRIPTION", description.unwrap_or_default());
        Ok(command)
    }

    /// `python -m hermod …` with the unpacked SDK and nothing of the user's own Python set-up.
    pub(crate) fn hermod_command(&self, python: &Path, inherits: Inherits) -> Command {
        let mut command = child::command(python, inherits);
        command
            .args(["-m", "hermod"])
            .env("PYTHONPATH", self.sdk.path())
            .env("PYTHONNOUSERSITE", "1")
            .env("PYTHONUNBUFFERED", "1")
            // Compiled files go to the cache, never beside a function's source.
            .env("PYTHONPYCACHEPREFIX", self.cache.path(&["pycache"]))
            .env("DICE_CACHE", self.cache.root());
        command
    }
}
