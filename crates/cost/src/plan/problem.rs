//! One horizon's problem: what may be rented, and what it costs until then.

use std::collections::BTreeSet;
use std::time::Duration;

use dice_model::{Cost, DeviceType, NodeType};

use super::{Plan, PlanError, SpotCost, Status, Terms, Workload, balance, greedy, milp};
use crate::{Floor, FloorError, FloorWork, PriceBook, market_floor};

/// A node type that may be rented, at this problem's horizon.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub(super) kind: NodeType,
    pub(super) devices: Vec<(DeviceType, u64)>,
    /// For one node until the horizon, in dollars.
    pub(super) usd: f64,
    pub(super) spot: Option<SpotCost>,
}

/// One horizon's problem.
#[derive(Debug)]
pub(super) struct Problem<'a> {
    pub(super) work: &'a Workload,
    pub(super) offers: Vec<Offer>,
    pub(super) seconds: f64,
}

/// How many of each offer.
pub(super) type Counts = Vec<u32>;

impl<'a> Problem<'a> {
    pub(super) fn new(
        work: &'a Workload,
        prices: &PriceBook,
        terms: &Terms,
        horizon: Duration,
    ) -> Result<Self, PlanError> {
        let known = prices
            .nodes()
            .filter(|(_, price)| !price.devices.is_empty());
        let offers = known.map(|(kind, price)| {
            let spot = SpotCost::of(price, horizon).filter(|_| terms.spot);
            let on_demand = price
                .price
                .for_duration(price.rounded(horizon) + price.start_up);
            let spot = spot.filter(|spot| spot.expected < on_demand);
            let cost = spot.as_ref().map_or(on_demand, |spot| spot.expected);
            Offer {
                kind: kind.clone(),
                devices: price
                    .devices
                    .iter()
                    .map(|device| (device.kind.clone(), device.memory_bytes))
                    .collect(),
                usd: cost.as_usd(),
                spot,
            }
        });
        let offers: Vec<Offer> = offers.filter(|offer| useful(work, offer)).collect();
        Ok(Self {
            work,
            offers,
            seconds: horizon.as_secs_f64(),
        })
    }

    /// The solver's choice and the heuristic's.
    pub(super) fn choices(&self, terms: &Terms) -> Vec<(Counts, Status)> {
        milp::choose(self, greedy::choose(self), terms.time_limit)
    }

    pub(super) fn usd(&self, counts: &Counts) -> f64 {
        let offers = self.offers.iter().zip(counts);
        offers
            .map(|(offer, count)| offer.usd * f64::from(*count))
            .sum()
    }

    /// Devices with functions on them; `None`: not all work finds a place within the horizon.
    pub(super) fn plan(
        &self,
        counts: &Counts,
        status: Status,
        prices: &PriceBook,
        floor: Floor,
    ) -> Option<Plan> {
        let mut nodes = greedy::place(self, counts)?;
        let seconds = balance::balance(self.work, &mut nodes)?;
        let time = Duration::from_secs_f64(seconds).max(self.work.longest_path);
        let mut cost = Cost::ZERO;
        for node in &mut nodes {
            let price = prices.price(&node.kind).ok()?;
            node.spot = SpotCost::of(price, time).filter(|_| node.spot.is_some());
            cost += node.spot.as_ref().map_or_else(
                || {
                    price
                        .price
                        .for_duration(price.rounded(time) + price.start_up)
                },
                |spot| spot.expected,
            );
        }
        Some(Plan {
            nodes,
            time,
            cost,
            status,
            floor,
        })
    }
}

fn useful(work: &Workload, offer: &Offer) -> bool {
    let mut devices = offer.devices.iter();
    devices.any(|(kind, memory)| work.functions.iter().any(|one| one.fits(kind, *memory)))
}

pub(super) fn check(work: &Workload, prices: &PriceBook, terms: &Terms) -> Result<(), PlanError> {
    let devices: Vec<_> = prices
        .nodes()
        .flat_map(|(_, price)| &price.devices)
        .collect();
    if devices.is_empty() {
        return Err(PlanError::NoDevices(prices.name.clone()));
    }
    for function in &work.functions {
        let times = devices
            .iter()
            .any(|device| function.times.contains_key(&device.kind));
        let fits = devices
            .iter()
            .any(|at| function.fits(&at.kind, at.memory_bytes));
        let reason = match (times, fits) {
            (false, _) => "how long it takes there is not known",
            (true, false) => "it needs more memory than any device has",
            (true, true) => continue,
        };
        return Err(PlanError::Nowhere {
            function: function.name.clone(),
            book: prices.name.clone(),
            reason,
        });
    }
    if terms.spot && prices.nodes().all(|(_, price)| price.spot.is_none()) {
        let book = prices.name.clone();
        return Err(PlanError::NoSpot { book });
    }
    match terms.deadline {
        Some(deadline) if deadline < work.longest_path => Err(PlanError::TooSoon {
            deadline,
            path: work.longest_path,
        }),
        _ => Ok(()),
    }
}

pub(super) fn floor(work: &Workload, prices: &PriceBook) -> Result<Floor, FloorError> {
    let kinds: BTreeSet<DeviceType> = prices.offers().into_values().flatten().collect();
    let functions = work.functions.iter().map(|function| {
        let per_call = kinds.iter().filter_map(|kind| {
            let (_, seconds) = function.best(kind)?;
            Some((kind.clone(), Duration::from_secs_f64(seconds)))
        });
        FloorWork {
            function: function.name.to_string(),
            calls: function.calls,
            per_call: per_call.collect(),
        }
    });
    let functions: Vec<FloorWork> = functions.collect();
    market_floor(&functions, &prices.offers(), prices, work.longest_path)
}

/// What the slowest choice of one node of a type would take: nobody would wait longer.
pub(super) fn alone(
    work: &Workload,
    prices: &PriceBook,
    terms: &Terms,
) -> Result<Duration, PlanError> {
    let problem = Problem::new(work, prices, terms, Duration::MAX / 4)?;
    let serial = |kind: &DeviceType| -> f64 {
        let functions = work.functions.iter();
        let times =
            functions.filter_map(|one| Some(one.calls * one.best(kind)?.1 + one.load(kind)));
        times.sum()
    };
    let kinds = problem.offers.iter().flat_map(|offer| &offer.devices);
    let longest = kinds.map(|(kind, _)| serial(kind)).fold(1.0, f64::max);
    Ok(Duration::from_secs_f64(longest).max(work.longest_path))
}
