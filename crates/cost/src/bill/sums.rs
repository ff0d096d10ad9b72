//! Adds up what the pieces of a device's time were used for.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

use dice_model::{
    CallRef, Cost, FunctionId, LeaseUse, NodeSpec, PricePerHour, TaskId, Timestamp, Usage,
};

use super::{Bill, DeviceTime, Direct, FunctionShare, NodeLine, TaskShare, Window};
use crate::loaded::Spread;
use crate::timeline::{Hold, Piece, pieces, purpose};
use crate::{Entry, LanguageModelLine, NodePrice, Purpose};

/// A bill in the making.
pub(super) struct Sums<'a> {
    nodes: Vec<NodeLine>,
    direct: Direct,
    time: Times,
    functions: BTreeMap<FunctionId, FunctionShare>,
    function_times: BTreeMap<&'a FunctionId, i128>,
    entries: BTreeMap<Key<'a>, (Cost, i128)>,
    tasks: BTreeMap<TaskId, TaskShare>,
    /// Leased time that was billed, in ns of leases, not of devices.
    billed_leases: i128,
    spread: Spread,
    in_vain: &'a HashSet<CallRef>,
}

/// Of an entry: the node as a place in `Sums::nodes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    node: usize,
    purpose: Purpose,
    function: Option<&'a FunctionId>,
    task: Option<TaskId>,
}

/// In ns, summed over devices.
#[derive(Default)]
struct Times {
    held: i128,
    execute: i128,
    load: i128,
    wasted: i128,
}

impl<'a> Sums<'a> {
    pub(super) fn new(spread: Spread, in_vain: &'a HashSet<CallRef>) -> Self {
        Self {
            in_vain,
            nodes: Vec::new(),
            direct: Direct::default(),
            time: Times::default(),
            functions: BTreeMap::new(),
            function_times: BTreeMap::new(),
            entries: BTreeMap::new(),
            tasks: BTreeMap::new(),
            billed_leases: 0,
            spread,
        }
    }

    pub(super) fn add_node(&mut self, spec: &NodeSpec, price: &NodePrice, rentals: &[Window]) {
        let held: Duration = rentals.iter().map(|rented| rented.length()).sum();
        let start_up = price.start_up * u32::try_from(rentals.len()).unwrap_or(u32::MAX);
        let billed: Duration = rentals
            .iter()
            .map(|rented| price.rounded(rented.length()))
            .sum();
        let start_up_cost = price.price.for_duration(start_up);
        let rounding = price.price.for_duration(billed) - price.price.for_duration(held);
        self.direct.start_up += start_up_cost;
        self.direct.rounding += rounding;
        self.spread.for_all(start_up_cost + rounding);
        self.nodes.push(NodeLine {
            node: spec.id.clone(),
            kind: spec.kind.clone(),
            price: price.price,
            held,
            billed: billed + start_up,
            cost: price.price.for_duration(billed + start_up),
        });
        self.enter(Purpose::StartUp, None, None, start_up_cost, 0);
        self.enter(Purpose::Rounding, None, None, rounding, 0);
    }

    /// Of the node that was added last.
    fn enter(
        &mut self,
        purpose: Purpose,
        function: Option<&'a FunctionId>,
        task: Option<TaskId>,
        cost: Cost,
        nanoseconds: i128,
    ) {
        if cost == Cost::ZERO && nanoseconds == 0 {
            return;
        }
        let node = self.nodes.len() - 1;
        let key = Key {
            node,
            purpose,
            function,
            task,
        };
        let entry = self.entries.entry(key).or_default();
        entry.0 += cost;
        entry.1 += nanoseconds;
    }

