//! What the paper's figures show, from the simulation: numbers only, drawn elsewhere.

use std::time::Duration;

use dice_model::{CallRef, FunctionId, LeaseUse, Timestamp, Usage};

use super::cells::Who;
use super::{Explanation, Fit, PaperError, Setting, Tables};
use crate::load::means;
use crate::{Detail, Outcome, Scenario, simulate};

/// Figures 10, 11, 13, 14 and 15 of the paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Figures 10 and 11: the same task by the baseline, and by DiCE-C on [`NODES_OF_ONE_TASK`] pairs.
    pub one_task: [Vec<CallSpan>; 2],
    /// Figures 13 to 15: the batch on one A100, by the baseline and by DiCE-C.
    pub batch: [BatchOnOneNode; 2],
}

/// Of an A6000 and an A4000 each: enough that calls run side by side.
pub const NODES_OF_ONE_TASK: u32 = 4;

/// How many tasks Figure 13 shows.
const FIRST_TASKS: usize = 50;
const MINUTE: Duration = Duration::from_secs(60);

/// When a call held a device.
#[derive(Debug, Clone, PartialEq)]
pub struct CallSpan {
    pub function: FunctionId,
    pub from: Duration,
    pub to: Duration,
}

#[derive(Debug, Clone, PartialEq)]
pub struct BatchOnOneNode {
    /// Start and end of the first tasks.
    pub first_tasks: Vec<(Duration, Duration)>,
    /// Programs that computed for themselves, on average, minute by minute: the only load that the
    /// processor has here.
    pub programs: Vec<f64>,
    /// Part of the time in which the GPU executed, minute by minute.
    pub gpu_percent: Vec<f64>,
}

impl Tables {
    pub fn figures(&self, fit: &Fit) -> Result<Figures, PaperError> {
        let one_task = |setting, nodes| {
            let mut scenario = self.kept(fit, setting, nodes)?;
            scenario.work.tasks = 1;
            Ok::<_, PaperError>(calls(&simulate(&scenario)?))
        };
        let batch = |setting| {
            let scenario = self.kept(fit, setting, 1)?;
            let program = scenario.work.program_seconds;
            Ok::<_, PaperError>(BatchOnOneNode::of(&simulate(&scenario)?, program))
        };
        Ok(Figures {
            one_task: [
                one_task(Setting::Baseline, 1)?,
                one_task(Setting::Different, NODES_OF_ONE_TASK)?,
            ],
            batch: [batch(Setting::Baseline)?, batch(Setting::Identical)?],
        })
    }

    /// The paper's way, with every lease kept.
    fn kept(&self, fit: &Fit, setting: Setting, nodes: u32) -> Result<Scenario, PaperError> {
        let scenario = Scenario {
            detail: Detail::Intervals,
            ..self.scenario(fit, setting, nodes, Who::Paper(Explanation::SplitFunctions))
        };
        scenario.check()?;
        Ok(scenario)
    }
}

impl BatchOnOneNode {
    fn of(outcome: &Outcome, program: Duration) -> Self {
        let since = |at: Timestamp| at - Timestamp::ZERO;
        let mut tasks: Vec<_> = outcome
            .spans
            .iter()
            .map(|span| (since(span.from), since(span.to)))
            .collect();
        tasks.sort_unstable();
        let computing = tasks.iter().map(|(from, _)| (*from, *from + program));
        let executing = leases(outcome).map(|(_, from, to)| (from, to));
        Self {
            programs: means(computing, MINUTE, outcome.makespan),
            gpu_percent: means(executing, MINUTE, outcome.makespan)
                .into_iter()
                .map(|busy| busy * 100.0 / outcome.devices.len() as f64)
                .collect(),
            first_tasks: tasks.into_iter().take(FIRST_TASKS).collect(),
        }
    }
}

fn calls(outcome: &Outcome) -> Vec<CallSpan> {
    let mut calls: Vec<(CallRef, CallSpan)> = outcome
        .usage
        .iter()
        .filter_map(executes)
        .flat_map(|(calls, function, from, to)| {
            let span = CallSpan {
                function: function.clone(),
                from,
                to,
            };
            calls.iter().map(move |call| (*call, span.clone()))
        })
        .collect();
    calls.sort_by_key(|(call, span)| (span.from, call.call));
    calls.into_iter().map(|(_, span)| span).collect()
}

fn leases(outcome: &Outcome) -> impl Iterator<Item = (&FunctionId, Duration, Duration)> {
    let leases = outcome.usage.iter().filter_map(executes);
    leases.map(|(_, function, from, to)| (function, from, to))
}

fn executes(usage: &Usage) -> Option<(&[CallRef], &FunctionId, Duration, Duration)> {
    match usage {
        Usage::Leased {
            function,
            from,
            to,
            purpose: LeaseUse::Execute { calls },
            ..
        } => {
            let since = |at: &Timestamp| *at - Timestamp::ZERO;
            Some((calls, function, since(from), since(to)))
        }
        _ => None,
    }
}
