//! From where on a slice runs ahead of a function: from its first await, and once more from further down,
//! where what has been read is there.

use std::collections::HashSet;

use dice_program::ast::{Ranged, Stmt, StmtFunctionDef, TextRange};

use super::helpers::Helpers;
use super::speculate::{called, only};
use super::text::wish;
use super::write::Early;
use super::{Slices, calls_of, size};
use crate::emit::{NewNames, Patches};
use crate::plan::FunctionPlan;

/// A slice is tried from behind so many statements: planning must not take much longer than reading.
const MOST_PLACES: usize = 8;
/// And at most so many of these are written: more would hide the program.
const MOST_RESTS: usize = 3;

/// The slice of a stretch, and what it makes sooner.
struct Ahead<'a> {
    slices: Slices<'a>,
    helpers: Helpers<'a>,
    renamed: Patches<'a>,
    names: NewNames,
    gains: Vec<(TextRange, &'a str)>,
}

impl<'a> FunctionPlan<'a, '_> {
    /// Puts slices in front of the function's body, and of parts of it, where that makes any call sooner.
    pub(in crate::plan) fn run_ahead_of(&mut self, function: &'a StmtFunctionDef) {
        let Some((before, stretch)) = self.stretch_of(function) else {
            return;
        };
        let mut whole = self.ahead_of(function, before, stretch);
        let mut made: HashSet<TextRange> = calls_of(&whole.slices.nodes).collect();
        let mut rests = Vec::new();
        while rests.len() < MOST_RESTS {
            let best = self.rest_ahead_of(function, before.len(), stretch, &made);
            let Some((at, rest)) = best else { break };
            made.extend(calls_of(&rest.slices.nodes));
            rests.push(at);
        }
        rests.sort_unstable();
        let split = !rests.is_empty();
        for at in rests.into_iter().rev() {
            let body = &function.body[..before.len() + at];
            let mut rest = self.ahead_of(function, body, &stretch[at..]);
            let gained = rest.gains.iter().map(|(call, _)| *call).collect();
            rest.slices.nodes = only(rest.slices.nodes, &gained);
            rest.slices.helpers = called(&rest.slices, &rest.helpers);
            let wish = wish(&rest.slices.nodes.iter().collect::<Vec<_>>());
            self.write_ahead(function, &stretch[at..], rest, &Early::decided(vec![wish]));
        }
        if split {
            whole = self.ahead_of(function, before, stretch); // with names that are still free
        }
        let here = format!("look_ahead_in_{}", function.name);
        let scope = Early::decided(vec!["look_ahead".to_owned(), here]);
        self.write_ahead(function, stretch, whole, &scope);
    }

    /// The statements from the first that waits to the last, and those before them, if a slice can be
    /// made of them.
    pub(super) fn stretch_of(
        &self,
        function: &'a StmtFunctionDef,
    ) -> Option<(&'a [Stmt], &'a [Stmt])> {
        let body = function.body.as_slice();
        let waits = |statement: &Stmt| self.facts.of(statement).awaits;
        let first = body.iter().position(waits)?;
        let last = body.iter().rposition(waits)?;
        let written = self.layout.is_plain(body) && size::is_small(body);
        written.then_some((&body[..first], &body[first..=last]))
    }

    /// The part of it that makes most calls sooner that the slice of the whole, which makes those of `made`,
    /// cannot make; and where in the stretch it begins: in front of a statement that waits, as what is in
    /// front of that takes no time.
    fn rest_ahead_of(
        &self,
        function: &'a StmtFunctionDef,
        before: usize,
        stretch: &'a [Stmt],
        made: &HashSet<TextRange>,
    ) -> Option<(usize, Ahead<'a>)> {
        let waits = |at: &usize| self.facts.of(&stretch[*at]).awaits;
        let places = (1..stretch.len()).filter(waits).take(MOST_PLACES);
        let mut best: Option<(usize, Ahead<'a>)> = None;
        for at in places {
            let body = function.body.as_slice();
            let rest = &stretch[at..];
            let mut ahead = self.ahead_of(function, &body[..before + at], rest);
            ahead.gains.retain(|(call, _)| !made.contains(call));
            let most = best.as_ref().map_or(0, |(_, best)| best.gains.len());
            if ahead.gains.len() > most && self.place(rest).is_some() {
                best = Some((at, ahead));
            }
        }
        best
    }

    fn ahead_of(
        &self,
        function: &'a StmtFunctionDef,
        before: &'a [Stmt],
        stretch: &'a [Stmt],
    ) -> Ahead<'a> {
        let is_rest = before
            .iter()
            .any(|statement| self.facts.of(statement).awaits);
        let mut names = self.planner.names.clone();
        let mut helpers = Helpers::of(function, self, &mut names, "ahead");
        let renamed = helpers.renamed(&self.planner.patches);
        let slices = self.slices(before, stretch, &mut helpers, &renamed, None);
        // It is handed their values, which must be there.
        let mut handed = slices.parameters.iter();
        let bound = self.are_bound(&slices.parameters, before)
            && handed.all(|name| !is_rest || self.is_there(name, before));
        let gains = match bound {
            true => self.gains(stretch, &slices.nodes),
            false => Vec::new(),
        };
        Ahead {
            slices,
            helpers,
            renamed,
            names,
            gains,
        }
    }

    /// Are all these variables bound behind these statements, whichever way the function went? To hand a
    /// slice one that is not would fail in place (A3).
    pub(super) fn are_bound(&self, names: &[&'a str], before: &'a [Stmt]) -> bool {
        let mut definite: HashSet<&'a str> = self.facts.parameters.iter().copied().collect();
        definite.extend(&self.facts.outer);
        for statement in before {
            self.facts.of(statement).settle(&mut definite);
        }
        names.iter().all(|name| definite.contains(name))
    }

    /// Has the variable its value behind these statements, in what other forms have made of them too?
    fn is_there(&self, name: &'a str, before: &'a [Stmt]) -> bool {
        let binds = |statement: &&Stmt| {
            let effects = self.facts.of(statement);
            effects.binds.contains(name) || effects.unbinds.contains(name)
        };
        let Some(last) = before.iter().rfind(binds) else {
            return self.facts.parameters.contains(&name);
        };
        let effects = self.facts.of(last);
        let line = self.layout.line_start(last.range().start().to_usize());
        let written = match self.planner.patches.covering(line) {
            Some(_) => self.rests.get(&line).is_some_and(|one| one.as_it_was),
            None => true,
        };
        effects.definite.contains(name) && !effects.awaits && written
    }

    fn write_ahead(
        &mut self,
        function: &'a StmtFunctionDef,
        stretch: &'a [Stmt],
        ahead: Ahead<'a>,
        scope: &Early,
    ) {
        let Ahead {
            slices,
            helpers,
            renamed,
            names,
            gains,
        } = ahead;
        let Some(place) = self.place(stretch).filter(|_| !gains.is_empty()) else {
            return;
        };
        if !slices.helpers.is_empty() {
            self.planner.names = names;
        }
        let start = stretch[0].range().start().to_usize();
        let line = self.layout.line_start(start);
        let length = |plan: &Self| {
            plan.planner
                .patches
                .covering(line)
                .map_or(0, |(.., text)| text.len())
        };
        let before = length(self);
        self.write_slice(stretch, place, &slices, &helpers, &renamed, scope);
        let grown = length(self).saturating_sub(before);
        self.move_rests(line, grown);
        self.sliced.extend(calls_of(&slices.nodes));
        let function_name = function.name.as_str();
        for (range, called) in gains {
            let why = format!(
                "form 4: a slice of `{function_name}` runs ahead and calls `{called}` as soon as its tests are decided; the body joins that call"
            );
            self.planner.moved(range, "E3", why);
        }
    }

    /// The text from that line on has got longer.
    fn move_rests(&mut self, line: usize, grown: usize) {
        let Some(from) = self.rests.get(&line).copied() else {
            return;
        };
        self.rests
            .retain(|_, one| one.length != from.length || one.rest > from.rest);
        for one in self.rests.values_mut() {
            if one.length == from.length {
                one.length += grown;
                one.rest += grown;
            }
        }
    }
}
