//! A bill: what was rented, and what it was used for, to the last millionth of a millionth (M1, M2).

mod sums;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use dice_model::{
    CallRef, Cost, DeviceId, FunctionId, NodeId, NodeSpec, NodeType, PricePerHour, TaskId,
    Timestamp, Usage,
};

use crate::line::{language_models, rounded};
use crate::loaded::{Loaded, Spread};
use crate::timeline::{device_prices, holds, rentals};
use crate::{Entry, LanguageModelLine, Line, PriceBook, Purpose, UnknownNodeType};
use sums::Sums;

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
    /// The same in its finest grain: they add up to `rented`, and by purpose to `direct`.
    pub entries: Vec<Entry>,
    pub device_time: DeviceTime,
    pub functions: BTreeMap<FunctionId, FunctionShare>,
    pub tasks: BTreeMap<TaskId, TaskShare>,
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

/// How a task's calls came to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TaskShare {
    /// That executed; a call that ran twice counts twice.
    pub calls: u64,
    /// That had calls of it.
    pub leases: u64,
    /// Sizes of its calls' batches, added up over the calls.
    pub batch_sizes: u64,
    /// Its part of the devices' time.
    pub device_time: Duration,
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

impl TaskShare {
    /// Calls that executed together with one of its calls, itself too, on average.
    pub fn mean_batch_size(&self) -> f64 {
        self.batch_sizes as f64 / self.calls.max(1) as f64
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
            (Purpose::Execute, direct.execute),
            (Purpose::Load, direct.load),
            (Purpose::Wasted, direct.wasted),
            (Purpose::Speculation, direct.speculation),
            (Purpose::StartUp, direct.start_up),
            (Purpose::Idle, direct.idle),
            (Purpose::Rounding, direct.rounding),
        ]
        .map(|(purpose, cost)| (purpose.label(), cost))
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
