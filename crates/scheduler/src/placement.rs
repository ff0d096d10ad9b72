//! Which models to load where, and which make room for them.

use crate::fleet::{Class, ClassIndex, Device, DeviceIndex, Model, Rank};
use crate::function::FunctionIndex;
use crate::plan::nanoseconds;
use crate::policy::Swap;
use crate::{ModelState, Scheduler};

/// Which models may make room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evict {
    Nothing,
    /// Nobody waits for them, and there is another copy.
    Spare,
    /// Nobody waits for them.
    Idle,
    /// All that are not at work, and have been since they were loaded: the policy has allowed it.
    Any,
}

impl Scheduler {
    /// A function that has no device at all may take one that others still use (RUNTIME P5: nothing
    /// with queued calls stays at zero).
    pub(crate) fn swap_models(&mut self) {
        let mut freed = std::mem::take(&mut self.freed);
        for device in freed.drain(..) {
            if let Some(index) = self.starved_for(device) {
                self.make_room(device, index, Evict::Any);
            }
        }
        self.freed = freed;
    }

    fn starved_for(&self, device: DeviceIndex) -> Option<FunctionIndex> {
        let at = self.fleet.device(device);
        if !at.present || at.lease.is_some() || at.planned().is_some() {
            return None;
        }
        let starving = self.starving.iter().copied();
        let starved = starving.filter(|&index| self.may_load(index) && at.model(index).is_none());
        let wanting = starved.filter(|&index| self.swap_allowed(at, index));
        wanting.min_by_key(|&index| self.function(index).queue.head())
    }

    fn swap_allowed(&self, at: &Device, index: FunctionIndex) -> bool {
        let class = self.fleet.class(at.class);
        let function = self.function(index);
        let head = function.queue.head();
        let mut rivals = at.models.iter().filter_map(|model| {
            let rival = self.function(model.function);
            rival.queue.head()
        });
        self.policy.swaps(&Swap {
            waited: self.now.since(function.waiting_since),
            load: function
                .load_time(&class.kind, at.class)
                .unwrap_or_default(),
            comes_first: rivals.all(|rival| head < Some(rival)),
        })
    }

    /// After the grants: what is still queued may be worth a copy on a device that is idle.
    pub(crate) fn place_models(&mut self) {
        if self.starving.is_empty() && self.fleet.idle_devices() == 0 {
            return;
        }
        let mut hungry = self.hungry.first().copied();
        while let Some(index) = hungry {
            while self.wants_copy(index) && self.place_copy(index) {}
            hungry = self.hungry.range(index + 1..).next().copied();
        }
        if self.fleet.idle_devices() > 0 {
            self.place_wanted();
        }
    }

    pub(crate) fn place_wanted(&mut self) {
        for index in 0..self.functions.len() {
            let index = u32::try_from(index).expect("fewer than 2³² functions");
            while self.function(index).copies() < self.function(index).wanted
                && self.may_load(index)
                && self.place(index, Evict::Nothing)
            {}
        }
    }

    /// Ahead of the first call, so only where memory is free.
    pub(crate) fn place_expected(&mut self) {
        while let Some(index) = self.expected.pop() {
            let function = self.function(index);
            if function.copies() == 0 && function.queue.is_empty() && self.may_load(index) {
                let _ = self.place(index, Evict::Nothing) || self.place_beside_lease(index);
            }
        }
    }

    pub(crate) fn may_load(&self, index: FunctionIndex) -> bool {
        let function = self.function(index);
        function.offered
            && function.copies() < function.scale.most
            && function.retry_at.is_none_or(|at| at <= self.now)
    }

    /// One more copy ends the queue sooner if loading takes less time than the copies there are need
    /// for their share of it. Until both times are known, one copy has to do, as long as it does not hang.
    fn wants_copy(&mut self, index: FunctionIndex) -> bool {
        let function = self.function(index);
        if function.queue.is_empty() || !self.may_load(index) {
            return false;
        }
        if function.copies() == 0 {
            return true;
        }
        if self.fleet.idle_devices() == 0 {
            return false;
        }
        let working = self.working_copies(index);
        if working == 0 {
            return true;
        }
        let function = self.function(index);
        let times = self.fleet.classes().filter_map(|(class, at)| {
            let per_call = function.time_per_call(&at.kind, class)?;
            Some((per_call, function.load_time(&at.kind, class)?))
        });
        let Some((per_call, load)) = times.min() else {
            return false;
        };
        let queued = function.queue.len() + function.queue.held();
        let share = per_call.as_nanos() * queued as u128 / u128::from(working);
        share > load.as_nanos()
    }

    fn place_copy(&mut self, index: FunctionIndex) -> bool {
        let starved = self.function(index).copies() == 0;
        let evict = if starved { Evict::Idle } else { Evict::Spare };
        self.place(index, Evict::Nothing)
            || (starved && self.place_beside_lease(index))
            || self.place(index, evict)
    }

