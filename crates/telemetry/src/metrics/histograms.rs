//! Distributions, and the bounds that tell them.

use dice_model::Timestamp;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

/// From a millisecond to nine minutes, by two: calls, loads and tasks.
pub(super) fn of_seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 20))
}

/// From 16 µs to a second: writes to a journal.
pub(super) fn of_moments() -> Histogram {
    Histogram::new(exponential_buckets(0.000_016, 2.0, 17))
}

pub(super) fn of_sizes() -> Histogram {
    Histogram::new(exponential_buckets(1.0, 2.0, 9))
}

pub(super) fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.0.saturating_sub(from.0) as f64 / 1e9
}
