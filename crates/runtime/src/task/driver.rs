//! The actor of one task: runs its program, by replay if it ran before, to a durable end.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dice_catalog::Catalog;
use dice_model::{CallRef, Digest, LeaseId, TaskEnd, TaskId, Timestamp, Value};
use dice_scheduler::StateOrder;
use dice_wire::{ClientFrame, ToClient};
use tokio::sync::{mpsc, oneshot};

use super::call::Open;
use super::history::{History, diverged};
use super::output::Output;
use super::recorder::{Recorder, Then};
use super::{Order, Shared};
use crate::dispatcher::{CallNews, Command, Pool};
use crate::journal::{Entry, JournalError};
use crate::record::{TaskKind, TaskRecord};
use crate::{InputFile, ProgramEvent, RunRequest, RunningProgram};

/// A replayed program that asks for nothing for so long waits for outcomes in another order.
const STUCK: Duration = Duration::from_millis(200);
/// Answers that a program may leave unread, before its events wait.
const OUTBOX: usize = 1024;

pub(crate) struct Driver {
    pub(super) id: TaskId,
    pub(super) record: TaskRecord,
    pub(super) shared: Arc<Shared>,
    pub(super) pool: Pool,
    pub(super) catalog: Catalog,
    pub(super) history: History,
    pub(super) recorder: Recorder,
    pub(super) program: Option<RunningProgram>,
    pub(super) outbox: VecDeque<ToClient>,
    news: mpsc::UnboundedReceiver<CallNews>,
    orders: mpsc::Receiver<Order>,
    stdout: Output,
    stderr: Output,
    deadline: Option<Timestamp>,

    pub(super) open: BTreeMap<u32, Open>,
    /// The program's numbers of its calls, to ours.
    pub(super) numbers: HashMap<u32, u32>,
    pub(super) order: StateOrder,
    pub(super) occurrences: HashMap<Digest, u32>,
    /// Dispatched, or waiting because too many are.
    pub(super) in_flight: usize,
    pub(super) held: VecDeque<u32>,
    /// The call whose result equal ones share, and the results (E5).
    pub(super) leaders: HashMap<Digest, u32>,
    pub(super) results: HashMap<u32, Value>,

    /// Calls with bad arguments whose journalled outcome waits for its turn, by number.
    pub(super) refused: HashMap<u32, u32>,
    /// Leases that workers of an earlier engine still execute.
    pub(super) under_way: HashSet<LeaseId>,
    /// To be withdrawn at the dispatcher.
    pub(super) abandoned: Vec<CallRef>,

    /// The task ends so, once its writes have ended.
    pub(super) closing: Option<TaskEnd>,
    pub(super) pausing: bool,
    /// Its end is written, and about to be durable.
    pub(super) ended: bool,
}

enum Happened {
    Durable(Result<Vec<Then>, JournalError>),
    Program(Option<ProgramEvent>),
    News(CallNews),
    Order(Order),
    DeadlinePassed,
    Stuck,
    /// A message went out to the program, or cannot any more.
    Sent,
}

enum Step {
    GoOn,
    Finished,
}

impl Driver {
    /// Reads what the journal has of the task. `program`: it runs already, outside.
    pub(crate) async fn open(
        record: TaskRecord,
        shared: Arc<Shared>,
        pool: Pool,
        catalog: Catalog,
        orders: mpsc::Receiver<Order>,
        program: Option<RunningProgram>,
    ) -> Result<(Self, mpsc::UnboundedSender<CallNews>), JournalError> {
        let entries = shared.journal.entries(record.id, 0, usize::MAX).await?;
        let entries = entries.into_iter().map(|(_, entry)| entry).collect();
        let mut history = History::of(entries);
        let (mailbox, news) = mpsc::unbounded_channel();
        let driver = Self {
            id: record.id,
            recorder: Recorder::new(record.id, Arc::clone(&shared)),
            stdout: Output::after(std::mem::take(&mut history.stdout)),
            stderr: Output::after(std::mem::take(&mut history.stderr)),
            history,
            record,
            shared,
            pool,
            catalog,
            program,
            outbox: VecDeque::new(),
            news,
            orders,
            deadline: None,
            open: BTreeMap::new(),
            numbers: HashMap::new(),
            order: StateOrder::new(),
            occurrences: HashMap::new(),
            in_flight: 0,
            held: VecDeque::new(),
            leaders: HashMap::new(),
            results: HashMap::new(),
            refused: HashMap::new(),
            under_way: HashSet::new(),
            abandoned: Vec::new(),
            closing: None,
            pausing: false,
            ended: false,
        };
        Ok((driver, mailbox))
    }

