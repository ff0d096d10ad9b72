//! Tasks: admission in the order of acceptance (RUNTIME P7), and what ends with them.

use std::collections::{BTreeMap, BTreeSet};

use dice_model::{CallRef, LeaseId, TaskId};
use rustc_hash::FxHashMap;

use crate::function::FunctionIndex;
use crate::timers::Timer;
use crate::{Action, Scheduler};

#[derive(Debug, Default)]
pub(crate) struct Tasks {
    all: FxHashMap<TaskId, Task>,
    /// Accepted, not started, by order.
    waiting: BTreeMap<u64, TaskId>,
    running: usize,
    /// Tasks that ever arrived.
    arrivals: u64,
}

#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) order: u64,
    pub(crate) stage: Stage,
    /// Its calls without an end.
    pub(crate) calls: BTreeSet<u32>,
    /// Each function that it has called, once.
    pub(crate) called: Vec<FunctionIndex>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Waiting,
    Running,
    /// Never accepted: somebody else runs the program, and we serve its calls.
    External,
}

impl Tasks {
    /// False if it is known already.
    pub(crate) fn add(&mut self, task: TaskId, stage: Stage) -> bool {
        if self.all.contains_key(&task) {
            return false;
        }
        self.arrivals += 1;
        let order = self.arrivals;
        match stage {
            Stage::Waiting => {
                self.waiting.insert(order, task);
            }
            Stage::Running => self.running += 1,
            Stage::External => {}
        }
        let calls = BTreeSet::new();
        self.all.insert(
            task,
            Task {
                order,
                stage,
                calls,
                called: Vec::new(),
            },
        );
        true
    }

    fn remove(&mut self, task: TaskId) -> Option<Task> {
        let removed = self.all.remove(&task)?;
        match removed.stage {
            Stage::Waiting => {
                self.waiting.remove(&removed.order);
            }
            Stage::Running => self.running -= 1,
            Stage::External => {}
        }
        Some(removed)
    }

    fn start_next(&mut self) -> Option<TaskId> {
        let (_, task) = self.waiting.pop_first()?;
        self.running += 1;
        let entry = self.all.get_mut(&task).expect("waiting tasks are known");
        entry.stage = Stage::Running;
        Some(task)
    }

    pub(crate) fn get_mut(&mut self, task: TaskId) -> Option<&mut Task> {
        self.all.get_mut(&task)
    }

    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) fn running(&self) -> usize {
        self.running
    }

    /// In the order in which they arrived.
    pub(crate) fn in_order(&self) -> Vec<(TaskId, &Task)> {
        let mut tasks: Vec<_> = self.all.iter().map(|(id, task)| (*id, task)).collect();
        tasks.sort_by_key(|(_, task)| task.order);
        tasks
    }
}

impl Scheduler {
    pub(crate) fn task_accepted(&mut self, task: TaskId) {
        if self.tasks.add(task, Stage::Waiting) {
            self.start_tasks();
        }
    }

    pub(crate) fn start_tasks(&mut self) {
        while self.tasks.running < self.options.concurrency as usize {
            let Some(task) = self.tasks.start_next() else {
                return;
            };
            self.actions.push(Action::StartTask { task });
        }
    }

    pub(crate) fn task_ended(&mut self, task: TaskId) {
        let Some(ended) = self.tasks.remove(task) else {
            return;
        };
        let mut cancelled: BTreeMap<LeaseId, Vec<CallRef>> = BTreeMap::new();
        for call in ended.calls {
            let call = CallRef { task, call };
            if let Some(lease) = self.abandon(call) {
                cancelled.entry(lease).or_default().push(call);
            }
        }
        for (lease, calls) in cancelled {
            self.actions.push(Action::Cancel { lease, calls });
        }
        self.start_tasks();
        self.plan_unload();
    }

    fn plan_unload(&mut self) {
        let Some(after) = self.options.unload_after else {
            return;
        };
        if self.tasks.all.is_empty() {
            self.timers.set(self.now + after, Timer::Unload);
        }
    }

    /// To zero only when no task could still call (RUNTIME P5).
    pub(crate) fn unload_idle(&mut self) {
        let Some(after) = self.options.unload_after else {
            return;
        };
        if !self.tasks.all.is_empty() {
            return;
        }
        for (device, function) in self.idle_models(after) {
            self.leave(device, function);
        }
    }
}
