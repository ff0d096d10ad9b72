//! Which of the models on an idle device is served: the first in order, unless another is a better use of
//! the device.
//!
//! Devices differ in what they are good at, and a batch that is not full wastes part of its time. Over a
//! long run both decide how much gets done; over a short one only who waits for whom does.

use std::time::Duration;

use crate::Scheduler;
use crate::fleet::DeviceIndex;
use crate::function::FunctionIndex;

/// By so much another function must be the better use: below that order matters more.
const BETTER: f64 = 1.005;

/// A function is passed over for at most so many times as long as its own lease takes.
const PATIENCE: u32 = 4;

/// A lease that could be granted now.
struct Use {
    size: u32,
    time: Duration,
    /// Work that it does in its time, against what the whole fleet would do on average.
    worth: f64,
}

impl Scheduler {
    /// What to serve on the device: `first`, which is the first in order, or a better use of it.
    pub(crate) fn best_use(
        &self,
        device: DeviceIndex,
        first: FunctionIndex,
    ) -> (FunctionIndex, u32) {
        let size = self.batch_size(device, first);
        if !self.policy.prefers_what_pays() {
            return (first, size);
        }
        let Some(in_order) = self.usefulness(device, first, size) else {
            return (first, size);
        };
        let better = self.better_uses(device, first, &in_order);
        let best = better.max_by(|(_, a), (_, b)| a.worth.total_cmp(&b.worth));
        match best {
            Some((index, best)) if self.may_pass_over(first, &in_order, index, &best) => {
                (index, best.size)
            }
            _ => (first, size),
        }
    }

    /// Of the same tenant, so that nobody's share is touched.
    fn better_uses<'a>(
        &'a self,
        device: DeviceIndex,
        first: FunctionIndex,
        in_order: &'a Use,
    ) -> impl Iterator<Item = (FunctionIndex, Use)> + use<'a> {
        let tenant = self.function(first).queue.next_tenant();
        let models = self.fleet.device(device).models.iter();
        let others = models.filter_map(move |model| {
            let index = model.function;
            let function = self.function(index);
            let may = index != first && function.queue.next_tenant() == tenant;
            let ready = model.state == crate::ModelState::Ready;
            (may && ready && tenant.is_some()).then_some(index)
        });
        others.filter_map(move |index| {
            let size = self.batch_size(device, index);
            let other = self.usefulness(device, index, size)?;
            (other.worth > in_order.worth * BETTER).then_some((index, other))
        })
    }

    fn may_pass_over(
        &self,
        first: FunctionIndex,
        in_order: &Use,
        index: FunctionIndex,
        best: &Use,
    ) -> bool {
        let waited = self.now.since(self.function(first).waiting_since);
        let tail = Duration::from_nanos(self.function(index).tail.get().unwrap_or(0));
        waited < in_order.time * PATIENCE && self.horizon() > in_order.time + best.time + tail
    }

    fn usefulness(&self, device: DeviceIndex, index: FunctionIndex, size: u32) -> Option<Use> {
        let function = self.function(index);
        let class = self.fleet.device(device).class;
        let kind = &self.fleet.class(class).kind;
        let time = function.lease_time(kind, class, size)?;
        if time.is_zero() || function.work == 0 {
            return None;
        }
        let size = size.min(u32::try_from(function.queue.len()).unwrap_or(u32::MAX));
        let work = Duration::from_nanos(function.work).as_secs_f64() * f64::from(size);
        Some(Use {
            size,
            time,
            worth: work / time.as_secs_f64(),
        })
    }
}
