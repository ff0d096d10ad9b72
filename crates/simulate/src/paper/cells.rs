//! A cell of the tables as a scenario.

use std::collections::BTreeMap;
use std::time::Duration;

use dice_model::{DeviceType, Effect, FunctionId};
use dice_scheduler::PolicyName;
use serde::Serialize;

use super::{Fit, Setting, Tables};
use crate::scenario::{
    Arrivals, Detail, Device, Form, Function, Latency, Node, Scenario, Step, Work,
};

pub(crate) const A100: &str = "A100-80G";
pub(crate) const A6000: &str = "A6000";
pub(crate) const A4000: &str = "A4000";

/// Name and memory in GiB, all of which fit on an A4000 together.
const MODELS: [(&str, f64); 3] = [("glip", 4.0), ("blip", 8.0), ("xvlm", 3.0)];
const BLIP: &[&str] = &["blip"];
const FINDERS: &[&str] = &["glip", "xvlm"];
pub(crate) const ALL: &[&str] = &["glip", "blip", "xvlm"];
const BATCH: u32 = 16;

/// Throughput of a batch of 16 against single calls, by device type and function.
pub(crate) type Gains = BTreeMap<DeviceType, BTreeMap<FunctionId, f64>>;

/// Who decides where functions are and what goes first.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who<'a> {
    /// As the paper has it: in order of arrival, so many tasks in flight, models on the pair apart.
    Paper(Explanation),
    /// Our policy: every function everywhere, batches if the gains are given.
    Ours(Option<&'a Gains>),
}

/// Why DiCE-C needs a third more node time on two A100 nodes than on one: the paper does not say, so both are
/// hypotheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Explanation {
    /// As soon as there are two GPUs, functions are split over them as on the pair.
    SplitFunctions,
    /// Each call takes a constant time more on its device as soon as there are two nodes.
    CrossingMachines,
}

impl Tables {
    pub(crate) fn scenario(
        &self,
        fit: &Fit,
        setting: Setting,
        nodes: u32,
        who: Who<'_>,
    ) -> Scenario {
        let gains = match who {
            Who::Ours(gains) => gains,
            Who::Paper(_) => None,
        };
        let (policy, in_flight) = match who {
            Who::Paper(_) => (PolicyName::Fifo, self.given.in_flight),
            Who::Ours(_) => (PolicyName::Dice, ours_in_flight(setting, nodes, gains)),
        };
        let serial = setting == Setting::Baseline;
        Scenario {
            name: format!("{setting}, {nodes} nodes"),
            seed: self.seed,
            policy,
            concurrency: if serial { nodes } else { in_flight },
            detail: Detail::Sums,
            nodes: self.nodes(setting, nodes, who),
            functions: self.functions(fit, gains, crossing(fit, setting, nodes, who)),
            work: self.work(fit, serial),
        }
    }

    fn nodes(&self, setting: Setting, nodes: u32, who: Who<'_>) -> Vec<Node> {
        let split = match who {
            Who::Paper(explanation) => {
                setting == Setting::Different || explanation == Explanation::SplitFunctions
            }
            Who::Ours(_) => false,
        };
        let a100 = |count, holds| node("a100-80g", count, vec![device(A100, 80.0, holds, split)]);
        match setting {
            Setting::Baseline => {
                vec![node(
                    "a100-80g",
                    nodes,
                    vec![device(A100, 80.0, ALL, false)],
                )]
            }
            Setting::Identical if split && nodes > 1 => {
                vec![a100(nodes - nodes / 2, BLIP), a100(nodes / 2, FINDERS)]
            }
            Setting::Identical => vec![a100(nodes, ALL)],
            Setting::Different => {
                let (big, small) = if split { (BLIP, FINDERS) } else { (ALL, ALL) };
                let devices = vec![
                    device(A6000, 48.0, big, split),
                    device(A4000, 16.0, small, split),
                ];
                vec![node("a6000-a4000", nodes, devices)]
            }
        }
    }

