//! Models on devices: what each is doing there, and what workers say about them.

use dice_model::{CallFailure, DeviceId, FailureKind, FunctionId};

use crate::fleet::{DeviceIndex, Model, Rank};
use crate::function::FunctionIndex;
use crate::leases::Loss;
use crate::timers::Timer;
use crate::{Action, ModelState, Scheduler};

impl Scheduler {
    /// Ends a residency as soon as what it is doing allows.
    pub(crate) fn leave(&mut self, device: DeviceIndex, index: FunctionIndex) {
        let at = self.fleet.device(device);
        let Some(model) = at.model(index) else {
            return;
        };
        let serving = at
            .lease
            .is_some_and(|lease| self.leases[&lease].function == index);
        match model.state {
            ModelState::Planned => self.remove_model(device, index),
            ModelState::Ready if !serving => self.unload(device, index),
            ModelState::Ready | ModelState::Loading => {
                self.set_model(device, index, ModelState::Leaving);
            }
            ModelState::Leaving | ModelState::Unloading => {}
        }
    }

    pub(crate) fn unload(&mut self, device: DeviceIndex, index: FunctionIndex) {
        self.set_model(device, index, ModelState::Unloading);
        let (function, device) = self.names(index, device);
        self.actions.push(Action::Unload { function, device });
    }

    pub(crate) fn names(
        &self,
        index: FunctionIndex,
        device: DeviceIndex,
    ) -> (FunctionId, DeviceId) {
        let function = self.function(index).spec.id.clone();
        (function, self.fleet.device(device).id.clone())
    }

    /// Asks for a load. The memory is free, and counted from here on (RUNTIME P4).
    pub(crate) fn load(&mut self, device: DeviceIndex, index: FunctionIndex) {
        self.set_model(device, index, ModelState::Loading);
        let deadline = self.now + self.options.load_deadline;
        self.timers.set(deadline, Timer::Load(device, index));
        let (function, device) = self.names(index, device);
        self.actions.push(Action::Load { function, device });
    }

    pub(crate) fn loaded(&mut self, function: &FunctionId, device_id: &DeviceId, bytes: u64) {
        let Some(device) = self.fleet.find(device_id) else {
            return;
        };
        let known = self.index_of(function);
        let Some(index) = known.filter(|&index| self.function(index).offered) else {
            if known.is_none_or(|index| self.fleet.device(device).model(index).is_none()) {
                self.actions.push(Action::Unload {
                    function: function.clone(),
                    device: device_id.clone(),
                });
                return;
            }
            self.unload(device, known.expect("it has a model there"));
            return;
        };
        match self.fleet.device(device).model(index) {
            None => self.adopt(device, index, bytes),
            Some(model) => match model.state {
                ModelState::Loading => self.load_done(device, index, bytes),
                ModelState::Leaving => self.leaving_loaded(device, index),
                ModelState::Planned => {
                    self.remove_model(device, index);
                    self.adopt(device, index, bytes);
                }
                ModelState::Ready | ModelState::Unloading => {}
            },
        }
    }

    fn load_done(&mut self, device: DeviceIndex, index: FunctionIndex, bytes: u64) {
        let now = self.now;
        let at = self.fleet.device_mut(device);
        let class = at.class;
        let model = at.model_mut(index).expect("the caller has seen it");
        model.memory_bytes = model.memory_bytes.max(bytes);
        model.last_used = now;
        let time = self.now.since(model.since);
        self.function_mut(index).avoid = None;
        self.function_mut(index).saw_load(class, time, bytes);
        self.set_model(device, index, ModelState::Ready);
    }

    fn leaving_loaded(&mut self, device: DeviceIndex, index: FunctionIndex) {
        let lease = self.fleet.device(device).lease;
        if lease.is_none_or(|lease| self.leases[&lease].function != index) {
            self.unload(device, index);
        }
    }

    /// A worker that was there before we were. One that does not fit has to go.
    fn adopt(&mut self, device: DeviceIndex, index: FunctionIndex, bytes: u64) {
        let bytes = bytes.max(self.function(index).memory_bytes());
        if bytes <= self.fleet.device(device).free_bytes() {
            self.set_model(device, index, ModelState::Ready);
        } else {
            let (function, device) = self.names(index, device);
            self.actions.push(Action::Unload { function, device });
        }
    }

