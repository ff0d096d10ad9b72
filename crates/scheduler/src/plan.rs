//! A plan for few devices: which waits for what, and where, so that all that is queued ends soonest.
//!
//! Only its first steps are taken; the next event makes a new one. Its cost is bounded: queues are cut
//! into at most [`UNITS`] pieces in all, and the search has a budget.

mod machine;
mod search;

use std::time::Duration;

pub(crate) use machine::{LastCopy, Machine, Resident, Step};
pub(crate) use search::best;

/// Pieces into which the queues are cut for planning.
pub(crate) const UNITS: u32 = 32;

/// What one function has to have done.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    pub(crate) memory: u64,
    /// Pieces of its queue.
    pub(crate) units: u32,
    /// By machine.
    pub(crate) on: Vec<Figures>,
}

/// A function on a machine, in nanoseconds.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    /// `None`: it can not be loaded there.
    pub(crate) load: Option<u64>,
    /// For 0, 1, 2… pieces of its queue.
    pub(crate) time: Vec<u64>,
}

/// Latency by batch size.
#[derive(Debug)]
pub(crate) struct Curve<'a> {
    /// Ascending by size.
    pub(crate) sizes: &'a [(u32, Duration)],
    pub(crate) limit: u32,
}

impl Curve<'_> {
    /// The size with the least time per call, of at most this many calls.
    pub(crate) fn best_size(&self, calls: u32) -> u32 {
        let most = calls.min(self.limit).max(1);
        let measured = self.sizes.iter().map(|&(size, _)| size);
        let sizes = measured.filter(|size| (1..=most).contains(size));
        let per_call = |size: u32| u128::from(self.at(size)) * 1_000 / u128::from(size);
        let best = sizes
            .chain([most])
            .min_by_key(|&size| (per_call(size), size));
        best.unwrap_or(1)
    }

    /// Time for this many calls, one batch after the other.
    pub(crate) fn time(&self, mut calls: u32) -> u64 {
        let mut time = 0_u64;
        while calls > 0 {
            let size = self.best_size(calls);
            let batches = self.at(size).saturating_mul(u64::from(calls / size));
            time = time.saturating_add(batches);
            calls %= size;
        }
        time
    }

    fn at(&self, size: u32) -> u64 {
        let time = crate::function::interpolate(self.sizes, size);
        time.map_or(0, nanoseconds)
    }
}

pub(crate) fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sizes: &[(u32, u64)], limit: u32, calls: u32, size: u32, time: u64) {
        let sizes: Vec<_> = sizes
            .iter()
            .map(|&(size, time)| (size, Duration::from_nanos(time)))
            .collect();
        let sizes = sizes.as_slice();
        let curve = Curve { sizes, limit };
        assert_eq!(curve.best_size(calls), size, "{sizes:?}");
        assert_eq!(curve.time(calls), time, "{sizes:?}");
    }

    #[test]
    fn calls_are_cut_into_batches_that_pay() {
        check(&[(1, 10)], 1, 3, 1, 30);
        check(&[(1, 10)], 8, 3, 1, 30);
        check(&[(1, 10), (4, 16)], 4, 3, 3, 14);
        check(&[(1, 10), (4, 16)], 4, 6, 4, 28);
        check(&[(1, 10), (4, 60)], 4, 6, 1, 60);
        check(&[(1, 10), (4, 16)], 2, 4, 2, 24);
    }
}
