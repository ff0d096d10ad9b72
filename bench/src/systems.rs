//! What is measured, and how each of them is started: one worker process, an echo.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::process::Command;

use crate::environments;
use crate::frames::FrameCaller;
use crate::http::{HttpCaller, answers, body};
use crate::load::{self, Case, Measured};
use crate::processes::Group;

/// Ray takes half a minute on two cores.
const STARTING: Duration = Duration::from_secs(120);

pub(crate) struct System {
    pub(crate) name: &'static str,
    /// Of the Python package; `None`: it is ours.
    pub(crate) requirement: Option<&'static str>,
    path: &'static str,
    speaks: Speaks,
    dice: PathBuf,
    folder: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    Http,
    /// As a program of ours does.
    Frames,
    /// HTTP, and results are on the disk before they are answered.
    HttpAfterFsync,
}

pub(crate) struct Running {
    group: Group,
    data: TempDir,
    port: u16,
    path: &'static str,
    socket: Option<PathBuf>,
}

pub(crate) const OURS: &str = "DiCE-C, HTTP";
pub(crate) const OURS_POWER: &str = "DiCE-C, HTTP, fsync";
pub(crate) const OURS_FRAMES: &str = "DiCE-C, frames";

pub(crate) fn systems(dice: &Path) -> anyhow::Result<Vec<System>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).canonicalize()?;
    let system = |name, requirement, path, speaks| System {
        name,
        requirement,
        path,
        speaks,
        dice: dice.to_owned(),
        folder: folder.clone(),
    };
    let ours = "/api/v1/functions/echo/calls";
    Ok(vec![
        system(OURS, None, ours, Speaks::Http),
        system("mosec", Some("mosec==0.9.8"), "/inference", Speaks::Http),
        system(OURS_POWER, None, ours, Speaks::HttpAfterFsync),
        system("Ray Serve", Some("ray[serve]==2.60.0"), "/", Speaks::Http),
        system(OURS_FRAMES, None, ours, Speaks::Frames),
        system(
            "LitServe",
            Some("litserve==0.2.19"),
            "/predict",
            Speaks::Http,
        ),
        system("BentoML", Some("bentoml==1.4.40"), "/echo", Speaks::Http),
    ])
}

impl System {
    pub(crate) async fn start(&self) -> anyhow::Result<Running> {
        let data = TempDir::new()?;
        let port = free_port()?;
        let mut command = match self.requirement {
            None => self.our_command(data.path(), port),
            Some(requirement) => self.peer_command(requirement, port)?,
        };
        let log = std::fs::File::create(data.path().join("log"))?;
        command
            .current_dir(data.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0);
        let group = Group::of(command.spawn().context("it cannot be started")?)?;
        let socket = data.path().join("data/dice.sock");
        let running = Running {
            group,
            port,
            path: self.path,
            socket: (self.speaks == Speaks::Frames).then_some(socket),
            data,
        };
        running.wait().await?;
        Ok(running)
    }

    fn our_command(&self, data: &Path, port: u16) -> Command {
        let mut command = Command::new(&self.dice);
        command
            // Its calls are alike, and each is to be made.
            .args(["up", "--no-memo", "--listen", &format!("127.0.0.1:{port}")])
            .arg("--data")
            .arg(data.join("data"))
            .arg("--functions")
            .arg(self.folder.join("functions"))
            .arg("--fleet")
            .arg(self.folder.join("fleet.toml"));
        if self.speaks == Speaks::HttpAfterFsync {
            command.arg("--power-durable");
        }
        command
    }

    fn peer_command(&self, requirement: &str, port: u16) -> anyhow::Result<Command> {
        let binaries = environments::folder(requirement)?.join("bin");
        let (peer, _) = requirement
            .split_once(['=', '['])
            .unwrap_or((requirement, ""));
        let port = port.to_string();
        if peer == "bentoml" {
            let mut command = Command::new(binaries.join("bentoml"));
            command
                .args([
                    "serve",
                    "bentoml_echo:Echo",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    &port,
                ])
                .arg("--working-dir")
                .arg(self.folder.join("peers"))
                .env("BENTOML_DO_NOT_TRACK", "True");
            return Ok(command);
        }
        let mut command = Command::new(binaries.join("python"));
        command.arg(self.folder.join(format!("peers/{peer}_echo.py")));
        match peer {
            "mosec" => command.args([
                "--address",
                "127.0.0.1",
                "--port",
                &port,
                "--log-level",
                "error",
                "--timeout",
                "60000",
            ]),
            _ => command.arg(&port),
        };
        // Ray looks for its own programs beside its Python, and tells nobody what it does.
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .env("PATH", format!("{}:{path}", binaries.display()))
            .env("RAY_USAGE_STATS_ENABLED", "0");
        Ok(command)
    }
}

impl Running {
    async fn wait(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        loop {
            let Err(error) = answers(self.port, self.path).await else {
                return Ok(());
            };
            if began.elapsed() > STARTING {
                let log = std::fs::read_to_string(self.data.path().join("log"));
                let log = log.unwrap_or_default();
                let end = log.lines().rev().find(|line| !line.trim().is_empty());
                bail!("{error:#}; its log ends: {}", end.unwrap_or("(empty)"));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(crate) fn cpu(&self) -> Duration {
        self.group.cpu()
    }

    pub(crate) async fn load(&self, case: Case, time: Duration) -> anyhow::Result<Measured> {
        if let Some(socket) = &self.socket {
            let callers = FrameCaller::program(socket, case.body, case.in_flight).await?;
            return load::run(callers, time).await;
        }
        let body = body(case.body);
        let mut callers = Vec::new();
        for _ in 0..case.in_flight {
            callers.push(HttpCaller::dial(self.port, self.path, body.clone()).await?);
        }
        load::run(callers, time).await
    }
}

fn free_port() -> anyhow::Result<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.port())
}
