//! The monolith beside the distributed run: both really run, one after the other (RUNTIME M5).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use dice_cost::{Comparison as CostComparison, Run, Saving};
use dice_environments::Node;
use dice_model::{Effect, FunctionId, PoolName, ProgramForm, TaskEnd, TaskId, TaskInput};
use futures::StreamExt as _;

use crate::events::{Events, tell};
use crate::guard::PoolOnLoan;
use crate::run::{NewRun, RunEvent, Stream};
use crate::{CostOf, Engine, EngineError, Split, TaskReport, hardware};

/// What pools of monoliths are called, with a number behind it.
const BASELINE: &str = "baseline";

/// Two forms of one program.
#[derive(Debug, Clone)]
pub struct Pair {
    pub serial: String,
    pub distributed: String,
    pub filename: String,
    pub inputs: Vec<TaskInput>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Baseline,
    Distributed,
}

impl Stage {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Distributed => "distributed",
        }
    }
}

#[derive(Debug)]
pub enum CompareEvent {
    Running(Stage, TaskId),
    Output(Stage, Stream, String),
    Compared(Box<Comparison>),
}

#[derive(Debug, Clone)]
pub struct Comparison {
    pub baseline: Side,
    pub distributed: Side,
    /// The first observable that differs (SEMANTICS O1); `None`: equal answers.
    pub difference: Option<String>,
    /// `None` where a side is not priced.
    pub cost: Option<CostComparison>,
    /// What each cause saves (RUNTIME M4), from the measured baseline down, or why that cannot be said.
    pub split: Result<Split, String>,
    pub labels: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Side {
    pub report: TaskReport,
    /// `1 × local-cpu (1 device)`
    pub hardware: String,
    pub elapsed: Duration,
}

impl Engine {
    /// Runs both and compares. Models are loaded before either clock starts; results are not shared
    /// between the runs.
    pub async fn compare(
        self: &Arc<Self>,
        pair: Pair,
        events: Events<CompareEvent>,
    ) -> Result<(), EngineError> {
        self.refuse_writes(&pair)?;
        let functions = self.called(&pair.serial);
        let warm = self.programs().warm().await;
        warm.map_err(|error| EngineError::Sandbox(error.to_string()))?;

        let baseline = self.run_baseline(&pair, &functions, &events).await?;
        let baseline = self.side(baseline, std::slice::from_ref(&self.fleet().baseline));

        let devices = hardware::devices(self.fleet());
        let pool = PoolName::default();
        self.runtime().warm(&pool, &functions, devices).await?;
        let distributed = self.one(&pair, Stage::Distributed, &pool, &events).await;
        self.runtime().release(&pool, &functions).await?;
        let distributed = self.side(distributed?, &self.fleet().nodes);

        let split = self.split_between(&baseline, &distributed).await;
        let comparison = self.comparison(baseline, distributed, split);
        tell(&events, CompareEvent::Compared(Box::new(comparison))).await
    }

    /// On a node of its own, which is given back whatever happens.
    async fn run_baseline(
        self: &Arc<Self>,
        pair: &Pair,
        functions: &[FunctionId],
        events: &Events<CompareEvent>,
    ) -> Result<TaskReport, EngineError> {
        self.refuse_what_does_not_fit(functions)?;
        // Comparisons may run side by side, each with a monolith.
        let name = PoolName::new(format!("{BASELINE}-{}", self.runtime().clock().now().0));
        let options = hardware::baseline(self.fleet(), name.clone());
        self.runtime().add_pool(options).await?;
        let pool = PoolOnLoan::new(self.runtime().clone(), name.clone());
        self.runtime().warm(&name, functions, 1).await?;
        let report = self.one(pair, Stage::Baseline, &name, events).await;
        pool.give_back().await?;
        report
    }

    /// The monolith holds all models at once; waiting for one that has no room would never end.
    fn refuse_what_does_not_fit(&self, functions: &[FunctionId]) -> Result<(), EngineError> {
        let entries = functions
            .iter()
            .filter_map(|id| self.catalog().get(id.as_str()));
        let needed = entries
            .map(|entry| entry.spec.resources.gpu_memory_bytes)
            .sum();
        let devices = &self.fleet().baseline.spec.devices;
        let has = devices.iter().map(|device| device.memory_bytes).sum();
        if needed > has {
            Err(EngineError::DoesNotFit { needed, has })
        } else {
            Ok(())
        }
    }