    pub(crate) fn load_failed(&mut self, function: &FunctionId, device: &DeviceId) {
        let Some((device, index)) = self.find_model(function, device) else {
            return;
        };
        let state = self.fleet.device(device).model(index).map(|m| m.state);
        let loading = matches!(state, Some(ModelState::Loading | ModelState::Leaving));
        if loading && !self.serves(device, index) {
            self.model_gone(device, index);
            self.load_did_not_work(device, index);
        }
    }

    fn load_did_not_work(&mut self, device: DeviceIndex, index: FunctionIndex) {
        self.pause(index);
        self.function_mut(index).avoid = Some(device);
        let attempts = self.options.load_attempts;
        let function = self.function(index);
        let nothing_left = function.copies() == 0 && function.granted == 0;
        if nothing_left && function.failures >= attempts {
            let message = format!("it could not be loaded in {attempts} attempts");
            self.fail_queue(index, &CallFailure::new(FailureKind::WorkerLost, message));
        }
    }

    /// No load for a while; twice as long each time, until a call finishes.
    fn pause(&mut self, index: FunctionIndex) {
        let (now, first) = (self.now, self.options.first_pause);
        let longest = self.options.longest_pause;
        let (jitter, seed) = (self.options.jitter, self.options.seed);
        let function = self.function_mut(index);
        let doublings = function.failures.min(31);
        function.failures += 1;
        let pause = first.saturating_mul(1 << doublings).min(longest);
        let dice = thrown(seed ^ (u64::from(index) << 32) ^ u64::from(doublings));
        let longer = pause * jitter / 1_000 * u32::from(dice) / u32::from(u16::MAX);
        let at = now + pause + longer;
        function.retry_at = Some(at);
        self.timers.set(at, Timer::Retry(index));
    }

    pub(crate) fn load_timer(&mut self, device: DeviceIndex, index: FunctionIndex) {
        let Some(model) = self.fleet.device(device).model(index) else {
            return;
        };
        let overdue = model.since + self.options.load_deadline <= self.now;
        let loading = matches!(model.state, ModelState::Loading | ModelState::Leaving);
        if loading && overdue && !self.serves(device, index) {
            self.set_model(device, index, ModelState::Unloading);
            let (function, device_id) = self.names(index, device);
            self.actions.push(Action::Kill {
                function,
                device: device_id,
            });
            self.load_did_not_work(device, index);
        }
    }

    pub(crate) fn unloaded(&mut self, function: &FunctionId, device: &DeviceId) {
        let Some((device, index)) = self.find_model(function, device) else {
            return;
        };
        let state = self.fleet.device(device).model(index).map(|m| m.state);
        if state == Some(ModelState::Unloading) {
            self.model_gone(device, index);
        }
    }

    pub(crate) fn worker_lost(&mut self, function: &FunctionId, device: &DeviceId) {
        let Some((device, index)) = self.find_model(function, device) else {
            return;
        };
        let state = self.fleet.device(device).model(index).map(|m| m.state);
        let serving = self.serves(device, index);
        match state {
            None | Some(ModelState::Planned) => return,
            Some(ModelState::Loading) => {
                self.model_gone(device, index);
                self.load_did_not_work(device, index);
            }
            Some(ModelState::Unloading) => self.model_gone(device, index),
            Some(ModelState::Ready | ModelState::Leaving) => {
                self.model_gone(device, index);
                self.pause(index);
            }
        }
        if let Some(lease) = self.fleet.device(device).lease.filter(|_| serving) {
            self.lose_lease(lease, Loss::WorkerDied);
        }
    }

    pub(crate) fn worker_outgrown(&mut self, function: &FunctionId, device: &DeviceId) {
        if let Some((device, index)) = self.find_model(function, device)
            && self.fleet.device(device).model(index).map(|m| m.state) == Some(ModelState::Ready)
        {
            self.leave(device, index);
        }
    }

