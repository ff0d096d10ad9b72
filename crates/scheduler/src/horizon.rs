//! How long there is still work for: towards the end of a run a full batch may take longer than that.

use std::time::Duration;

use crate::Scheduler;
use crate::function::FunctionIndex;
use crate::plan::nanoseconds;

impl Scheduler {
    /// When all known work would be done if it were spread over all devices, in full batches: what is
    /// queued, what is expected to follow it and what runs, and the tasks that have not called anything
    /// yet. More may come; then it only seems short.
    pub(crate) fn horizon(&self) -> Duration {
        let known = self.functions.values().map(|function| {
            let waiting = function.queue.len() + function.queue.held();
            u128::from(function.work_with_follows()) * waiting as u128
                + u128::from(function.follows.get()) * function.granted as u128
        });
        let passed = u128::from(self.now.0) * self.leases.len() as u128;
        let runs = self.lease_ends.saturating_sub(passed);
        let begins = u128::from(self.whole_work.get()) * self.tasks.not_begun() as u128;
        let work = known.sum::<u128>() + runs + begins;
        let share = work / self.fleet.count().max(1) as u128;
        Duration::from_nanos(u64::try_from(share).unwrap_or(u64::MAX))
    }

    /// To be called when the fleet has changed.
    pub(crate) fn measure_all_work(&mut self) {
        for index in 0..self.functions.len() {
            self.measure_work(u32::try_from(index).expect("fewer than 2³² functions"));
        }
    }

    /// To be called when what is known of its times has changed. The mean is over calls, each device
    /// doing as many as it can.
    pub(crate) fn measure_work(&mut self, index: FunctionIndex) {
        let function = self.function(index);
        let (mut devices, mut calls_per_second) = (0.0, 0.0);
        for (class, at) in self.fleet.classes() {
            let fits = at.memory_bytes >= function.memory_bytes();
            let time = function.time_per_call(&at.kind, class).filter(|_| fits);
            let Some(time) = time.filter(|time| !time.is_zero()) else {
                continue;
            };
            let count = at.count() as f64;
            devices += count;
            calls_per_second += count / time.as_secs_f64();
        }
        if calls_per_second > 0.0 {
            let work = Duration::from_secs_f64(devices / calls_per_second);
            self.function_mut(index).work = nanoseconds(work);
        }
    }
}
