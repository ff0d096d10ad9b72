//! The least that a given work can take and cost: bounds that no schedule beats (RUNTIME M3).
//!
//! Both are linear programs over *how much of each function's work runs on which type of device*. They
//! leave out what only makes a schedule dearer (waiting, loading, memory, whole calls), so their optimum
//! is a bound; ADR 0014 has the proof.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use dice_model::{Cost, DeviceType, NodeSpec, NodeType};
use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable,
};

use crate::{PriceBook, UnknownNodeType};

/// All calls of one function.
#[derive(Debug, Clone, PartialEq)]
pub struct FloorWork {
    pub function: String,
    /// How many; calls that take longer than the profile says count for more than one.
    pub calls: f64,
    /// Per call, the least over batch sizes at the best measured concurrency; device types that are
    /// not here cannot run it.
    pub per_call: BTreeMap<DeviceType, Duration>,
}

/// A bound from below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Floor {
    pub time: Duration,
    pub cost: Cost,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FloorError {
    #[error(transparent)]
    Price(#[from] UnknownNodeType),
    #[error("no device of the fleet can run {0}")]
    Nowhere(String),
    #[error("the linear program has no solution: {0}")]
    Unsolved(String),
}

/// The least for the nodes that are rented, all of them until the work is done. `longest_path`: what
/// the slowest task takes if it never waits.
pub fn fleet_floor(
    work: &[FloorWork],
    nodes: &[NodeSpec],
    prices: &PriceBook,
    longest_path: Duration,
) -> Result<Floor, FloorError> {
    let mut capacity: BTreeMap<&DeviceType, f64> = BTreeMap::new();
    for device in nodes.iter().flat_map(|node| &node.devices) {
        *capacity.entry(&device.kind).or_default() += 1.0;
    }
    let mut problem = Problem::new(work, capacity.keys().copied())?;
    let time = problem.variables.add(variable().min(0.0));
    let limits: Vec<_> = capacity
        .iter()
        .map(|(kind, devices)| constraint!(problem.busy(kind) <= *devices * time))
        .collect();
    let solution = problem.solve(time.into(), limits)?;
    let time = Duration::from_secs_f64(solution.max(0.0)).max(longest_path);
    let mut cost = Cost::ZERO;
    for node in nodes {
        let price = prices.price(&node.kind)?;
        cost += price.price.for_duration(price.rounded(time));
    }
    Ok(Floor { time, cost })
}

/// The least for any nodes of `offers`, as many and for as long as one likes, parts of them too: what
/// the whole price book could do. Its time is the longest path, since nobody must wait.
pub fn market_floor(
    work: &[FloorWork],
    offers: &BTreeMap<NodeType, Vec<DeviceType>>,
    prices: &PriceBook,
    longest_path: Duration,
) -> Result<Floor, FloorError> {
    let kinds: BTreeSet<&DeviceType> = offers.values().flatten().collect();
    let mut problem = Problem::new(work, kinds.iter().copied())?;
    let mut bill = Expression::default();
    let mut rented = BTreeMap::new();
    for node in offers.keys() {
        let price = prices.price(node)?.price;
        let seconds = problem.variables.add(variable().min(0.0));
        bill += price.0 as f64 * seconds;
        rented.insert(node, seconds);
    }
    let has = |node: &NodeType, kind: &DeviceType| {
        let devices = offers[node].iter();
        devices.filter(|device| *device == kind).count() as f64
    };
    let limits: Vec<_> = kinds
        .iter()
        .map(|kind| {
            let offered: Expression = rented
                .iter()
                .map(|(node, seconds)| has(node, kind) * *seconds)
                .sum();
            constraint!(problem.busy(kind) <= offered)
        })
        .collect();
    let micro_usd_seconds = problem.solve(bill, limits)?.max(0.0);
    Ok(Floor {
        time: longest_path,
        cost: Cost((micro_usd_seconds * 1e9).floor() as i128),
    })
}

/// Where each function's work may run, in variables.
struct Problem<'a> {
    variables: ProblemVariables,
    /// Calls of a function on a type of device, and seconds for each.
    shares: Vec<Share<'a>>,
    work: &'a [FloorWork],
}

struct Share<'a> {
    work: usize,
    kind: &'a DeviceType,
    calls: Variable,
    seconds: f64,
}

impl<'a> Problem<'a> {
    fn new(
        work: &'a [FloorWork],
        kinds: impl Iterator<Item = &'a DeviceType> + Clone,
    ) -> Result<Self, FloorError> {
        let mut variables = ProblemVariables::new();
        let mut shares = Vec::new();
        for (index, function) in work.iter().enumerate() {
            let before = shares.len();
            for kind in kinds.clone() {
                if let Some(time) = function.per_call.get(kind) {
                    shares.push(Share {
                        work: index,
                        kind,
                        calls: variables.add(variable().min(0.0)),
                        seconds: time.as_secs_f64(),
                    });
                }
            }
            if shares.len() == before && function.calls > 0.0 {
                return Err(FloorError::Nowhere(function.function.clone()));
            }
        }
        Ok(Self {
            variables,
            shares,
            work,
        })
    }

    /// Seconds that devices of this type work.
    fn busy(&self, kind: &DeviceType) -> Expression {
        let shares = self.shares.iter().filter(|share| share.kind == kind);
        shares.map(|share| share.seconds * share.calls).sum()
    }

