//! A bill: what was rented, and what it was used for, to the last millionth of a millionth (M1, M2).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use dice_model::{
    CallRef, Cost, DeviceId, FunctionId, LeaseUse, NodeId, NodeSpec, NodeType, PricePerHour,
    TaskId, Timestamp, Usage,
};

use crate::line::{language_models, rounded};
use crate::loaded::{Loaded, Spread};
use crate::timeline::{Hold, Piece, device_prices, holds, pieces, purpose, rentals};
use crate::{LanguageModelLine, Line, NodePrice, PriceBook, UnknownNodeType};

/// From the first node held to the last result, say. What lies outside is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// When a task was live: from its start to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskSpan {
    pub task: TaskId,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Everything that was rented in a window, twice explained: see [`Direct`] and [`Loaded`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// What the nodes cost; the lines of either view add up to it exactly.
    pub rented: Cost,
    pub nodes: Vec<NodeLine>,
    pub direct: Direct,
    pub loaded: Loaded,
    pub device_time: DeviceTime,
    pub functions: BTreeMap<FunctionId, FunctionShare>,
    /// Not part of `rented`.
    pub language_models: Vec<LanguageModelLine>,
    /// Time of leases on devices that were not rented then: not billed, and a fault of whoever measured
    /// it if it is more than the difference between two readings of a clock.
    pub outside: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeLine {
    pub node: NodeId,
    pub kind: NodeType,
    pub price: PricePerHour,
    pub held: Duration,
    /// `held`, rounded up to the price's granularity for each time it was rented, and start-up.
    pub billed: Duration,
    pub cost: Cost,
}

/// What the rented time was used for. All lines add up to [`Bill::rented`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Direct {
    pub execute: Cost,
    /// Bringing models into memory.
    pub load: Cost,
    /// Results that nobody waited for any more, or that came twice.
    pub wasted: Cost,
    /// Calls that were made on a guess which did not come true (SEMANTICS E3).
    pub speculation: Cost,
    /// From rent to first use.
    pub start_up: Cost,
    pub idle: Cost,
    /// Paid for because nodes are billed in whole multiples of some time.
    pub rounding: Cost,
    /// `execute` and `speculation`, by task: they add up to them.
    pub tasks: BTreeMap<TaskId, Cost>,
}

