//! Works a scenario off: the live scheduler decides, this is the world that it decides about.

mod clock;
mod ledger;
mod open_tasks;
mod world;

use std::time::Duration;

use dice_model::{CallRef, FunctionId, TaskId, Timestamp};
use dice_scheduler::{Action, CallEnd, Event, IssuedCall, LeaseGrant, Options, Scheduler, Terms};

use clock::Clock;
use ledger::Ledger;
use open_tasks::{OpenTasks, Then};
use world::World;

use crate::{Outcome, Scenario};

/// Nothing goes wrong in a simulated world unless the scenario says so; then the run is worth nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SimulationError {
    #[error("at {at:?}: the scheduler gave up a call: {message}")]
    CallFailed { at: Duration, message: String },
    #[error("at {at:?}: {open} tasks are open and nothing is left to happen")]
    Stuck { at: Duration, open: u64 },
}

/// What will happen.
#[derive(Debug)]
pub(crate) enum Coming {
    NodeJoins(usize),
    TaskArrives(u64),
    /// Its program comes to these calls.
    TaskCalls(TaskId, std::ops::Range<u32>),
    /// It was live since then.
    TaskEnds(TaskId, Timestamp),
    Loaded(FunctionId, dice_model::DeviceId),
    Unloaded(FunctionId, dice_model::DeviceId),
    LeaseEnds(LeaseGrant),
}

struct Run<'a> {
    scheduler: Scheduler,
    clock: Clock<Coming>,
    world: World<'a>,
    open: OpenTasks,
    ledger: Ledger,
    tasks: u64,
}

/// Runs the scenario to its end, in virtual time.
pub fn simulate(scenario: &Scenario) -> Result<Outcome, SimulationError> {
    let mut run = Run::new(scenario);
    run.world.begin(&mut run.scheduler, &mut run.clock);
    run.obey()?;
    while run.ledger.tasks() < run.tasks {
        run.step()?;
    }
    let (end, path) = (run.clock.now(), run.open.longest_path());
    Ok(run.ledger.outcome(end, path))
}

impl<'a> Run<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        Self {
            scheduler: Scheduler::new(options(scenario)),
            clock: Clock::default(),
            world: World::new(scenario),
            open: OpenTasks::new(scenario),
            ledger: Ledger::new(scenario),
            tasks: scenario.work.tasks,
        }
    }

    /// Everything that happens at the next moment, then what the scheduler makes of it.
    fn step(&mut self) -> Result<(), SimulationError> {
        let wake = self.scheduler.next_wake();
        let Some(now) = self.clock.advance(wake) else {
            return Err(SimulationError::Stuck {
                at: self.clock.now() - Timestamp::ZERO,
                open: self.tasks - self.ledger.tasks(),
            });
        };
        let mut nothing = true;
        while let Some(coming) = self.clock.due() {
            nothing = false;
            self.happen(coming);
        }
        if nothing {
            self.scheduler.handle(now, Event::Tick);
        }
        self.obey()
    }

    fn happen(&mut self, coming: Coming) {
        match coming {
            Coming::NodeJoins(node) => {
                self.world.join(node, self.clock.now(), &mut self.scheduler);
                self.ledger.joined(self.clock.now(), self.world.node(node));
            }
            Coming::TaskArrives(number) => {
                let task = TaskId(number);
                self.tell(Event::TaskAccepted {
                    task,
                    terms: Terms::default(),
                });
            }
            Coming::TaskCalls(task, calls) => self.call(task, calls),
            Coming::TaskEnds(task, since) => {
                self.tell(Event::TaskEnded { task });
                self.ledger.task_ended(task, since, self.clock.now());
            }
            Coming::Loaded(function, device) => {
                self.ledger.loaded(self.clock.now(), &function, &device);
                let memory_bytes = self.world.memory_bytes(&function);
                self.tell(Event::Loaded {
                    function,
                    device,
                    memory_bytes,
                });
            }
            Coming::Unloaded(function, device) => self.tell(Event::Unloaded { function, device }),
            Coming::LeaseEnds(grant) => self.lease_ends(grant),
        }
    }

    fn tell(&mut self, event: Event) {
        self.scheduler.handle(self.clock.now(), event);
    }

    fn call(&mut self, task: TaskId, calls: std::ops::Range<u32>) {
        for call in calls {
            let call = CallRef { task, call };
            let function = self.world.function(self.open.function(call)).clone();
            self.tell(Event::CallIssued(IssuedCall::new(call, function)));
        }
    }

    fn lease_ends(&mut self, grant: LeaseGrant) {
        let calls = grant.calls.iter();
        let ended = calls.map(|(call, _)| (*call, CallEnd::Finished)).collect();
        self.tell(Event::LeaseResults {
            lease: grant.lease,
            ended,
            last: true,
        });
        for (call, _) in &grant.calls {
            match self.open.call_ended(*call) {
                // At once, so that calls of several tasks are there when the scheduler decides.
                Then::Calls(Duration::ZERO, calls) => self.call(call.task, calls),
                Then::Ends(Duration::ZERO, since) => {
                    self.happen(Coming::TaskEnds(call.task, since));
                }
                then => program_does(&mut self.clock, call.task, then),
            }
        }
        self.ledger.executed(self.clock.now(), grant);
    }

    fn obey(&mut self) -> Result<(), SimulationError> {
        let now = self.clock.now();
        let Self {
            scheduler,
            clock,
            world,
            open,
            ledger,
            ..
        } = self;
        for action in scheduler.drain_actions() {
            match action {
                Action::StartTask { task } => {
                    let then = open.start(task, now);
                    program_does(clock, task, then);
                }
                Action::Load { function, device } => {
                    ledger.loads(now, &device);
                    let time = world.load_time(&function, &device);
                    clock.at(now + time, Coming::Loaded(function, device));
                }
                Action::Unload { function, device } => {
                    clock.at(now, Coming::Unloaded(function, device));
                }
                Action::Grant(grant) => {
                    let factors = open.factors(&grant.calls);
                    ledger.granted(now, &grant, factors);
                    let time = world.lease_time(&grant, factors);
                    clock.at(now + time, Coming::LeaseEnds(grant));
                }
                Action::FailCall { failure, .. } => {
                    return Err(SimulationError::CallFailed {
                        at: now - Timestamp::ZERO,
                        message: failure.message,
                    });
                }
                // Nobody withdraws calls, and no lease outlives its deadline.
                Action::Kill { .. } | Action::Cancel { .. } | Action::CallUncertain { .. } => {}
            }
        }
        Ok(())
    }
}

/// What a program does after its own time is announced.
fn program_does(clock: &mut Clock<Coming>, task: TaskId, then: Then) {
    let now = clock.now();
    match then {
        Then::Waits => {}
        Then::Calls(after, calls) => clock.at(now + after, Coming::TaskCalls(task, calls)),
        Then::CallsEach(calls) => {
            for (after, call) in calls {
                clock.at(now + after, Coming::TaskCalls(task, call..call + 1));
            }
        }
        Then::Ends(after, since) => clock.at(now + after, Coming::TaskEnds(task, since)),
    }
}

/// Time limits are for a world in which something may hang: here they would only cut long batches.
fn options(scenario: &Scenario) -> Options {
    let never = Duration::from_secs(100 * 365 * 24 * 3600);
    Options {
        policy: scenario.policy,
        concurrency: scenario.concurrency,
        execution_deadline: never,
        waiting_limit: never,
        load_deadline: never,
        ..Options::default()
    }
}