    /// To the task's end, or until it is paused. `start`: its turn among the pool's tasks.
    pub(crate) async fn run(mut self, start: Option<oneshot::Receiver<()>>) {
        self.reunite().await;
        if let Some(start) = start {
            self.wait_for(start).await;
        }
        if self.closing.is_none() && !self.pausing {
            self.begin().await;
        }
        let finished = self.work().await;
        if let Err(error) = finished {
            // Nothing of it is lost: it is resumed when the journal works again.
            tracing::error!(task = %self.id, %error, "a task stopped, because the journal failed");
        }
        self.program = None;
        let task = self.id;
        self.pool.send(Command::TaskEnded { task }).await;
    }

    /// Workers may have outlived the engine that granted these calls, and bring their results (J1).
    async fn reunite(&mut self) {
        let until = tokio::time::Instant::now() + self.shared.reunion;
        while self.history.in_doubt().next().is_some() {
            let executes = self.history.in_doubt().any(|known| {
                let lease = known.lease;
                lease.is_some_and(|lease| self.under_way.contains(&lease))
            });
            tokio::select! {
                () = tokio::time::sleep_until(until), if !executes => break,
                Some(news) = self.news.recv() => self.hear(news),
                order = self.orders.recv() => {
                    self.obey(order.unwrap_or(Order::Pause));
                    return;
                }
            }
        }
        let lost = self.history.writes_in_doubt().find(|known| {
            let entry = self.catalog.get(&known.function);
            !entry.is_some_and(|entry| entry.spec.idempotent)
        });
        if let Some(known) = lost {
            let (call, function) = (known.call, known.function.clone());
            let at = self.now();
            self.recorder.add(Entry::Uncertain { call, at });
            self.close(TaskEnd::Uncertain { call, function });
        }
    }

    async fn wait_for(&mut self, mut start: oneshot::Receiver<()>) {
        while self.closing.is_none() && !self.pausing {
            tokio::select! {
                _ = &mut start => return,
                Some(news) = self.news.recv() => self.hear(news),
                order = self.orders.recv() => self.obey(order.unwrap_or(Order::Pause)),
            }
        }
    }

    async fn begin(&mut self) {
        self.history.seal();
        let at = self.now();
        self.recorder.add(Entry::Started { at });
        let began = self.history.started.unwrap_or(at);
        self.deadline = self.record.spec.deadline.map(|deadline| began + deadline);
        let TaskKind::Program { source } = self.record.spec.kind else {
            return;
        };
        match self.start(source).await {
            Ok(program) => self.program = Some(program),
            Err(detail) => self.close(TaskEnd::Crashed { detail }),
        }
    }

    async fn start(&mut self, source: Digest) -> Result<RunningProgram, String> {
        let blobs = &self.shared.blobs;
        let lost = |error| format!("the program's source is not in the blob store: {error}");
        let source = blobs.get(source).await.map_err(lost)?;
        let spec = &self.record.spec;
        let inputs = spec.inputs.iter().map(|input| InputFile {
            name: input.name.clone(),
            kind: input.kind,
            blob: input.blob,
            path: blobs.path(input.blob),
        });
        let request = RunRequest {
            task: self.id,
            source: String::from_utf8_lossy(&source).into(),
            filename: spec.filename.clone(),
            inputs: inputs.collect(),
            seed: spec.seed,
            observed: self.history.observed.clone(),
            limits: spec.limits,
        };
        let running = self.shared.programs.run(request).await;
        running.map_err(|error| error.to_string())
    }

    async fn work(&mut self) -> Result<(), JournalError> {
        loop {
            self.end_if_over();
            if self.pausing && self.is_quiet() {
                return Ok(());
            }
            let happened = self.next().await;
            if let Step::Finished = self.step(happened).await? {
                return Ok(());
            }
        }
    }

    async fn next(&mut self) -> Happened {
        let deadline = self.deadline.map(|at| self.shared.clock.instant(at));
        let is_stuck = self.history.is_stuck();
        let listens = !self.recorder.is_full() && self.outbox.len() < OUTBOX;
        let speaks = !self.outbox.is_empty();
        let Self {
            recorder,
            program,
            outbox,
            news,
            orders,
            pausing,
            ..
        } = self;
        let has_program = program.is_some();
        let (events, control) = match program {
            Some(program) => (Some(&mut program.events), Some(&program.control)),
            None => (None, None),
        };
        tokio::select! {
            then = recorder.next() => Happened::Durable(then),
            Some(news) = news.recv() => Happened::News(news),
            // A runtime that was dropped gives no orders any more.
            order = orders.recv(), if !*pausing => {
                Happened::Order(order.unwrap_or(Order::Pause))
            }
            event = receive(events), if has_program && listens => Happened::Program(event),
            room = reserve(control), if has_program && speaks => {
                match (room, outbox.pop_front()) {
                    (Some(room), Some(message)) => room.send(message),
                    _ => outbox.clear(),
                }
                Happened::Sent
            }
            () = sleep_until(deadline) => Happened::DeadlinePassed,
            () = tokio::time::sleep(STUCK), if is_stuck => Happened::Stuck,
        }
    }