    /// Each write counts, and a comparison would make it twice (M5).
    fn refuse_writes(&self, pair: &Pair) -> Result<(), EngineError> {
        let called = self.called(&pair.serial);
        let entries = called
            .iter()
            .filter_map(|id| self.catalog().get(id.as_str()));
        let writes = entries.filter(|entry| entry.spec.effect == Effect::Write);
        let writes: Vec<String> = writes.map(|entry| entry.name().to_owned()).collect();
        if writes.is_empty() {
            Ok(())
        } else {
            Err(EngineError::WritesCannotBeCompared(writes))
        }
    }

    /// Names of the functions that a program may call: those it names, or all if it computes one.
    fn called(&self, program: &str) -> Vec<FunctionId> {
        let parsed = dice_program::parse(program);
        let sites = dice_program::find_calls(&parsed);
        let named: Option<BTreeSet<&str>> = sites.calls.iter().map(|site| site.function).collect();
        let entries = self.catalog().iter().filter(|entry| {
            named
                .as_ref()
                .is_none_or(|named| named.contains(entry.name()))
        });
        entries.map(|entry| entry.spec.id.clone()).collect()
    }

    async fn one(
        self: &Arc<Self>,
        pair: &Pair,
        stage: Stage,
        pool: &PoolName,
        events: &Events<CompareEvent>,
    ) -> Result<TaskReport, EngineError> {
        let (source, form) = match stage {
            Stage::Baseline => (&pair.serial, ProgramForm::Serial),
            Stage::Distributed => (&pair.distributed, ProgramForm::Distributed),
        };
        let run = NewRun {
            source: source.clone(),
            filename: pair.filename.clone(),
            form,
            inputs: pair.inputs.clone(),
            tenant: dice_model::Tenant::default(),
            deadline: None,
            budget: None,
            // Both sides make all of their calls (M5).
            memo: false,
        };
        let task = self.submit_to(pool.clone(), run).await?;
        let unheard = self.cancelled_unless_ended(task);
        tell(events, CompareEvent::Running(stage, task)).await?;
        let mut followed = self.follow(task).await?;
        while let Some(event) = followed.next().await {
            match event {
                RunEvent::Output(stream, text) => {
                    tell(events, CompareEvent::Output(stage, stream, text)).await?;
                }
                RunEvent::Lost(error) => return Err(error),
                RunEvent::Ended(_) => {
                    unheard.disarm();
                    return self.report(task).await;
                }
            }
        }
        Err(EngineError::NobodyListens)
    }

    fn side(&self, report: TaskReport, nodes: &[Node]) -> Side {
        let started = report.record.started.unwrap_or(report.record.accepted);
        let ended = report.record.ended.unwrap_or(started);
        Side {
            elapsed: ended - started,
            hardware: hardware::describe(nodes),
            report,
        }
    }

    /// What is left over between the simulated baseline and the measured one counts as overheads.
    async fn split_between(
        self: &Arc<Self>,
        baseline: &Side,
        distributed: &Side,
    ) -> Result<Split, String> {
        let rented = |side: &Side| Some(side.report.bill.as_ref()?.whole.rented);
        let costs = rented(baseline).zip(rented(distributed));
        let (measured, _) = costs.ok_or("a side is not priced")?;
        let report = self.cost(CostOf::Task(distributed.report.record.id)).await;
        let split = report.map_err(|error| error.to_string())?.split?;
        Ok(split.starting_at_baseline(measured))
    }

