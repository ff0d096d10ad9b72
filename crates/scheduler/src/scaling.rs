//! Down and to zero: copies that were not used for a while go, and not before what their load cost is earned.

use std::time::Duration;

use dice_model::Timestamp;

use crate::fleet::DeviceIndex;
use crate::function::FunctionIndex;
use crate::timers::Timer;
use crate::{ModelState, Scheduler};

/// A copy stays unused for at least so many times as long as its load takes: then one that was unloaded in
/// vain costs at most a fifth on top of what keeping it would have cost.
const LOADS_WORTH: u32 = 4;

impl Scheduler {
    /// How long a copy stays although nobody uses it. `None`: for ever.
    fn keeps_for(&self, index: FunctionIndex, device: DeviceIndex) -> Option<Duration> {
        let function = self.function(index);
        let idle_after = function.scale.idle_after.or(self.options.idle_after)?;
        let class = self.fleet.device(device).class;
        let load = function.load_time(&self.fleet.class(class).kind, class);
        Some(idle_after.max(load.unwrap_or_default() * LOADS_WORTH))
    }

    /// A copy has nothing to do from now on.
    pub(crate) fn note_idle_copy(&mut self, device: DeviceIndex, index: FunctionIndex) {
        if self.function(index).idle_timer {
            return;
        }
        if let Some(keeps) = self.keeps_for(index, device) {
            self.function_mut(index).idle_timer = true;
            self.timers.set(self.now + keeps, Timer::Idle(index));
        }
    }

    /// The last task has ended: from now on the last copies may go, too.
    pub(crate) fn note_quiet(&mut self) {
        if self.any_task() {
            return;
        }
        for index in 0..self.functions.len() {
            let index = FunctionIndex::try_from(index).expect("fewer than 2³² functions");
            let idle = self.function(index).idle.first().copied();
            if let Some((_, device)) = idle {
                self.note_idle_copy(device, index);
            }
        }
    }

    /// Slowest copies first; those that are left are looked at again when the next one is due.
    pub(crate) fn idle_timer(&mut self, index: FunctionIndex) {
        self.function_mut(index).idle_timer = false;
        let least = u32::from(self.any_task()).max(self.function(index).wanted);
        let function = self.function(index);
        if !function.queue.is_empty() {
            return;
        }
        let mut spare = function.copies().saturating_sub(least);
        let idle: Vec<_> = function.idle.iter().rev().map(|&(_, at)| at).collect();
        let mut next: Option<Timestamp> = None;
        for device in idle {
            let Some(due) = self.due_to_go(index, device).filter(|_| spare > 0) else {
                continue;
            };
            if due <= self.now {
                spare -= 1;
                self.unload(device, index);
            } else {
                next = Some(next.map_or(due, |next| next.min(due)));
            }
        }
        if let Some(next) = next {
            self.function_mut(index).idle_timer = true;
            self.timers.set(next, Timer::Idle(index));
        }
    }

    fn due_to_go(&self, index: FunctionIndex, device: DeviceIndex) -> Option<Timestamp> {
        let model = self.fleet.device(device).model(index)?;
        let ready = model.state == ModelState::Ready;
        let keeps = self.keeps_for(index, device).filter(|_| ready)?;
        Some(model.last_used + keeps)
    }
}
