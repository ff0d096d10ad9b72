//! What is known of a task when somebody asks: its output, its calls on a timeline, its bill.

use std::collections::HashSet;
use std::time::Duration;

use dice_cost::{Bill, Observed, PriceWarning, TaskSpan, Window};
use dice_model::{CallRef, Cost, NodeSpec, NodeType, PoolName, TaskId, Timestamp, Usage};
use dice_runtime::{CallRecord, Entry, Guessed, TaskFilter, TaskRecord, UsageFilter};
use futures::StreamExt as _;

use crate::cost::longest_path;
use crate::{Engine, EngineError, Floors, Quoted, labels, prices};

/// Tasks looked at to find those that ran beside one: more have hardly ever run at once.
const NEIGHBOURS: usize = 1000;

/// A task as people look at it. Times are stretched where the fleet is simulated.
#[derive(Debug, Clone)]
pub struct TaskReport {
    pub record: TaskRecord,
    pub stdout: String,
    pub stderr: String,
    pub calls: Vec<CallRecord>,
    /// `None` until it has ended, and for node types without a price.
    pub bill: Option<Invoice>,
    /// What is simulated, assumed or missing, in words.
    pub labels: Vec<String>,
}

/// What a task or a batch cost; `lines` add up to `total`.
#[derive(Debug, Clone)]
pub struct Invoice {
    pub total: Cost,
    pub lines: Vec<BillLine>,
    pub prices: BookName,
    /// The bill of everything that was rented meanwhile.
    pub whole: Bill,
    /// Of everything that was rented meanwhile.
    pub floors: Option<Floors>,
    /// What was said before it ran.
    pub quoted: Option<Quoted>,
}

/// What was rented in a window, priced. Times are stretched.
#[derive(Debug)]
pub(crate) struct Priced {
    pub(crate) bill: Bill,
    pub(crate) book: BookName,
    pub(crate) warnings: Vec<String>,
    pub(crate) window: Window,
    pub(crate) observed: Observed,
    pub(crate) floors: Option<Floors>,
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillLine {
    pub name: &'static str,
    pub cost: Cost,
    /// Of devices, where the line is about all of it.
    pub time: Option<Duration>,
}

/// Which price book, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookName {
    pub name: String,
    pub date: String,
    pub sources: Vec<String>,
}

impl Engine {
    /// Everything about one task.
    pub async fn report(&self, task: TaskId) -> Result<TaskReport, EngineError> {
        let mut report = self.report_without_output(task).await?;
        (report.stdout, report.stderr) = self.output(&report.record).await?;
        Ok(report)
    }

    pub(crate) async fn report_without_output(
        &self,
        task: TaskId,
    ) -> Result<TaskReport, EngineError> {
        let record = self.runtime().task(task).await?;
        let calls = self.runtime().calls(task).await?;
        let mut report = TaskReport {
            labels: labels::of_calls(self.catalog(), &calls),
            record,
            stdout: String::new(),
            stderr: String::new(),
            calls,
            bill: None,
        };
        if let (Some(from), Some(to)) = (report.record.started, report.record.ended) {
            let in_vain = guesses_in_vain(task, &report.calls).collect();
            let window = Window { from, to };
            let path = longest_path(&report.calls);
            let bill = self.task_bill(&report.record, window, &in_vain, path);
            match bill.await {
                Ok((bill, warnings)) => {
                    report.bill = Some(bill);
                    report.labels.extend(warnings);
                }
                // A node type without a price, or nodes of a fleet that this engine does not have.
                Err(EngineError::Cost(error)) => report.labels.push(format!("not priced: {error}")),
                Err(error) => return Err(error),
            }
        }
        self.stretch(&mut report);
        Ok(report)
    }

    /// A page of tasks, without output, calls and bill: a list needs none of them, and their journals may
    /// be long.
    pub async fn reports(&self, filter: TaskFilter) -> Result<Vec<TaskReport>, EngineError> {
        let mut reports = Vec::new();
        for record in self.runtime().tasks(filter).await? {
            let mut report = TaskReport {
                record,
                stdout: String::new(),
                stderr: String::new(),
                calls: Vec::new(),
                bill: None,
                labels: Vec::new(),
            };
            self.stretch(&mut report);
            reports.push(report);
        }
        Ok(reports)
    }

