//! What a plan is made of: queues in units, devices with what is on them, and how long things take.

use std::time::Duration;

use dice_model::Timestamp;

use super::WORTH_PLANNING;
use crate::fleet::{ClassIndex, Device, DeviceIndex, Model};
use crate::function::FunctionIndex;
use crate::plan::{self, Curve, Figures, LastCopy, Machine, Resident, Work, nanoseconds};
use crate::{ModelState, Scheduler};

/// What the numbers of a plan stand for.
pub(super) struct Scene {
    pub(super) devices: Vec<DeviceIndex>,
    pub(super) functions: Vec<FunctionIndex>,
    /// Calls in one unit.
    pub(super) unit: u32,
}

impl Scheduler {
    pub(super) fn scene(&self) -> Scene {
        let functions: Vec<_> = self.hungry.iter().copied().collect();
        let calls: usize = functions
            .iter()
            .map(|&index| self.waiting_calls(index))
            .sum();
        let unit = calls.div_ceil(plan::UNITS as usize).max(1);
        Scene {
            devices: self.fleet.devices().map(|(device, _)| device).collect(),
            functions,
            unit: u32::try_from(unit).unwrap_or(u32::MAX),
        }
    }

    fn waiting_calls(&self, index: FunctionIndex) -> usize {
        let queue = &self.function(index).queue;
        queue.len() + queue.held()
    }

    /// `None`: somewhere nothing at all is known.
    pub(super) fn works(&self, scene: &Scene) -> Option<Vec<Work>> {
        let works = scene.functions.iter().map(|&index| {
            let calls = u32::try_from(self.waiting_calls(index)).unwrap_or(u32::MAX);
            let units = calls.div_ceil(scene.unit);
            let devices = scene.devices.iter();
            let on = devices.map(|&device| self.figures(scene, device, index, units));
            Some(Work {
                memory: self.function(index).memory_bytes(),
                units,
                on: on.collect::<Option<_>>()?,
            })
        });
        works.collect()
    }

    fn figures(
        &self,
        scene: &Scene,
        device: DeviceIndex,
        index: FunctionIndex,
        units: u32,
    ) -> Option<Figures> {
        let function = self.function(index);
        let at = self.fleet.device(device);
        let sizes = self.known_curve(index, at.class)?;
        let limit = function.lease_limit();
        let curve = Curve {
            sizes: &sizes,
            limit,
        };
        let time = (0..=units).map(|units| curve.time(units.saturating_mul(scene.unit)));
        let time: Vec<_> = time.collect();
        if time
            .get(1)
            .is_some_and(|&one| one < nanoseconds(WORTH_PLANNING))
        {
            return None;
        }
        let going = at.model(index).is_some();
        let elsewhere = function.avoid == Some(device) && scene.devices.len() > 1;
        let load = function.load_time(&self.fleet.class(at.class).kind, at.class);
        let may_load = !going && !elsewhere && self.may_load(index);
        Some(Figures {
            load: load.filter(|_| may_load).map(nanoseconds),
            time,
        })
    }

    /// Where nothing is known, as slow as where it is known to be slowest.
    pub(super) fn known_curve(
        &self,
        index: FunctionIndex,
        class: ClassIndex,
    ) -> Option<Vec<(u32, Duration)>> {
        let function = self.function(index);
        let own = function.curve(&self.fleet.class(class).kind, class);
        if !own.is_empty() {
            return Some(own);
        }
        let others = self.fleet.classes();
        let curves = others.map(|(class, at)| function.curve(&at.kind, class));
        let known = curves.filter(|curve| !curve.is_empty());
        known.max_by_key(|curve| curve.first().map(|&(size, time)| time / size.max(1)))
    }

    pub(super) fn machine(&self, scene: &Scene, device: DeviceIndex) -> Machine {
        let at = self.fleet.device(device);
        let serving = at.lease.map(|lease| self.leases[&lease].function);
        let mut machine = Machine {
            free_in: self.lease_ends_in(at),
            memory: at.capacity_bytes,
            last_copies: Vec::new(),
            at_work: None,
            models: vec![None; scene.functions.len()],
        };
        let mut models: Vec<_> = at.models.iter().collect();
        models.sort_by_key(|model| model.last_used);
        for model in models {
            self.place_model(scene, at.class, &mut machine, model, serving);
        }
        machine
    }

    fn place_model(
        &self,
        scene: &Scene,
        class: ClassIndex,
        machine: &mut Machine,
        model: &Model,
        serving: Option<FunctionIndex>,
    ) {
        let serves = serving == Some(model.function);
        let function = self.function(model.function);
        let bytes = match model.state {
            ModelState::Unloading => return,
            ModelState::Planned => function.memory_bytes(),
            ModelState::Loading | ModelState::Ready | ModelState::Leaving => model.memory_bytes,
        };
        let ready_in = match model.state {
            ModelState::Ready => Some(0),
            ModelState::Planned | ModelState::Loading => {
                Some(self.loaded_in(class, model.function, model.since))
            }
            ModelState::Leaving | ModelState::Unloading => None,
        };
        let mut functions = scene.functions.iter();
        let slot = functions.position(|&index| index == model.function);
        let missed = self.missed(class, model.function);
        if let (Some(slot), Some(ready_in)) = (slot, ready_in) {
            machine.models[slot] = Some(Resident {
                ready_in,
                bytes,
                serving: serves,
            });
        } else if serves {
            machine.at_work = missed.map(|load| LastCopy { bytes, load });
        } else if let Some(load) = missed.filter(|_| model.state == ModelState::Ready) {
            if load == 0 {
                return;
            }
            machine.last_copies.push(LastCopy { bytes, load });
        }
        machine.memory = machine.memory.saturating_sub(bytes);
    }

    /// What it costs to do without one copy: half a load, if it is the last one, since nobody knows
    /// whether it will be called again. `None` if it is wanted.
    pub(super) fn missed(&self, class: ClassIndex, index: FunctionIndex) -> Option<u64> {
        let function = self.function(index);
        if function.copies() > function.wanted.max(1) {
            return Some(0);
        }
        let kind = &self.fleet.class(class).kind;
        let load = function.load_time(kind, class).map_or(0, nanoseconds);
        (function.wanted == 0).then_some(load / 2)
    }

    fn lease_ends_in(&self, at: &Device) -> u64 {
        let Some(lease) = at.lease.map(|lease| &self.leases[&lease]) else {
            return 0;
        };
        let kind = &self.fleet.class(at.class).kind;
        let function = self.function(lease.function);
        let time = function.lease_time(kind, at.class, lease.size);
        self.still(lease.granted_at, time)
    }

    fn loaded_in(&self, class: ClassIndex, index: FunctionIndex, since: Timestamp) -> u64 {
        let kind = &self.fleet.class(class).kind;
        self.still(since, self.function(index).load_time(kind, class))
    }

    /// What has taken longer than it should is expected to take as long again.
    fn still(&self, since: Timestamp, expected: Option<Duration>) -> u64 {
        let passed = self.now.since(since);
        let expected = expected.unwrap_or_default();
        let rest = expected.checked_sub(passed).filter(|rest| !rest.is_zero());
        nanoseconds(rest.unwrap_or(passed)).max(1)
    }
}
