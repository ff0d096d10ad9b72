//! A plan: what to rent, what to keep where, and how sure that is.

use std::collections::BTreeMap;
use std::fmt;

use dice_cost::{Plan, PlannedNode, PriceBook};
use dice_simulate::{Outcome, Scenario};
use serde::Serialize;

use super::{duration, table};

/// As `--json` prints it.
#[derive(Debug, Serialize)]
pub(crate) struct PlanReport {
    workload: String,
    tasks: u64,
    /// `heuristic, not proved`, `optimal at its horizon`, …
    status: String,
    nodes: Vec<Nodes>,
    /// Devices evenly filled; expected, where nodes may be taken back.
    planned_seconds: f64,
    planned_usd: f64,
    /// On the live scheduler in virtual time, at the full price.
    simulated_seconds: f64,
    simulated_usd: Option<f64>,
    /// The least that any nodes of the book could do it for, whole or not.
    market_floor_usd: f64,
    gap_to_market_floor_percent: f64,
    prices: String,
    warnings: Vec<String>,
}

/// Nodes that are alike.
#[derive(Debug, Serialize)]
struct Nodes {
    r#type: String,
    count: usize,
    /// Rented at the spot price.
    spot: bool,
    /// That one of them is taken back before the end.
    taken_back_percent: Option<f64>,
    devices: Vec<Devices>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Devices {
    r#type: String,
    resident: Vec<Resident>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Resident {
    function: String,
    batch_size: u32,
}

pub(crate) fn plan(
    scenario: &Scenario,
    plan: &Plan,
    outcome: &Outcome,
    book: &PriceBook,
    warnings: Vec<String>,
) -> PlanReport {
    let (planned, floor) = (plan.cost.as_usd(), plan.floor.cost.as_usd());
    PlanReport {
        workload: scenario.name.clone(),
        tasks: scenario.work.tasks,
        status: plan.status.to_string(),
        nodes: alike(plan),
        planned_seconds: plan.time.as_secs_f64(),
        planned_usd: planned,
        simulated_seconds: outcome.makespan.as_secs_f64(),
        simulated_usd: outcome.rent(book).ok().map(|cost| cost.as_usd()),
        market_floor_usd: floor,
        gap_to_market_floor_percent: (planned / floor - 1.0) * 100.0,
        prices: format!("{} of {}", book.name, book.date),
        warnings,
    }
}

fn alike(plan: &Plan) -> Vec<Nodes> {
    let mut groups: BTreeMap<String, Nodes> = BTreeMap::new();
    for node in &plan.nodes {
        let devices = devices(node);
        let key = format!("{} {} {devices:?}", node.kind, node.spot.is_some());
        let group = groups.entry(key).or_insert_with(|| Nodes {
            r#type: node.kind.to_string(),
            count: 0,
            spot: node.spot.is_some(),
            taken_back_percent: node.spot.map(|spot| spot.taken_back * 100.0),
            devices,
        });
        group.count += 1;
    }
    groups.into_values().collect()
}

fn devices(node: &PlannedNode) -> Vec<Devices> {
    let device = |device: &dice_cost::PlannedDevice| {
        let used = device
            .resident
            .iter()
            .filter(|resident| resident.calls > 0.0);
        let mut resident: Vec<Resident> = used
            .map(|resident| Resident {
                function: resident.function.to_string(),
                batch_size: resident.batch_size,
            })
            .collect();
        resident.sort_by(|a, b| a.function.cmp(&b.function));
        Devices {
            r#type: device.kind.to_string(),
            resident,
        }
    };
    node.devices.iter().map(device).collect()
}

impl fmt::Display for PlanReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.nodes.iter().flat_map(|nodes| {
            let spot = if nodes.spot { " (spot)" } else { "" };
            let first = format!("{} × {}{spot}", nodes.count, nodes.r#type);
            nodes.devices.iter().enumerate().map(move |(slot, device)| {
                let node = if slot == 0 {
                    first.clone()
                } else {
                    String::new()
                };
                let resident = device.resident.iter();
                let resident =
                    resident.map(|one| format!("{} by {}", one.function, one.batch_size));
                let resident: Vec<String> = resident.collect();
                vec![node, device.r#type.clone(), resident.join(", ")]
            })
        });
        writeln!(f, "{}: {} tasks\n", self.workload, self.tasks)?;
        writeln!(
            f,
            "{}\n",
            table(&["RENT", "DEVICE", "FUNCTIONS, IN BATCHES"], rows)
        )?;
        let seconds = |seconds: f64| duration((seconds * 1e9) as u64);
        let usd = |usd: f64| format!("${usd:.6}");
        let simulated = self.simulated_usd.map_or("not priced".to_owned(), usd);
        let spot = self.nodes.iter().any(|nodes| nodes.spot);
        let rows = [
            vec![
                "planned".to_owned(),
                seconds(self.planned_seconds),
                usd(self.planned_usd),
                if spot {
                    "expected, with nodes taken back"
                } else {
                    ""
                }
                .to_owned(),
            ],
            vec![
                "simulated".to_owned(),
                seconds(self.simulated_seconds),
                simulated,
                if spot { "at the full price" } else { "" }.to_owned(),
            ],
            vec![
                "floor of the market".to_owned(),
                String::new(),
                usd(self.market_floor_usd),
                format!("gap {:.1} %", self.gap_to_market_floor_percent),
            ],
        ];
        writeln!(f, "{}", table(&["", ">TIME", ">USD", ""], rows))?;
        writeln!(f, "choice of nodes: {}", self.status)?;
        write!(f, "prices: {}", self.prices)?;
        for warning in &self.warnings {
            write!(f, "\nnote: {warning}")?;
        }
        Ok(())
    }
}
