//! One machine of a plan: when it ends what it is given, and in which order it is best given.

use super::Work;

#[derive(Debug, Clone)]
pub(crate) struct Machine {
    /// When its lease is expected to end.
    pub(crate) free_in: u64,
    /// Free, or taken by what may go at once and is not missed.
    pub(crate) memory: u64,
    /// Last copies of models that nobody queues for, in the order in which they would go.
    pub(crate) last_copies: Vec<LastCopy>,
    /// The model at work, if nobody queues for it: may go when the lease ends.
    pub(crate) at_work: Option<LastCopy>,
    /// By function: what is loaded or loading. Its memory is not part of `memory`.
    pub(crate) models: Vec<Option<Resident>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Resident {
    pub(crate) ready_in: u64,
    pub(crate) bytes: u64,
    /// It is at work until the lease ends.
    pub(crate) serving: bool,
}

/// Its next call would have to load it again: that is put down to the load that takes its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LastCopy {
    pub(crate) bytes: u64,
    pub(crate) load: u64,
}

/// A stay of one function on a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) function: usize,
    pub(crate) units: u32,
    pub(crate) begins: u64,
    pub(crate) ends: u64,
    /// It has to be loaded, and that begins at this time.
    pub(crate) loads_at: Option<u64>,
}

/// How it goes with one machine.
#[derive(Debug, Clone, Default)]
pub(crate) struct Course {
    pub(crate) steps: Vec<Step>,
    pub(crate) finish: u64,
    /// Ends of steps, summed over units: of two equally long courses the less is better for those who
    /// wait.
    pub(crate) flow: u128,
}

impl Course {
    fn score(&self) -> (u64, u128) {
        (self.finish, self.flow)
    }
}

/// More stays on one machine than this are not tried in every order.
const EVERY_ORDER: usize = 4;

impl Machine {
    /// The best course for these units by function; `None` if it has no room.
    pub(crate) fn course(&self, index: usize, works: &[Work], units: &[u32]) -> Option<Course> {
        let mut order: Vec<usize> = (0..units.len()).filter(|&f| units[f] > 0).collect();
        if order.is_empty() {
            return Some(Course::default());
        }
        order.sort_by_key(|&function| self.ready_in(index, works, function));
        if order.len() > EVERY_ORDER {
            return self.run(index, works, units, &order);
        }
        let mut best: Option<Course> = None;
        permute(&mut order, 0, &mut |order| {
            let course = self.run(index, works, units, order);
            let better = |best: &Course| course.as_ref().is_some_and(|c| c.score() < best.score());
            if best.as_ref().is_none_or(better) {
                best = course.or(best.take());
            }
        });
        best
    }

    fn ready_in(&self, index: usize, works: &[Work], function: usize) -> u64 {
        match self.models[function] {
            Some(model) => model.ready_in,
            None => works[function].on[index].load.unwrap_or(u64::MAX),
        }
    }

    /// One after the other in this order; each model is loaded as soon as there is room for it.
    fn run(&self, index: usize, works: &[Work], units: &[u32], order: &[usize]) -> Option<Course> {
        let mut loads = Loads::new(self, index, works, order);
        loads.start(0)?;
        loads.last_copies.extend(self.at_work);
        loads.room += self.serving_in_vain(units);
        loads.start(self.free_in)?;
        let mut course = Course {
            finish: self.free_in,
            ..Course::default()
        };
        for (position, &function) in order.iter().enumerate() {
            let (ready, loads_at) = loads.ready[position]?;
            let begins = course.finish.max(ready);
            let amount = units[function];
            let time = works[function].on[index].time[amount as usize];
            course.finish = begins.saturating_add(time);
            course.flow += u128::from(course.finish) * u128::from(amount);
            course.steps.push(Step {
                function,
                units: amount,
                begins,
                ends: course.finish,
                loads_at,
            });
            let resident = self.models[function].map(|model| model.bytes);
            loads.room += resident.unwrap_or(works[function].memory);
            loads.start(course.finish)?;
        }
        Some(course)
    }

    fn serving_in_vain(&self, units: &[u32]) -> u64 {
        let models = self.models.iter().zip(units);
        let unused = models.filter(|(_, units)| **units == 0);
        let serving = unused.filter_map(|(model, _)| model.filter(|model| model.serving));
        serving.map(|model| model.bytes).sum()
    }
}

/// Models of an order that are not there yet, loaded in that order as room allows.
struct Loads<'a> {
    machine: &'a Machine,
    index: usize,
    works: &'a [Work],
    order: &'a [usize],
    next: usize,
    room: u64,
    last_copies: Vec<LastCopy>,
    /// By position in the order: when it is ready, and when its load begins if it needs one.
    ready: Vec<Option<(u64, Option<u64>)>>,
}

impl<'a> Loads<'a> {
    fn new(machine: &'a Machine, index: usize, works: &'a [Work], order: &'a [usize]) -> Self {
        let idle = (0..machine.models.len()).filter(|function| !order.contains(function));
        let models = idle.filter_map(|function| machine.models[function]);
        let may_go = models.filter(|model| model.ready_in == 0 && !model.serving);
        Self {
            machine,
            index,
            works,
            order,
            next: 0,
            room: machine.memory + may_go.map(|model| model.bytes).sum::<u64>(),
            last_copies: machine.last_copies.clone(),
            ready: vec![None; order.len()],
        }
    }

    fn start(&mut self, at: u64) -> Option<()> {
        while let Some(&function) = self.order.get(self.next) {
            if let Some(model) = self.machine.models[function] {
                self.ready[self.next] = Some((model.ready_in, None));
            } else {
                let load = self.works[function].on[self.index].load?;
                let need = self.works[function].memory;
                let Some(missed) = self.make_room(need) else {
                    return Some(());
                };
                self.room -= need;
                let ready = at.saturating_add(load).saturating_add(missed);
                self.ready[self.next] = Some((ready, Some(at)));
            }
            self.next += 1;
        }
        Some(())
    }

    /// What it costs to have this much room, in time to load again what has to go.
    fn make_room(&mut self, need: u64) -> Option<u64> {
        let could_go: u64 = self.last_copies.iter().map(|copy| copy.bytes).sum();
        if need > self.room + could_go {
            return None;
        }
        let mut missed = 0_u64;
        let mut going = 0;
        while need > self.room {
            let copy = self.last_copies[going];
            self.room += copy.bytes;
            missed = missed.saturating_add(copy.load);
            going += 1;
        }
        self.last_copies.drain(..going);
        Some(missed)
    }
}

fn permute(order: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
    if from + 1 >= order.len() {
        return visit(order);
    }
    for other in from..order.len() {
        order.swap(from, other);
        permute(order, from + 1, visit);
        order.swap(from, other);
    }
}
