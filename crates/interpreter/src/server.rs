//! The fork server: a Python that has imported what programs import, and forks one per program.

use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::Options;
use crate::channel::Channel;
use crate::limits::ProcessLimits;
use crate::policy::{self, PolicyError};

/// Importing Pillow from a cold disk takes a second or two.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// Why there is no fork server.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot run {python}", python = .python.display())]
    Python { python: PathBuf, source: io::Error },
    #[error("{python} cannot run programs (it needs Pillow and msgpack):\n{stderr}", python = .python.display())]
    Imports { python: PathBuf, stderr: String },
    #[error("{python} took longer than {START_PATIENCE:?} to start", python = .python.display())]
    Slow { python: PathBuf },
    #[error("programs cannot be confined on this machine")]
    Policy(#[from] PolicyError),
    #[error("no connection to the fork server")]
    Channel(#[from] io::Error),
}

/// Why it did not fork.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ForkError {
    #[error("the fork server has gone")]
    Gone,
    #[error("{0}")]
    Refused(String),
}

/// A forked process. The fork server reaps it, and lives as long as this.
#[derive(Debug)]
pub(crate) struct Process {
    pidfd: Arc<OwnedFd>,
    pub(crate) pid: u32,
    /// Closed without a message if the fork server dies, and all processes with it.
    pub(crate) ended: oneshot::Receiver<Exit>,
    _server: Arc<Server>,
}

/// What the kernel says about its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Exit {
    /// Negative: the signal that killed it.
    pub(crate) code: i32,
    pub(crate) cpu_ms: u64,
}

#[derive(Serialize)]
struct Setup {
    #[serde(with = "serde_bytes_of")]
    server_filter: Vec<u8>,
    program_filters: Vec<Filter>,
}

#[derive(Serialize)]
struct Filter(#[serde(with = "serde_bytes_of")] Vec<u8>);

mod serde_bytes_of {
    pub(super) fn serialize<S: serde::Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }
}

#[derive(Serialize)]
struct Request<'a> {
    number: u64,
    limits: &'a ProcessLimits,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Message {
    /// The first one: where this Python's modules are.
    Paths {
        readable: Vec<PathBuf>,
    },
    Ready {},
    Started {
        number: u64,
        pid: u32,
    },
    Refused {
        number: u64,
        reason: String,
    },
    Ended {
        number: u64,
        #[serde(flatten)]
        exit: Exit,
    },
}

type Answer = Result<(OwnedFd, u32), ForkError>;

/// A process that was asked for, until it has ended.
#[derive(Debug)]
struct Asked {
    started: Option<oneshot::Sender<Answer>>,
    ended: oneshot::Sender<Exit>,
}

/// `None` once the fork server has gone.
type Processes = Mutex<Option<HashMap<u64, Asked>>>;

