//! Tasks whose programs run: how far each one is.

use std::time::Duration;

use dice_model::{CallRef, TaskId, Timestamp};
use dice_scheduler::IssuedCall;
use rustc_hash::FxHashMap;

use super::world::World;
use crate::scenario::Scenario;
use crate::work::{Task, Tasks};

#[derive(Debug)]
pub(crate) struct OpenTasks {
    tasks: Tasks,
    open: FxHashMap<TaskId, Open>,
    longest_path: Duration,
}

#[derive(Debug)]
struct Open {
    task: Task,
    since: Timestamp,
    /// Stages that were issued.
    stage: usize,
    /// Calls that were issued.
    issued: usize,
    /// Of those, without an end.
    waiting: u32,
}

/// What a task does when one of its calls has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Waits,
    Calls,
    /// It was live since then.
    Ends(Timestamp),
}

impl OpenTasks {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self {
            tasks: Tasks::new(scenario),
            open: FxHashMap::default(),
            longest_path: Duration::ZERO,
        }
    }

    /// The longest that a task so far would have taken if it had never waited.
    pub(crate) const fn longest_path(&self) -> Duration {
        self.longest_path
    }

    /// Its program's own time before the first call.
    pub(crate) fn start(&mut self, task: TaskId, now: Timestamp) -> Duration {
        let made = self.tasks.task(task.0);
        let program = made.program;
        let path = self.tasks.shortest_time(&made);
        self.longest_path = self.longest_path.max(path);
        let open = Open {
            task: made,
            since: now,
            stage: 0,
            issued: 0,
            waiting: 0,
        };
        self.open.insert(task, open);
        program
    }

    pub(crate) fn next_stage<'a>(
        &'a mut self,
        task: TaskId,
        world: &'a World<'_>,
    ) -> impl Iterator<Item = IssuedCall> + use<'a> {
        let open = self.open.get_mut(&task).expect("it runs");
        let first = open.issued;
        open.waiting = open.task.stages[open.stage];
        open.stage += 1;
        open.issued += open.waiting as usize;
        let functions = &open.task.calls[first..open.issued];
        (first..).zip(functions).map(move |(call, function)| {
            let call = u32::try_from(call).expect("few calls");
            IssuedCall::new(CallRef { task, call }, world.function(*function).clone())
        })
    }

    /// How many times as long as the profile says these calls take, added up.
    pub(crate) fn factors(&self, calls: &[(CallRef, u32)]) -> f64 {
        let factors = calls
            .iter()
            .map(|(call, _)| self.open[&call.task].task.factor(call.call));
        factors.sum()
    }

    pub(crate) fn call_ended(&mut self, task: TaskId) -> Then {
        let open = self.open.get_mut(&task).expect("it runs");
        open.waiting -= 1;
        if open.waiting > 0 {
            return Then::Waits;
        }
        if open.stage < open.task.stages.len() {
            return Then::Calls;
        }
        let since = open.since;
        self.open.remove(&task);
        Then::Ends(since)
    }
}
