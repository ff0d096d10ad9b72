//! Why the same work would have cost more the old way, cause by cause (RUNTIME M4), and what the best
//! monolith would have cost (M5). All of it is simulated, on the live scheduler, but what was rented.

use std::time::Duration;

use dice_cost::{Observed, PriceBook};
use dice_model::{Cost, DeviceId, DeviceSpec, NodeId, NodeSpec, NodeType, PoolName};
use dice_simulate::{Form, Outcome, Scenario, StagedTask, simulate};

use super::Ran;
use super::recorded::{factors, program_time, recorded};
use super::world::Setting;
use crate::Engine;

/// More calls than this are not simulated while somebody waits for a report.
const MOST_CALLS: usize = 50_000;
/// Fixed numbers of tasks at once that a monolith is tried with.
const MONOLITH_CONCURRENCY: [u32; 5] = [1, 2, 4, 8, 16];

/// From what the baseline would have cost to what was rented: the causes add up to the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The monolith: serial programs, one at a time, on the baseline's node.
    pub baseline: Cost,
    /// What each saved; below zero: what it cost more.
    pub causes: Vec<(Cause, Cost)>,
    pub actual: Cost,
    pub best_monolith: Option<Monolith>,
}

/// In the order of the ladder: each is what one step down it saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The same serial programs on the fleet, one at a time on each of its nodes.
    Hardware,
    /// Calls and tasks at the same time.
    Overlap,
    Batching,
    /// Equal calls made once.
    Reuse,
    /// What the simulation leaves out: loading, start-up, other tasks, rounding, profiles that are off.
    Overheads,
}

/// The cheapest node that holds all models, at the best fixed number of serial tasks at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monolith {
    pub node: NodeType,
    pub concurrency: u32,
    pub cost: Cost,
    pub time: Duration,
}

impl Cause {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hardware => "hardware",
            Self::Overlap => "overlap",
            Self::Batching => "batching",
            Self::Reuse => "reuse",
            Self::Overheads => "overheads",
        }
    }
}

impl Split {
    /// `rungs`: what each step of the ladder costs, from the baseline down.
    fn new(rungs: [Cost; 5], actual: Cost, best_monolith: Option<Monolith>) -> Self {
        let [baseline, hardware, overlap, batching, reuse] = rungs;
        Self {
            baseline,
            causes: vec![
                (Cause::Hardware, baseline - hardware),
                (Cause::Overlap, hardware - overlap),
                (Cause::Batching, overlap - batching),
                (Cause::Reuse, batching - reuse),
                (Cause::Overheads, reuse - actual),
            ],
            actual,
            best_monolith,
        }
    }

    /// The same with a baseline that was measured: what the simulation is off goes to the overheads.
    pub(crate) fn starting_at_baseline(mut self, measured: Cost) -> Self {
        let off = measured - self.baseline;
        self.baseline = measured;
        if let Some((_, overheads)) = self.causes.last_mut() {
            *overheads += off;
        }
        self
    }
}

/// Everything that is to be simulated, made while the engine is at hand.
struct Ladder {
    rungs: [Scenario; 5],
    monoliths: Vec<Scenario>,
    prices: PriceBook,
}

impl Engine {
    /// Simulates; not on the threads that serve others.
    pub(crate) async fn split_later(
        &self,
        ran: &[Ran],
        observed: &Observed,
        actual: Cost,
        pool: &PoolName,
    ) -> Result<Split, String> {
        let calls: usize = ran.iter().map(|ran| ran.calls.len()).sum();
        if calls > MOST_CALLS {
            return Err(format!(
                "{calls} calls are too many to simulate for a report"
            ));
        }
        if *pool != PoolName::default() {
            return Err("it is a baseline itself".to_owned());
        }
        let ladder = self.ladder(ran, observed)?;
        let split = tokio::task::spawn_blocking(move || ladder.split(actual)).await;
        split.map_err(|error| error.to_string())?
    }

