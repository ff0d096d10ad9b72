//! Quotes that were given, to be shown beside what the runs then cost. One small file each.

use std::path::PathBuf;
use std::time::Duration;

use dice_model::{Cost, Digest, MicroUsd, Timestamp};
use dice_runtime::{TaskKind, TaskRecord};
use dice_simulate::Range;
use serde::{Deserialize, Serialize};

use super::Quote;
use crate::Engine;

/// What was said before the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quoted {
    pub at: Timestamp,
    pub cost: Range<Cost>,
    pub time: Range<Duration>,
}

/// Times are those of the profile where the fleet is simulated, in ns; amounts are whole µ$.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    at: Timestamp,
    micro_usd: [i64; 3],
    ns: [u64; 3],
}

impl Engine {
    /// A quote that cannot be kept is still a quote.
    pub(super) fn keep_quote(&self, program: Digest, quote: &Quote) {
        let cost = quote
            .estimate
            .cost
            .map(|cost| dice_model::apportion(&[cost])[0].0);
        let ns = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let time = quote.estimate.time.map(ns);
        let kept = Kept {
            at: self.runtime().clock().now(),
            micro_usd: [cost.low, cost.likely, cost.high],
            ns: [time.low, time.likely, time.high],
        };
        let file = self.quote_file(program, quote.tasks);
        let text = serde_json::to_string(&kept).expect("numbers are JSON");
        let folder = file.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) = folder.and_then(|()| std::fs::write(&file, text)) {
            tracing::warn!(%error, file = %file.display(), "the quote is not kept");
        }
    }

    /// The newest quote for tasks like these, if it was given before they were accepted.
    pub(crate) fn quoted(&self, tasks: &[&TaskRecord]) -> Option<Quoted> {
        let first = tasks.first()?;
        let TaskKind::Program { source } = first.spec.kind else {
            return None;
        };
        let text = std::fs::read_to_string(self.quote_file(source, tasks.len())).ok()?;
        let kept: Kept = serde_json::from_str(&text).ok()?;
        let [low, likely, high] = kept.micro_usd.map(|amount| Cost::from(MicroUsd(amount)));
        let cost = Range { low, likely, high };
        let [low, likely, high] = kept.ns.map(Duration::from_nanos);
        let time = Range { low, likely, high };
        (kept.at <= first.accepted).then_some(Quoted {
            at: kept.at,
            cost,
            time,
        })
    }

    pub(super) fn keep_overhead(&self, program: Digest, overhead: Duration) {
        let file = self.overhead_file(program);
        let folder = file.parent().map_or(Ok(()), std::fs::create_dir_all);
        let text = overhead.as_nanos().to_string();
        if let Err(error) = folder.and_then(|()| std::fs::write(&file, text)) {
            tracing::warn!(%error, file = %file.display(), "the overhead is not kept");
        }
    }

    /// As the newest sample of this program had it.
    pub(super) fn kept_overhead(&self, program: Digest) -> Option<Duration> {
        let text = std::fs::read_to_string(self.overhead_file(program)).ok()?;
        Some(Duration::from_nanos(text.parse().ok()?))
    }

    fn overhead_file(&self, program: Digest) -> PathBuf {
        self.data()
            .join("quotes")
            .join(format!("{}-overhead-ns", program.hex()))
    }

    fn quote_file(&self, program: Digest, tasks: usize) -> PathBuf {
        self.data()
            .join("quotes")
            .join(format!("{}-{tasks}.json", program.hex()))
    }
}