    /// On an idle device, the fastest kind first.
    fn place(&mut self, index: FunctionIndex, evict: Evict) -> bool {
        if self.fleet.idle_devices() == 0 {
            return false;
        }
        for class in self.classes_for(index) {
            let found = self.find_idle(class, index, evict);
            if let Some(device) = found {
                self.make_room(device, index, evict);
                return true;
            }
        }
        false
    }

    fn find_idle(
        &self,
        class: ClassIndex,
        index: FunctionIndex,
        evict: Evict,
    ) -> Option<DeviceIndex> {
        let need = self.function(index).memory_bytes();
        let idle = &self.fleet.class(class).idle;
        if evict == Evict::Nothing {
            return self.first_without(Class::with_room(idle, need), index);
        }
        let mut roomiest = Class::with_room(idle, 0);
        roomiest.find(|&device| {
            let at = self.fleet.device(device);
            let room = at.free_bytes() + self.evictable_bytes(at, evict);
            at.model(index).is_none() && room >= need
        })
    }

    fn first_without(
        &self,
        devices: impl Iterator<Item = DeviceIndex>,
        index: FunctionIndex,
    ) -> Option<DeviceIndex> {
        let avoid = self.function(index).avoid;
        let mut without =
            devices.filter(|&device| self.fleet.device(device).model(index).is_none());
        let first = without.next()?;
        let other = (Some(first) == avoid).then(|| without.next()).flatten();
        other.or(Some(first))
    }

    /// Loading beside a lease costs that lease nothing that is counted, and saves the wait.
    fn place_beside_lease(&mut self, index: FunctionIndex) -> bool {
        let need = self.function(index).memory_bytes();
        for class in self.classes_for(index) {
            let busy = &self.fleet.class(class).busy;
            if let Some(device) = self.first_without(Class::with_room(busy, need), index) {
                self.load(device, index);
                return true;
            }
        }
        false
    }

    fn classes_for(&self, index: FunctionIndex) -> Vec<ClassIndex> {
        let need = self.function(index).memory_bytes();
        let fits = |class: &Class| class.memory_bytes >= need;
        let classes = self.fleet.classes().filter(|(_, class)| fits(class));
        let mut classes: Vec<_> = classes.map(|(class, _)| class).collect();
        classes.sort_by_key(|&class| (self.rank(index, class), class));
        classes
    }

    /// Unknown times come last; among equals the cheaper device is first.
    pub(crate) fn rank(&self, index: FunctionIndex, class: ClassIndex) -> Rank {
        let at = self.fleet.class(class);
        let time = self.function(index).lease_time(&at.kind, class, 1);
        let nanoseconds = time.map_or(u64::MAX, nanoseconds);
        Rank(nanoseconds, at.price)
    }

    fn evictable(&self, model: &Model, evict: Evict) -> bool {
        let rival = self.function(model.function);
        let unused = rival.queue.is_empty();
        model.state == ModelState::Ready
            && match evict {
                Evict::Nothing => false,
                Evict::Spare => unused && rival.copies() > rival.wanted.max(1),
                Evict::Idle => unused,
                // Else two that wait could take each other's place for ever.
                Evict::Any => unused || model.served,
            }
    }

    fn evictable_bytes(&self, at: &Device, evict: Evict) -> u64 {
        let models = at.models.iter();
        models
            .filter(|model| self.evictable(model, evict))
            .map(|model| model.memory_bytes)
            .sum()
    }

    fn make_room(&mut self, device: DeviceIndex, index: FunctionIndex, evict: Evict) {
        let models = self.fleet.device(device).models.iter();
        let evictable = models.filter(|model| self.evictable(model, evict));
        let evictable: Vec<_> = evictable.map(|model| model.function).collect();
        self.replace(device, index, &evictable);
    }

    /// Loads now if there is room, else once those of these that make room are gone: spare copies first,
    /// then what was not used for longest. Does nothing if there cannot be room enough.
    pub(crate) fn replace(
        &mut self,
        device: DeviceIndex,
        index: FunctionIndex,
        evictable: &[FunctionIndex],
    ) {
        let need = self.function(index).memory_bytes();
        let at = self.fleet.device(device);
        let free = at.free_bytes();
        if free >= need {
            self.load(device, index);
            return;
        }
        let mut victims: Vec<_> = at
            .models
            .iter()
            .filter(|model| evictable.contains(&model.function))
            .map(|model| {
                let last_copy = self.function(model.function).copies() <= 1;
                (
                    last_copy,
                    model.last_used,
                    model.function,
                    model.memory_bytes,
                )
            })
            .collect();
        if free + victims.iter().map(|victim| victim.3).sum::<u64>() < need {
            return;
        }
        victims.sort_unstable();
        self.set_model(device, index, ModelState::Planned);
        let mut room = free;
        for (_, _, victim, bytes) in victims {
            if room >= need {
                break;
            }
            room += bytes;
            self.unload(device, victim);
        }
    }
}
