//! Plans for few devices: made of what is known, followed as far as their first steps.

mod scene;

use std::time::Duration;

use crate::fleet::{ClassIndex, DeviceIndex};
use crate::function::FunctionIndex;
use crate::plan::{self, Curve, Step};
use crate::timers::Timer;
use crate::{ModelState, Scheduler};
use scene::Scene;

/// Beyond these the plain rules decide: with many devices one choice matters less.
const MOST_DEVICES: usize = 8;
const MOST_FUNCTIONS: usize = 8;

/// Shorter calls are over before a plan has paid.
const WORTH_PLANNING: Duration = Duration::from_millis(4);

impl Scheduler {
    /// False if the plain rules have to decide: many devices, figures unknown, nothing to choose, or a
    /// function that still waits although it was promised better.
    pub(crate) fn follow_plan(&mut self) -> bool {
        if !self.policy.plans() || !self.worth_planning() {
            return false;
        }
        if self.promise_broken() {
            for index in self.hungry.iter().copied().collect::<Vec<_>>() {
                self.mark_dirty(index);
            }
            return false;
        }
        let scene = self.scene();
        let Some(works) = self.works(&scene) else {
            return false;
        };
        let machines: Vec<_> = scene
            .devices
            .iter()
            .map(|&at| self.machine(&scene, at))
            .collect();
        let Some(courses) = plan::best(&machines, &works) else {
            return false;
        };
        for (&device, steps) in scene.devices.iter().zip(&courses) {
            self.take_steps(&scene, device, steps);
        }
        self.promise(&scene, &courses);
        for index in scene.functions {
            if !self.function(index).queue.is_empty() {
                self.mark_dirty(index);
            }
        }
        self.freed.clear();
        if self.fleet.idle_devices() > 0 {
            self.place_wanted();
        }
        true
    }

    fn worth_planning(&self) -> bool {
        let devices = self.fleet.count();
        let few = (1..=MOST_DEVICES).contains(&devices)
            && (1..=MOST_FUNCTIONS).contains(&self.hungry.len());
        if !few {
            return false;
        }
        // Then nothing can be granted, and what to load beside a lease was planned with that lease.
        let mut placed = self.hungry.iter().map(|&index| self.function(index));
        if self.fleet.idle_devices() == 0 && placed.all(|function| function.copies() > 0) {
            return false;
        }
        let mut classes = self.fleet.devices().map(|(_, device)| device.class);
        let first = classes.next();
        let alike = classes.all(|class| Some(class) == first);
        let mut hungry = self.hungry.iter().map(|&index| self.function(index));
        !(alike && hungry.all(|function| function.ready as usize == devices))
    }

    fn promise_broken(&self) -> bool {
        let mut hungry = self.hungry.iter().map(|&index| self.function(index));
        hungry.any(|function| {
            function
                .promised
                .is_some_and(|promised| promised <= self.now)
        })
    }

    /// Each function that waits is told when it will be granted something; twice that is its patience.
    fn promise(&mut self, scene: &Scene, courses: &[Vec<Step>]) {
        for (slot, &index) in scene.functions.iter().enumerate() {
            let steps = courses.iter().flatten();
            let steps = steps.filter(|step| step.function == slot);
            let later = steps.clone().map(|step| step.begins).filter(|&at| at > 0);
            // If all have begun, what is left of them begins before they end.
            let next = later.min().or_else(|| steps.map(|step| step.ends).min());
            let Some(next) = next else { continue };
            if self.function(index).queue.is_empty() {
                continue;
            }
            if self.function(index).promised.is_none() {
                let patience = Duration::from_nanos(next) * 2 + WORTH_PLANNING;
                let promised = self.now + patience;
                self.function_mut(index).promised = Some(promised);
                self.timers.set(promised, Timer::Promise(index));
            }
        }
    }

    fn take_steps(&mut self, scene: &Scene, device: DeviceIndex, steps: &[Step]) {
        let keep: Vec<_> = steps
            .iter()
            .map(|step| scene.functions[step.function])
            .collect();
        for step in steps.iter().filter(|step| step.loads_at == Some(0)) {
            if self.fleet.device(device).planned().is_some() {
                break;
            }
            self.load_for(device, scene.functions[step.function], &keep);
        }
        let Some(first) = steps.first().filter(|step| step.begins == 0) else {
            return;
        };
        let index = scene.functions[first.function];
        let at = self.fleet.device(device);
        let ready = at
            .model(index)
            .is_some_and(|model| model.state == ModelState::Ready);
        if at.lease.is_none() && ready && !self.function(index).queue.is_empty() {
            let calls = first.units.saturating_mul(scene.unit);
            let size = self.lease_size(at.class, index, calls);
            self.grant_on(device, index, size);
        }
    }

    fn lease_size(&self, class: ClassIndex, index: FunctionIndex, calls: u32) -> u32 {
        let sizes = self.known_curve(index, class).unwrap_or_default();
        let function = self.function(index);
        let queued = u32::try_from(function.queue.len()).unwrap_or(u32::MAX);
        let curve = Curve {
            sizes: &sizes,
            limit: function.lease_limit(),
        };
        curve.best_size(calls.min(queued))
    }

    fn load_for(&mut self, device: DeviceIndex, index: FunctionIndex, keep: &[FunctionIndex]) {
        let at = self.fleet.device(device);
        let serving = at.lease.map(|lease| self.leases[&lease].function);
        let evictable = at.models.iter().filter(|model| {
            let idle = model.state == ModelState::Ready && serving != Some(model.function);
            let hungry = !self.function(model.function).queue.is_empty();
            let free = hungry || self.missed(at.class, model.function).is_some();
            idle && free && !keep.contains(&model.function)
        });
        let evictable: Vec<_> = evictable.map(|model| model.function).collect();
        if at.model(index).is_none() {
            self.replace(device, index, &evictable);
        }
    }
}