#[derive(Debug)]
pub(crate) struct Server {
    channel: Arc<Channel>,
    processes: Arc<Processes>,
    next: std::sync::atomic::AtomicU64,
    /// Killed on drop.
    _child: Child,
    listener: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(options: &Options) -> Result<Self, StartError> {
        let (channel, theirs) = Channel::pair()?;
        let mut child = spawn(options, theirs)?;
        let greeted = tokio::time::timeout(START_PATIENCE, greet(&channel)).await;
        match greeted {
            Err(_) => {
                return Err(StartError::Slow {
                    python: options.python.clone(),
                });
            }
            Ok(Err(Greeting::Policy(error))) => return Err(error.into()),
            Ok(Err(Greeting::Silent)) => return Err(complaint(&options.python, &mut child).await),
            Ok(Ok(())) => {}
        }
        let channel = Arc::new(channel);
        let processes = Arc::new(Mutex::new(Some(HashMap::new())));
        let listener = tokio::spawn(listen(Arc::clone(&channel), Arc::clone(&processes)));
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(log_lines(stderr));
        }
        Ok(Self {
            channel,
            processes,
            next: 0.into(),
            _child: child,
            listener,
        })
    }

    pub(crate) fn is_alive(&self) -> bool {
        lock(&self.processes).is_some()
    }

    /// `fds`: the connection, stdout, stderr, then the inputs.
    pub(crate) async fn fork(
        self: &Arc<Self>,
        limits: &ProcessLimits,
        fds: &[BorrowedFd<'_>],
    ) -> Result<Process, ForkError> {
        let number = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (started, answer) = oneshot::channel();
        let (ended_sender, ended) = oneshot::channel();
        let asked = Asked {
            started: Some(started),
            ended: ended_sender,
        };
        lock(&self.processes)
            .as_mut()
            .ok_or(ForkError::Gone)?
            .insert(number, asked);
        let request = Request { number, limits };
        self.channel
            .send(&request, fds)
            .await
            .map_err(|_| ForkError::Gone)?;
        let (pidfd, pid) = answer.await.map_err(|_| ForkError::Gone)??;
        Ok(Process {
            pidfd: Arc::new(pidfd),
            pid,
            ended,
            _server: Arc::clone(self),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Process {
    pub(crate) fn killer(&self) -> Killer {
        Killer(Arc::clone(&self.pidfd))
    }
}

/// Kills one process, and never another that got its number.
#[derive(Debug, Clone)]
pub(crate) struct Killer(Arc<OwnedFd>);

impl Killer {
    pub(crate) fn kill(&self) {
        // Fails only if it has ended already.
        let _ = rustix::process::pidfd_send_signal(self.0.as_fd(), rustix::process::Signal::KILL);
    }
}

/// The environment is the same everywhere and holds no secret (SEMANTICS O2); each program's is empty.
fn spawn(options: &Options, control: OwnedFd) -> Result<Child, StartError> {
    const START: &str = "import sys; sys.path.insert(0, sys.argv.pop()); \
                         from hermod.sandbox.server import main; main()";
    Command::new(&options.python)
        .args(["-s", "-P", "-B", "-c", START])
        .arg(&options.sdk_path)
        .env_clear()
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONUTF8", "1")
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        .env("MALLOC_ARENA_MAX", "2")
        .stdin(Stdio::from(control))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .current_dir("/")
        .process_group(0) // Ctrl-C is the host's to handle
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| StartError::Python {
            python: options.python.clone(),
            source,
        })
}

enum Greeting {
    Silent,
    Policy(PolicyError),
}

async fn greet(channel: &Channel) -> Result<(), Greeting> {
    let Some(Message::Paths { readable }) = next_message(channel).await.map(|(message, _)| message)
    else {
        return Err(Greeting::Silent);
    };
    let policy = || -> Result<_, PolicyError> {
        let filters = policy::program_filters()?.into_iter().map(Filter).collect();
        let setup = Setup {
            server_filter: policy::server_filter()?,
            program_filters: filters,
        };
        Ok((setup, policy::ruleset(&readable)?))
    };
    let (setup, ruleset) = policy().map_err(Greeting::Policy)?;
    channel
        .send(&setup, &[ruleset.as_fd()])
        .await
        .map_err(|_| Greeting::Silent)?;
    match next_message(channel).await {
        Some((Message::Ready {}, _)) => Ok(()),
        _ => Err(Greeting::Silent),
    }
}

/// What it wrote before it went.
async fn complaint(python: &Path, child: &mut Child) -> StartError {
    let mut stderr = String::new();
    if let Some(mut pipe) = child.stderr.take() {
        let _ = child.start_kill();
        let _ = pipe.read_to_string(&mut stderr).await;
    }
    StartError::Imports {
        python: python.to_owned(),
        stderr: stderr.trim_end().to_owned(),
    }
}

/// Ends with the fork server; whoever waits for a process of it then learns that.
async fn listen(channel: Arc<Channel>, processes: Arc<Processes>) {
    while let Some((message, fds)) = next_message(&channel).await {
        let mut processes = lock(&processes);
        let Some(processes) = processes.as_mut() else {
            break;
        };
        match message {
            Message::Started { number, pid } => {
                if let (Some(asked), Some(pidfd)) =
                    (processes.get_mut(&number), fds.into_iter().next())
                {
                    answer(asked, Ok((pidfd, pid)));
                }
            }
            Message::Refused { number, reason } => {
                if let Some(mut asked) = processes.remove(&number) {
                    answer(&mut asked, Err(ForkError::Refused(reason)));
                }
            }
            Message::Ended { number, exit } => {
                if let Some(asked) = processes.remove(&number) {
                    let _ = asked.ended.send(exit); // nobody may wait for it any more
                }
            }
            Message::Paths { .. } | Message::Ready {} => {}
        }
    }
    *lock(&processes) = None;
}

/// If whoever asked has gone, the process has nobody: it is killed.
fn answer(asked: &mut Asked, answer: Answer) {
    let Some(started) = asked.started.take() else {
        return;
    };
    if let Err(Ok((pidfd, _))) = started.send(answer) {
        Killer(Arc::new(pidfd)).kill();
    }
}

async fn next_message(channel: &Channel) -> Option<(Message, Vec<OwnedFd>)> {
    let (bytes, fds) = channel.receive().await.ok()??;
    match rmp_serde::from_slice(&bytes) {
        Ok(message) => Some((message, fds)),
        Err(error) => {
            tracing::error!(%error, "the fork server says something that is not understood");
            None
        }
    }
}

async fn log_lines(stderr: tokio::process::ChildStderr) {
    use tokio::io::{AsyncBufReadExt, BufReader};
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        tracing::warn!("fork server: {line}");
    }
}

fn lock(processes: &Processes) -> std::sync::MutexGuard<'_, Option<HashMap<u64, Asked>>> {
    processes.lock().unwrap_or_else(PoisonError::into_inner)
}
