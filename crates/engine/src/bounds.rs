//! Budgets and deadlines of batches and tasks: what is over them is ended from outside (RUNTIME J7).
//!
//! What counts is what is rented meanwhile, idle time and all, since that is what the bill says. Nodes are held
//! while an engine runs; while none does, no budget is spent.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dice_cost::{Bill, PriceBook, TimeScale, Window};
use dice_model::{BatchId, Cost, NodeSpec, PoolName, TaskEnd, TaskId, TaskState, Timestamp, Usage};
use dice_runtime::{Bounds, Handle, TaskFilter, TaskRecord, UsageFilter};
use tokio::task::JoinSet;

use crate::{Engine, EngineError};

/// Tasks are ended so long before the money is spent: ending them takes about this long.
const AHEAD: Duration = Duration::from_millis(100);
/// Whatever is left, somebody looks this often whether the tasks have ended by themselves.
const LOOK: Duration = Duration::from_secs(2);
const SOON: Duration = Duration::from_millis(20);

/// What has bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Bounded {
    Task(TaskId),
    Batch(BatchId),
}

/// One for each thing that has bounds and has not ended; they stop with the engine.
#[derive(Debug, Default)]
pub(crate) struct Guards(Mutex<JoinSet<()>>);

impl Guards {
    fn start(&self, guard: Guard) {
        let mut guards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while guards.try_join_next().is_some() {}
        guards.spawn(guard.watch());
    }

    pub(crate) fn stop(&self) {
        let mut guards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guards.abort_all();
    }
}

struct Guard {
    runtime: Handle,
    prices: PriceBook,
    nodes: Vec<NodeSpec>,
    scale: TimeScale,
    what: Bounded,
    bounds: Bounds,
}

impl Engine {
    /// A budget on nodes without a price cannot be kept.
    pub(crate) fn check_bounds(&self, bounds: Bounds) -> Result<(), EngineError> {
        if bounds.budget.is_some() {
            per_hour(&self.fleet_nodes(), self.prices())?;
        }
        Ok(())
    }

    fn fleet_nodes(&self) -> Vec<NodeSpec> {
        let nodes = self.fleet().nodes.iter();
        nodes.map(|node| node.spec.clone()).collect()
    }

    pub(crate) fn keep_within(&self, bounds: Bounds, what: Bounded) {
        if bounds == Bounds::default() {
            return;
        }
        self.guards().start(Guard {
            runtime: self.runtime().clone(),
            prices: self.prices().clone(),
            nodes: self.fleet_nodes(),
            scale: self.time_scale(),
            what,
            bounds,
        });
    }

    /// After a start: for what has not ended.
    pub(crate) async fn keep_within_again(&self) -> Result<(), dice_runtime::JournalError> {
        let filter = TaskFilter {
            states: vec![TaskState::Accepted, TaskState::Running],
            ..TaskFilter::default()
        };
        let mut seen = HashSet::new();
        for task in self.runtime().tasks(filter).await? {
            let what = task
                .spec
                .batch
                .map_or(Bounded::Task(task.id), Bounded::Batch);
            if seen.insert(what) {
                self.keep_within(task.spec.bounds, what);
            }
        }
        Ok(())
    }
}

/// How it stands.
enum Stand {
    Over,
    /// Look again after so long.
    Within(Duration),
    Broken(TaskEnd),
}