/// The same for time, summed over devices. A device that several leases hold at once is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeviceTime {
    pub held: Duration,
    pub execute: Duration,
    pub load: Duration,
    pub wasted: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FunctionShare {
    pub execute: Cost,
    pub load: Cost,
    pub wasted: Cost,
    pub execute_time: Duration,
    pub leases: u64,
    pub calls: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BillError {
    #[error(transparent)]
    Price(#[from] UnknownNodeType),
    #[error("node {0} was held, but is not in the fleet")]
    UnknownNode(NodeId),
    #[error("device {0} was leased, but is not in the fleet")]
    UnknownDevice(DeviceId),
    #[error("node {0} was held, but has no devices")]
    NoDevices(NodeId),
}

impl Window {
    pub const ALL: Self = Self {
        from: Timestamp(0),
        to: Timestamp(u64::MAX),
    };

    pub(crate) fn cut(self, from: Timestamp, to: Timestamp) -> Option<Self> {
        let (from, to) = (from.max(self.from), to.min(self.to));
        (from < to).then_some(Self { from, to })
    }

    pub(crate) const fn length(self) -> Duration {
        self.to.since(self.from)
    }
}

impl DeviceTime {
    pub fn idle(&self) -> Duration {
        self.held
            .saturating_sub(self.execute + self.load + self.wasted)
    }

    /// Time that was leased, for whatever use.
    pub fn leased(&self) -> Duration {
        self.execute + self.load + self.wasted
    }

    /// Executing, as a part of what was rented: from 0 to 1; 0 if nothing was.
    pub fn utilisation(&self) -> f64 {
        if self.held.is_zero() {
            return 0.0;
        }
        self.execute.as_secs_f64() / self.held.as_secs_f64()
    }
}

impl Bill {
    /// `fleet`: every node that `usage` names, for its devices. `tasks`: for the loaded view alone.
    pub fn new(
        usage: &[Usage],
        fleet: &[NodeSpec],
        tasks: &[TaskSpan],
        prices: &PriceBook,
        window: Window,
    ) -> Result<Self, BillError> {
        Self::with_guesses(usage, fleet, tasks, prices, window, &HashSet::new())
    }

    /// `in_vain`: calls that were made on a guess which did not come true. They have a line of their own.
    pub fn with_guesses(
        usage: &[Usage],
        fleet: &[NodeSpec],
        tasks: &[TaskSpan],
        prices: &PriceBook,
        window: Window,
        in_vain: &HashSet<CallRef>,
    ) -> Result<Self, BillError> {
        let specs: HashMap<&NodeId, &NodeSpec> =
            fleet.iter().map(|node| (&node.id, node)).collect();
        let holds = holds(usage, fleet)?;
        let mut sums = Sums::new(Spread::new(tasks), in_vain);
        for (node, held) in rentals(usage, window) {
            let spec = specs
                .get(&node)
                .ok_or_else(|| BillError::UnknownNode(node.clone()))?;
            if spec.devices.is_empty() {
                return Err(BillError::NoDevices(node));
            }
            let price = prices.price(&spec.kind)?;
            sums.add_node(spec, price, &held);
            let prices = device_prices(spec, price.price);
            for (device, price) in spec.devices.iter().zip(prices) {
                for rented in &held {
                    sums.add_device(*rented, price, &holds[&device.id]);
                }
            }
        }
        let leased = holds.values().flatten();
        let leased: Duration = leased
            .filter_map(|hold| window.cut(hold.from, hold.to))
            .map(Window::length)
            .sum();
        sums.count_leases(usage, window);
        Ok(sums.bill(leased, language_models(usage)))
    }

    /// The direct view, exact: each use of the rented time by its name.
    pub fn direct_costs(&self) -> [(&'static str, Cost); 7] {
        let direct = &self.direct;
        [
            ("executing calls", direct.execute),
            ("loading models", direct.load),
            ("wasted", direct.wasted),
            ("speculation", direct.speculation),
            ("start-up", direct.start_up),
            ("idle", direct.idle),
            ("rounding up to billed time", direct.rounding),
        ]
    }

    /// The direct view as printed: adds up to the rounded total.
    pub fn direct_lines(&self) -> Vec<Line> {
        let lines = self.direct_costs();
        rounded(lines.map(|(label, cost)| (label.to_owned(), cost)).to_vec())
    }

    /// The loaded view as printed: one line a task, and what no task was live for.
    pub fn loaded_lines(&self) -> Vec<Line> {
        let tasks = self.loaded.tasks.iter();
        let mut lines: Vec<_> = tasks
            .map(|(task, cost)| (format!("task {task}"), *cost))
            .collect();
        lines.push(("no task was live".to_owned(), self.loaded.no_task));
        rounded(lines)
    }
}

/// A bill in the making.
struct Sums<'a> {
    nodes: Vec<NodeLine>,
    direct: Direct,
    time: Times,
    functions: BTreeMap<FunctionId, FunctionShare>,
    function_times: BTreeMap<&'a FunctionId, i128>,
    /// Leased time that was billed, in ns of leases, not of devices.
    billed_leases: i128,
    spread: Spread,
    in_vain: &'a HashSet<CallRef>,
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
    fn new(spread: Spread, in_vain: &'a HashSet<CallRef>) -> Self {
        Self {
            in_vain,
            nodes: Vec::new(),
            direct: Direct::default(),
            time: Times::default(),
            functions: BTreeMap::new(),
            function_times: BTreeMap::new(),
            billed_leases: 0,
            spread,
        }
    }

    fn add_node(&mut self, spec: &NodeSpec, price: &NodePrice, rentals: &[Window]) {
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
    }

    fn add_device(&mut self, rented: Window, price: PricePerHour, holds: &[Hold<'a>]) {
        for piece in pieces(rented, price, holds, self.spread.cuts()) {
            self.time.held += piece.nanoseconds;
            let cost = Cost(i128::from(piece.price.0) * piece.nanoseconds);
            if piece.holds.is_empty() {
                self.direct.idle += cost;
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
                for (call, part) in calls.iter().zip(cost.split(calls.len())) {
                    *self.direct.tasks.entry(call.task).or_default() += part;
                    match self.in_vain.contains(call) {
                        true => self.direct.speculation += part,
                        false => self.direct.execute += part,
                    }
                }
                let times = Cost(nanoseconds).split(calls.len());
                for (call, part) in calls.iter().zip(times) {
                    self.spread.direct_time(call.task, part.0);
                }
            }
            LeaseUse::Load => {
                share.load += cost;
                self.direct.load += cost;
                self.time.load += nanoseconds;
                self.spread.overhead(from, cost);
            }
            LeaseUse::Wasted { .. } | LeaseUse::Hedged { .. } | LeaseUse::Execute { .. } => {
                share.wasted += cost;
                self.time.wasted += nanoseconds;
                self.waste(purpose, from, cost);
            }
        }
    }

    /// Withdrawn guesses are paid for by the task that made them, what else is in vain by all.
    fn waste(&mut self, purpose: &LeaseUse, from: Timestamp, cost: Cost) {
        let calls: &[CallRef] = match purpose {
            LeaseUse::Wasted { calls }
            | LeaseUse::Execute { calls }
            | LeaseUse::Hedged { calls } => calls,
            LeaseUse::Load => &[],
        };
        if calls.is_empty() {
            self.direct.wasted += cost;
            self.spread.overhead(from, cost);
        }
        for (call, part) in calls.iter().zip(cost.split(calls.len())) {
            if self.in_vain.contains(call) {
                self.direct.speculation += part;
                *self.direct.tasks.entry(call.task).or_default() += part;
            } else {
                self.direct.wasted += part;
                self.spread.overhead(from, part);
            }
        }
    }

    fn count_leases(&mut self, usage: &[Usage], window: Window) {
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
            }
        }
    }

    fn bill(mut self, leased: Duration, language_models: Vec<LanguageModelLine>) -> Bill {
        for (function, time) in self.function_times {
            let share = self.functions.entry(function.clone()).or_default();
            share.execute_time = duration(time);
        }
        Bill {
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
