//! Workers as tasks at the other end of a pipe, speaking the real frames.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use dice_model::{CallFailure, CallRef, FailureKind, Outcome};
use dice_runtime::{Handle, LaunchError, LaunchRequest, LaunchedWorker, Launcher, WorkerExit};
use dice_wire::{
    CallGrant, CallResult, Grant, Hello, HelloBody, PROTOCOL, Role, ToWorker, Welcome, WorkerFrame,
    WorkerHello,
};
use futures::future::BoxFuture;
use futures::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::sync::{mpsc, watch};

use super::{Behaviour, Functions};

/// Processes that were started, and are there.
#[derive(Clone, Default)]
pub struct Launches {
    started: Arc<AtomicU32>,
    alive: Arc<AtomicUsize>,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl Launches {
    pub fn started(&self) -> u32 {
        self.started.load(Ordering::SeqCst)
    }

    /// Of all that were started.
    pub fn tokens(&self) -> Vec<String> {
        self.tokens.lock().expect("unpoisoned").clone()
    }

    pub fn alive(&self) -> usize {
        self.alive.load(Ordering::SeqCst)
    }
}

pub struct Scripted {
    home: Arc<OnceLock<Handle>>,
    functions: Functions,
    launches: Launches,
}

impl Scripted {
    pub fn new(home: Arc<OnceLock<Handle>>, functions: Functions, launches: Launches) -> Self {
        Self {
            home,
            functions,
            launches,
        }
    }
}

impl Launcher for Scripted {
    fn launch(
        &self,
        request: LaunchRequest,
    ) -> BoxFuture<'static, Result<LaunchedWorker, LaunchError>> {
        let home = self.home.get().expect("the runtime has started").clone();
        let number = self.launches.started.fetch_add(1, Ordering::SeqCst);
        let mut tokens = self.launches.tokens.lock().expect("unpoisoned");
        tokens.push(request.token.clone());
        drop(tokens);
        let alive = Arc::clone(&self.launches.alive);
        let functions = self.functions.clone();
        async move {
            alive.fetch_add(1, Ordering::SeqCst);
            let (kill, mut killed) = watch::channel(false);
            let process = tokio::spawn(async move {
                let description = tokio::select! {
                    how = live(home, request, functions) => how.to_owned(),
                    _ = killed.wait_for(|killed| *killed) => "signal: 9 (SIGKILL)".to_owned(),
                };
                alive.fetch_sub(1, Ordering::SeqCst);
                WorkerExit { description }
            });
            let exit = async move { process.await.expect("a worker's script does not panic") };
            Ok(LaunchedWorker::new(1000 + number, exit, move || {
                let _ = kill.send(true);
            }))
        }
        .boxed()
    }
}

/// A worker's life; how it ended.
async fn live(home: Handle, request: LaunchRequest, functions: Functions) -> &'static str {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    // The gateway's side is not the process's: it outlives it, to see it gone.
    tokio::spawn(async move { home.attach(theirs).await });
    let mut io = dice_wire::framed::<Welcome, Hello, _>(ours);
    io.send(hello(&request)).await.expect("the gateway listens");
    drop(io.next().await);
    let mut io = io.map_codec(|_| dice_wire::FrameCodec::<ToWorker, WorkerFrame>::default());
    let (results_in, mut results) = mpsc::channel::<Option<WorkerFrame>>(64);
    let name = request.function.id.to_string();
    loop {
        tokio::select! {
            frame = io.next() => match frame {
                Some(Ok(ToWorker::Load { device })) => {
                    let loaded = WorkerFrame::Loaded { device: device.id, load_ns: 1, memory_bytes: 1 };
                    io.send(loaded).await.expect("the gateway listens");
                }
                Some(Ok(ToWorker::Grant(grant))) => {
                    tokio::spawn(serve(name.clone(), grant, functions.clone(), results_in.clone()));
                }
                Some(Ok(ToWorker::Ping {})) => {
                    let _ = io.send(WorkerFrame::Pong {
                        memory_bytes: None,
                        device_memory_bytes: None,
                    }).await;
                }
                Some(Ok(ToWorker::Stop { .. })) => return "exit status: 0",
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return "exit status: 1",
            },
            Some(result) = results.recv() => match result {
                Some(frame) => io.send(frame).await.expect("the gateway listens"),
                None => return "signal: 11 (SIGSEGV)",
            },
        }
    }
}

fn hello(request: &LaunchRequest) -> Hello {
    let id = request.function.id.clone();
    Hello::Hello(HelloBody {
        protocol: PROTOCOL,
        sdk: String::new(),
        pillow: String::new(),
        role: Role::Worker(WorkerHello {
            description: dice_model::Digest::of(id.as_str().as_bytes()),
            version: request.function.version,
            function: id,
            token: request.token.clone(),
            pid: 0,
            running: Vec::new(),
            unacknowledged: Vec::new(),
        }),
    })
}

/// `None` in the channel: the process dies.
async fn serve(
    function: String,
    grant: Grant,
    functions: Functions,
    results: mpsc::Sender<Option<WorkerFrame>>,
) {
    let mut ended = Vec::new();
    for call in grant.calls {
        let CallGrant {
            call,
            attempt,
            arguments,
            ..
        } = call;
        match functions.behave(&function, &arguments, attempt) {
            Behaviour::Answer(value) => ended.push(result(call, Ok(value))),
            Behaviour::AnswerAfter(time, value) => {
                tokio::time::sleep(time).await;
                ended.push(result(call, Ok(value)));
            }
            Behaviour::Raise(message) => {
                let failure = CallFailure::new(FailureKind::Raised, message);
                ended.push(result(call, Err(failure)));
            }
            Behaviour::Die => {
                let _ = results.send(None).await;
                return;
            }
            Behaviour::Hang => std::future::pending().await,
        }
    }
    let frame = WorkerFrame::Result {
        lease: grant.lease,
        results: ended,
        execute_ns: 5,
        last: true,
    };
    let _ = results.send(Some(frame)).await;
}

fn result(call: CallRef, outcome: Outcome) -> CallResult {
    CallResult { call, outcome }
}