    async fn step(&mut self, happened: Happened) -> Result<Step, JournalError> {
        match happened {
            Happened::Durable(then) => return Ok(self.follow_up(then?).await),
            Happened::Program(Some(event)) => self.program_did(event).await,
            Happened::Program(None) => self.close(TaskEnd::Crashed {
                detail: "the program's process is gone".to_owned(),
            }),
            Happened::News(news) => self.hear(news),
            Happened::Order(order) => self.obey(order),
            Happened::DeadlinePassed => {
                self.deadline = None;
                self.close(TaskEnd::Deadline);
            }
            Happened::Stuck => self.release_replayed(true),
            Happened::Sent => {}
        }
        for call in std::mem::take(&mut self.abandoned) {
            self.pool.send(Command::Abandon { call }).await;
        }
        self.dispatch_ready().await;
        Ok(Step::GoOn)
    }

    async fn follow_up(&mut self, then: Vec<Then>) -> Step {
        let mut durable = Vec::new();
        let mut step = Step::GoOn;
        for then in then {
            match then {
                Then::Tell(message) => self.outbox.push_back(message),
                Then::Acknowledge(call) => durable.push(self.call_ref(call)),
                Then::Clear(lease) => self.pool.send(Command::Cleared { lease }).await,
                Then::End => step = Step::Finished,
            }
        }
        if !durable.is_empty() {
            self.pool.send(Command::Durable { calls: durable }).await;
        }
        step
    }

    async fn program_did(&mut self, event: ProgramEvent) {
        match event {
            ProgramEvent::Stdout(bytes) => self.print(bytes, Stream::Stdout),
            ProgramEvent::Stderr(bytes) => self.print(bytes, Stream::Stderr),
            ProgramEvent::Client(frame) => self.client_frame(frame),
            ProgramEvent::Observed(value) => self.recorder.add(Entry::Observed { value }),
            ProgramEvent::Answer(value) => {
                if self.history.answer.as_ref() != Some(&value) {
                    self.history.answer = Some(value.clone());
                    self.recorder.add(Entry::Answered { value });
                }
            }
            ProgramEvent::Blob(bytes) => {
                if let Err(error) = self.shared.blobs.put(&bytes).await {
                    let detail = format!("an image of the program could not be kept: {error}");
                    self.close(TaskEnd::Crashed { detail });
                }
            }
            ProgramEvent::Ended(end) => self.program_ended(end),
        }
    }

    fn client_frame(&mut self, frame: ClientFrame) {
        match frame {
            ClientFrame::Call {
                id,
                function,
                arguments,
            } => self.issue(id, function, arguments),
            ClientFrame::Cancel { id } => self.cancel(id),
            // A program in the sandbox has output under way still; its end is an event of its own.
            ClientFrame::Bye {} if self.record.spec.kind == TaskKind::External => {
                self.program_ended(TaskEnd::Normal);
            }
            ClientFrame::Bye {} => {}
            ClientFrame::Ping {} => self.outbox.push_back(ToClient::Pong {}),
            ClientFrame::Pong {} => {}
        }
    }

    fn print(&mut self, bytes: Bytes, stream: Stream) {
        let at = self.now();
        let output = match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        };
        match output.write(bytes) {
            Ok(None) => {}
            Ok(Some((offset, bytes))) => self.recorder.add(match stream {
                Stream::Stdout => Entry::Stdout { at, offset, bytes },
                Stream::Stderr => Entry::Stderr { at, offset, bytes },
            }),
            // Tracebacks and warnings are outside equality (O1).
            Err(_) if stream == Stream::Stderr => {}
            Err(differs) => self.close(diverged(format!(
                "stdout differs from the first run's, from byte {} on",
                differs.at
            ))),
        }
    }

    fn program_ended(&mut self, end: TaskEnd) {
        let end = self.replay_objection().unwrap_or(end);
        self.close(end);
    }

    /// What the first run did, and this one did not (J5).
    fn replay_objection(&self) -> Option<TaskEnd> {
        if let Some(known) = self.history.write_not_asked_for() {
            let function = &known.function;
            return Some(diverged(format!(
                "the first run wrote by {function} (call {}), this one did not",
                known.call
            )));
        }
        let missing = self.stdout.end().err()?;
        Some(diverged(format!(
            "the first run had printed more than {} bytes",
            missing.at
        )))
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Cancel => self.close(TaskEnd::Cancelled),
            Order::Pause => self.pause(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    pub(super) fn call_ref(&self, call: u32) -> CallRef {
        CallRef {
            task: self.id,
            call,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Stdout,
    Stderr,
}

async fn receive(events: Option<&mut mpsc::Receiver<ProgramEvent>>) -> Option<ProgramEvent> {
    match events {
        Some(events) => events.recv().await,
        None => std::future::pending().await,
    }
}

async fn reserve(control: Option<&mpsc::Sender<ToClient>>) -> Option<mpsc::Permit<'_, ToClient>> {
    match control {
        Some(control) => control.reserve().await.ok(),
        None => std::future::pending().await,
    }
}

async fn sleep_until(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
