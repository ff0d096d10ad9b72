//! Tasks to learn from: those that ran before, and those that are run for it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use dice_cost::{Observed, Window, device_prices};
use dice_model::{Cost, Digest, PoolName, ProgramForm, TaskId, TaskInput, TaskState, Tenant};
use dice_runtime::{TaskFilter, TaskKind, UsageFilter};
use dice_simulate::{Form, Scenario, StagedTask, simulate};
use futures::StreamExt as _;

use super::{NeedsSample, QuoteRequest, SAMPLE};
use crate::cost::{Ran, factors, program_time, recorded};
use crate::run::{NewRun, RunEvent};
use crate::{Engine, EngineError};

/// The newest tasks, among which those of a program are looked for.
const LOOKED_AT: usize = 1000;
/// More tasks than this teach nothing new.
const MOST_LEARNT: usize = 200;

/// What ran tasks say about others.
pub(super) struct Learnt {
    pub(super) tasks: Vec<StagedTask>,
    /// The first of them have inputs that were asked for.
    pub(super) known: usize,
    pub(super) observed: Observed,
}

/// What two tasks with the same inputs share.
pub(super) fn key(inputs: &[TaskInput]) -> Vec<(String, Digest)> {
    let mut key: Vec<_> = inputs
        .iter()
        .map(|input| (input.name.clone(), input.blob))
        .collect();
    key.sort_by(|left, right| left.0.cmp(&right.0));
    key
}

impl Engine {
    /// Tasks of this program that ended well, the newest of each input.
    pub(super) async fn ran_before(&self, program: Digest) -> Result<Vec<Ran>, EngineError> {
        let filter = TaskFilter {
            states: vec![TaskState::Done],
            limit: LOOKED_AT,
            ..TaskFilter::default()
        };
        let mut seen = HashSet::new();
        let mut ran = Vec::new();
        for record in self.runtime().tasks(filter).await? {
            let same =
                matches!(record.spec.kind, TaskKind::Program { source } if source == program);
            let here = record.spec.pool == PoolName::default();
            if same && here && ran.len() < MOST_LEARNT && seen.insert(key(&record.spec.inputs)) {
                let calls = self.runtime().calls(record.id).await?;
                ran.push(Ran { record, calls });
            }
        }
        Ok(ran)
    }

    /// Runs tasks with different inputs, spread over those that are asked for.
    pub(super) async fn run_sample(
        self: &Arc<Self>,
        request: &QuoteRequest,
        size: usize,
    ) -> Result<Vec<TaskId>, EngineError> {
        let size = size.clamp(1, request.inputs.len().max(1));
        let mut tasks = Vec::with_capacity(size);
        for number in 0..size {
            let place = number * request.inputs.len() / size;
            let run = NewRun {
                source: request.source.clone(),
                filename: request.filename.clone(),
                form: ProgramForm::Distributed,
                inputs: request.inputs.get(place).cloned().unwrap_or_default(),
                tenant: Tenant::default(),
                deadline: None,
                budget: None,
                memo: false,
            };
            tasks.push(self.submit(run).await?);
        }
        for task in &tasks {
            let unheard = self.cancelled_unless_ended(*task);
            let mut events = self.follow(*task).await?;
            while let Some(event) = events.next().await {
                match event {
                    RunEvent::Ended(report) if report.record.state != TaskState::Done => {
                        return Err(EngineError::SampleFailed(task.0));
                    }
                    RunEvent::Ended(_) => break,
                    RunEvent::Lost(error) => return Err(error),
                    RunEvent::Output(..) => {}
                }
            }
            unheard.disarm();
        }
        Ok(tasks)
    }

    /// Their shares of what was rented meanwhile.
    pub(super) async fn cost_of_sample(
        &self,
        ran: &[Ran],
        sampled: &[TaskId],
    ) -> Result<Cost, EngineError> {
        let mut cost = Cost::ZERO;
        for task in ran
            .iter()
            .map(|ran| ran.record.id)
            .filter(|id| sampled.contains(id))
        {
            let report = self.report_without_output(task).await?;
            cost += report.bill.map_or(Cost::ZERO, |bill| bill.total);
        }
        Ok(cost)
    }