    fn ladder(&self, ran: &[Ran], observed: &Observed) -> Result<Ladder, String> {
        let expected = |function: &_, kind: &_, size| self.expected(observed, function, kind, size);
        let factors = factors(observed, expected);
        let tasks = |reused: bool| -> Vec<StagedTask> {
            let program = |ran: &Ran| self.stretched(program_time(ran));
            let tasks = ran.iter();
            tasks
                .filter_map(|ran| recorded(ran, &factors, reused, program(ran)))
                .collect()
        };
        let all = tasks(true);
        if all.is_empty() {
            return Err("it called nothing".to_owned());
        }
        let fleet: Vec<NodeSpec> = self
            .fleet()
            .nodes
            .iter()
            .map(|node| node.spec.clone())
            .collect();
        let monolith = std::slice::from_ref(&self.fleet().baseline.spec);
        let one_a_node = u32::try_from(fleet.len()).unwrap_or(u32::MAX);
        let scenario = |tasks, nodes, form, concurrency, batching| {
            let setting = Setting {
                nodes,
                form,
                concurrency,
                batching,
            };
            self.scenario(observed, tasks, &setting)
        };
        let at_once = self.concurrency();
        Ok(Ladder {
            rungs: [
                scenario(all.clone(), monolith, Form::Serial, 1, false)?,
                scenario(all.clone(), &fleet, Form::Serial, one_a_node, false)?,
                scenario(all.clone(), &fleet, Form::Distributed, at_once, false)?,
                scenario(all.clone(), &fleet, Form::Distributed, at_once, true)?,
                scenario(tasks(false), &fleet, Form::Distributed, at_once, true)?,
            ],
            monoliths: self.monoliths(observed, &all),
            prices: self.prices().clone(),
        })
    }

    /// Those whose node holds all models and whose times are known.
    fn monoliths(&self, observed: &Observed, tasks: &[StagedTask]) -> Vec<Scenario> {
        let mut nodes = offered(self.prices());
        nodes.push(self.fleet().baseline.spec.clone());
        let mut monoliths = Vec::new();
        for node in &nodes {
            for concurrency in MONOLITH_CONCURRENCY {
                if concurrency > 1 && concurrency as usize > tasks.len() {
                    break;
                }
                let setting = Setting {
                    nodes: std::slice::from_ref(node),
                    form: Form::Serial,
                    concurrency,
                    batching: false,
                };
                let scenario = self.scenario(observed, tasks.to_vec(), &setting);
                monoliths.extend(scenario.ok().filter(holds_all));
            }
        }
        monoliths
    }
}

/// A node of each type of the book.
fn offered(prices: &PriceBook) -> Vec<NodeSpec> {
    let nodes = prices
        .nodes()
        .filter(|(_, price)| !price.devices.is_empty());
    nodes
        .map(|(kind, price)| NodeSpec {
            id: NodeId(kind.to_string()),
            kind: kind.clone(),
            devices: (1..)
                .zip(&price.devices)
                .map(|(slot, device)| DeviceSpec {
                    id: DeviceId(format!("{kind}/{slot}")),
                    kind: device.kind.clone(),
                    memory_bytes: device.memory_bytes,
                })
                .collect(),
        })
        .collect()
}

fn holds_all(scenario: &Scenario) -> bool {
    let devices = scenario.nodes.iter().flat_map(|node| &node.devices);
    let held: Vec<_> = devices.flat_map(|device| &device.holds).collect();
    scenario
        .functions
        .iter()
        .all(|function| held.contains(&&function.name))
}

impl Ladder {
    fn split(self, actual: Cost) -> Result<Split, String> {
        let rung = |scenario: &Scenario| Ok::<_, String>(run(scenario, &self.prices)?.0);
        let [baseline, hardware, overlap, batching, reuse] = &self.rungs;
        let rungs = [
            rung(baseline)?,
            rung(hardware)?,
            rung(overlap)?,
            rung(batching)?,
            rung(reuse)?,
        ];
        let monoliths = self.monoliths.iter().filter_map(|scenario| {
            let (cost, outcome) = run(scenario, &self.prices).ok()?;
            Some(Monolith {
                node: scenario.nodes[0].r#type.clone(),
                concurrency: scenario.concurrency,
                cost,
                time: outcome.makespan,
            })
        });
        let best = monoliths.min_by_key(|monolith| (monolith.cost, monolith.concurrency));
        Ok(Split::new(rungs, actual, best))
    }
}

fn run(scenario: &Scenario, prices: &PriceBook) -> Result<(Cost, Outcome), String> {
    let outcome = simulate(scenario).map_err(|error| error.to_string())?;
    let cost = outcome.rent(prices).map_err(|error| error.to_string())?;
    Ok((cost, outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_add_up_to_the_saving_whatever_the_baseline() {
        let rungs = [100, 60, 40, 45, 30].map(Cost);
        let check = |split: &Split, causes: [i128; 5]| {
            let found: Vec<i128> = split.causes.iter().map(|(_, cost)| cost.0).collect();
            assert_eq!(found, causes);
            let saved: Cost = split.causes.iter().map(|(_, cost)| *cost).sum();
            assert_eq!(split.baseline - saved, split.actual);
        };
        let split = Split::new(rungs, Cost(33), None);
        check(&split, [40, 20, -5, 15, -3]);
        check(&split.starting_at_baseline(Cost(120)), [40, 20, -5, 15, 17]);
    }
}
