//! How a simulation went: sums always, every interval if the scenario asks for it.

use std::collections::BTreeMap;
use std::time::Duration;

use dice_cost::{
    Bill, BillError, Floor, FloorError, FloorWork, PriceBook, TaskSpan, Window, fleet_floor,
};

use dice_model::{Cost, DeviceId, DeviceSpec, DeviceType, FunctionId, NodeSpec, Timestamp, Usage};

use crate::Scenario;

/// All of it is simulated, and is to be labelled so wherever it is shown (DESIGN §10).
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// From the start until the last task has ended.
    pub makespan: Duration,
    pub tasks: u64,
    pub calls: u64,
    pub leases: u64,
    pub devices: Vec<DeviceOutcome>,
    /// Calls of each function; one that took longer than its profile says counts for more than one.
    pub work: BTreeMap<FunctionId, f64>,
    /// What the slowest task would have taken without ever waiting.
    pub longest_path: Duration,
    pub fleet: Vec<NodeSpec>,
    /// When each of those nodes was there.
    pub joined: Vec<Timestamp>,
    /// With `Detail::Intervals`: what the live runtime would have journalled.
    pub usage: Vec<Usage>,
    /// With `Detail::Intervals`, in the order in which they ended.
    pub spans: Vec<TaskSpan>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceOutcome {
    pub id: DeviceId,
    pub kind: DeviceType,
    pub execute: Duration,
    pub load: Duration,
}

impl Outcome {
    /// Executing, as a part of what was there: from 0 to 1.
    pub fn utilisation(&self) -> f64 {
        let execute: Duration = self.devices.iter().map(|device| device.execute).sum();
        let held = self.makespan.as_secs_f64() * self.devices.len() as f64;
        if held == 0.0 {
            0.0
        } else {
            execute.as_secs_f64() / held
        }
    }

    /// The least that this work could have cost on this fleet, on the same draws (RUNTIME M3).
    pub fn fleet_floor(
        &self,
        scenario: &Scenario,
        prices: &PriceBook,
    ) -> Result<Floor, FloorError> {
        fleet_floor(
            &self.floor_work(scenario),
            &self.fleet,
            prices,
            self.longest_path,
        )
    }

    /// What the nodes cost, each from when it was there until the end: exact (M1).
    pub fn rent(&self, prices: &PriceBook) -> Result<Cost, BillError> {
        let mut cost = Cost::ZERO;
        for (node, since) in self.fleet.iter().zip(&self.joined) {
            let price = prices.price(&node.kind)?;
            let held = (Timestamp::ZERO + self.makespan) - *since;
            cost += price.price.for_duration(price.rounded(held));
        }
        Ok(cost)
    }

    pub(crate) fn floor_work(&self, scenario: &Scenario) -> Vec<FloorWork> {
        let kinds = scenario.device_types();
        let functions = scenario.functions.iter();
        let work = functions.map(|function| FloorWork {
            function: function.name.to_string(),
            calls: self.work.get(&function.name).copied().unwrap_or_default(),
            per_call: kinds
                .iter()
                .filter_map(|kind| Some(((*kind).clone(), function.time_per_call(kind)?)))
                .collect(),
        });
        work.collect()
    }

    /// As for a live run; needs `Detail::Intervals`.
    pub fn bill(&self, prices: &PriceBook) -> Result<Bill, BillError> {
        let window = Window {
            from: Timestamp::ZERO,
            to: Timestamp::ZERO + self.makespan,
        };
        Bill::new(&self.usage, &self.fleet, &self.spans, prices, window)
    }
}

impl DeviceOutcome {
    pub(crate) fn new(device: &DeviceSpec) -> Self {
        Self {
            id: device.id.clone(),
            kind: device.kind.clone(),
            execute: Duration::ZERO,
            load: Duration::ZERO,
        }
    }
}
