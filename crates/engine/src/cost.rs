//! What a task or batch cost, explained: both views, each task's part, the least it could have been.

mod floors;
mod recorded;
mod split;
mod tasks;
mod trace;
mod world;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use dice_cost::{Bill, TaskSpan, Window};
use dice_model::{BatchId, CallRef, Cost, PoolName, TaskId, Timestamp};
use dice_runtime::{CallRecord, TaskFilter, TaskRecord};

use crate::report::{BillLine, BookName, direct_lines, guesses_in_vain};
use crate::{Engine, EngineError, Quoted, labels};

pub use floors::Floors;
pub(crate) use recorded::{factors, longest_path, program_time, recorded};
pub use split::{Cause, Monolith, Split};
pub use tasks::TaskCost;
pub(crate) use world::Setting;

/// Tasks looked at to find those that ran beside one.
const NEIGHBOURS: usize = 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostOf {
    Task(TaskId),
    Batch(BatchId),
}

/// Everything that was rented while a task or batch ran. Times are stretched where the fleet is
/// simulated.
#[derive(Debug, Clone)]
pub struct CostReport {
    pub of: CostOf,
    /// It has not ended: this is its cost so far.
    pub running: bool,
    pub window: Window,
    pub prices: BookName,
    pub bill: Bill,
    pub floors: Option<Floors>,
    /// What was said before it ran.
    pub quoted: Option<Quoted>,
    /// Of the tasks that are asked about: the others' share of the bill is in `bill.loaded`.
    pub own: Cost,
    pub tasks: Vec<TaskCost>,
    /// Why the baseline would have cost more, or why that cannot be said.
    pub split: Result<Split, String>,
    pub labels: Vec<String>,
}

impl CostReport {
    /// The direct view, but for what there was nothing of.
    pub fn lines(&self) -> Vec<BillLine> {
        direct_lines(&self.bill)
    }
}

/// A task with its calls, as the journal has them.
pub(crate) struct Ran {
    pub(crate) record: TaskRecord,
    pub(crate) calls: Vec<CallRecord>,
}

impl Engine {
    pub async fn cost(self: &Arc<Self>, of: CostOf) -> Result<CostReport, EngineError> {
        let ran = self.ran(of).await?;
        let now = self.runtime().clock().now();
        let mut spans = spans(ran.iter().map(|ran| &ran.record), now);
        let Some(window) = window(&spans) else {
            return Err(EngineError::NothingRan);
        };
        let pool = ran[0].record.spec.pool.clone();
        if let CostOf::Task(task) = of {
            spans.extend(self.beside(task, &pool, window).await?);
        }
        let in_vain: HashSet<CallRef> = ran
            .iter()
            .flat_map(|ran| guesses_in_vain(ran.record.id, &ran.calls))
            .collect();
        let path = ran.iter().map(|ran| longest_path(&ran.calls)).max();
        let path = path.unwrap_or_default();
        let priced = self.priced(&pool, &spans, window, &in_vain, path).await?;
        let own = ran.iter().map(|ran| {
            let loaded = priced.bill.loaded.tasks.get(&ran.record.id);
            loaded.copied().unwrap_or_default()
        });
        // A batch answers for all that was rented while it ran, a task for its share.
        let own = match of {
            CostOf::Task(_) => own.sum(),
            CostOf::Batch(_) => priced.bill.rented,
        };
        let all_calls: Vec<CallRecord> = ran.iter().flat_map(|ran| ran.calls.clone()).collect();
        let mut labels = labels::of_calls(self.catalog(), &all_calls);
        labels.extend(priced.warnings.iter().cloned());
        let running = ran.iter().any(|ran| !ran.record.state.is_terminal());
        if running {
            labels.push("still running: leases that have not ended are not in it".to_owned());
        }
        let split = if running {
            Err("it has not ended".to_owned())
        } else {
            self.split_later(&ran, &priced.observed, own, &pool).await
        };
        Ok(CostReport {
            of,
            running,
            window: priced.window,
            prices: priced.book,
            floors: priced.floors,
            quoted: self.quoted(&ran.iter().map(|ran| &ran.record).collect::<Vec<_>>()),
            own,
            tasks: ran
                .iter()
                .map(|ran| TaskCost::new(ran, &priced.bill))
                .collect(),
            split,
            bill: priced.bill,
            labels,
        })
    }

    async fn ran(&self, of: CostOf) -> Result<Vec<Ran>, EngineError> {
        let records = match of {
            CostOf::Task(task) => vec![self.runtime().task(task).await?],
            CostOf::Batch(batch) => {
                let known = self.runtime().batch(batch).await?;
                known.ok_or(EngineError::NoBatch(batch.0))?;
                let filter = TaskFilter {
                    batch: Some(batch),
                    ..TaskFilter::default()
                };
                let mut tasks = self.runtime().tasks(filter).await?;
                tasks.reverse();
                tasks
            }
        };
        let mut ran = Vec::with_capacity(records.len());
        for record in records {
            let calls = self.runtime().calls(record.id).await?;
            ran.push(Ran { record, calls });
        }
        Ok(ran)
    }

    /// Tasks of the same pool that were live in the window too.
    async fn beside(
        &self,
        task: TaskId,
        pool: &PoolName,
        window: Window,
    ) -> Result<Vec<TaskSpan>, EngineError> {
        let filter = TaskFilter {
            limit: NEIGHBOURS,
            ..TaskFilter::default()
        };
        let tasks = self.runtime().tasks(filter).await?;
        let others = tasks
            .iter()
            .filter(|other| other.id != task && &other.spec.pool == pool);
        let spans = spans(others, self.runtime().clock().now());
        let inside = spans.into_iter().map(|span| TaskSpan {
            from: span.from.max(window.from),
            to: span.to.min(window.to),
            ..span
        });
        Ok(inside.filter(|span| span.from < span.to).collect())
    }

    pub(crate) fn stretched(&self, time: Duration) -> Duration {
        let ns = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let scale = self.time_scale();
        scale.stretch(Timestamp(0), Timestamp(ns)) - Timestamp(0)
    }
}

fn spans<'a>(tasks: impl Iterator<Item = &'a TaskRecord>, now: Timestamp) -> Vec<TaskSpan> {
    let spans = tasks.filter_map(|task| {
        Some(TaskSpan {
            task: task.id,
            from: task.started?,
            to: task.ended.unwrap_or(now),
        })
    });
    spans.collect()
}

fn window(spans: &[TaskSpan]) -> Option<Window> {
    Some(Window {
        from: spans.iter().map(|span| span.from).min()?,
        to: spans.iter().map(|span| span.to).max()?,
    })
}