    pub(crate) async fn output(
        &self,
        record: &TaskRecord,
    ) -> Result<(String, String), EngineError> {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        if record.state.is_terminal() {
            let mut entries = std::pin::pin!(self.runtime().watch(record.id, 0));
            while let Some(event) = entries.next().await {
                match event?.entry {
                    Entry::Stdout { bytes, .. } => stdout.extend_from_slice(&bytes),
                    Entry::Stderr { bytes, .. } => stderr.extend_from_slice(&bytes),
                    _ => {}
                }
            }
        }
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok((text(stdout), text(stderr)))
    }

    /// The nodes it ran on, and its part of what they cost.
    async fn task_bill(
        &self,
        record: &TaskRecord,
        window: Window,
        in_vain: &HashSet<CallRef>,
        path: Duration,
    ) -> Result<(Invoice, Vec<String>), EngineError> {
        let pool = &record.spec.pool;
        let neighbours = self.runtime().tasks(TaskFilter {
            limit: NEIGHBOURS,
            ..Default::default()
        });
        let neighbours = neighbours.await?;
        let others = neighbours.iter().filter(|task| task.id != record.id);
        let spans: Vec<TaskSpan> = others
            .filter(|task| &task.spec.pool == pool)
            .chain([record])
            .filter_map(|task| self.span(task, window))
            .collect();
        let priced = self.priced(pool, &spans, window, in_vain, path).await?;
        let whole = priced.bill;
        let alone = spans.len() <= 1;
        let (total, lines) = if alone {
            (whole.rented, direct_lines(&whole))
        } else {
            let total = whole
                .loaded
                .tasks
                .get(&record.id)
                .copied()
                .unwrap_or_default();
            let own = whole
                .direct
                .tasks
                .get(&record.id)
                .copied()
                .unwrap_or_default();
            let shared = "its share of loading, idle and wasted time";
            let guessed = whole.direct.speculation; // all of it is this task's
            let lines = [
                ("executing calls", own - guessed),
                ("speculation", guessed),
                (shared, total - own),
            ];
            let lines = lines.into_iter().map(|(name, cost)| BillLine {
                name,
                cost,
                time: None,
            });
            (
                total,
                lines
                    .filter(|line| line.name != "speculation" || line.cost != Cost::ZERO)
                    .collect(),
            )
        };
        Ok((
            Invoice {
                total,
                lines,
                prices: priced.book,
                whole,
                floors: priced.floors,
                quoted: self.quoted(&[record]),
            },
            priced.warnings,
        ))
    }

    /// Everything that a pool's nodes cost in a window. `path`: the longest that a task of it needs if it
    /// never waits, not stretched.
    pub(crate) async fn priced(
        &self,
        pool: &PoolName,
        spans: &[TaskSpan],
        window: Window,
        in_vain: &HashSet<CallRef>,
        path: Duration,
    ) -> Result<Priced, EngineError> {
        let filter = UsageFilter {
            pool: Some(pool.clone()),
            from: Some(window.from),
            to: Some(window.to),
            tasks: Vec::new(),
        };
        let usage = self.runtime().usage(filter).await?;
        let origin = window.from;
        let clipped: Vec<Usage> = usage.into_iter().map(|one| clip(one, window)).collect();
        let usage = self.time_scale().stretch_all(origin, &clipped);
        let stretch = |time| self.time_scale().stretch(origin, time);
        let window = Window {
            from: origin,
            to: stretch(window.to),
        };
        let spans: Vec<TaskSpan> = spans
            .iter()
            .map(|span| TaskSpan {
                from: stretch(span.from),
                to: stretch(span.to),
                ..*span
            })
            .collect();
        let nodes = self.nodes();
        let bill = Bill::with_guesses(&usage, &nodes, &spans, self.prices(), window, in_vain)?;
        let (book, mut warnings) = self.book_name(&bill);
        let observed = self.observed(&usage, in_vain)?;
        let floors = self.floors(&bill, &observed, self.stretched(path));
        let floors = floors.unwrap_or_else(|error| {
            warnings.push(format!("no floor: {error}"));
            None
        });
        Ok(Priced {
            floors,
            observed,
            bill,
            book,
            warnings,
            window,
        })
    }

