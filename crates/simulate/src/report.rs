//! An outcome with its prices, as `dice simulate --json` prints it. Documented in `docs/simulate.md`.

use dice_cost::{BillError, Date, FloorError, PriceBook, market_floor};
use dice_model::{Cost, NodeType};
use serde::Serialize;

use crate::{Outcome, Scenario, SimulationError, simulate};

/// Amounts are what nodes cost from the start of the run to its end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub scenario: String,
    /// Always true: nothing here was measured on the hardware that it is about.
    pub simulated: bool,
    pub seed: u64,
    pub policy: String,
    pub tasks: u64,
    pub calls: u64,
    pub leases: u64,
    pub makespan_seconds: f64,
    pub utilisation: f64,
    pub cost_usd: f64,
    pub cost_per_task_usd: f64,
    /// The least for the nodes of the scenario, and for any nodes of the price book that its profiles
    /// cover (RUNTIME M3).
    pub fleet_floor_usd: f64,
    pub market_floor_usd: f64,
    pub gap_to_fleet_floor_percent: f64,
    pub prices: Prices,
    pub devices: Vec<DeviceReport>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prices {
    pub book: String,
    pub date: String,
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeviceReport {
    pub device: String,
    pub kind: String,
    pub execute_seconds: f64,
    pub load_seconds: f64,
    pub idle_seconds: f64,
}

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    Bill(#[from] BillError),
    #[error(transparent)]
    Floor(#[from] FloorError),
}

impl Report {
    /// Simulates the scenario and prices it as of `today`.
    pub fn new(scenario: &Scenario, book: &PriceBook, today: Date) -> Result<Self, ReportError> {
        Self::of(scenario, &simulate(scenario)?, book, today)
    }

    /// Prices what the scenario has led to.
    pub fn of(
        scenario: &Scenario,
        outcome: &Outcome,
        book: &PriceBook,
        today: Date,
    ) -> Result<Self, ReportError> {
        let cost = outcome.rent(book)?;
        let fleet = outcome.fleet_floor(scenario, book)?;
        let offers = scenario.offers();
        let work = outcome.floor_work(scenario);
        let market = market_floor(&work, &offers, book, outcome.longest_path)?;
        Ok(Self {
            scenario: scenario.name.clone(),
            simulated: true,
            seed: scenario.seed,
            policy: scenario.policy.to_string(),
            tasks: outcome.tasks,
            calls: outcome.calls,
            leases: outcome.leases,
            makespan_seconds: outcome.makespan.as_secs_f64(),
            utilisation: outcome.utilisation(),
            cost_usd: cost.as_usd(),
            cost_per_task_usd: cost.as_usd() / outcome.tasks.max(1) as f64,
            fleet_floor_usd: fleet.cost.as_usd(),
            market_floor_usd: market.cost.as_usd(),
            gap_to_fleet_floor_percent: gap(cost, fleet.cost),
            prices: prices(book, offers.keys(), today),
            devices: devices(outcome),
        })
    }
}

fn gap(cost: Cost, floor: Cost) -> f64 {
    if floor == Cost::ZERO {
        return 0.0;
    }
    (cost.as_usd() / floor.as_usd() - 1.0) * 100.0
}

pub(crate) fn prices<'a>(
    book: &PriceBook,
    nodes: impl Iterator<Item = &'a NodeType>,
    today: Date,
) -> Prices {
    let warnings = nodes.flat_map(|node| book.warnings(node, today));
    Prices {
        book: book.name.clone(),
        date: book.date.to_string(),
        warnings: warnings.map(|warning| warning.to_string()).collect(),
    }
}

fn devices(outcome: &Outcome) -> Vec<DeviceReport> {
    let whole = outcome.makespan;
    let devices = outcome.devices.iter();
    devices
        .map(|device| DeviceReport {
            device: device.id.to_string(),
            kind: device.kind.to_string(),
            execute_seconds: device.execute.as_secs_f64(),
            load_seconds: device.load.as_secs_f64(),
            idle_seconds: whole
                .saturating_sub(device.execute + device.load)
                .as_secs_f64(),
        })
        .collect()
}
