//! Tasks: admission in the order of acceptance, tenants in turn (RUNTIME P7), and what ends with them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use dice_model::{CallRef, LeaseId, TaskId, Tenant, Timestamp};
use rustc_hash::FxHashMap;

use crate::function::FunctionIndex;
use crate::paths::Way;
use crate::tenants::TenantIndex;
use crate::{Action, Scheduler, Terms};

#[derive(Debug, Default)]
pub(crate) struct Tasks {
    all: FxHashMap<TaskId, Task>,
    /// Accepted, not started, by order.
    waiting: BTreeMap<TenantIndex, Line>,
    /// Tenants with waiting tasks: by what they run, for their weight, then by their oldest.
    turns: BTreeSet<(u64, u64, TenantIndex)>,
    waiting_count: usize,
    running: usize,
    /// Running tasks that have called something.
    begun: usize,
    /// Tasks that ever arrived.
    arrivals: u64,
}

/// One tenant's tasks.
#[derive(Debug, Default)]
struct Line {
    weight: u64,
    running: u64,
    waiting: BTreeMap<u64, TaskId>,
}

#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) order: u64,
    pub(crate) stage: Stage,
    pub(crate) tenant: TenantIndex,
    pub(crate) accepted: Timestamp,
    /// From its start.
    pub(crate) deadline: Option<Duration>,
    pub(crate) due: Option<Timestamp>,
    /// Its calls without an end.
    pub(crate) calls: BTreeSet<u32>,
    /// Each function that it has called, once.
    pub(crate) called: Vec<FunctionIndex>,
    pub(crate) way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Waiting,
    Running,
    /// Never accepted: somebody else runs the program, and we serve its calls.
    External,
}

/// For comparing what tenants of unlike weight run.
const WHOLE: u64 = 1 << 20;

impl Line {
    /// Where the tenant stands among those with waiting tasks.
    fn turn(&self, tenant: TenantIndex) -> Option<(u64, u64, TenantIndex)> {
        let (&oldest, _) = self.waiting.first_key_value()?;
        Some((self.running * WHOLE / self.weight, oldest, tenant))
    }
}

impl Tasks {
    fn add(&mut self, id: TaskId, task: Task, weight: u64) {
        self.arrivals += 1;
        let task = Task {
            order: self.arrivals,
            ..task
        };
        self.change(task.tenant, weight, |line| match task.stage {
            Stage::Waiting => drop(line.waiting.insert(task.order, id)),
            Stage::Running => line.running += 1,
            Stage::External => {}
        });
        match task.stage {
            Stage::Waiting => self.waiting_count += 1,
            Stage::Running => self.running += 1,
            Stage::External => {}
        }
        self.all.insert(id, task);
    }

    /// Of the tenant's tasks; its turn is kept true.
    fn change(&mut self, tenant: TenantIndex, weight: u64, change: impl FnOnce(&mut Line)) {
        let line = self.waiting.entry(tenant).or_default();
        line.weight = weight;
        if let Some(turn) = line.turn(tenant) {
            self.turns.remove(&turn);
        }
        change(line);
        self.turns.extend(line.turn(tenant));
        if line.running == 0 && line.waiting.is_empty() {
            self.waiting.remove(&tenant);
        }
    }

    fn remove(&mut self, id: TaskId) -> Option<Task> {
        let removed = self.all.remove(&id)?;
        match removed.stage {
            Stage::Waiting => self.waiting_count -= 1,
            Stage::Running => {
                self.running -= 1;
                self.begun -= usize::from(!removed.called.is_empty());
            }
            Stage::External => return Some(removed),
        }
        let weight = self.waiting[&removed.tenant].weight;
        self.change(removed.tenant, weight, |line| match removed.stage {
            Stage::Waiting => drop(line.waiting.remove(&removed.order)),
            Stage::Running | Stage::External => line.running -= 1,
        });
        Some(removed)
    }

