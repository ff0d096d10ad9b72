//! What was used and what it cost.

use serde::{Deserialize, Serialize};

use super::Quoted;

/// Lines add up to the total exactly (RUNTIME M1, M2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bill {
    pub total_micro_usd: i64,
    pub lines: Vec<BillLine>,
    pub price_book: PriceBookName,
    /// Absent if nothing was executed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floors: Option<Floors>,
    /// What `dice quote` said before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quoted: Option<Quoted>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillLine {
    /// `executing calls`, `loading models`, `wasted`, `start-up`, `idle`…; see `docs/cost.md`.
    pub name: String,
    pub micro_usd: i64,
    /// Time of devices behind it, if any.
    pub device_ns: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceBookName {
    pub name: String,
    pub date: String,
    pub source: String,
}

/// The least that everything rented meanwhile could have cost (RUNTIME M3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Floors {
    /// What was rented.
    pub rented_micro_usd: i64,
    /// On the nodes that were rented.
    pub fleet_micro_usd: i64,
    pub fleet_ns: u64,
    /// On any nodes of the price book whose devices are known: these.
    pub market_micro_usd: i64,
    pub market_nodes: Vec<String>,
    /// Of what was rented over the fleet's floor; below zero only within the error.
    pub gap_percent: f64,
    /// How far calls were from what their profiles say; the gap is no surer.
    pub error_percent: f64,
}

/// What a task or batch cost, explained: `dice cost`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostReport {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u64>,
    /// It has not ended: this is its cost so far.
    pub running: bool,
    pub from: u64,
    pub to: u64,
    /// Of everything that was rented meanwhile; `direct`, `entries`, and `tasks` with `other_tasks` and
    /// `no_task` each add up to it.
    pub total_micro_usd: i64,
    /// Of what is asked about.
    pub own_micro_usd: i64,
    pub direct: Vec<BillLine>,
    pub nodes: Vec<NodeCost>,
    pub tasks: Vec<TaskCost>,
    /// The loaded cost of tasks that ran beside it.
    pub other_tasks_micro_usd: i64,
    /// Of time in which no task was live.
    pub no_task_micro_usd: i64,
    pub entries: Vec<CostEntry>,
    pub price_book: PriceBookName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floors: Option<Floors>,
    /// What `dice quote` said before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quoted: Option<Quoted>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// Why there is no `split`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_missing: Option<String>,
    pub labels: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCost {
    pub node: String,
    pub r#type: String,
    pub micro_usd_per_hour: u64,
    pub held_ns: u64,
    /// Rounded up as it is billed, and start-up.
    pub billed_ns: u64,
    pub micro_usd: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskCost {
    pub task: u64,
    /// What its own calls cost, whole µ$ rounded down: `loaded_micro_usd` is what adds up.
    pub direct_micro_usd: i64,
    pub loaded_micro_usd: i64,
    pub device_ns: u64,
    pub calls: u64,
    /// Calls of it at work at once, on average while any was.
    pub overlap: f64,
    /// Calls in the batches that its calls were in, on average.
    pub mean_batch_size: f64,
    /// Calls that got an equal call's result.
    pub reused: u64,
    pub retries: u64,
    pub guesses: u64,
    pub guesses_in_vain: u64,
}

/// The finest grain of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostEntry {
    pub node: String,
    /// As `direct` names it.
    pub r#use: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<u64>,
    pub device_ns: u64,
    pub micro_usd: i64,
}

/// Why it cost less than the baseline, cause by cause (RUNTIME M4): `baseline` less the causes is `actual`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Always true: only `actual` was measured, and the baseline of a comparison.
    pub simulated: bool,
    pub baseline_micro_usd: i64,
    pub causes: Vec<SplitCause>,
    pub actual_micro_usd: i64,
    /// The cheapest node that holds all models, at its best fixed number of serial tasks at once (M5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_monolith: Option<Monolith>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitCause {
    /// `hardware`, `overlap`, `batching`, `reuse`, `overheads`.
    pub cause: String,
    /// That it saved; below zero: that it cost more.
    pub saved_micro_usd: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monolith {
    pub node: String,
    pub concurrency: u32,
    pub micro_usd: i64,
    pub ns: u64,
}
