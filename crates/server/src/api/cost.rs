//! What was used and what it cost.

use serde::{Deserialize, Serialize};

/// Lines add up to the total exactly (RUNTIME M1, M2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    pub total_micro_usd: i64,
    pub lines: Vec<BillLine>,
    pub price_book: PriceBookName,
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