    /// `crossing`: seconds that each call holds its device longer.
    pub(crate) fn functions(
        &self,
        fit: &Fit,
        gains: Option<&Gains>,
        crossing: f64,
    ) -> Vec<Function> {
        let slowdowns = [
            (A100, 1.0),
            (A6000, fit.a6000_slowdown),
            (A4000, self.given.a4000_slowdown),
        ];
        let models = MODELS.iter();
        models
            .map(|&(name, memory_gib)| {
                let seconds = self.seconds(fit, name);
                let latency = |&(kind, slowdown): &(&str, f64)| {
                    let gain = gains.map(|gains| gains[&kind.into()][&FunctionId::new(name)]);
                    let one = seconds * slowdown + crossing;
                    (DeviceType::from(kind), latency(one, gain))
                };
                Function {
                    name: FunctionId::new(name),
                    effect: Effect::Pure,
                    memory_gib,
                    max_batch_size: gains.map_or(1, |_| BATCH),
                    spread: 0.0,
                    latency: slowdowns.iter().map(latency).collect(),
                }
            })
            .collect()
    }

    /// Of a call on the A100.
    fn seconds(&self, fit: &Fit, name: &str) -> f64 {
        let glip = fit.finders_seconds_a_task * self.given.glip_share;
        match name {
            "glip" => glip,
            "blip" => fit.blip_seconds,
            _ => (fit.finders_seconds_a_task - glip) / (2.0 * self.cars_per_image()),
        }
    }

    fn work(&self, fit: &Fit, serial: bool) -> Work {
        let step = |each: Option<&str>, calls: &[&str]| Step {
            each: each.map(str::to_owned),
            calls: calls.iter().map(|name| FunctionId::new(*name)).collect(),
        };
        Work {
            tasks: self.work.tasks,
            form: if serial {
                Form::Serial
            } else {
                Form::Distributed
            },
            program_seconds: Duration::from_secs_f64(fit.program_seconds_a_task),
            counts: BTreeMap::from([("car".to_owned(), self.work.cars.clone())]),
            steps: vec![
                step(None, &["glip"]),
                step(Some("car"), &["blip", "blip", "xvlm", "xvlm"]),
            ],
            arrivals: Arrivals::Batch,
            recorded: Vec::new(),
        }
    }
}

fn crossing(fit: &Fit, setting: Setting, nodes: u32, who: Who<'_>) -> f64 {
    let crosses = matches!(who, Who::Paper(Explanation::CrossingMachines));
    if crosses && nodes > 1 && setting != Setting::Baseline {
        fit.crossing_seconds
    } else {
        0.0
    }
}

/// Enough tasks that every device's batches are full while others are in their programs (RUNTIME P7).
fn ours_in_flight(setting: Setting, nodes: u32, gains: Option<&Gains>) -> u32 {
    let devices = if setting == Setting::Different {
        2 * nodes
    } else {
        nodes
    };
    devices * if gains.is_some() { 4 * BATCH } else { BATCH }
}

fn latency(one: f64, gain: Option<f64>) -> Latency {
    let mut batches = vec![(1, Duration::from_secs_f64(one))];
    if let Some(gain) = gain {
        let full = one * f64::from(BATCH) / gain;
        batches.push((BATCH, Duration::from_secs_f64(full)));
    }
    Latency {
        load_seconds: Duration::ZERO,
        batches,
    }
}

pub(crate) fn node(kind: &str, count: u32, devices: Vec<Device>) -> Node {
    Node {
        r#type: kind.into(),
        count,
        start_up_seconds: Duration::ZERO,
        devices,
    }
}

/// `split`: what it holds fills it, so that nothing else can come there.
pub(crate) fn device(kind: &str, memory_gib: f64, holds: &[&str], split: bool) -> Device {
    let held = MODELS.iter().filter(|(name, _)| holds.contains(name));
    let filled: f64 = held.map(|(_, gib)| gib).sum();
    Device {
        r#type: kind.into(),
        count: 1,
        memory_gib: if split { filled } else { memory_gib },
        holds: holds.iter().map(|name| FunctionId::new(*name)).collect(),
    }
}
