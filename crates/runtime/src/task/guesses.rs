//! Calls that nobody knows yet whether the program makes (SEMANTICS E3): behind all others, and only as long
//! as those in vain cost no more than the budget.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use dice_model::{Cost, FunctionId, MicroUsd};
use dice_wire::Guess;

use super::call::Place;
use super::driver::Driver;
use crate::journal::Execution;

#[derive(Debug, Default)]
pub(super) struct Guesses {
    /// Not dispatched, in order.
    held: VecDeque<u32>,
    /// Dispatched, ended or not, that have not come true: what each is expected to cost, if known.
    ventured: HashMap<u32, Option<Cost>>,
    /// What a call of a function has cost in this task, at most.
    worst: HashMap<FunctionId, Cost>,
}

impl Guesses {
    pub(super) fn hold(&mut self, call: u32) {
        self.held.push_back(call);
    }

    /// What a call cost.
    pub(super) fn learn(&mut self, function: &FunctionId, cost: Option<Cost>) {
        let Some(cost) = cost else { return };
        let worst = self.worst.entry(function.clone()).or_insert(cost);
        *worst = cost.max(*worst);
    }

    /// It was withdrawn before any worker had it.
    pub(super) fn cost_nothing(&mut self, call: u32) {
        self.ventured.remove(&call);
    }

    /// May this one be in vain, too? Of a function whose price nobody knows: only without a budget.
    fn can_venture(&self, function: &FunctionId, guess: Guess) -> bool {
        let Some(budget) = guess.budget_micro_usd else {
            return true;
        };
        let Some(cost) = self.worst.get(function) else {
            return false;
        };
        let spent: Option<Cost> = self.ventured.values().copied().sum();
        let budget = MicroUsd(i64::try_from(budget).unwrap_or(i64::MAX));
        spent.is_some_and(|spent| spent + *cost <= Cost::from(budget))
    }
}

impl Driver {
    /// The first guess that there is the money for, now that nothing else waits to be dispatched.
    pub(super) fn next_guess(&mut self) -> Option<u32> {
        let Self { guesses, open, .. } = self;
        guesses.held.retain(|call| open.contains_key(call));
        let mut held = guesses.held.iter().enumerate();
        let (index, call) = held.find_map(|(index, call)| {
            let open = &open[call];
            let guess = open.guess?;
            let function = &open.entry.spec.id;
            guesses
                .can_venture(function, guess)
                .then_some((index, *call))
        })?;
        guesses.held.remove(index);
        let cost = guesses.worst.get(&open[&call].entry.spec.id).copied();
        guesses.ventured.insert(call, cost);
        Some(call)
    }

    /// The program makes an equal call that is no guess.
    pub(super) fn guess_came_true(&mut self, call: u32) {
        self.guesses.ventured.remove(&call);
        let reference = self.call_ref(call);
        let Some(open) = self.open.get_mut(&call) else {
            return;
        };
        if open.guess.take().is_none() {
            return;
        }
        if open.place == Place::Held {
            self.guesses.held.retain(|held| *held != call);
            self.held.push_back(call);
        } else if open.is_dispatched() {
            self.came_true.push(reference);
        }
    }

    /// Of the whole batch: what one call costs at most.
    pub(super) fn cost_of(&self, execution: Option<&Execution>) -> Option<Cost> {
        let execution = execution?;
        let worth = self.shared.worth.as_ref()?;
        worth.of(
            &execution.device,
            Duration::from_nanos(execution.execute_ns),
        )
    }
}
