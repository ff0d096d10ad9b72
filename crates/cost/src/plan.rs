//! What to rent for a given work, and which functions to keep where: node types, counts, batch sizes.
//!
//! For each of several horizons (how long the work may take) a solver chooses nodes; what it chose is made
//! into devices with functions on them, and a linear program shares the work out evenly. The cheapest of
//! all that is kept. ADR 0017 has the model.

mod balance;
mod greedy;
mod milp;
mod problem;
mod spot;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use dice_model::{Cost, DeviceType, FunctionId, NodeType};

use crate::{BatchTimes, Floor, FloorError, PriceBook, UnknownNodeType};

use problem::{Counts, Problem, alone, check, floor};
pub use spot::SpotCost;

/// Horizons tried below the longest one, each a fifth shorter than the one before.
const HORIZONS: i32 = 12;

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    pub functions: Vec<PlannedFunction>,
    /// What the slowest task takes if it never waits: no node makes the work end sooner.
    pub longest_path: Duration,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PlannedFunction {
    pub name: FunctionId,
    pub calls: f64,
    pub memory_bytes: u64,
    /// Device types without times cannot run it.
    pub times: BTreeMap<DeviceType, FunctionTimes>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FunctionTimes {
    pub load: Duration,
    pub batches: BatchTimes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The work is to end within this.
    pub deadline: Option<Duration>,
    /// Rent nodes that may be taken back where that is cheaper, and go on with others when it happens.
    pub spot: bool,
    /// That a solver may take for one horizon.
    pub time_limit: Duration,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub nodes: Vec<PlannedNode>,
    /// From the first load to the last result, devices evenly filled.
    pub time: Duration,
    /// Expected, where nodes may be taken back.
    pub cost: Cost,
    pub status: Status,
    /// The least that any nodes of the book could do it for, whole or not.
    pub floor: Floor,
}

/// One node to be rented.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedNode {
    pub kind: NodeType,
    /// `Some`: at the spot price.
    pub spot: Option<SpotCost>,
    pub devices: Vec<PlannedDevice>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PlannedDevice {
    pub kind: DeviceType,
    pub resident: Vec<Resident>,
}

/// A function that stays on a device.
#[derive(Debug, Clone, PartialEq)]
pub struct Resident {
    pub function: FunctionId,
    /// Its part of all calls of the function.
    pub calls: f64,
    pub batch_size: u32,
}

/// How good the choice of nodes is known to be, at its horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Status {
    /// By the heuristic alone.
    Heuristic,
    /// The solver proved that no other choice is cheaper.
    Optimal,
    /// Proved to be at most so much dearer than the best: 0.05 is five per cent.
    Gap(f64),
    /// The solver's time was up; the heuristic's choice was at least as good, or all there was.
    TimeLimit,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    Price(#[from] UnknownNodeType),
    #[error(transparent)]
    Floor(#[from] FloorError),
    #[error("price book {0} says of no node type what devices it has (devices = […])")]
    NoDevices(String),
    #[error("{function} runs on none of the node types of price book {book}: {reason}")]
    Nowhere {
        function: FunctionId,
        book: String,
        reason: &'static str,
    },
    #[error("price book {book} has no spot price for any node type that could be used")]
    NoSpot { book: String },
    #[error("the work cannot end within {deadline:?}: one task alone needs {path:?}")]
    TooSoon { deadline: Duration, path: Duration },
    #[error("no choice of nodes ends within {0:?}")]
    NoPlan(Duration),
}

impl Plan {
    pub fn new(work: &Workload, prices: &PriceBook, terms: &Terms) -> Result<Self, PlanError> {
        check(work, prices, terms)?;
        let floor = floor(work, prices)?;
        let longest = match terms.deadline {
            Some(deadline) => deadline,
            None => alone(work, prices, terms)?,
        };
        let mut best: Option<Self> = None;
        for step in 0..HORIZONS {
            let horizon = longest.mul_f64(0.8_f64.powi(step));
            if horizon < work.longest_path {
                break;
            }
            let problem = Problem::new(work, prices, terms, horizon)?;
            for (counts, status) in problem.choices(terms) {
                let plan = problem.plan(&counts, status, prices, floor);
                let plan =
                    plan.filter(|plan| terms.deadline.is_none_or(|limit| plan.time <= limit));
                best = [best, plan].into_iter().flatten().min_by(|a, b| {
                    // The dearer work of a solver is not worth a fraction of a cent.
                    a.cost.cmp(&b.cost).then(a.time.cmp(&b.time))
                });
            }
        }
        best.ok_or(PlanError::NoPlan(longest))
    }

    /// Node types with how many of each, as people list them.
    pub fn counts(&self) -> BTreeMap<(NodeType, bool), usize> {
        let mut counts = BTreeMap::new();
        for node in &self.nodes {
            *counts
                .entry((node.kind.clone(), node.spot.is_some()))
                .or_default() += 1;
        }
        counts
    }
}

impl PlannedFunction {
    /// The size of batch at which a call takes least, and what it takes then.
    fn best(&self, kind: &DeviceType) -> Option<(u32, f64)> {
        let batches = &self.times.get(kind)?.batches;
        let per_call = batches
            .iter()
            .map(|(size, time)| (*size, time.as_secs_f64() / f64::from(*size)));
        per_call.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn load(&self, kind: &DeviceType) -> f64 {
        self.times
            .get(kind)
            .map_or(0.0, |times| times.load.as_secs_f64())
    }

    /// Whether it can run on such a device at all.
    fn fits(&self, kind: &DeviceType, memory_bytes: u64) -> bool {
        self.memory_bytes <= memory_bytes && self.best(kind).is_some()
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Heuristic => f.write_str("heuristic, not proved"),
            Self::Optimal => f.write_str("optimal at its horizon"),
            Self::Gap(gap) => write!(f, "within {:.1} % of the best at its horizon", gap * 100.0),
            Self::TimeLimit => f.write_str("time limit reached, not proved"),
        }
    }
}
