//! The same work, hardware and prices under our policy.

use std::collections::BTreeMap;

use dice_cost::PriceBook;
use serde::Serialize;

use super::cells::{Gains, Who};
use super::{Fit, PaperError, Setting, Tables};
use crate::simulate;

/// One case of batching: per size, and the least and greatest over the sizes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ours {
    /// Against the minutes that the paper measured for its baseline; least over the sizes.
    pub identical_hardware_reduction_percent: f64,
    pub identical_hardware_reduction_percent_mean: f64,
    pub different_hardware_reduction_percent: f64,
    pub different_hardware_reduction_percent_mean: f64,
    /// At the newer prices of the same provider.
    pub different_hardware_reduction_percent_newer_prices: f64,
    /// Cost over the fleet floor, greatest over both kinds of hardware and all sizes.
    pub gap_to_fleet_floor_percent: f64,
    /// Node time at one node over node time at the largest size, least over both kinds of hardware.
    pub efficiency_1_to_8: f64,
    pub cases: Vec<Case>,
}

/// One kind of hardware at one size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Case {
    pub setting: Setting,
    pub nodes: u32,
    pub minutes: f64,
    /// What the paper measured.
    pub baseline_minutes: f64,
    pub baseline_usd: f64,
    pub usd: f64,
    pub reduction_percent: f64,
    /// The same against the baseline as simulated here.
    pub reduction_percent_simulated_baseline: f64,
    pub reduction_percent_newer_prices: f64,
    pub fleet_floor_minutes: f64,
    pub gap_to_fleet_floor_percent: f64,
    pub utilisation: f64,
}

/// Minutes of the simulated baseline, by number of nodes.
pub(crate) type Baselines = BTreeMap<u32, f64>;

/// The paper's prices and the provider's newer ones, in dollars a minute.
pub(crate) struct Prices {
    pub(crate) paper: PriceBook,
    pub(crate) newer: PriceBook,
}

impl Prices {
    pub(crate) fn shipped() -> Self {
        let book = |name| PriceBook::shipped(name).expect("a book that is built in");
        Self {
            paper: book("hyperstack-2025-03"),
            newer: book("hyperstack-2026-11"),
        }
    }
}

pub(crate) const fn node_type(setting: Setting) -> &'static str {
    match setting {
        Setting::Different => "a6000-a4000",
        Setting::Baseline | Setting::Identical => "a100-80g",
    }
}

pub(crate) fn usd(
    book: &PriceBook,
    setting: Setting,
    nodes: u32,
    minutes: f64,
) -> Result<f64, PaperError> {
    let price = book
        .price(&node_type(setting).into())
        .map_err(dice_cost::FloorError::from)?;
    Ok(price.price.0 as f64 / 1e6 * f64::from(nodes) * minutes / 60.0)
}

pub(crate) fn reduction(before: f64, after: f64) -> f64 {
    (before - after) / before * 100.0
}

impl Tables {
    pub(crate) fn ours(
        &self,
        fit: &Fit,
        gains: Option<&Gains>,
        prices: &Prices,
        baselines: &Baselines,
    ) -> Result<Ours, PaperError> {
        let settings = [
            (Setting::Identical, &self.minutes.nodes),
            (Setting::Different, &self.minutes.different_nodes),
        ];
        let mut cases = Vec::new();
        for (setting, sizes) in settings {
            for &nodes in sizes {
                cases.push(self.case(fit, gains, prices, baselines, setting, nodes)?);
            }
        }
        Ok(Ours::of(cases))
    }

    fn case(
        &self,
        fit: &Fit,
        gains: Option<&Gains>,
        prices: &Prices,
        baselines: &Baselines,
        setting: Setting,
        nodes: u32,
    ) -> Result<Case, PaperError> {
        let scenario = self.scenario(fit, setting, nodes, Who::Ours(gains));
        scenario.check()?;
        let outcome = simulate(&scenario)?;
        let minutes = outcome.makespan.as_secs_f64() / 60.0;
        let floor = outcome.fleet_floor(&scenario, &prices.paper)?;
        let floor_minutes = floor.time.as_secs_f64() / 60.0;
        let baseline_minutes = self.minutes(Setting::Baseline, nodes);
        let simulated = baselines[&nodes];
        let baseline = |book, minutes| usd(book, Setting::Baseline, nodes, minutes);
        let ours = |book| usd(book, setting, nodes, minutes);
        let (paper, newer) = (&prices.paper, &prices.newer);
        Ok(Case {
            setting,
            nodes,
            minutes,
            baseline_minutes,
            baseline_usd: baseline(paper, baseline_minutes)?,
            usd: ours(paper)?,
            reduction_percent: reduction(baseline(paper, baseline_minutes)?, ours(paper)?),
            reduction_percent_simulated_baseline: reduction(
                baseline(paper, simulated)?,
                ours(paper)?,
            ),
            reduction_percent_newer_prices: reduction(
                baseline(newer, baseline_minutes)?,
                ours(newer)?,
            ),
            fleet_floor_minutes: floor_minutes,
            gap_to_fleet_floor_percent: (minutes / floor_minutes - 1.0) * 100.0,
            utilisation: outcome.utilisation(),
        })
    }
}

impl Ours {
    fn of(cases: Vec<Case>) -> Self {
        let of = |setting| cases.iter().filter(move |case| case.setting == setting);
        let least = |setting, figure: fn(&Case) -> f64| {
            of(setting).map(figure).fold(f64::INFINITY, f64::min)
        };
        let mean = |setting| {
            let reductions: Vec<f64> = of(setting).map(|case| case.reduction_percent).collect();
            reductions.iter().sum::<f64>() / reductions.len() as f64
        };
        let node_minutes = |case: &Case| f64::from(case.nodes) * case.minutes;
        let efficiency = |setting| {
            let first = of(setting).next().map_or(0.0, node_minutes);
            let last = of(setting).next_back().map_or(1.0, node_minutes);
            first / last
        };
        let gaps = cases.iter().map(|case| case.gap_to_fleet_floor_percent);
        Self {
            identical_hardware_reduction_percent: least(Setting::Identical, |case| {
                case.reduction_percent
            }),
            identical_hardware_reduction_percent_mean: mean(Setting::Identical),
            different_hardware_reduction_percent: least(Setting::Different, |case| {
                case.reduction_percent
            }),
            different_hardware_reduction_percent_mean: mean(Setting::Different),
            different_hardware_reduction_percent_newer_prices: least(Setting::Different, |case| {
                case.reduction_percent_newer_prices
            }),
            gap_to_fleet_floor_percent: gaps.fold(0.0, f64::max),
            efficiency_1_to_8: efficiency(Setting::Identical).min(efficiency(Setting::Different)),
            cases,
        }
    }
}