    pub(super) fn add_device(&mut self, rented: Window, price: PricePerHour, holds: &[Hold<'a>]) {
        for piece in pieces(rented, price, holds, self.spread.cuts()) {
            self.time.held += piece.nanoseconds;
            let cost = Cost(i128::from(piece.price.0) * piece.nanoseconds);
            if piece.holds.is_empty() {
                self.direct.idle += cost;
                self.enter(Purpose::Idle, None, None, cost, piece.nanoseconds);
                self.spread.overhead(piece.from, cost);
            } else {
                self.share(&piece, cost);
            }
        }
    }

    /// Leases that hold a device at once share it equally.
    fn share(&mut self, piece: &Piece<'a>, cost: Cost) {
        let count = piece.holds.len();
        self.billed_leases += piece.nanoseconds * count as i128;
        let shares = cost.split(count).zip(Cost(piece.nanoseconds).split(count));
        for (usage, (cost, time)) in piece.holds.iter().zip(shares) {
            if let (Usage::Leased { function, .. }, Some(purpose)) = (usage, purpose(usage)) {
                self.add_share(function, purpose, piece.from, cost, time.0);
            }
        }
    }

    fn add_share(
        &mut self,
        function: &'a FunctionId,
        purpose: &LeaseUse,
        from: Timestamp,
        cost: Cost,
        nanoseconds: i128,
    ) {
        let share = self.functions.entry(function.clone()).or_default();
        match purpose {
            LeaseUse::Execute { calls } if !calls.is_empty() => {
                share.execute += cost;
                self.time.execute += nanoseconds;
                *self.function_times.entry(function).or_default() += nanoseconds;
                self.add_calls(function, calls, cost, nanoseconds);
            }
            LeaseUse::Load => {
                share.load += cost;
                self.direct.load += cost;
                self.time.load += nanoseconds;
                self.enter(Purpose::Load, Some(function), None, cost, nanoseconds);
                self.spread.overhead(from, cost);
            }
            LeaseUse::Wasted { .. } | LeaseUse::Hedged { .. } | LeaseUse::Execute { .. } => {
                share.wasted += cost;
                self.time.wasted += nanoseconds;
                self.waste(function, purpose, from, cost, nanoseconds);
            }
        }
    }

    /// Calls of one batch share it equally (M2).
    fn add_calls(
        &mut self,
        function: &'a FunctionId,
        calls: &[CallRef],
        cost: Cost,
        nanoseconds: i128,
    ) {
        let parts = cost
            .split(calls.len())
            .zip(Cost(nanoseconds).split(calls.len()));
        for (call, (part, time)) in calls.iter().zip(parts) {
            *self.direct.tasks.entry(call.task).or_default() += part;
            self.spread.direct_time(call.task, time.0);
            let purpose = if self.in_vain.contains(call) {
                self.direct.speculation += part;
                Purpose::Speculation
            } else {
                self.direct.execute += part;
                Purpose::Execute
            };
            self.enter(purpose, Some(function), Some(call.task), part, time.0);
        }
    }

    /// Withdrawn guesses are paid for by the task that made them, what else is in vain by all.
    fn waste(
        &mut self,
        function: &'a FunctionId,
        purpose: &LeaseUse,
        from: Timestamp,
        cost: Cost,
        nanoseconds: i128,
    ) {
        let calls: &[CallRef] = match purpose {
            LeaseUse::Wasted { calls }
            | LeaseUse::Execute { calls }
            | LeaseUse::Hedged { calls } => calls,
            LeaseUse::Load => &[],
        };
        if calls.is_empty() {
            self.direct.wasted += cost;
            self.enter(Purpose::Wasted, Some(function), None, cost, nanoseconds);
            self.spread.overhead(from, cost);
        }
        let parts = cost
            .split(calls.len())
            .zip(Cost(nanoseconds).split(calls.len()));
        for (call, (part, time)) in calls.iter().zip(parts) {
            let purpose = if self.in_vain.contains(call) {
                self.direct.speculation += part;
                *self.direct.tasks.entry(call.task).or_default() += part;
                Purpose::Speculation
            } else {
                self.direct.wasted += part;
                self.spread.overhead(from, part);
                Purpose::Wasted
            };
            self.enter(purpose, Some(function), Some(call.task), part, time.0);
        }
    }

    pub(super) fn count_leases(&mut self, usage: &[Usage], window: Window) {
        for one in usage {
            if let Usage::Leased {
                function,
                from,
                to,
                purpose: LeaseUse::Execute { calls },
                ..
            } = one
                && window.cut(*from, *to).is_some()
            {
                let share = self.functions.entry(function.clone()).or_default();
                share.leases += 1;
                share.calls += calls.len() as u64;
                let tasks: BTreeSet<TaskId> = calls.iter().map(|call| call.task).collect();
                for task in tasks {
                    self.tasks.entry(task).or_default().leases += 1;
                }
                for call in calls {
                    let share = self.tasks.entry(call.task).or_default();
                    share.calls += 1;
                    share.batch_sizes += calls.len() as u64;
                }
            }
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let entries = self.entries.iter();
        let entry = |(key, (cost, nanoseconds)): (&Key<'a>, &(Cost, i128))| Entry {
            node: self.nodes[key.node].node.clone(),
            purpose: key.purpose,
            function: key.function.cloned(),
            task: key.task,
            cost: *cost,
            device_time: duration(*nanoseconds),
        };
        entries.map(entry).collect()
    }

    pub(super) fn bill(
        mut self,
        leased: Duration,
        language_models: Vec<LanguageModelLine>,
    ) -> Bill {
        for (function, time) in std::mem::take(&mut self.function_times) {
            let share = self.functions.entry(function.clone()).or_default();
            share.execute_time = duration(time);
        }
        let entries = self.entries();
        for entry in &entries {
            if let Some(task) = entry.task {
                self.tasks.entry(task).or_default().device_time += entry.device_time;
            }
        }
        Bill {
            entries,
            tasks: self.tasks,
            rented: self.nodes.iter().map(|node| node.cost).sum(),
            loaded: self.spread.loaded(&self.direct.tasks),
            nodes: self.nodes,
            direct: self.direct,
            device_time: DeviceTime {
                held: duration(self.time.held),
                execute: duration(self.time.execute),
                load: duration(self.time.load),
                wasted: duration(self.time.wasted),
            },
            functions: self.functions,
            language_models,
            outside: leased.saturating_sub(duration(self.billed_leases)),
        }
    }
}

/// Sums of nanoseconds are never negative, and a u64 of them is five centuries of one device.
fn duration(nanoseconds: i128) -> Duration {
    let nanoseconds = u128::try_from(nanoseconds).unwrap_or_default();
    let seconds = u64::try_from(nanoseconds / 1_000_000_000).unwrap_or(u64::MAX);
    let rest = u32::try_from(nanoseconds % 1_000_000_000).expect("below 10⁹");
    Duration::new(seconds, rest)
}