    pub(super) async fn learnt(
        &self,
        request: &QuoteRequest,
        ran: &[Ran],
    ) -> Result<Learnt, EngineError> {
        let observed = self.seen_in(ran).await?;
        let expected =
            |function: &_, kind: &_, size| self.expected(&observed, function, kind, size);
        let factors = factors(&observed, expected);
        let wanted: HashSet<_> = request.inputs.iter().map(|inputs| key(inputs)).collect();
        let (known, others): (Vec<&Ran>, Vec<&Ran>) = ran
            .iter()
            .partition(|ran| wanted.contains(&key(&ran.record.spec.inputs)));
        let task = |ran: &&Ran| {
            let program = self.stretched(program_time(ran));
            recorded(ran, &factors, false, program)
        };
        let known: Vec<StagedTask> = known.iter().filter_map(task).collect();
        let mut tasks = known.clone();
        tasks.extend(others.iter().filter_map(task));
        Ok(Learnt {
            tasks,
            known: known.len(),
            observed,
        })
    }

    /// What the tasks of the sample took together, beyond what a simulation of them takes.
    pub(super) fn overhead_of(
        &self,
        ran: &[Ran],
        sampled: &[TaskId],
        learnt: &Learnt,
        world: &Scenario,
    ) -> Option<Duration> {
        let of_sample = ran.iter().filter(|ran| sampled.contains(&ran.record.id));
        let records: Vec<_> = of_sample.map(|ran| &ran.record).collect();
        let from = records.iter().filter_map(|record| record.started).min()?;
        let to = records.iter().filter_map(|record| record.ended).max()?;
        let mut again = world.clone();
        // The sample's tasks are those with inputs that were asked for.
        let known = learnt.tasks[..learnt.known].iter();
        again.work.recorded = known.map(|task| task.recorded(Form::Distributed)).collect();
        again.work.tasks = again.work.recorded.len() as u64;
        let simulated = simulate(&again).ok()?.makespan;
        Some(self.stretched(to - from).saturating_sub(simulated))
    }

    /// The leases of these tasks' calls.
    async fn seen_in(&self, ran: &[Ran]) -> Result<Observed, EngineError> {
        let starts = ran.iter().filter_map(|ran| ran.record.started);
        let ends = ran.iter().filter_map(|ran| ran.record.ended);
        let Some(window) = starts.min().zip(ends.max()) else {
            return Ok(Observed::default());
        };
        let window = Window {
            from: window.0,
            to: window.1,
        };
        let filter = UsageFilter {
            pool: Some(PoolName::default()),
            from: Some(window.from),
            to: Some(window.to),
            tasks: ran.iter().map(|ran| ran.record.id).collect(),
        };
        let usage = self.runtime().usage(filter).await?;
        let usage = self.time_scale().stretch_all(window.from, &usage);
        Ok(self.observed(&usage, &HashSet::new())?)
    }

    /// From the program's text and the profiles alone.
    pub(super) fn needs_sample(&self, request: &QuoteRequest) -> NeedsSample {
        let parsed = dice_program::parse(&request.source);
        let sites = dice_program::find_calls(&parsed);
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for name in sites.calls.iter().filter_map(|site| site.function) {
            *count.entry(name).or_default() += 1;
        }
        let calls: Vec<_> = count
            .into_iter()
            .map(|(name, places)| (name.to_owned(), places, self.dearest_call(name)))
            .collect();
        let tasks = SAMPLE.min(request.inputs.len().max(1));
        let at_least = calls
            .iter()
            .map(|(_, places, cost)| Some(Cost(cost.as_ref()?.0 * *places as i128 * tasks as i128)))
            .sum();
        NeedsSample {
            tasks,
            calls,
            at_least,
        }
    }

    fn dearest_call(&self, function: &str) -> Option<Cost> {
        let entry = self.catalog().get(function)?;
        let mut by_kind: HashMap<_, _> = HashMap::new();
        for node in &self.fleet().nodes {
            let price = self.prices().price(&node.spec.kind).ok()?;
            let prices = device_prices(&node.spec, price.price);
            by_kind.extend(
                node.spec
                    .devices
                    .iter()
                    .map(|device| &device.kind)
                    .zip(prices),
            );
        }
        let kinds: BTreeSet<_> = by_kind.keys().copied().collect();
        let costs = kinds.into_iter().filter_map(|kind| {
            let time: Duration = *self.profiled(&entry.spec.id, kind).get(&1)?;
            Some(by_kind[kind].for_duration(time))
        });
        costs.max()
    }
}
