//! A task or batch that ran, as a trace to be replayed: `dice cost --trace`.

use std::collections::BTreeSet;

use dice_model::{FunctionId, NodeSpec, PoolName, Timestamp};
use dice_runtime::{CallRecord, CallState};
use dice_simulate::{
    Trace, TracedCall, TracedDevice, TracedFunction, TracedNode, TracedProfile, TracedTask,
};

use super::{CostOf, Ran};
use crate::{Engine, EngineError, labels};

impl Engine {
    /// Of tasks that have ended; times are stretched where the fleet is simulated.
    pub async fn trace(&self, of: CostOf) -> Result<Trace, EngineError> {
        let ran = self.ran(of).await?;
        let open = ran.iter().find(|ran| !ran.record.state.is_terminal());
        if let Some(open) = open {
            return Err(EngineError::NotEnded(open.record.id.0));
        }
        let accepted = ran.iter().map(|ran| ran.record.accepted).min();
        let origin = accepted.ok_or(EngineError::NothingRan)?;
        let tasks = ran.iter().filter_map(|ran| self.traced(ran, origin));
        let tasks: Vec<TracedTask> = tasks.collect();
        if tasks.iter().all(|task| task.calls.is_empty()) {
            return Err(EngineError::NothingRan);
        }
        let calls: Vec<CallRecord> = ran.iter().flat_map(|ran| ran.calls.clone()).collect();
        let mut labels = labels::of_calls(self.catalog(), &calls);
        if !self.time_scale().is_real() {
            let scale = self.time_scale();
            labels.push(format!("times are stretched from a scale of {scale}"));
        }
        let called = tasks.iter().flat_map(|task| &task.calls);
        let called: BTreeSet<&FunctionId> = called.map(|call| &call.function).collect();
        Ok(Trace {
            version: Trace::VERSION,
            name: match of {
                CostOf::Task(task) => format!("task {task}"),
                CostOf::Batch(batch) => format!("batch {batch}"),
            },
            labels,
            concurrency: at_once(&tasks),
            nodes: self.nodes_of(&ran[0].record.spec.pool),
            functions: called
                .into_iter()
                .filter_map(|id| self.traced_function(id))
                .collect(),
            tasks,
        })
    }

    fn traced(&self, ran: &Ran, origin: Timestamp) -> Option<TracedTask> {
        let since = |time| (self.time_scale().stretch(origin, time) - origin).as_nanos();
        let since = |time| u64::try_from(since(time)).unwrap_or(u64::MAX);
        let call = |call: &CallRecord| {
            let ran = matches!(call.state, CallState::Succeeded | CallState::Failed(_));
            let own = ran && call.shared.is_none() && call.reused.is_none();
            let device = call.execution.as_ref().filter(|_| own)?.device.clone();
            Some(TracedCall {
                function: call.function.clone(),
                issued_ns: since(call.issued),
                granted_ns: since(call.granted?),
                device,
                ended_ns: since(call.ended?),
            })
        };
        Some(TracedTask {
            accepted_ns: since(ran.record.accepted),
            started_ns: since(ran.record.started?),
            ended_ns: since(ran.record.ended?),
            calls: ran.calls.iter().filter_map(call).collect(),
        })
    }

    /// Those that were rented for it.
    fn nodes_of(&self, pool: &PoolName) -> Vec<TracedNode> {
        let traced = |node: &NodeSpec| TracedNode {
            kind: node.kind.clone(),
            devices: node
                .devices
                .iter()
                .map(|device| TracedDevice {
                    id: device.id.clone(),
                    kind: device.kind.clone(),
                    memory_bytes: device.memory_bytes,
                })
                .collect(),
        };
        if *pool == PoolName::default() {
            let nodes = self.fleet().nodes.iter();
            nodes.map(|node| traced(&node.spec)).collect()
        } else {
            vec![traced(&self.fleet().baseline.spec)]
        }
    }

    /// With all its profiles: a replay may be on devices that it has not run on.
    fn traced_function(&self, id: &FunctionId) -> Option<TracedFunction> {
        let spec = &self.catalog().get(id.as_str())?.spec;
        let ns = |time: std::time::Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let profiles = self.profiles().get(id).into_iter();
        let profiles = profiles.flat_map(|profile| &profile.devices);
        Some(TracedFunction {
            name: id.clone(),
            effect: spec.effect,
            memory_bytes: spec.resources.gpu_memory_bytes,
            max_batch_size: spec.resources.max_batch_size,
            profiles: profiles
                .map(|profile| TracedProfile {
                    kind: profile.device.clone(),
                    load_ns: ns(profile.load),
                    batches_ns: profile
                        .batches
                        .iter()
                        .map(|(size, time)| (*size, ns(*time)))
                        .collect(),
                })
                .collect(),
        })
    }
}

/// The most tasks that ran at the same time.
fn at_once(tasks: &[TracedTask]) -> u32 {
    let mut changes: Vec<(u64, i32)> = Vec::with_capacity(2 * tasks.len());
    for task in tasks {
        changes.extend([(task.started_ns, 1), (task.ended_ns, -1)]);
    }
    // One that ends makes room for one that starts at the same moment.
    changes.sort_unstable();
    let mut running = 0;
    let counts = changes.iter().map(|(_, change)| {
        running += change;
        running
    });
    counts.max().unwrap_or(1).max(1).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_at_once_are_counted() {
        let check = |spans: &[(u64, u64)], expect| {
            let tasks = spans.iter().map(|&(started_ns, ended_ns)| TracedTask {
                accepted_ns: 0,
                started_ns,
                ended_ns,
                calls: Vec::new(),
            });
            assert_eq!(at_once(&tasks.collect::<Vec<_>>()), expect, "{spans:?}");
        };
        check(&[], 1);
        check(&[(0, 5), (5, 9)], 1);
        check(&[(0, 6), (5, 9), (5, 7), (7, 8)], 3);
    }
}
