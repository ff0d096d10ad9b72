//! Many tasks of one program, and where they stand.

use std::collections::HashSet;
use std::time::Duration;

use dice_cost::{TaskSpan, Window};
use dice_model::{
    BatchId, CallRef, Cost, Digest, PoolName, ProgramForm, TaskEnd, TaskInput, TaskState, Tenant,
};
use dice_runtime::{BatchRecord, Bounds, NewBatch, NewTask, TaskFilter, TaskRecord};

use crate::bounds::Bounded;
use crate::cost::longest_path;
use crate::report::{Invoice, direct_lines, guesses_in_vain};
use crate::{Engine, EngineError, labels};

/// A program and the inputs of each task.
#[derive(Debug, Clone)]
pub struct NewBatchRun {
    pub source: String,
    pub filename: String,
    pub tasks: Vec<Vec<TaskInput>>,
    /// Another batch even if the same one is unfinished.
    pub fresh: bool,
    /// Whose share of the devices its tasks use.
    pub tenant: Tenant,
    /// Of all of it; one that is gone on with keeps those that it was begun with.
    pub bounds: Bounds,
}

#[derive(Debug, Clone)]
pub struct BatchReport {
    pub record: BatchRecord,
    pub done: usize,
    pub failed: usize,
    /// Of the failed ones: ended at the budget or a deadline.
    pub at_limit: usize,
    /// Empty unless asked for.
    pub items: Vec<BatchItem>,
    pub elapsed: Option<Duration>,
    pub bill: Option<Invoice>,
    pub calls: usize,
    pub labels: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct BatchItem {
    pub record: TaskRecord,
    pub stdout: String,
    /// Its share of the bill, idle time and all (RUNTIME M2, *loaded*).
    pub cost: Option<Cost>,
}

impl Engine {
    /// Accepts all tasks, or goes on with the same batch if it is unfinished; says whether it does.
    pub async fn batch(&self, batch: NewBatchRun) -> Result<(BatchId, bool), EngineError> {
        let now = self.runtime().clock().now();
        let salt = if batch.fresh { now.0 } else { 0 };
        let digest = batch.digest(salt);
        let bounds = batch.bounds;
        self.check_bounds(bounds)?;
        let tasks = batch.tasks.into_iter().map(|inputs| NewTask {
            form: ProgramForm::Distributed,
            inputs,
            tenant: batch.tenant.clone(),
            bounds: batch.bounds,
            ..NewTask::new(batch.source.as_str(), batch.filename.as_str())
        });
        let label = batch.filename.clone();
        let batch = NewBatch {
            label,
            digest,
            tasks: tasks.collect(),
        };
        let record = self.runtime().create_batch(batch).await?;
        let resumed = record.accepted < now;
        if !resumed {
            self.keep_within(bounds, Bounded::Batch(record.id));
        }
        Ok((record.id, resumed))
    }

    /// `with_items`: each task's output and cost too, and the bill.
    pub async fn batch_report(
        &self,
        batch: BatchId,
        with_items: bool,
    ) -> Result<BatchReport, EngineError> {
        let record = self
            .runtime()
            .batch(batch)
            .await?
            .ok_or(EngineError::NoBatch(batch.0))?;
        let filter = TaskFilter {
            batch: Some(batch),
            ..TaskFilter::default()
        };
        let mut tasks = self.runtime().tasks(filter).await?;
        tasks.reverse();
        let done = tasks
            .iter()
            .filter(|task| task.state == TaskState::Done)
            .count();
        let ended = tasks.iter().filter(|task| task.state.is_terminal()).count();
        let mut report = BatchReport {
            record,
            done,
            failed: ended - done,
            at_limit: tasks.iter().filter(|task| is_at_limit(task)).count(),
            items: Vec::new(),
            elapsed: None,
            bill: None,
            calls: 0,
            labels: Vec::new(),
        };
        if with_items {
            self.add_items(&mut report, tasks).await?;
        }
        Ok(report)
    }

