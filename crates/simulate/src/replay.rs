//! A recorded batch beside what it would have taken and cost another way: `dice replay`.

use dice_cost::{BillError, Comparison, Date, Label, PriceBook, Run, TimeScale};
use dice_model::{Cost, NodeType};
use serde::Serialize;

use crate::report::{Prices, prices};
use crate::{Changes, Outcome, SimulationError, Trace, TraceError, simulate};

/// Everything is priced by one book: what differs is what was changed, not what was paid on the day.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    pub name: String,
    /// As it ran.
    pub recorded: Run,
    /// Simulated without any change: how far this is from the record is what a simulation is off.
    pub same: Run,
    /// Simulated with the changes; `None` if nothing was to be changed.
    pub changed: Option<Run>,
    pub tasks: usize,
    pub prices: Prices,
    /// What the record itself has to say.
    pub labels: Vec<String>,
}

/// A run of a replay, as `dice replay --json` prints it. Documented in `docs/simulate.md`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Replayed {
    pub makespan_seconds: f64,
    pub device_seconds: f64,
    pub utilisation: f64,
    pub cost_usd: f64,
}

#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error(transparent)]
    Trace(#[from] TraceError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    Bill(#[from] BillError),
}

impl Replay {
    pub fn new(
        trace: &Trace,
        changes: &Changes,
        book: &PriceBook,
        today: Date,
    ) -> Result<Self, ReplayError> {
        let mut kinds: Vec<NodeType> = trace.nodes.iter().map(|node| node.kind.clone()).collect();
        let mut run = |changes: &Changes| -> Result<Run, ReplayError> {
            let scenario = trace.scenario(changes)?;
            kinds.extend(scenario.nodes.iter().map(|node| node.r#type.clone()));
            Ok(simulate(&scenario)?.run(book)?)
        };
        let unchanged = Changes {
            by_profile: changes.by_profile,
            ..Changes::default()
        };
        let same = run(&unchanged)?;
        let changed = if *changes == unchanged {
            None
        } else {
            Some(run(changes)?)
        };
        kinds.sort();
        kinds.dedup();
        Ok(Self {
            name: trace.name.clone(),
            recorded: trace.run(book)?,
            same,
            changed,
            tasks: trace.tasks.len(),
            prices: prices(book, kinds.iter(), today),
            labels: trace.labels.clone(),
        })
    }

    /// The record beside its replay, or the replay beside the one with changes: like with like.
    pub fn comparison(&self) -> Comparison {
        let (baseline, distributed) = match self.changed {
            None => (self.recorded, self.same),
            Some(changed) => (self.same, changed),
        };
        Comparison {
            baseline,
            distributed,
            labels: vec![Label::Simulated(TimeScale::REAL)],
        }
    }

    /// In per cent of the recorded time: above zero if the replay takes longer.
    pub fn off_percent(&self) -> f64 {
        let recorded = self.recorded.time.as_secs_f64();
        (self.same.time.as_secs_f64() / recorded - 1.0) * 100.0
    }
}

impl Trace {
    /// What it took, and what its nodes cost from the first task's acceptance to the last one's end.
    fn run(&self, book: &PriceBook) -> Result<Run, BillError> {
        let time = self.makespan();
        let devices = self.nodes.iter().flat_map(|node| &node.devices).count();
        let mut cost = Cost::ZERO;
        for node in &self.nodes {
            let price = book.price(&node.kind)?;
            cost += price.price.for_duration(price.rounded(time));
        }
        let device_time = self.device_time();
        Ok(Run {
            time,
            device_time,
            held: time * u32::try_from(devices).unwrap_or(u32::MAX),
            execute: device_time,
            cost,
        })
    }
}

impl Outcome {
    /// Its figures, to be compared.
    pub fn run(&self, book: &PriceBook) -> Result<Run, BillError> {
        let devices = u32::try_from(self.devices.len()).unwrap_or(u32::MAX);
        Ok(Run {
            time: self.makespan,
            device_time: self.devices.iter().map(|one| one.execute + one.load).sum(),
            held: self.makespan * devices,
            execute: self.devices.iter().map(|one| one.execute).sum(),
            cost: self.rent(book)?,
        })
    }
}

impl From<Run> for Replayed {
    fn from(run: Run) -> Self {
        Self {
            makespan_seconds: run.time.as_secs_f64(),
            device_seconds: run.device_time.as_secs_f64(),
            utilisation: run.utilisation(),
            cost_usd: run.cost.as_usd(),
        }
    }
}