    fn comparison(
        &self,
        baseline: Side,
        distributed: Side,
        split: Result<Split, String>,
    ) -> Comparison {
        let pace = match self.fleet().time_scale {
            None => "times are measured".to_owned(),
            Some(scale) => format!("times are simulated, and stretched from a scale of {scale}"),
        };
        let mut labels = vec![format!(
            "{pace}; models were loaded before either clock started"
        )];
        for label in baseline
            .report
            .labels
            .iter()
            .chain(&distributed.report.labels)
        {
            if !labels.contains(label) {
                labels.push(label.clone());
            }
        }
        let cost = run_of(&baseline).zip(run_of(&distributed));
        let cost = cost.map(|(baseline, distributed)| CostComparison {
            baseline,
            distributed,
            labels: Vec::new(),
        });
        let difference = difference(&baseline.report, &distributed.report);
        Comparison {
            baseline,
            distributed,
            difference,
            cost,
            split,
            labels,
        }
    }
}

impl Comparison {
    pub const fn is_equal(&self) -> bool {
        self.difference.is_none()
    }

    /// 1 − distributed / baseline; negative if it cost more, 0 where no ratio can be had.
    pub fn saving(&self) -> f64 {
        match self.cost.as_ref().map(CostComparison::saving) {
            Some(Saving::Saved(percent)) => percent / 100.0,
            Some(Saving::None(percent)) => -percent / 100.0,
            Some(Saving::Undefined) | None => 0.0,
        }
    }

    pub fn speedup(&self) -> f64 {
        let distributed = self.distributed.elapsed.as_secs_f64();
        if distributed > 0.0 {
            self.baseline.elapsed.as_secs_f64() / distributed
        } else {
            0.0
        }
    }
}

fn run_of(side: &Side) -> Option<Run> {
    let record = &side.report.record;
    let bill = side.report.bill.as_ref()?;
    Some(Run::of(&bill.whole, record.started?, record.ended?))
}

/// SEMANTICS O1, without the writes: a comparison has none.
fn difference(serial: &TaskReport, distributed: &TaskReport) -> Option<String> {
    if serial.record.end != distributed.record.end && !same_exception(serial, distributed) {
        let end = |report: &TaskReport| report.record.end.as_ref().map_or("not", TaskEnd::word);
        return Some(format!(
            "baseline ended {}, distributed {}",
            end(serial),
            end(distributed)
        ));
    }
    if serial.record.answer != distributed.record.answer {
        return Some("the structured answers (hermod.answer) differ".to_owned());
    }
    let names = [Stage::Baseline.word(), Stage::Distributed.word()];
    first_difference("stdout", names, &serial.stdout, &distributed.stdout)
        .or_else(|| first_difference("stderr", names, &serial.stderr, &distributed.stderr))
}

/// Type and `str` count, the traceback does not.
fn same_exception(serial: &TaskReport, distributed: &TaskReport) -> bool {
    use dice_model::TaskEnd::Exception;
    match (&serial.record.end, &distributed.record.end) {
        (
            Some(Exception {
                kind: left,
                message: said,
                ..
            }),
            Some(Exception {
                kind: right,
                message: says,
                ..
            }),
        ) => left == right && said == says,
        _ => false,
    }
}

/// The first line that is another one in the other text, in words; `names` are those of the two sides.
pub fn first_difference(stream: &str, names: [&str; 2], left: &str, right: &str) -> Option<String> {
    if left == right {
        return None;
    }
    let line = left
        .lines()
        .zip(right.lines())
        .take_while(|(left, right)| left == right)
        .count();
    let at = |text: &str| {
        text.lines()
            .nth(line)
            .map_or_else(|| "nothing".to_owned(), |line| format!("{line:?}"))
    };
    Some(format!(
        "{stream} line {}: {} {}, {} {}",
        line + 1,
        names[0],
        at(left),
        names[1],
        at(right)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        let check = |left, right, expect: Option<&str>| {
            let names = ["baseline", "distributed"];
            let found = first_difference("stdout", names, left, right);
            assert_eq!(found.as_deref(), expect);
        };
        check("a\nb\n", "a\nb\n", None);
        check(
            "a\nb\n",
            "a\nc\n",
            Some("stdout line 2: baseline \"b\", distributed \"c\""),
        );
        check(
            "a\n",
            "a\nb\n",
            Some("stdout line 2: baseline nothing, distributed \"b\""),
        );
    }
}
