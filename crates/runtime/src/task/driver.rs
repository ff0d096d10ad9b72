//! The actor of one task: runs its program, by replay if it ran before, to a durable end.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use dice_catalog::Catalog;
use dice_model::{CallRef, LeaseId, TaskEnd, TaskId, Timestamp};
use dice_wire::ToClient;
use futures::stream::{BoxStream, StreamExt as _};
use tokio::sync::{mpsc, oneshot};

use super::call::Open;
use super::guesses::Guesses;
use super::recorder::{Recorder, Then};
use super::run::Run;
use super::{Order, Shared};
use crate::dispatcher::{CallNews, Command, Pool};
use crate::failpoint::{Failpoint, reached};
use crate::journal::JournalError;
use crate::record::TaskRecord;
use crate::{ProgramEvent, RunningProgram};

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
    pub(super) recorder: Recorder,
    pub(super) program: Option<RunningProgram>,
    pub(super) run: Run,
    pub(super) news: mpsc::UnboundedReceiver<CallNews>,
    pub(super) orders: mpsc::Receiver<Order>,
    pub(super) deadline: Option<Timestamp>,

    pub(super) open: BTreeMap<u32, Open>,
    /// Dispatched, or waiting because too many are.
    pub(super) in_flight: usize,
    pub(super) held: VecDeque<u32>,
    pub(super) guesses: Guesses,
    /// Calls that are no guesses any more: to be told the dispatcher.
    pub(super) came_true: Vec<CallRef>,
    /// Leases that workers of an earlier engine still execute.
    pub(super) under_way: HashSet<LeaseId>,
    /// To be withdrawn at the dispatcher.
    pub(super) abandoned: Vec<CallRef>,

    /// The task ends so, once its writes have ended.
    pub(super) closing: Option<TaskEnd>,
    pub(super) pausing: bool,
    /// The program is run again, once what it had dispatched has ended.
    pub(super) interrupted: bool,
    pub(super) losses: u32,
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
    /// The task has ended, or is paused.
    Finished,
    /// The program is to be run again.
    Again,
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
        let run = Run::after(shared.journal.as_ref(), record.id).await?;
        let (mailbox, news) = mpsc::unbounded_channel();
        let driver = Self {
            id: record.id,
            recorder: Recorder::new(record.id, Arc::clone(&shared)),
            record,
            shared,
            pool,
            catalog,
            program,
            run,
            news,
            orders,
            deadline: None,
            open: BTreeMap::new(),
            in_flight: 0,
            held: VecDeque::new(),
            guesses: Guesses::default(),
            came_true: Vec::new(),
            under_way: HashSet::new(),
            abandoned: Vec::new(),
            closing: None,
            pausing: false,
            interrupted: false,
            losses: 0,
            ended: false,
        };
        Ok((driver, mailbox))
    }

    /// To the task's end, or until it is paused. `start`: its turn among the pool's tasks.
    #[tracing::instrument(level = "error", name = "task", skip_all, fields(task = self.id.0))]
    pub(crate) async fn run(mut self, start: Option<oneshot::Receiver<()>>) {
        self.reunite().await;
        if let Some(start) = start {
            self.wait_for(start).await;
        }
        let finished = self.live().await;
        if let Err(error) = finished {
            // Nothing of it is lost: it is resumed when the journal works again.
            tracing::error!(%error, "a task stopped, because the journal failed");
            self.shared.fail(error);
        }
        self.program = None;
        let task = self.id;
        self.pool.send(Command::TaskEnded { task }).await;
    }

    async fn live(&mut self) -> Result<(), JournalError> {
        loop {
            if self.closing.is_none() && !self.pausing {
                self.begin().await;
            }
            match self.work().await? {
                Step::Again => self.start_over().await?,
                Step::Finished | Step::GoOn => return Ok(()),
            }
        }
    }

    async fn work(&mut self) -> Result<Step, JournalError> {
        loop {
            self.end_if_over();
            if self.is_quiet() {
                if self.pausing {
                    return Ok(Step::Finished);
                }
                if self.interrupted && self.closing.is_none() {
                    return Ok(Step::Again);
                }
            }
            let happened = self.next().await;
            match self.step(happened).await? {
                Step::GoOn => {}
                over => return Ok(over),
            }
        }
    }

    async fn next(&mut self) -> Happened {
        let deadline = self.deadline.map(|at| self.shared.clock.instant(at));
        let is_stuck = self.run.history.is_stuck();
        let listens = !self.recorder.is_full() && self.run.outbox.len() < OUTBOX;
        let speaks = !self.run.outbox.is_empty();
        let Self {
            recorder,
            program,
            run,
            news,
            orders,
            pausing,
            ..
        } = self;
        let outbox = &mut run.outbox;
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
            Happened::Program(None) => self.program_lost(),
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
        for call in std::mem::take(&mut self.came_true) {
            self.pool.send(Command::GuessCameTrue { call }).await;
        }
        self.dispatch_ready().await;
        Ok(Step::GoOn)
    }

    async fn follow_up(&mut self, then: Vec<Then>) -> Step {
        let mut durable = Vec::new();
        let mut step = Step::GoOn;
        for then in then {
            match then {
                Then::Tell(message) => self.run.outbox.push_back(message),
                Then::Acknowledge(call) => {
                    reached(Failpoint::OutcomeDurable);
                    durable.push(self.call_ref(call));
                }
                Then::Clear(lease) => {
                    reached(Failpoint::IntentDurable);
                    self.pool.send(Command::Cleared { lease }).await;
                }
                Then::End => step = Step::Finished,
            }
        }
        if !durable.is_empty() {
            self.pool.send(Command::Durable { calls: durable }).await;
        }
        step
    }

    pub(super) fn obey(&mut self, order: Order) {
        match order {
            Order::End(end) => self.close(end),
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

async fn receive(events: Option<&mut BoxStream<'static, ProgramEvent>>) -> Option<ProgramEvent> {
    match events {
        Some(events) => events.next().await,
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
