//! Programs as closures: what a program's process would say, said from within the test.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use dice_model::{FunctionId, Outcome, TaskEnd, Value};
use dice_runtime::{ProgramError, ProgramEvent, Programs, RunRequest, RunningProgram, events_of};
use dice_wire::{ClientFrame, Guess, ToClient};
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::{mpsc, oneshot};

type Script = Arc<dyn Fn(Program) -> BoxFuture<'static, TaskEnd> + Send + Sync>;

/// By the source's text.
#[derive(Clone, Default)]
pub struct Scripts(HashMap<String, Script>);

impl Scripts {
    pub fn with<Running>(
        mut self,
        source: &str,
        script: impl Fn(Program) -> Running + Send + Sync + 'static,
    ) -> Self
    where
        Running: Future<Output = TaskEnd> + Send + 'static,
    {
        let script: Script = Arc::new(move |program| script(program).boxed());
        self.0.insert(source.to_owned(), script);
        self
    }
}

impl Programs for Scripts {
    fn run(&self, request: RunRequest) -> BoxFuture<'static, Result<RunningProgram, ProgramError>> {
        let script = self.0.get(&*request.source).cloned();
        async move {
            let script = script.ok_or_else(|| ProgramError::new("no such script"))?;
            let (events_in, events) = mpsc::channel(64);
            let (control, orders) = mpsc::channel(64);
            let program = Program::new(request, events_in.clone());
            let waiting = Arc::clone(&program.waiting);
            let lost = Arc::clone(&program.lost);
            let running = tokio::spawn(async move {
                tokio::spawn(answer(orders, waiting));
                let end = script(program).await;
                if !lost.load(Ordering::SeqCst) {
                    let _ = events_in.send(ProgramEvent::Ended(end)).await;
                }
            });
            let guard = AbortOnDrop(running.abort_handle());
            let events = events_of(events).inspect(move |_| {
                let _ = &guard; // lives as long as they do
            });
            Ok(RunningProgram {
                events: events.boxed(),
                control,
            })
        }
        .boxed()
    }
}

struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

type Waiting = Arc<Mutex<HashMap<u32, oneshot::Sender<Outcome>>>>;

async fn answer(mut orders: mpsc::Receiver<ToClient>, waiting: Waiting) {
    while let Some(order) = orders.recv().await {
        if let ToClient::Outcome { id, outcome, .. } = order {
            let waiter = waiting.lock().expect("unpoisoned").remove(&id);
            waiter.map(|waiter| waiter.send(outcome));
        }
    }
}

/// What a script has of its program.
#[derive(Clone)]
pub struct Program {
    pub request: Arc<RunRequest>,
    events: mpsc::Sender<ProgramEvent>,
    waiting: Waiting,
    calls: Arc<Mutex<u32>>,
    lost: Arc<AtomicBool>,
}

pub struct Call {
    pub id: u32,
    outcome: oneshot::Receiver<Outcome>,
}

impl Call {
    pub async fn outcome(self) -> Outcome {
        match self.outcome.await {
            Ok(outcome) => outcome,
            // The program is being killed.
            Err(_) => std::future::pending().await,
        }
    }
}

impl Program {
    fn new(request: RunRequest, events: mpsc::Sender<ProgramEvent>) -> Self {
        Self {
            request: Arc::new(request),
            events,
            waiting: Waiting::default(),
            calls: Arc::default(),
            lost: Arc::default(),
        }
    }

    /// What runs it dies: nobody will hear how the script ends.
    pub fn lose(&self) -> TaskEnd {
        self.lost.store(true, Ordering::SeqCst);
        TaskEnd::Normal
    }

    pub async fn say(&self, event: ProgramEvent) {
        if self.events.send(event).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub async fn print(&self, text: impl std::fmt::Display) {
        let bytes = Bytes::from(format!("{text}\n"));
        self.say(ProgramEvent::Stdout(bytes)).await;
    }

    pub async fn issue(&self, function: &str, arguments: Value) -> Call {
        self.issue_as(function, arguments, None).await
    }

    /// A call that nobody knows yet whether the program makes (E3).
    pub async fn guess(&self, function: &str, n: i64, budget_micro_usd: Option<u64>) -> Call {
        let guess = Guess { budget_micro_usd };
        let arguments = Value::map([("n", Value::Int(n))]);
        self.issue_as(function, arguments, Some(guess)).await
    }

    async fn issue_as(&self, function: &str, arguments: Value, guess: Option<Guess>) -> Call {
        let id = {
            let mut calls = self.calls.lock().expect("unpoisoned");
            *calls += 1;
            *calls - 1
        };
        let (answer, outcome) = oneshot::channel();
        self.waiting.lock().expect("unpoisoned").insert(id, answer);
        self.say(ProgramEvent::Client(ClientFrame::Call {
            id,
            function: FunctionId::new(function),
            arguments,
            guess,
        }))
        .await;
        Call { id, outcome }
    }

    pub async fn start(&self, function: &str, n: i64) -> Call {
        self.issue(function, Value::map([("n", Value::Int(n))]))
            .await
    }

    pub async fn call(&self, function: &str, n: i64) -> Outcome {
        self.start(function, n).await.outcome().await
    }

    pub async fn cancel(&self, call: Call) {
        let frame = ClientFrame::Cancel { id: call.id };
        self.say(ProgramEvent::Client(frame)).await;
    }

    /// As a program that does not catch anything: prints what comes, or ends with the exception.
    pub async fn print_call(&self, function: &str, n: i64) -> Result<(), TaskEnd> {
        match self.call(function, n).await {
            Ok(value) => {
                self.print(value.canonical()).await;
                Ok(())
            }
            Err(failure) => Err(TaskEnd::Exception {
                kind: "hermod.CallError".to_owned(),
                message: failure.to_string(),
                traceback: String::new(),
                call_failed: Some(failure.kind),
            }),
        }
    }
}
