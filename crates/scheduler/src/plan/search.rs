//! Which units go to which machine: longest first to where they end soonest, then better by moving.

use super::machine::{Course, Machine};
use super::{Step, Work};

/// Courses that one plan may work out.
const BUDGET: u32 = 1_500;

struct Search<'a> {
    machines: &'a [Machine],
    works: &'a [Work],
    budget: u32,
}

/// Units by function, and the course, of each machine.
#[derive(Debug, Clone)]
struct Plan(Vec<(Vec<u32>, Course)>);

impl Plan {
    fn score(&self) -> (u64, u128) {
        let courses = self.0.iter().map(|(_, course)| course);
        let finish = courses.clone().filter(|course| !course.steps.is_empty());
        let finish = finish.map(|course| course.finish).max();
        (finish.unwrap_or(0), courses.map(|course| course.flow).sum())
    }
}

/// Steps by machine, in order. `None`: something has a place nowhere.
pub(crate) fn best(machines: &[Machine], works: &[Work]) -> Option<Vec<Vec<Step>>> {
    let mut search = Search {
        machines,
        works,
        budget: BUDGET,
    };
    let mut orders = Vec::new();
    let mut longest: Vec<usize> = (0..works.len()).collect();
    longest.sort_by_key(|&function| std::cmp::Reverse(search.least(function)));
    for first in 0..longest.len().min(3) {
        let mut order = longest.clone();
        order[..=first].rotate_right(1);
        orders.push(order);
    }
    let mut best: Option<Plan> = None;
    for order in orders {
        let Some(plan) = search.spread(&order) else {
            continue;
        };
        let plan = search.improve(plan);
        if best.as_ref().is_none_or(|best| plan.score() < best.score()) {
            best = Some(plan);
        }
    }
    Some(
        best?
            .0
            .into_iter()
            .map(|(_, course)| course.steps)
            .collect(),
    )
}

impl Search<'_> {
    fn least(&self, function: usize) -> u64 {
        let work = &self.works[function];
        let times = work.on.iter().map(|on| on.time[work.units as usize]);
        times.min().unwrap_or(0)
    }

    fn course(&mut self, machine: usize, units: &[u32]) -> Option<Course> {
        self.budget = self.budget.saturating_sub(1);
        self.machines[machine].course(machine, self.works, units)
    }

    fn spread(&mut self, order: &[usize]) -> Option<Plan> {
        let nothing = (vec![0; self.works.len()], Course::default());
        let mut plan = Plan(vec![nothing; self.machines.len()]);
        for &function in order {
            for _ in 0..self.works[function].units {
                let mut best: Option<(usize, Course)> = None;
                for machine in 0..self.machines.len() {
                    let mut units = plan.0[machine].0.clone();
                    units[function] += 1;
                    let Some(course) = self.course(machine, &units) else {
                        continue;
                    };
                    if best
                        .as_ref()
                        .is_none_or(|(_, other)| course.finish < other.finish)
                    {
                        best = Some((machine, course));
                    }
                }
                let (machine, course) = best?;
                plan.0[machine].0[function] += 1;
                plan.0[machine].1 = course;
            }
        }
        Some(plan)
    }

    fn improve(&mut self, mut plan: Plan) -> Plan {
        while self.budget > 0 {
            let Some(better) = self.better(&plan) else {
                break;
            };
            plan = better;
        }
        plan
    }

    /// The first move, or exchange, that gains something.
    fn better(&mut self, plan: &Plan) -> Option<Plan> {
        let mut from: Vec<usize> = (0..self.machines.len()).collect();
        from.sort_by_key(|&machine| std::cmp::Reverse(plan.0[machine].1.finish));
        for &from in &from {
            for function in 0..self.works.len() {
                let here = plan.0[from].0[function];
                for amount in amounts(here) {
                    for to in (0..self.machines.len()).filter(|&to| to != from) {
                        let moved = self.moved(plan, (from, to), (function, amount));
                        let moved =
                            moved.or_else(|| self.exchanged(plan, (from, to), (function, amount)));
                        if moved.is_some() || self.budget == 0 {
                            return moved;
                        }
                    }
                }
            }
        }
        None
    }

    fn moved(
        &mut self,
        plan: &Plan,
        (from, to): (usize, usize),
        (function, amount): (usize, u32),
    ) -> Option<Plan> {
        let (mut less, mut more) = (plan.0[from].0.clone(), plan.0[to].0.clone());
        less[function] -= amount;
        more[function] += amount;
        self.replaced(plan, (from, less), (to, more))
    }

    fn exchanged(
        &mut self,
        plan: &Plan,
        (from, to): (usize, usize),
        (function, amount): (usize, u32),
    ) -> Option<Plan> {
        for other in (0..self.works.len()).filter(|&other| other != function) {
            for back in amounts(plan.0[to].0[other]) {
                let (mut less, mut more) = (plan.0[from].0.clone(), plan.0[to].0.clone());
                less[function] -= amount;
                less[other] += back;
                more[function] += amount;
                more[other] -= back;
                let better = self.replaced(plan, (from, less), (to, more));
                if better.is_some() {
                    return better;
                }
            }
        }
        None
    }

    fn replaced(
        &mut self,
        plan: &Plan,
        (first, first_units): (usize, Vec<u32>),
        (second, second_units): (usize, Vec<u32>),
    ) -> Option<Plan> {
        let first_course = self.course(first, &first_units)?;
        let second_course = self.course(second, &second_units)?;
        let mut other = plan.clone();
        other.0[first] = (first_units, first_course);
        other.0[second] = (second_units, second_course);
        (other.score() < plan.score()).then_some(other)
    }
}

/// One, half and all of them.
fn amounts(all: u32) -> impl Iterator<Item = u32> {
    let mut amounts = vec![all, all / 2, 1.min(all)];
    amounts.dedup();
    amounts.into_iter().filter(|&amount| amount > 0)
}
