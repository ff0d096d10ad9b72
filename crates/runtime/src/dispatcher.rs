//! One actor per pool: owns its scheduler, tells it what happens, carries out what it asks for.
//!
//! It never waits for anybody: workers' queues are tried, tasks' mailboxes take what fits their own
//! bound on calls, and the disk is the tasks' business.

mod actions;
mod command;
mod leases;
mod left_over;
mod results;
mod room;
mod singles;
mod view;
mod workers;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use dice_model::{CallRef, DeviceId, Epoch, FunctionId, FunctionSpec, NodeSpec, TaskId};
use dice_scheduler::{Event, Scheduler};
use tokio::sync::{mpsc, oneshot};

pub(crate) use command::{CallNews, CallWork, Command, Pool, WorkerCommand};
pub use view::{PoolView, WorkerState, WorkerView};

use self::leases::Leases;
use self::left_over::LeftOver;
use self::room::Room;
use self::workers::Workers;
use crate::journal::Journal;
use crate::single::Desk;
use crate::{Clock, Launcher, PoolOptions};

/// Commands that may wait; who sends more waits itself.
const INBOX: usize = 4096;
/// Commands taken in one go before anything is decided, so that calls that come together share batches.
const BURST: usize = 512;

/// What a dispatcher needs from the runtime.
pub(crate) struct Surroundings {
    pub(crate) epoch: Epoch,
    pub(crate) clock: Clock,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) launcher: Arc<dyn Launcher>,
    pub(crate) logs: std::path::PathBuf,
    pub(crate) secret: String,
    pub(crate) observers: crate::Observers,
}

pub(crate) struct Dispatcher {
    options: PoolOptions,
    around: Surroundings,
    scheduler: Scheduler,
    functions: HashMap<FunctionId, Arc<FunctionSpec>>,
    room: Room,
    tasks: HashMap<TaskId, TaskPlace>,
    calls: BTreeMap<CallRef, CallWork>,
    leases: Leases,
    workers: Workers,
    left_over: LeftOver,
    /// For calls without a program.
    desk: Desk,
    /// Of the inbox, for the supervisors of workers.
    pool: Pool,
    stopping: Option<oneshot::Sender<()>>,
}

struct TaskPlace {
    news: mpsc::UnboundedSender<CallNews>,
    start: Option<oneshot::Sender<()>>,
}

impl Dispatcher {
    /// Runs until [`Command::Stop`] has been carried out, or the runtime is dropped, which kills the
    /// workers.
    pub(crate) fn spawn(options: PoolOptions, around: Surroundings) -> Pool {
        let (inbox, commands) = mpsc::channel(INBOX);
        let pool = Pool::new(options.name.clone(), inbox);
        let restored = dice_scheduler::Restored {
            at: around.clock.now(),
            nodes: options.nodes.clone(),
            // Numbers of leases of different epochs never meet.
            last_lease: around.epoch.0 << 32,
            ..dice_scheduler::Restored::default()
        };
        let scheduling = dice_scheduler::Options {
            // Engines that failed together are not tried again together.
            seed: around.epoch.0,
            ..options.scheduling.clone()
        };
        let desk = Desk::open(Arc::clone(&around.journal), pool.clone().downgraded());
        let dispatcher = Self {
            desk,
            scheduler: Scheduler::restore(scheduling, restored),
            workers: Workers::new(&options, &around),
            options,
            around,
            functions: HashMap::new(),
            room: Room::default(),
            tasks: HashMap::new(),
            calls: BTreeMap::new(),
            leases: Leases::default(),
            left_over: LeftOver::default(),
            pool: pool.clone().downgraded(),
            stopping: None,
        };
        tokio::spawn(dispatcher.run(commands));
        pool
    }

    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            self.carry_out();
            if self.is_stopped() {
                return;
            }
            let wake = self.scheduler.next_wake();
            let wake = wake.map(|at| self.around.clock.instant(at));
            tokio::select! {
                command = commands.recv() => match command {
                    None => return,
                    Some(command) => {
                        self.obey(command);
                        for _ in 1..BURST {
                            match commands.try_recv() {
                                Ok(command) => self.obey(command),
                                Err(_) => break,
                            }
                        }
                    }
                },
                () = sleep_until(wake) => self.tell(Event::Tick),
            }
        }
    }

    fn tell(&mut self, event: Event) {
        self.scheduler.handle(self.around.clock.now(), event);
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Offer {
                function,
                description,
                profile,
            } => {
                let spec = FunctionSpec::clone(&function);
                self.room.expect(&spec, &profile);
                self.workers.expect_description(&spec, description);
                self.functions.insert(spec.id.clone(), function);
                self.tell(Event::FunctionOffered {
                    function: spec,
                    profile,
                });
            }
            Command::Withdraw { function } => self.tell(Event::FunctionWithdrawn(function)),
            Command::Want { function, devices } => {
                self.tell(Event::FunctionWanted { function, devices });
            }
            Command::Register {
                task,
                terms,
                news,
                start,
            } => {
                let admitted = start.is_some();
                self.left_over.tell(task, &news);
                self.tasks.insert(task, TaskPlace { news, start });
                if admitted {
                    self.tell(Event::TaskAccepted { task, terms });
                }
            }
            Command::Resumed => {
                let nobodys = self.left_over.resumed();
                self.workers.acknowledge(nobodys);
            }
            Command::TaskEnded { task } => {
                self.tasks.remove(&task);
                self.forget_calls(task);
                let unsent = self.leases.unsent_of(task);
                self.tell(Event::TaskEnded { task });
                unsent.into_iter().for_each(|lease| self.never_send(lease));
            }
            Command::Issue { call, work } => {
                self.calls.insert(call.call, work);
                self.tell(Event::CallIssued(call));
            }
            Command::GuessCameTrue { call } => self.tell(Event::GuessCameTrue { call }),
            Command::Abandon { call } => self.abandon(call),
            Command::Cleared { lease } => self.send_cleared(lease),
            Command::Durable { calls } => self.workers.acknowledge(calls),
            Command::Worker(command) => self.worker(command),
            Command::View(answer) => drop(answer.send(self.view())),
            Command::Stop { grace, done } => {
                self.stopping = Some(done);
                self.workers.stop_all(grace);
            }
        }
    }

    fn abandon(&mut self, call: CallRef) {
        let work = self.calls.remove(&call);
        let unsent = self.leases.unsent(call);
        self.tell(Event::CallWithdrawn { call });
        unsent.into_iter().for_each(|lease| self.never_send(lease));
        if let Some(single) = work.and_then(|work| work.single) {
            self.single_over(call, single, None);
        }
    }

    fn forget_calls(&mut self, task: TaskId) {
        let number = |call| CallRef { task, call };
        let of_task = self.calls.range(number(0)..=number(u32::MAX));
        let of_task: Vec<CallRef> = of_task.map(|(call, _)| *call).collect();
        for call in of_task {
            self.calls.remove(&call);
        }
    }

    /// After [`Command::Stop`], once the last worker's process is gone.
    fn is_stopped(&mut self) -> bool {
        if self.stopping.is_some() && self.workers.are_gone() {
            self.stopping.take().map(|done| done.send(()));
            return true;
        }
        false
    }

    fn node_of(&self, device: &DeviceId) -> Option<&NodeSpec> {
        let has = |node: &&NodeSpec| node.devices.iter().any(|spec| &spec.id == device);
        self.options.nodes.iter().find(has)
    }
}

async fn sleep_until(wake: Option<tokio::time::Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake).await,
        None => std::future::pending().await,
    }
}