    fn serves(&self, device: DeviceIndex, index: FunctionIndex) -> bool {
        let lease = self.fleet.device(device).lease;
        lease.is_some_and(|lease| self.leases[&lease].function == index)
    }

    fn find_model(
        &self,
        function: &FunctionId,
        device: &DeviceId,
    ) -> Option<(DeviceIndex, FunctionIndex)> {
        let (device, index) = (self.fleet.find(device)?, self.index_of(function)?);
        self.fleet.device(device).model(index)?;
        Some((device, index))
    }

    /// Its memory is free: a plan that waited for it may go on.
    fn model_gone(&mut self, device: DeviceIndex, index: FunctionIndex) {
        self.remove_model(device, index);
        let at = self.fleet.device(device);
        let Some(planned) = at.planned() else {
            return;
        };
        let going =
            |model: &Model| matches!(model.state, ModelState::Unloading | ModelState::Leaving);
        if at.free_bytes() >= self.function(planned).memory_bytes() {
            self.load(device, planned);
        } else if !at.models.iter().any(going) {
            self.remove_model(device, planned);
        }
    }

    /// The model is on no list of idle ones while it is changed; it is put back if that is right.
    pub(crate) fn set_model(
        &mut self,
        device: DeviceIndex,
        index: FunctionIndex,
        state: ModelState,
    ) {
        let old = self.take_model(device, index);
        let counted = self.functions[index as usize].memory_bytes();
        let memory_bytes = match (state, &old) {
            (ModelState::Planned, _) => 0,
            (ModelState::Loading, _) | (_, None) => counted,
            (_, Some(old)) => old.memory_bytes,
        };
        let (since, last_used, served) = match old {
            Some(old) if state != ModelState::Loading => (old.since, old.last_used, old.served),
            _ => (self.now, self.now, false),
        };
        let function = &mut self.functions[index as usize];
        function.devices.insert(device);
        match state {
            ModelState::Planned | ModelState::Loading => function.loading += 1,
            ModelState::Ready => function.ready += 1,
            ModelState::Leaving | ModelState::Unloading => {}
        }
        self.fleet.device_mut(device).models.push(Model {
            function: index,
            state,
            memory_bytes,
            since,
            last_used,
            served,
            rank: Rank::default(),
        });
        self.fleet.reindex(device);
        self.note_hunger(index);
        if state == ModelState::Ready && self.fleet.device(device).lease.is_none() {
            self.became_idle(device, index);
        }
    }

    pub(crate) fn remove_model(&mut self, device: DeviceIndex, index: FunctionIndex) {
        self.take_model(device, index);
        self.function_mut(index).devices.remove(&device);
        self.fleet.reindex(device);
        self.note_hunger(index);
    }

    fn take_model(&mut self, device: DeviceIndex, index: FunctionIndex) -> Option<Model> {
        let models = &mut self.fleet.device_mut(device).models;
        let position = models.iter().position(|model| model.function == index)?;
        let model = models.remove(position);
        let function = self.function_mut(index);
        function.idle.remove(&(model.rank, device));
        match model.state {
            ModelState::Planned | ModelState::Loading => function.loading -= 1,
            ModelState::Ready => function.ready -= 1,
            ModelState::Leaving | ModelState::Unloading => {}
        }
        Some(model)
    }

    /// The model is ready and its device has no lease.
    pub(crate) fn became_idle(&mut self, device: DeviceIndex, index: FunctionIndex) {
        let class = self.fleet.device(device).class;
        let rank = self.rank(index, class);
        let model = self.fleet.device_mut(device).model_mut(index);
        model.expect("the caller has seen it").rank = rank;
        let function = self.function_mut(index);
        function.idle.insert((rank, device));
        self.note_idle_copy(device, index);
        let function = self.function_mut(index);
        if !function.queue.is_empty() {
            self.mark_dirty(index);
        }
    }
}

/// A number that looks random and follows from another one (splitmix64's last step).
fn thrown(seed: u64) -> u16 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let [low, high, ..] = (z ^ (z >> 31)).to_le_bytes();
    u16::from_le_bytes([low, high])
}
