//! What a scenario must fulfil, so that a simulation of it can end.

use std::collections::BTreeSet;

use dice_model::FunctionId;

use super::{Arrivals, Device, Function, Scenario, ScenarioError, Work};

impl Scenario {
    pub(crate) fn check(&self) -> Result<(), ScenarioError> {
        let mut devices = self.nodes.iter().flat_map(|node| &node.devices);
        let names = self.functions.iter().map(|at| &at.name).collect();
        let problem = self
            .work_problem()
            .or_else(|| devices.find_map(|at| at.problem(&names)))
            .or_else(|| {
                let mut functions = self.functions.iter();
                functions.find_map(|function| self.place_problem(function))
            });
        self.told(problem)
    }

    /// Without its nodes.
    pub(crate) fn check_work(&self) -> Result<(), ScenarioError> {
        self.told(self.work_problem())
    }

    fn told(&self, problem: Option<String>) -> Result<(), ScenarioError> {
        problem.map_or(Ok(()), |problem| {
            Err(ScenarioError::Wrong {
                name: self.name.clone(),
                problem,
            })
        })
    }

    fn work_problem(&self) -> Option<String> {
        if self.concurrency == 0 {
            return Some("concurrency must be at least 1".to_owned());
        }
        let names: BTreeSet<&FunctionId> = self.functions.iter().map(|at| &at.name).collect();
        if names.len() < self.functions.len() {
            return Some("a function is there twice".to_owned());
        }
        let mut functions = self.functions.iter();
        functions
            .find_map(|function| function.problem())
            .or_else(|| self.work.problem(&names))
    }

    /// The scheduler may put a function wherever it fits, so its time there must be known.
    fn place_problem(&self, function: &Function) -> Option<String> {
        let name = &function.name;
        let devices = self.nodes.iter().flat_map(|node| &node.devices);
        let mut fitting = devices
            .filter(|device| function.memory_gib <= device.memory_gib)
            .peekable();
        if fitting.peek().is_none() {
            return Some(format!("{name} fits on no device"));
        }
        let unknown = fitting.find(|device| !function.latency.contains_key(&device.r#type))?;
        let kind = &unknown.r#type;
        Some(format!(
            "{name} fits on {kind}, but how long it takes there is not said"
        ))
    }
}

impl Function {
    fn problem(&self) -> Option<String> {
        let name = &self.name;
        if !(self.memory_gib >= 0.0 && self.memory_gib < 1e9) {
            return Some(format!(
                "{name}: memory_gib must be finite and not negative"
            ));
        }
        if self.max_batch_size == 0 {
            return Some(format!("{name}: max_batch_size must be at least 1"));
        }
        if !(0.0..1.0).contains(&self.spread) {
            return Some(format!("{name}: spread must be from 0 to below 1"));
        }
        self.latency.iter().find_map(|(device, latency)| {
            let sizes = latency.batches.iter().map(|(size, _)| *size);
            if latency.batches.first().is_none_or(|(size, _)| *size != 1) || !sizes.is_sorted() {
                Some(format!(
                    "{name} on {device}: batches must start with size 1 and ascend"
                ))
            } else {
                None
            }
        })
    }
}

impl Device {
    fn problem(&self, names: &BTreeSet<&FunctionId>) -> Option<String> {
        let kind = &self.r#type;
        if !(self.memory_gib > 0.0 && self.memory_gib < 1e9) {
            return Some(format!("{kind}: memory_gib must be finite and above 0"));
        }
        let unknown = self.holds.iter().find(|name| !names.contains(name))?;
        Some(format!("{kind} holds {unknown}, which is no function here"))
    }
}

impl Work {
    pub(crate) fn called(&self) -> impl Iterator<Item = &FunctionId> {
        let recorded = self.recorded.iter().flat_map(|task| &task.calls);
        let steps = self.steps.iter().flat_map(|step| &step.calls);
        steps.chain(recorded.map(|call| &call.function))
    }

    fn problem(&self, names: &BTreeSet<&FunctionId>) -> Option<String> {
        if let Some(unknown) = self.called().find(|name| !names.contains(name)) {
            return Some(format!("a step calls {unknown}, which is no function here"));
        }
        if self.recorded.is_empty() && self.steps.iter().all(|step| step.calls.is_empty()) {
            return Some("the tasks call nothing".to_owned());
        }
        if let Arrivals::Poisson(rate) = self.arrivals
            && !(rate > 0.0 && rate.is_finite())
        {
            return Some("arrivals: poisson must be above 0".to_owned());
        }
        let each = self.steps.iter().filter_map(|step| step.each.as_ref());
        let unknown = each.filter(|name| !self.counts.contains_key(*name)).min();
        if let Some(unknown) = unknown {
            return Some(format!(
                "a step is for each {unknown:?}, which work.counts lacks"
            ));
        }
        let totals = self
            .counts
            .iter()
            .map(|(name, of)| (name, of.values().sum::<u32>()));
        let sizes: BTreeSet<u32> = totals.clone().map(|(_, total)| total).collect();
        if sizes.contains(&0) || sizes.len() > 1 {
            let list: Vec<String> = totals
                .map(|(name, total)| format!("{name} {total}"))
                .collect();
            let list = list.join(", ");
            return Some(format!(
                "work.counts: each must be about the same number of inputs ({list})"
            ));
        }
        None
    }
}
