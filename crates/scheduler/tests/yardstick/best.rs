//! The least makespan there is, by trying everything.
//!
//! Calls of one function are alike and all there at the start, so a schedule is how many of each go to
//! which device, and then each device is on its own. A device may load while it runs, as many models as
//! fit; a model that waits or loads may be dropped. Loads start when there is room, so only when a batch
//! ends: any later start is no better.

use std::collections::HashMap;

use crate::instance::Instance;

const FUNCTIONS: usize = 3;

type Counts = [u8; FUNCTIONS];

/// When a batch has just ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    left: Counts,
    /// Time until a model is ready; `None` if it is not there.
    models: [Option<u64>; FUNCTIONS],
}

struct Machine<'a> {
    instance: &'a Instance,
    device: usize,
    known: HashMap<State, u64>,
}

impl Machine<'_> {
    /// `u64::MAX` if it can not be done here.
    fn time(&mut self, mut state: State) -> u64 {
        for (model, left) in state.models.iter_mut().zip(state.left) {
            *model = model.filter(|_| left > 0);
        }
        if state.left == [0; FUNCTIONS] {
            return 0;
        }
        if let Some(&known) = self.known.get(&state) {
            return known;
        }
        let mut best = u64::MAX;
        for residents in 1_u8..1 << FUNCTIONS {
            if let Some(models) = self.keep(&state, residents) {
                best = best.min(self.next_batch(state.left, models));
            }
        }
        self.known.insert(state, best);
        best
    }

    /// With exactly these models from now on, if they fit.
    fn keep(&self, state: &State, residents: u8) -> Option<[Option<u64>; FUNCTIONS]> {
        let (mut models, mut memory) = ([None; FUNCTIONS], 0);
        for (index, model) in models.iter_mut().enumerate() {
            if residents & (1 << index) == 0 {
                continue;
            }
            let function = self.instance.functions.get(index)?;
            if state.left[index] == 0 {
                return None;
            }
            memory += function.memory;
            *model = Some(state.models[index].unwrap_or(function.load[self.device]));
        }
        (memory <= self.instance.devices[self.device].memory).then_some(models)
    }

    fn next_batch(&mut self, left: Counts, models: [Option<u64>; FUNCTIONS]) -> u64 {
        let mut best = u64::MAX;
        for (index, ready_in) in models.into_iter().enumerate() {
            let Some(ready_in) = ready_in else { continue };
            let times = &self.instance.functions[index].batch[self.device];
            for (size, time) in (1..=left[index]).zip(times) {
                let passed = ready_in + time;
                let mut next = left;
                next[index] -= size;
                let rest = self.time(State {
                    left: next,
                    models: models.map(|at| at.map(|at| at.saturating_sub(passed))),
                });
                best = best.min(passed.saturating_add(rest));
            }
        }
        best
    }

    fn alone(&mut self, left: Counts) -> u64 {
        let mut models = [None; FUNCTIONS];
        for &warm in &self.instance.devices[self.device].warm {
            models[warm] = Some(0);
        }
        self.time(State { left, models })
    }
}

pub(crate) fn makespan(instance: &Instance) -> u64 {
    let mut all = Counts::default();
    for (count, number) in all.iter_mut().zip(instance.counts()) {
        *count = u8::try_from(number).expect("a few calls");
    }
    // What the devices so far can do, by what is left for those to come.
    let mut done = HashMap::from([(all, 0)]);
    for device in 0..instance.devices.len() {
        let mut machine = Machine {
            instance,
            device,
            known: HashMap::new(),
        };
        let mut next: HashMap<Counts, u64> = HashMap::new();
        for (left, so_far) in done {
            for part in parts(left) {
                let time = machine.alone(part).max(so_far);
                let rest = std::array::from_fn(|index| left[index] - part[index]);
                let best = next.entry(rest).or_insert(u64::MAX);
                *best = time.min(*best);
            }
        }
        done = next;
    }
    done[&[0; FUNCTIONS]]
}

/// Every way to take some of these.
fn parts(of: Counts) -> impl Iterator<Item = Counts> {
    let [a, b, c] = of;
    (0..=a).flat_map(move |a| (0..=b).flat_map(move |b| (0..=c).map(move |c| [a, b, c])))
}
