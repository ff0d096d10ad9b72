//! What tasks will cost, before they run.

use dice_model::TaskInput;
use serde::{Deserialize, Serialize};

use super::PriceBookName;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QuoteRequest {
    pub program: String,
    pub filename: String,
    /// Of each different task; taken in turn.
    pub inputs: Vec<Vec<TaskInput>>,
    pub tasks: u64,
    /// Run so many of them now, if too few ran before; absent: run nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_micro_usd: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<u64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum QuoteAnswer {
    Quote(Box<Quote>),
    /// Too few tasks of this program ran: ask again with `sample`.
    NeedsSample(NeedsSample),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NeedsSample {
    /// That would be run.
    pub tasks: u64,
    pub calls: Vec<SampleCall>,
    /// Each place of the program once; absent if a function has no profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least_micro_usd: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SampleCall {
    pub function: String,
    /// Places of the program that call it: in a loop more than once each.
    pub places: u64,
    /// On the dearest device of the fleet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub micro_usd_a_call: Option<i64>,
}

/// Eight of ten runs lie between `low` and `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range<T> {
    pub low: T,
    pub likely: T,
    pub high: T,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Quote {
    pub tasks: u64,
    pub micro_usd: Range<i64>,
    pub ns: Range<u64>,
    /// Tasks that ran, which it was made from.
    pub learnt_from: u64,
    /// Tasks that were run for it, and what they cost.
    pub sampled: Vec<u64>,
    pub sample_micro_usd: i64,
    pub hardware: String,
    pub price_book: PriceBookName,
    /// What budget or deadline the likely run breaks; empty: go ahead.
    pub refused: Vec<String>,
    /// What one run of ten, or more, breaks.
    pub doubtful: Vec<String>,
    pub would_do: Vec<String>,
    pub labels: Vec<String>,
}

/// A quote beside what the run then cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    pub at: u64,
    pub micro_usd: Range<i64>,
    pub ns: Range<u64>,
}
