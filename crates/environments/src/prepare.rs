//! A pack's set-up: its `setup.py` fetches models into the cache, once per version.

use std::path::{Path, PathBuf};

use dice_model::Digest;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};

use crate::child::{self, Inherits};
use crate::describe::python_files;
use crate::progress::Step;
use crate::{EnvironmentError, Environments, Pack};

impl Environments {
    /// Runs `setup.py models` unless it did so already for this version and what it made is still
    /// there. The script prints the path of each file it made on stdout, its progress on stderr.
    pub async fn prepare(&self, pack: &Pack) -> Result<(), EnvironmentError> {
        let Some(script) = &pack.setup else {
            return Ok(());
        };
        let key = setup_key(pack, script)?;
        let done = self.cache.path(&["prepared", &key]);
        if is_done(&done) {
            return Ok(());
        }
        let _lock = self.cache.lock(&format!("prepare-{key}")).await?;
        if is_done(&done) {
            return Ok(());
        }
        let made = self.run_setup(script, "models").await?;
        let list: Vec<_> = made.iter().map(|path| path.to_string_lossy()).collect();
        self.cache.write(&done, list.join("\n").as_bytes())
    }

    /// Runs one target of a set-up script and gives the files that it made or found.
    pub async fn run_setup(
        &self,
        script: &Path,
        target: &str,
    ) -> Result<Vec<PathBuf>, EnvironmentError> {
        (self.on_step)(Step::Preparing {
            script: script.to_owned(),
        });
        let python = self.script_python(script).await?;
        let failed = |stderr| EnvironmentError::Prepare {
            script: script.to_owned(),
            stderr,
        };
        let mut child = child::command(&python, Inherits::Fetching)
            .arg(script)
            .arg(target)
            .env("DICE_CACHE", self.cache.root())
            .env("UV", self.uv().await?.path())
            .env("PYTHONUNBUFFERED", "1")
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let stdout = child.stdout.take().expect("stdout is piped");
        let stderr = child.stderr.take().expect("stderr is piped");
        let mut made = String::new();
        let mut stdout = BufReader::new(stdout);
        let (read, said) = tokio::join!(stdout.read_to_string(&mut made), self.pass_on(stderr));
        let status = child
            .wait()
            .await
            .map_err(|error| failed(error.to_string()))?;
        if !status.success() || read.is_err() {
            return Err(failed(child::tail(said.as_bytes())));
        }
        Ok(made.lines().map(PathBuf::from).collect())
    }

    /// Tells each line of a set-up as it comes, and keeps them for an error.
    async fn pass_on(&self, stderr: tokio::process::ChildStderr) -> String {
        let mut said = String::new();
        let mut lines = BufReader::new(stderr).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            said.push_str(&line);
            said.push('\n');
            (self.on_step)(Step::PreparingSays { line });
        }
        said
    }
}

/// Of the script, of the helpers that it may import, and of where models are supplied.
fn setup_key(pack: &Pack, script: &Path) -> Result<String, EnvironmentError> {
    let mut key = std::env::var("DICE_MODELS")
        .unwrap_or_default()
        .into_bytes();
    for file in python_files(&pack.folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if file == script || name.starts_with('_') {
            let bytes = std::fs::read(&file).map_err(EnvironmentError::io(&file, "cannot read"))?;
            key.extend_from_slice(Digest::of(&bytes).as_bytes());
        }
    }
    Ok(Digest::of(&key).short())
}

/// The list is there, and all that it lists.
fn is_done(list: &Path) -> bool {
    std::fs::read_to_string(list)
        .is_ok_and(|made| made.lines().all(|file| Path::new(file).exists()))
}
