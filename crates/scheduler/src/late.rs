//! Copies at work for so long that they may never come back: others are loaded in their place.

use std::time::Duration;

use dice_model::Timestamp;

use crate::Scheduler;
use crate::fleet::DeviceIndex;
use crate::function::FunctionIndex;
use crate::timers::Timer;

/// What a lease is taken to need where nobody knows how long a call takes.
const GUESSED: Duration = Duration::from_secs(15);

impl Scheduler {
    /// Copies whose lease does not take much longer than expected, and those that are loading.
    pub(crate) fn working_copies(&mut self, index: FunctionIndex) -> u32 {
        let function = self.function(index);
        let copies = function.copies();
        if function.late_timer && !function.has_late {
            return copies;
        }
        let due = function
            .devices
            .iter()
            .filter_map(|&at| self.late_at(index, at));
        let (late, coming): (Vec<_>, Vec<_>) = due.partition(|&at| at <= self.now);
        self.function_mut(index).has_late = !late.is_empty();
        let next = coming.into_iter().min();
        if let Some(next) = next.filter(|_| !self.function(index).late_timer) {
            self.function_mut(index).late_timer = true;
            self.timers.set(next, Timer::Late(index));
        }
        copies.saturating_sub(u32::try_from(late.len()).unwrap_or(u32::MAX))
    }

    /// When this copy's lease has taken twice what it should, and what loading another one takes on top.
    fn late_at(&self, index: FunctionIndex, device: DeviceIndex) -> Option<Timestamp> {
        let at = self.fleet.device(device);
        let lease = &self.leases[&at.lease?];
        if lease.function != index {
            return None;
        }
        let expected = lease.expected.since(lease.granted_at);
        let needs = if expected.is_zero() {
            GUESSED
        } else {
            expected
        };
        let class = self.fleet.class(at.class);
        let load = self.function(index).load_time(&class.kind, at.class);
        Some(lease.granted_at + needs * 2 + load.unwrap_or_default())
    }

    /// What waits is looked at again at the next decision.
    pub(crate) fn late_timer(&mut self, index: FunctionIndex) {
        let function = self.function_mut(index);
        function.late_timer = false;
        function.has_late = true;
    }
}