    /// The oldest of the tenant that runs least for its weight.
    fn start_next(&mut self, now: Timestamp) -> Option<TaskId> {
        let &(_, oldest, tenant) = self.turns.first()?;
        let weight = self.waiting[&tenant].weight;
        let mut task = None;
        self.change(tenant, weight, |line| {
            task = line.waiting.remove(&oldest);
            line.running += 1;
        });
        let task = task?;
        self.waiting_count -= 1;
        self.running += 1;
        let entry = self.all.get_mut(&task).expect("waiting tasks are known");
        entry.stage = Stage::Running;
        entry.due = entry.deadline.map(|deadline| now + deadline);
        Some(task)
    }

    pub(crate) fn get(&self, task: TaskId) -> Option<&Task> {
        self.all.get(&task)
    }

    pub(crate) fn get_mut(&mut self, task: TaskId) -> Option<&mut Task> {
        self.all.get_mut(&task)
    }

    pub(crate) fn waiting(&self) -> usize {
        self.waiting_count
    }

    pub(crate) fn running(&self) -> usize {
        self.running
    }

    /// Accepted tasks that have called nothing yet.
    pub(crate) fn not_begun(&self) -> usize {
        self.waiting_count + self.running - self.begun
    }

    /// It calls a function, for the first time.
    pub(crate) fn calls_first(&mut self, id: TaskId, function: FunctionIndex) {
        let Some(task) = self.all.get_mut(&id) else {
            return;
        };
        let begins = task.called.is_empty() && task.stage == Stage::Running;
        self.begun += usize::from(begins);
        task.called.push(function);
    }

    /// In the order in which they arrived.
    pub(crate) fn in_order(&self) -> Vec<(TaskId, &Task)> {
        let mut tasks: Vec<_> = self.all.iter().map(|(id, task)| (*id, task)).collect();
        tasks.sort_by_key(|(_, task)| task.order);
        tasks
    }
}

impl Scheduler {
    pub(crate) fn task_accepted(&mut self, task: TaskId, terms: Terms) {
        if self.add_task(task, Stage::Waiting, terms) {
            self.start_tasks();
        }
    }

    /// False if it is known already.
    pub(crate) fn add_task(&mut self, id: TaskId, stage: Stage, terms: Terms) -> bool {
        if self.tasks.get(id).is_some() {
            return false;
        }
        let tenant = if self.policy.shares_fairly() {
            terms.tenant
        } else {
            Tenant::default()
        };
        let weight = self.options.weights.get(&tenant).copied();
        let tenant = self.tenants.find_or_add(&tenant, weight.unwrap_or(1));
        let started = stage == Stage::Running;
        let task = Task {
            order: 0,
            stage,
            tenant,
            accepted: self.now,
            deadline: terms.deadline,
            due: terms.deadline.filter(|_| started).map(|at| self.now + at),
            calls: BTreeSet::new(),
            called: Vec::new(),
            way: Way::default(),
        };
        let weight = self.tenants.weight(tenant);
        self.tasks.add(id, task, weight);
        true
    }

    pub(crate) fn start_tasks(&mut self) {
        while self.tasks.running < self.options.concurrency as usize {
            let Some(task) = self.tasks.start_next(self.now) else {
                return;
            };
            self.actions.push(Action::StartTask { task });
        }
    }

    pub(crate) fn task_ended(&mut self, task: TaskId) {
        let Some(ended) = self.tasks.remove(task) else {
            return;
        };
        if let Some(seen) = ended.way.finished() {
            self.learn_path(seen);
        }
        let mut cancelled: BTreeMap<LeaseId, Vec<CallRef>> = BTreeMap::new();
        for call in ended.calls {
            let call = CallRef { task, call };
            for lease in self.abandon(call) {
                cancelled.entry(lease).or_default().push(call);
            }
        }
        for (lease, calls) in cancelled {
            self.actions.push(Action::Cancel { lease, calls });
        }
        self.start_tasks();
        self.note_quiet();
    }

    /// Could a call of anything still come (RUNTIME P5)?
    pub(crate) fn any_task(&self) -> bool {
        !self.tasks.all.is_empty()
    }
}