    async fn add_items(
        &self,
        report: &mut BatchReport,
        tasks: Vec<TaskRecord>,
    ) -> Result<(), EngineError> {
        let (mut all_calls, mut in_vain) = (Vec::new(), HashSet::new());
        let mut path = Duration::ZERO;
        for record in tasks {
            let (stdout, _) = self.output(&record).await?;
            let calls = self.runtime().calls(record.id).await?;
            in_vain.extend(guesses_in_vain(record.id, &calls));
            path = path.max(longest_path(&calls));
            all_calls.extend(calls);
            report.items.push(BatchItem {
                record,
                stdout,
                cost: None,
            });
        }
        report.calls = all_calls.len();
        report.labels = labels::of_calls(self.catalog(), &all_calls);
        if report.record.is_finished() {
            self.add_bill(report, &in_vain, path).await?;
        }
        Ok(())
    }

    /// From the first task's start to the last one's end.
    async fn add_bill(
        &self,
        report: &mut BatchReport,
        in_vain: &HashSet<CallRef>,
        path: Duration,
    ) -> Result<(), EngineError> {
        let spans: Vec<TaskSpan> = report
            .items
            .iter()
            .filter_map(|item| {
                let (from, to) = (item.record.started?, item.record.ended?);
                Some(TaskSpan {
                    task: item.record.id,
                    from,
                    to,
                })
            })
            .collect();
        let from = spans.iter().map(|span| span.from).min();
        let to = spans.iter().map(|span| span.to).max();
        let (Some(from), Some(to)) = (from, to) else {
            return Ok(());
        };
        let stretched = self.time_scale().stretch(from, to);
        report.elapsed = Some(stretched - from);
        let window = Window { from, to };
        let pool = PoolName::default();
        match self.priced(&pool, &spans, window, in_vain, path).await {
            Ok(priced) => {
                let whole = priced.bill;
                for item in &mut report.items {
                    item.cost = whole.loaded.tasks.get(&item.record.id).copied();
                }
                let lines = direct_lines(&whole);
                let records: Vec<_> = report.items.iter().map(|item| &item.record).collect();
                let quoted = self.quoted(&records);
                report.bill = Some(Invoice {
                    total: whole.rented,
                    lines,
                    prices: priced.book,
                    whole,
                    floors: priced.floors,
                    quoted,
                });
                report.labels.extend(priced.warnings);
            }
            Err(EngineError::Cost(error)) => report.labels.push(format!("not priced: {error}")),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

const fn is_at_limit(task: &TaskRecord) -> bool {
    matches!(task.end, Some(TaskEnd::Budget { .. } | TaskEnd::Deadline))
}

impl NewBatchRun {
    /// What makes two batches the same: the program, and the inputs of each task in order.
    fn digest(&self, salt: u64) -> Digest {
        let source = Digest::of(self.source.as_bytes());
        let mut text = format!("{salt} {source} {}\n", self.tenant);
        for inputs in &self.tasks {
            for input in inputs {
                text.push_str(&format!("{} {} ", input.name, input.blob));
            }
            text.push('\n');
        }
        Digest::of(text.as_bytes())
    }
}

impl BatchItem {
    /// Why it failed, in a line.
    pub fn problem(&self) -> Option<String> {
        match self.record.end.as_ref()? {
            TaskEnd::Normal | TaskEnd::Exit { code: 0 } => None,
            TaskEnd::Exit { code } => Some(format!("exit status {code}")),
            TaskEnd::Exception { kind, message, .. } => Some(format!("{kind}: {message}")),
            TaskEnd::Budget { budget, spent } => Some(format!(
                "the budget of {budget} is spent: {spent} when it was ended"
            )),
            TaskEnd::Deadline => Some("the deadline passed".to_owned()),
            other => Some(other.state().word().to_owned()),
        }
    }
}
