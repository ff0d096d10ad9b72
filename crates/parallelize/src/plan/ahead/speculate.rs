//! Form 4 beyond what is decided: a slice that guesses, in a scope that says so, around the body and the
//! slice that does not.

use std::collections::HashSet;

use dice_program::ast::{StmtFunctionDef, TextRange};

use super::gain::{Gain, Needs};
use super::guess::Guessing;
use super::helpers::Helpers;
use super::node::{Kind, Node};
use super::prune::prune;
use super::write::Early;
use super::{Slices, calls_of};
use crate::effects::Scope;
use crate::plan::FunctionPlan;
use crate::speculation::Speculation;

/// Turns of a `while` loop where money is the bound: as many as a loop's iterations run ahead (H4).
const TURNS_FOR_MONEY: u32 = 64;

impl<'a> FunctionPlan<'a, '_> {
    /// Puts a slice that guesses in front of the body, if it was asked for and makes any call sooner.
    pub(in crate::plan) fn speculate_on(&mut self, function: &'a StmtFunctionDef) {
        let Some(speculation) = self.program.speculation else {
            return;
        };
        let turns = match speculation {
            Speculation::Calls(calls) => calls.get(),
            Speculation::Budget(_) => TURNS_FOR_MONEY,
        };
        let Some((before, stretch)) = self.stretch_of(function) else {
            return;
        };
        let mut names = self.planner.names.clone();
        let mut helpers = Helpers::of(function, self, &mut names, "guess");
        let renamed = helpers.renamed(&self.planner.patches);
        let guessing = Some(Guessing { turns });
        let mut slices = self.slices(before, stretch, &mut helpers, &renamed, guessing);
        let gains = self.guesses(&self.all_gains(stretch, &slices.nodes), &slices);
        slices.nodes = only(slices.nodes, &gains.iter().map(|gain| gain.call).collect());
        slices.helpers = called(&slices, &helpers);
        let made: HashSet<TextRange> = calls_of(&slices.nodes).collect();
        let gains: Vec<Gain<'a>> = gains
            .into_iter()
            .filter(|gain| made.contains(&gain.call))
            .collect();
        let bound = self.are_bound(&slices.parameters, before);
        let Some(place) = self.place(stretch).filter(|_| bound && !gains.is_empty()) else {
            return;
        };
        self.planner.names = names;
        let scope = Early::guessed(speculation);
        self.write_slice(stretch, place, &slices, &helpers, &renamed, &scope);
        for gain in gains {
            let why = format!(
                "form 4, on a guess: `{}` is called before it is decided whether it is; in vain, it is withdrawn and counted",
                gain.function
            );
            self.planner.moved(gain.call, "E3", why);
        }
    }

    /// Those of the gains that are guesses: nobody makes the call ahead, or whoever does asks a test
    /// first that waits.
    fn guesses(&self, gains: &[Gain<'a>], slices: &Slices<'a>) -> Vec<Gain<'a>> {
        let asking = Needs::of_slice(&slices.asking);
        let is_guess = |gain: &&Gain<'a>| {
            let needs = asking.get(&gain.call);
            let asks = needs.is_some_and(|needs| !needs.is_subset(&gain.needs));
            asks || !gain.claimed && !self.sliced.contains(&gain.call)
        };
        gains.iter().filter(is_guess).cloned().collect()
    }
}

/// The slices of helpers that the slice, or one of them, still calls.
pub(super) fn called<'a>(
    slices: &Slices<'a>,
    helpers: &Helpers<'a>,
) -> Vec<(Scope, Vec<Node<'a>>)> {
    let mut waiting = helpers.used(&slices.nodes);
    let mut kept: Vec<(Scope, Vec<Node<'a>>)> = Vec::new();
    while let Some(scope) = waiting.pop() {
        let is_new = kept.iter().all(|(other, _)| *other != scope);
        let found = slices.helpers.iter().find(|(other, _)| *other == scope);
        if let Some(found) = found.filter(|_| is_new) {
            waiting.extend(helpers.used(&found.1));
            kept.push(found.clone());
        }
    }
    kept
}

/// Without the calls that nothing in the slice needs and that are not among `calls`.
pub(super) fn only<'a>(nodes: Vec<Node<'a>>, calls: &HashSet<TextRange>) -> Vec<Node<'a>> {
    let mut nodes = nodes;
    loop {
        let before = calls_of(&nodes).count();
        nodes = prune(keep(nodes, calls), false);
        if calls_of(&nodes).count() == before {
            return nodes;
        }
    }
}

fn keep<'a>(mut nodes: Vec<Node<'a>>, calls: &HashSet<TextRange>) -> Vec<Node<'a>> {
    nodes.retain(|node| match &node.kind {
        Kind::Call(call) => call.wanted || calls.contains(&call.range),
        _ => true,
    });
    for node in &mut nodes {
        for block in node.blocks_mut() {
            *block = keep(std::mem::take(block), calls);
        }
    }
    nodes
}
