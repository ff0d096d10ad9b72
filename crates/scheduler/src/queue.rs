//! One function's queue: ordered, bounded, one lane for each tenant that waits in it.

use std::collections::{BTreeMap, BTreeSet};

use dice_model::CallRef;

use crate::policy::Priority;
use crate::tenants::{Charged, TenantIndex, Tenants};

pub(crate) type Item = (Priority, CallRef);

/// Where a queue, or a call in it, stands among others: the smallest goes first.
pub(crate) type Head = (Charged, Priority);

#[derive(Debug, Default)]
pub(crate) struct Queue {
    lanes: BTreeMap<TenantIndex, Lane>,
    /// Lanes with queued calls, by what their tenants had been charged when that was last looked at.
    turns: BTreeSet<(Charged, TenantIndex)>,
    /// Lanes with held calls, the same.
    held_turns: BTreeSet<(Charged, TenantIndex)>,
    queued: usize,
    held: usize,
}

#[derive(Debug, Default)]
struct Lane {
    turn: Charged,
    /// May share a lease, with calls of the same tenant (RUNTIME S3).
    shared: BTreeSet<Item>,
    /// May not (RUNTIME J8).
    alone: BTreeSet<Item>,
    /// Beyond the bound (SEMANTICS H4). Belongs to the tasks: each has at most its own calls in flight
    /// here, so it is bounded by theirs. In order, so that the first moves up first.
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

impl Lane {
    fn has_queued(&self) -> bool {
        !self.shared.is_empty() || !self.alone.is_empty()
    }

    fn insert(&mut self, item: Item, alone: Alone) {
        match alone {
            Alone::No => self.shared.insert(item),
            Alone::Yes => self.alone.insert(item),
        };
    }

    fn head(&self) -> Option<Priority> {
        let alone = self.alone.first().map(|item| item.0);
        let shared = self.shared.first().map(|item| item.0);
        match (alone, shared) {
            (Some(alone), Some(shared)) => Some(alone.min(shared)),
            (alone, shared) => alone.or(shared),
        }
    }

    /// The first call, with up to `size - 1` more if they may share.
    fn take(&mut self, size: u32, batch: &mut Vec<CallRef>) {
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
}

impl Queue {
    pub(crate) fn len(&self) -> usize {
        self.queued
    }

    pub(crate) fn held(&self) -> usize {
        self.held
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queued == 0
    }

    pub(crate) fn push(
        &mut self,
        (tenant, turn): (TenantIndex, Charged),
        item: Item,
        alone: Alone,
        bound: usize,
    ) -> Pushed {
        let lane = self.lanes.entry(tenant).or_insert_with(|| Lane {
            turn,
            ..Lane::default()
        });
        if self.queued >= bound.max(1) {
            self.held += 1;
            if lane.held.is_empty() {
                self.held_turns.insert((lane.turn, tenant));
            }
            lane.held.insert((item, alone));
            return Pushed::Held;
        }
        self.queued += 1;
        if !lane.has_queued() {
            self.turns.insert((lane.turn, tenant));
        }
        lane.insert(item, alone);
        Pushed::Queued
    }

    pub(crate) fn remove(&mut self, tenant: TenantIndex, item: Item, alone: Alone) {
        let Some(lane) = self.lanes.get_mut(&tenant) else {
            return;
        };
        let removed = match alone {
            Alone::No => lane.shared.remove(&item),
            Alone::Yes => lane.alone.remove(&item),
        };
        if removed {
            self.queued -= 1;
        } else if lane.held.remove(&(item, alone)) {
            self.held -= 1;
        }
        self.tidy(tenant);
    }

    /// Takes a lane off the lists that it has nothing for any more.
    fn tidy(&mut self, tenant: TenantIndex) {
        let Some(lane) = self.lanes.get(&tenant) else {
            return;
        };
        let (turn, queued, held) = (lane.turn, lane.has_queued(), !lane.held.is_empty());
        if !queued {
            self.turns.remove(&(turn, tenant));
        }
        if !held {
            self.held_turns.remove(&(turn, tenant));
        }
        if !queued && !held {
            self.lanes.remove(&tenant);
        }
    }

    /// The first held call of the tenant whose turn it is moves up, if there is room.
    pub(crate) fn refill(&mut self, bound: usize) -> Option<CallRef> {
        if self.queued >= bound.max(1) {
            return None;
        }
        let &(turn, tenant) = self.held_turns.first()?;
        let lane = self.lanes.get_mut(&tenant)?;
        let (item, alone) = lane.held.pop_first()?;
        if !lane.has_queued() {
            self.turns.insert((turn, tenant));
        }
        lane.insert(item, alone);
        self.held -= 1;
        self.queued += 1;
        self.tidy(tenant);
        Some(item.1)
    }

    /// As of the last [`Queue::catch_up`].
    pub(crate) fn head(&self) -> Option<Head> {
        let &(turn, tenant) = self.turns.first()?;
        Some((turn, self.lanes[&tenant].head()?))
    }

    /// Whose call goes first, as of the last [`Queue::catch_up`].
    pub(crate) fn next_tenant(&self) -> Option<TenantIndex> {
        self.turns.first().map(|&(_, tenant)| tenant)
    }

    /// Charges only grow, but for corrections, so that whoever seems to be first is looked at again until
    /// somebody is: what others were charged elsewhere does not matter before that.
    pub(crate) fn catch_up(&mut self, tenants: &Tenants) {
        if self.lanes.len() == 1 {
            // Against other functions' queues its charge counts too.
            if let Some((&tenant, _)) = self.lanes.first_key_value() {
                self.set_turn(tenant, tenants.charged(tenant));
            }
            return;
        }
        for held in [false, true] {
            let first = |queue: &Self| {
                let turns = if held {
                    &queue.held_turns
                } else {
                    &queue.turns
                };
                turns.first().copied()
            };
            while let Some((turn, tenant)) = first(self)
                && tenants.charged(tenant) > turn
            {
                self.set_turn(tenant, tenants.charged(tenant));
            }
        }
    }

    pub(crate) fn set_turn(&mut self, tenant: TenantIndex, turn: Charged) {
        let Some(lane) = self.lanes.get_mut(&tenant) else {
            return;
        };
        let before = std::mem::replace(&mut lane.turn, turn);
        if before == turn {
            return;
        }
        for turns in [&mut self.turns, &mut self.held_turns] {
            if turns.remove(&(before, tenant)) {
                turns.insert((turn, tenant));
            }
        }
    }

    /// The calls of the next lease, of one tenant.
    pub(crate) fn take(&mut self, size: u32, batch: &mut Vec<CallRef>) -> Option<TenantIndex> {
        let &(_, tenant) = self.turns.first()?;
        let before = batch.len();
        self.lanes.get_mut(&tenant)?.take(size, batch);
        self.queued -= batch.len() - before;
        self.tidy(tenant);
        Some(tenant)
    }

    /// Everything, for failing it.
    pub(crate) fn calls(&self) -> Vec<CallRef> {
        let lanes = self.lanes.values();
        let calls = lanes.flat_map(|lane| {
            let queued = lane.shared.iter().chain(&lane.alone);
            queued.chain(lane.held.iter().map(|(item, _)| item))
        });
        calls.map(|item| item.1).collect()
    }
}