    /// The least value of `goal` under `limits` with all work done.
    fn solve(self, goal: Expression, limits: Vec<good_lp::Constraint>) -> Result<f64, FloorError> {
        let mut model = self.variables.minimise(goal.clone()).using(microlp);
        for (index, function) in self.work.iter().enumerate() {
            let shares = self.shares.iter().filter(|share| share.work == index);
            let done: Expression = shares.map(|share| share.calls).sum();
            model.add_constraint(constraint!(done == function.calls));
        }
        for limit in limits {
            model.add_constraint(limit);
        }
        let solution = model.solve();
        let solution = solution.map_err(|error| FloorError::Unsolved(error.to_string()))?;
        Ok(solution.eval(goal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_model::{DeviceId, DeviceSpec, NodeId};

    fn node(kind: &str, devices: &[&str]) -> NodeSpec {
        let device = |device: &&str| DeviceSpec {
            id: DeviceId((*device).to_owned()),
            kind: (*device).into(),
            memory_bytes: 1,
        };
        NodeSpec {
            id: NodeId(kind.to_owned()),
            kind: kind.into(),
            devices: devices.iter().map(device).collect(),
        }
    }

    /// Per function: calls, and seconds by type of device.
    fn work(of: &[(f64, &[(&str, f64)])]) -> Vec<FloorWork> {
        let one = |(calls, times): &(f64, &[(&str, f64)])| FloorWork {
            function: "f".to_owned(),
            calls: *calls,
            per_call: times
                .iter()
                .map(|(kind, seconds)| ((*kind).into(), Duration::from_secs_f64(*seconds)))
                .collect(),
        };
        of.iter().map(one).collect()
    }

    const BOOK: &str = "name = 'b'\ndate = '2026-01-01'\n\
        [[node]]\ntype = 'big'\nusd_per_hour = '2'\nsource = 's'\nbilling_seconds = 1\n\
        [[node]]\ntype = 'pair'\nusd_per_hour = '1'\nsource = 's'\nbilling_seconds = 60\n";

    #[track_caller]
    fn check_fleet(
        of: &[(f64, &[(&str, f64)])],
        nodes: &[NodeSpec],
        path: f64,
        seconds: f64,
        usd: f64,
    ) {
        let prices = PriceBook::parse(BOOK).expect("a book");
        let path = Duration::from_secs_f64(path);
        let floor = fleet_floor(&work(of), nodes, &prices, path).expect("a floor");
        assert!(
            (floor.time.as_secs_f64() - seconds).abs() < 1e-6,
            "{floor:?}"
        );
        assert!((floor.cost.as_usd() - usd).abs() < 1e-6, "{floor:?}");
    }

    #[test]
    fn the_fleets_floor_shares_work_as_well_as_can_be() {
        let big = || node("big", &["A"]);
        let pair = || node("pair", &["B", "C"]);
        let hour = 1.0 / 3600.0;
        check_fleet(
            &[(100.0, &[("A", 0.5)])],
            &[big()],
            0.0,
            50.0,
            50.0 * 2.0 * hour,
        );
        check_fleet(
            &[(100.0, &[("A", 0.5)])],
            &[big(), big()],
            0.0,
            25.0,
            50.0 * 2.0 * hour,
        );
        check_fleet(
            &[(100.0, &[("A", 0.5)])],
            &[big()],
            80.0,
            80.0,
            80.0 * 2.0 * hour,
        );
        // Each where it is relatively fastest; billed by the minute.
        let two: [(f64, &[(&str, f64)]); 2] = [
            (60.0, &[("B", 1.0), ("C", 3.0)]),
            (60.0, &[("B", 3.0), ("C", 1.0)]),
        ];
        check_fleet(&two, &[pair()], 0.0, 60.0, 60.0 * hour);
        // One function, spread so that both end together: x + 3(1 − x)…
        check_fleet(
            &[(80.0, &[("B", 1.0), ("C", 3.0)])],
            &[pair()],
            0.0,
            60.0,
            60.0 * hour,
        );
        check_fleet(&[], &[pair()], 0.0, 0.0, 0.0);
    }

    #[test]
    fn the_markets_floor_takes_the_cheapest_for_each() {
        let prices = PriceBook::parse(BOOK).expect("a book");
        let offers = BTreeMap::from([
            ("big".into(), vec!["A".into()]),
            ("pair".into(), vec!["B".into(), "C".into()]),
        ]);
        let check = |of: &[(f64, &[(&str, f64)])], usd_seconds: f64| {
            let floor = market_floor(&work(of), &offers, &prices, Duration::ZERO);
            let usd = floor.expect("a floor").cost.as_usd();
            assert!((usd - usd_seconds / 3600.0).abs() < 1e-9, "{usd}");
        };
        check(&[(100.0, &[("A", 1.0)])], 200.0);
        // Both devices of the pair for $1: 3 calls in 2 s.
        check(&[(300.0, &[("A", 1.0), ("B", 1.0), ("C", 2.0)])], 200.0);
        check(&[(300.0, &[("A", 0.1), ("B", 1.0), ("C", 2.0)])], 60.0);
    }

    #[test]
    fn what_can_run_nowhere_is_named() {
        let prices = PriceBook::parse(BOOK).expect("a book");
        let nodes = [node("big", &["A"])];
        let floor = fleet_floor(
            &work(&[(1.0, &[("B", 1.0)])]),
            &nodes,
            &prices,
            Duration::ZERO,
        );
        assert_eq!(floor, Err(FloorError::Nowhere("f".to_owned())));
    }
}
