//! What must be looked at again when time has passed.

use std::collections::BTreeSet;

use dice_model::{LeaseId, Timestamp};

use crate::fleet::DeviceIndex;
use crate::function::FunctionIndex;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// A call of it, or it as a whole, reaches its deadline.
    Lease(LeaseId),
    /// It takes unusually long.
    Hedge(LeaseId),
    Load(DeviceIndex, FunctionIndex),
    /// A pause after failures ends.
    Retry(FunctionIndex),
    /// Its queue may have waited too long.
    Waiting(FunctionIndex),
    /// A plan may not have kept its promise to it.
    Promise(FunctionIndex),
    /// A copy of it may not have been used for long.
    Idle(FunctionIndex),
    /// A copy of it may be at work for so long that it is not to be counted on.
    Late(FunctionIndex),
}

/// Those of leases are taken out when they end, being many; the others may ring for nothing.
#[derive(Debug, Default)]
pub(crate) struct Timers(BTreeSet<(Timestamp, Timer)>);

impl Timers {
    pub(crate) fn set(&mut self, at: Timestamp, timer: Timer) {
        self.0.insert((at, timer));
    }

    pub(crate) fn clear(&mut self, at: Timestamp, timer: Timer) {
        self.0.remove(&(at, timer));
    }

    pub(crate) fn due(&mut self, now: Timestamp) -> Option<Timer> {
        let &(at, timer) = self.0.first()?;
        if at > now {
            return None;
        }
        self.0.pop_first();
        Some(timer)
    }

    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.0.first().map(|&(at, _)| at)
    }
}