    /// Every node that usage may name.
    pub(crate) fn nodes(&self) -> Vec<NodeSpec> {
        let fleet = self.fleet();
        fleet
            .nodes
            .iter()
            .chain([&fleet.baseline])
            .map(|node| node.spec.clone())
            .collect()
    }

    fn span(&self, task: &TaskRecord, window: Window) -> Option<TaskSpan> {
        let from = task.started?.max(window.from);
        let to = task
            .ended
            .unwrap_or_else(|| self.runtime().clock().now())
            .min(window.to);
        (from < to).then_some(TaskSpan {
            task: task.id,
            from,
            to,
        })
    }

    fn book_name(&self, bill: &Bill) -> (BookName, Vec<String>) {
        self.prices_of(bill.nodes.iter().map(|line| &line.kind))
    }

    /// Of the fleet.
    pub(crate) fn fleet_prices(&self) -> (BookName, Vec<String>) {
        self.prices_of(self.fleet().nodes.iter().map(|node| &node.spec.kind))
    }

    fn prices_of<'a>(&self, kinds: impl Iterator<Item = &'a NodeType>) -> (BookName, Vec<String>) {
        let today = prices::day_of(self.runtime().clock().now());
        let mut book = BookName {
            name: self.prices().name.clone(),
            date: self.prices().date.to_string(),
            sources: Vec::new(),
        };
        let mut warnings = Vec::new();
        let mut kinds: Vec<_> = kinds.collect();
        kinds.dedup();
        for kind in kinds {
            if let Ok(price) = self.prices().price(kind) {
                book.date = price.date.to_string();
                book.sources.push(price.source.clone());
            }
            let of_kind = self.prices().warnings(kind, today);
            warnings.extend(of_kind.iter().map(PriceWarning::to_string));
        }
        book.sources.dedup();
        (book, warnings)
    }

    /// Simulated functions may run faster than they say: what is shown is what they say.
    fn stretch(&self, report: &mut TaskReport) {
        let scale = self.time_scale();
        if scale.is_real() {
            return;
        }
        let origin = report.record.started.unwrap_or(report.record.accepted);
        let stretch = |time: &mut Timestamp| *time = scale.stretch(origin, *time);
        report.record.ended.as_mut().map(stretch);
        for call in &mut report.calls {
            stretch(&mut call.issued);
            call.granted.as_mut().map(stretch);
            call.ended.as_mut().map(stretch);
        }
    }
}

/// What the rented time was used for, leaving out what it was not.
pub(crate) fn direct_lines(bill: &Bill) -> Vec<BillLine> {
    let time = &bill.device_time;
    let lines = bill
        .direct_costs()
        .into_iter()
        .map(|(name, cost)| BillLine {
            name,
            cost,
            time: match name {
                "executing calls" => Some(time.execute),
                "loading models" => Some(time.load),
                "wasted" => Some(time.wasted),
                "idle" => Some(time.idle()),
                _ => None,
            },
        });
    lines.filter(|line| line.cost != Cost::ZERO).collect()
}

/// The task's guesses that did not come true.
pub(crate) fn guesses_in_vain(task: TaskId, calls: &[CallRecord]) -> impl Iterator<Item = CallRef> {
    let in_vain = calls
        .iter()
        .filter(|call| call.guess == Some(Guessed::InVain));
    in_vain.map(move |call| CallRef {
        task,
        call: call.call,
    })
}

/// What lies before or after the window is another bill's; cut before stretching, so that the
/// stretched interval is the window's part alone.
fn clip(mut usage: Usage, window: Window) -> Usage {
    if let Usage::NodeHeld { from, to, .. } | Usage::Leased { from, to, .. } = &mut usage {
        *from = (*from).clamp(window.from, window.to);
        *to = (*to).clamp(window.from, window.to);
    }
    usage
}
