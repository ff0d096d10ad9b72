//! One function's queue: ordered, bounded, with the calls that must run alone kept apart.

use std::collections::BTreeSet;

use dice_model::CallRef;

use crate::policy::Priority;

pub(crate) type Item = (Priority, CallRef);

#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// May share a lease.
    shared: BTreeSet<Item>,
    /// May not (RUNTIME J8).
    alone: BTreeSet<Item>,
    /// Beyond the bound (SEMANTICS H4). Belongs to the tasks: each has at most its own calls in flight
    /// here, so it is bounded by theirs. In order, so that the oldest moves up first.
    held: BTreeSet<(Item, Alone)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Alone {
    No,
    Yes,
}

/// Where [`Queue::push`] put a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    Queued,
    Held,
}

impl Queue {
    pub(crate) fn len(&self) -> usize {
        self.shared.len() + self.alone.len()
    }

    pub(crate) fn held(&self) -> usize {
        self.held.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.shared.is_empty() && self.alone.is_empty()
    }

    pub(crate) fn push(&mut self, item: Item, alone: Alone, bound: usize) -> Pushed {
        if self.len() >= bound.max(1) {
            self.held.insert((item, alone));
            return Pushed::Held;
        }
        self.insert(item, alone);
        Pushed::Queued
    }

    fn insert(&mut self, item: Item, alone: Alone) {
        match alone {
            Alone::No => self.shared.insert(item),
            Alone::Yes => self.alone.insert(item),
        };
    }

    pub(crate) fn remove(&mut self, item: Item, alone: Alone) {
        let removed = match alone {
            Alone::No => self.shared.remove(&item),
            Alone::Yes => self.alone.remove(&item),
        };
        if !removed {
            self.held.remove(&(item, alone));
        }
    }

    /// The oldest held call moves up, if there is room.
    pub(crate) fn refill(&mut self, bound: usize) -> Option<CallRef> {
        if self.held.is_empty() || self.len() >= bound.max(1) {
            return None;
        }
        let (item, alone) = self.held.pop_first()?;
        self.insert(item, alone);
        Some(item.1)
    }

    pub(crate) fn head(&self) -> Option<Priority> {
        let alone = self.alone.first().map(|item| item.0);
        let shared = self.shared.first().map(|item| item.0);
        match (alone, shared) {
            (Some(alone), Some(shared)) => Some(alone.min(shared)),
            (alone, shared) => alone.or(shared),
        }
    }

    /// The calls of the next lease: the first one, with up to `size - 1` more if they may share.
    pub(crate) fn take(&mut self, size: u32, batch: &mut Vec<CallRef>) {
        let alone_is_first = match (self.alone.first(), self.shared.first()) {
            (Some(alone), Some(shared)) => alone < shared,
            (alone, _) => alone.is_some(),
        };
        if alone_is_first {
            batch.extend(self.alone.pop_first().map(|item| item.1));
            return;
        }
        let first = std::iter::from_fn(|| self.shared.pop_first());
        batch.extend(first.take(size as usize).map(|item| item.1));
    }

    /// Everything, for failing it.
    pub(crate) fn calls(&self) -> Vec<CallRef> {
        let queued = self.shared.iter().chain(&self.alone);
        let held = self.held.iter().map(|(item, _)| item);
        queued.chain(held).map(|item| item.1).collect()
    }
}