impl Guard {
    async fn watch(self) {
        loop {
            match self.look().await {
                Ok(Stand::Over) => return,
                Ok(Stand::Within(time)) => tokio::time::sleep(time).await,
                Ok(Stand::Broken(end)) => match self.end(end).await {
                    Ok(()) => return,
                    Err(error) => {
                        tracing::error!(%error, what = ?self.what, "not ended at its bounds");
                        tokio::time::sleep(LOOK).await;
                    }
                },
                Err(error) => {
                    tracing::error!(%error, what = ?self.what, "nobody knows what is spent");
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }

    async fn tasks(&self) -> Result<Vec<TaskRecord>, EngineError> {
        match self.what {
            Bounded::Task(task) => Ok(vec![self.runtime.task(task).await?]),
            Bounded::Batch(batch) => {
                let filter = TaskFilter {
                    batch: Some(batch),
                    ..TaskFilter::default()
                };
                Ok(self.runtime.tasks(filter).await?)
            }
        }
    }

    async fn end(&self, end: TaskEnd) -> Result<(), EngineError> {
        // Those that wait first: none of them is to start because another one has made room.
        let mut open = self.tasks().await?;
        open.retain(|task| !task.state.is_terminal());
        open.sort_by_key(|task| task.state == TaskState::Running);
        for task in open {
            self.runtime.end(task.id, end.clone()).await?;
        }
        Ok(())
    }

    async fn look(&self) -> Result<Stand, EngineError> {
        let tasks = self.tasks().await?;
        if tasks.iter().all(|task| task.state.is_terminal()) {
            return Ok(Stand::Over);
        }
        let now = self.runtime.clock().now();
        let mut next = LOOK;
        if let Some(deadline) = self.bounds.deadline {
            let accepted = tasks.iter().map(|task| task.accepted).min();
            let left = (accepted.unwrap_or(now) + self.here(deadline)).since(now);
            if left.is_zero() {
                return Ok(Stand::Broken(TaskEnd::Deadline));
            }
            next = next.min(left);
        }
        let started = tasks.iter().filter_map(|task| task.started).min();
        if let (Some(budget), Some(from)) = (self.bounds.budget, started) {
            let (spent, soon) = self.spent(from, now).await?;
            let left = Cost::from(budget).0 - soon.0;
            if left < 0 {
                let spent = dice_model::apportion(&[spent])[0];
                return Ok(Stand::Broken(TaskEnd::Budget { budget, spent }));
            }
            next = next.min(self.lasts(Cost(left))?.max(SOON));
        }
        // Before the first has started nothing can be said of the budget.
        let next = if started.is_none() {
            next.min(SOON * 5)
        } else {
            next
        };
        Ok(Stand::Within(next))
    }

    /// From when the first of it started until now, and until a little later.
    async fn spent(&self, from: Timestamp, now: Timestamp) -> Result<(Cost, Cost), EngineError> {
        let filter = UsageFilter {
            pool: Some(PoolName::default()),
            from: Some(from),
            to: Some(now),
            tasks: Vec::new(),
        };
        let usage = self.runtime.usage(filter).await?;
        let held: Vec<Usage> = usage
            .into_iter()
            .filter(|usage| matches!(usage, Usage::NodeHeld { .. }))
            .collect();
        Ok((
            self.rented(&held, from, now, now)?,
            self.rented(&held, from, now, now + AHEAD)?,
        ))
    }

    /// As the bill will have it; what is held now will be held until `to`.
    fn rented(
        &self,
        held: &[Usage],
        from: Timestamp,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Cost, EngineError> {
        let window = |usage: &Usage| {
            let mut usage = usage.clone();
            if let Usage::NodeHeld {
                from: since, to, ..
            } = &mut usage
            {
                *to = if *to >= now { until } else { *to };
                (*since, *to) = ((*since).clamp(from, until), (*to).clamp(from, until));
            }
            usage
        };
        let held: Vec<Usage> = held.iter().map(window).collect();
        let held = self.scale.stretch_all(from, &held);
        let window = Window {
            from,
            to: self.scale.stretch(from, until),
        };
        Ok(Bill::new(&held, &self.nodes, &[], &self.prices, window)?.rented)
    }

    /// How long all nodes can be held for this.
    fn lasts(&self, money: Cost) -> Result<Duration, EngineError> {
        let hour = per_hour(&self.nodes, &self.prices)?;
        let seconds = money.as_usd() / hour.as_usd().max(f64::MIN_POSITIVE) * 3600.0;
        let time = Duration::try_from_secs_f64(seconds).unwrap_or(LOOK);
        Ok(self.here(time))
    }

    /// What a time of the profiles takes on this fleet, whose functions may run faster than they say.
    fn here(&self, time: Duration) -> Duration {
        self.scale.shrink(time)
    }
}

fn per_hour(nodes: &[NodeSpec], prices: &PriceBook) -> Result<Cost, dice_cost::BillError> {
    let mut hour = Cost::ZERO;
    for node in nodes {
        let price = prices.price(&node.kind)?;
        hour += price.price.for_duration(Duration::from_secs(3600));
    }
    Ok(hour)
}
