//! The state machine: one event in, then the actions that follow.

use dice_model::{CallRef, Timestamp};

use crate::{
    Action, CallPlace, DeviceView, Event, LeaseView, Options, QueueView, Restored, TaskCounts,
};

/// Give it every event that has happened, then [`Scheduler::drain_actions`] and carry them out, then
/// sleep until the next event or [`Scheduler::next_wake`]. Several events may be given before one
/// drain: calls that arrive together then share batches.
#[derive(Debug)]
pub struct Scheduler {
    actions: Vec<Action>,
}

impl Scheduler {
    pub fn new(_options: Options) -> Self {
        Self {
            actions: Vec::new(),
        }
    }

    pub fn restore(options: Options, _restored: Restored) -> Self {
        Self::new(options)
    }

    /// What a restart would be given, were there one now.
    pub fn snapshot(&self) -> Restored {
        Restored::default()
    }

    /// `now` never runs backwards; an earlier one counts as the latest seen.
    pub fn handle(&mut self, _now: Timestamp, _event: Event) {}

    /// Decides, and hands out what is to be done, in order.
    pub fn drain_actions(&mut self) -> impl Iterator<Item = Action> {
        self.actions.drain(..)
    }

    /// When to say [`Event::Tick`] at the latest, if nothing else happens. Ask after draining.
    pub fn next_wake(&self) -> Option<Timestamp> {
        None
    }

    pub fn call(&self, _call: CallRef) -> Option<CallPlace> {
        None
    }

    pub fn tasks(&self) -> TaskCounts {
        TaskCounts {
            waiting: 0,
            running: 0,
        }
    }

    pub fn queues(&self) -> impl Iterator<Item = QueueView> {
        std::iter::empty()
    }

    pub fn devices(&self) -> impl Iterator<Item = DeviceView> {
        std::iter::empty()
    }

    pub fn leases(&self) -> impl Iterator<Item = LeaseView> {
        std::iter::empty()
    }
}
