//! What-ifs: other ways to use the same GPUs, and other GPUs.

use dice_cost::PriceBook;
use dice_model::NodeType;
use dice_scheduler::PolicyName;
use serde::Serialize;

use super::cells::{A100, A4000, A6000, ALL, Gains, Who, device, node};
use super::ours::{Prices, reduction, usd};
use super::{Fit, Ours, PaperError, Setting, Tables};
use crate::scenario::{Detail, Form, Node, Scenario};
use crate::simulate;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhatIf {
    /// The cheapest of each node type; serial tasks, all models on each of its GPUs (RUNTIME M5).
    pub best_monolith: Vec<Monolith>,
    /// Of every model on one A100, at mid batching.
    pub replicas: Vec<Replicas>,
    /// At mid batching and the provider's newer prices.
    pub fleets: Vec<FleetChoice>,
    /// With calls of one image made once, on one node; estimated from a simulation of as many tasks as
    /// there are images and the other tasks' own time.
    pub identical_hardware_reduction_percent_with_reuse: f64,
    pub different_hardware_reduction_percent_with_reuse: f64,
}

/// A monolith on one node: a fixed number of tasks at once, each call after the one before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Monolith {
    pub node: NodeType,
    pub concurrency: u32,
    pub minutes: f64,
    pub usd: f64,
    /// What our policy saves against it on the same node, at mid batching.
    pub reduction_percent: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Replicas {
    pub replicas: u32,
    pub unbatched_minutes: f64,
    pub mid_minutes: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FleetChoice {
    pub node: NodeType,
    pub nodes: u32,
    pub minutes: f64,
    pub usd: f64,
}

impl Tables {
    pub(crate) fn what_if(
        &self,
        fit: &Fit,
        prices: &Prices,
        mid: &Ours,
    ) -> Result<WhatIf, PaperError> {
        let settings = [Setting::Identical, Setting::Different];
        let monoliths = settings.map(|setting| self.best_monolith(fit, prices, setting, mid));
        let replicas = self.what_if.replicas.iter();
        let replicas = replicas.map(|&replicas| self.replicas(fit, replicas));
        let fleets = self.what_if.fleets.iter();
        let fleets = fleets.map(|kind| self.fleet(fit, &prices.newer, kind));
        Ok(WhatIf {
            best_monolith: monoliths.into_iter().collect::<Result<_, _>>()?,
            replicas: replicas.collect::<Result<_, _>>()?,
            fleets: fleets.collect::<Result<_, _>>()?,
            identical_hardware_reduction_percent_with_reuse: self.reuse(
                fit,
                prices,
                Setting::Identical,
            )?,
            different_hardware_reduction_percent_with_reuse: self.reuse(
                fit,
                prices,
                Setting::Different,
            )?,
        })
    }

    fn mid(&self) -> Option<&Gains> {
        self.gains.get("mid")
    }

    fn best_monolith(
        &self,
        fit: &Fit,
        prices: &Prices,
        setting: Setting,
        mid: &Ours,
    ) -> Result<Monolith, PaperError> {
        let mut best: Option<(u32, f64)> = None;
        for &concurrency in &self.what_if.monolith_concurrency {
            let mut scenario = Scenario {
                policy: PolicyName::Fifo,
                concurrency,
                ..self.scenario(fit, setting, 1, Who::Ours(None))
            };
            scenario.work.form = Form::Serial;
            let minutes = minutes(&scenario)?;
            if best.is_none_or(|(_, least)| minutes < least) {
                best = Some((concurrency, minutes));
            }
        }
        let none = || PaperError::Wrong("what_if.monolith_concurrency: is empty".to_owned());
        let (concurrency, minutes) = best.ok_or_else(none)?;
        let before = usd(&prices.paper, setting, 1, minutes)?;
        let of_ours = |case: &&super::Case| case.setting == setting && case.nodes == 1;
        let ours = mid
            .cases
            .iter()
            .find(of_ours)
            .map_or(before, |case| case.usd);
        Ok(Monolith {
            node: super::ours::node_type(setting).into(),
            concurrency,
            minutes,
            usd: before,
            reduction_percent: reduction(before, ours),
        })
    }

    /// As many devices as replicas, each with its part of the memory, all of them slower.
    fn replicas(&self, fit: &Fit, replicas: u32) -> Result<Replicas, PaperError> {
        let slower = 1.0 + self.what_if.contention * f64::from(replicas - 1);
        let run = |gains| {
            let mut scenario = self.scenario(fit, Setting::Identical, 1, Who::Ours(gains));
            scenario.concurrency *= replicas;
            for device in scenario.nodes.iter_mut().flat_map(|node| &mut node.devices) {
                device.count = replicas;
                device.memory_gib /= f64::from(replicas);
            }
            for function in &mut scenario.functions {
                for latency in function.latency.values_mut() {
                    for (_, time) in &mut latency.batches {
                        *time = time.mul_f64(slower);
                    }
                }
            }
            minutes(&scenario)
        };
        Ok(Replicas {
            replicas,
            unbatched_minutes: run(None)?,
            mid_minutes: run(self.mid())?,
        })
    }

    fn fleet(
        &self,
        fit: &Fit,
        book: &PriceBook,
        kind: &NodeType,
    ) -> Result<FleetChoice, PaperError> {
        let nodes = self.what_if.fleet_nodes;
        let who = Who::Ours(self.mid());
        let mut scenario = self.scenario(fit, Setting::Different, nodes, who);
        scenario.nodes = vec![rented(kind, nodes)?];
        let minutes = minutes(&scenario)?;
        let price = book.price(kind).map_err(dice_cost::FloorError::from)?;
        let usd = price.price.0 as f64 / 1e6 * f64::from(nodes) * minutes / 60.0;
        Ok(FleetChoice {
            node: kind.clone(),
            nodes,
            minutes,
            usd,
        })
    }

    fn reuse(&self, fit: &Fit, prices: &Prices, setting: Setting) -> Result<f64, PaperError> {
        let mut scenario = self.scenario(fit, setting, 1, Who::Ours(self.mid()));
        let others = self.work.tasks.saturating_sub(self.what_if.images);
        let own = fit.program_seconds_a_task * others as f64 / f64::from(scenario.concurrency);
        scenario.work.tasks = self.what_if.images;
        let minutes = minutes(&scenario)? + own / 60.0;
        let baseline = self.minutes(Setting::Baseline, 1);
        let before = usd(&prices.paper, Setting::Baseline, 1, baseline)?;
        Ok(reduction(before, usd(&prices.paper, setting, 1, minutes)?))
    }
}

fn minutes(scenario: &Scenario) -> Result<f64, PaperError> {
    debug_assert_eq!(scenario.detail, Detail::Sums);
    scenario.check()?;
    Ok(simulate(scenario)?.makespan.as_secs_f64() / 60.0)
}

fn rented(kind: &NodeType, count: u32) -> Result<Node, PaperError> {
    let gpu = |kind, memory_gib| device(kind, memory_gib, ALL, false);
    let devices = match kind.0.as_str() {
        "a100-80g" => vec![gpu(A100, 80.0)],
        "a6000" => vec![gpu(A6000, 48.0)],
        "a4000" => vec![gpu(A4000, 16.0)],
        "a6000-a4000" => vec![gpu(A6000, 48.0), gpu(A4000, 16.0)],
        other => {
            return Err(PaperError::Wrong(format!(
                "what_if.fleets: {other} is none of a100-80g, a6000, a4000 and a6000-a4000"
            )));
        }
    };
    Ok(node(&kind.0, count, devices))
}
