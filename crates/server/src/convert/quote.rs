//! Quotes.

use std::time::Duration;

use dice_engine::{NeedsSample, Quote, QuoteAnswer, Quoted, Range};
use dice_model::Cost;

use super::cost::{book, rounded};
use super::nanoseconds;
use crate::api;

pub fn quote_answer(answer: &QuoteAnswer) -> api::QuoteAnswer {
    match answer {
        QuoteAnswer::Quote(shown) => api::QuoteAnswer::Quote(Box::new(quote(shown))),
        QuoteAnswer::NeedsSample(needed) => api::QuoteAnswer::NeedsSample(needs_sample(needed)),
    }
}

fn quote(quote: &Quote) -> api::Quote {
    api::Quote {
        tasks: quote.tasks as u64,
        micro_usd: money(quote.estimate.cost),
        ns: time(quote.estimate.time),
        learnt_from: quote.learnt_from as u64,
        sampled: quote.sampled.iter().map(|task| task.0).collect(),
        sample_micro_usd: rounded(quote.sample_cost),
        hardware: quote.hardware.clone(),
        price_book: book(&quote.prices),
        refused: quote.verdict.refused.clone(),
        doubtful: quote.verdict.doubtful.clone(),
        would_do: quote.verdict.would_do.clone(),
        labels: quote.labels.clone(),
    }
}

fn needs_sample(needed: &NeedsSample) -> api::NeedsSample {
    let calls = needed.calls.iter();
    api::NeedsSample {
        tasks: needed.tasks as u64,
        calls: calls
            .map(|(function, places, cost)| api::SampleCall {
                function: function.clone(),
                places: *places as u64,
                micro_usd_a_call: cost.map(rounded),
            })
            .collect(),
        at_least_micro_usd: needed.at_least.map(rounded),
    }
}

pub(super) fn quoted(quoted: &Quoted) -> api::Quoted {
    api::Quoted {
        at: quoted.at.0,
        micro_usd: money(quoted.cost),
        ns: time(quoted.time),
    }
}

fn money(range: Range<Cost>) -> api::Range<i64> {
    let range = range.map(rounded);
    api::Range {
        low: range.low,
        likely: range.likely,
        high: range.high,
    }
}

fn time(range: Range<Duration>) -> api::Range<u64> {
    let range = range.map(nanoseconds);
    api::Range {
        low: range.low,
        likely: range.likely,
        high: range.high,
    }
}
