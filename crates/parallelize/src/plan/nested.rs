//! Calls among the arguments of another call that start by themselves: that one awaits their handles.

use std::collections::BTreeSet;

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, ExprCall, Ranged, TextRange};

use super::FunctionPlan;
use super::candidates::Candidate;
use super::pieces::{Board, Work};
use super::route::Route;

impl<'a> FunctionPlan<'a, '_> {
    /// Takes from a call what only such arguments need, and has it start no sooner than they do.
    pub(super) fn leave_to_arguments(
        &self,
        call: &mut Candidate<'a>,
        route: &mut Route<'a>,
        board: &Board<'a>,
    ) {
        let range = call.call.range();
        let mut inside: Vec<TextRange> = Vec::new();
        for piece in &board.pieces {
            if let (Work::Call(inner), Some(start)) = (&piece.work, piece.start)
                && piece.place == call.statement
                && range.contains_range(inner.call.range())
            {
                route.floor = route.floor.max(start);
                inside.push(inner.call.range());
            }
        }
        if inside.is_empty() {
            return;
        }
        let mut names = Names::of(call.call, inside);
        names.inside.retain(|name| !names.outside.contains(name));
        call.reads.retain(|name| !names.inside.contains(name));
        let mut wanted = call.reads.clone();
        for guard in &route.guards {
            wanted.extend(self.reads_of_guard(&board.statements[*guard]));
        }
        for (_, given) in &mut route.uses {
            given.retain(|name| wanted.contains(name));
        }
        route.uses.retain(|(_, given)| !given.is_empty());
    }

    /// The original text of a call, with the handles of calls among its arguments that have started.
    pub(super) fn with_handles(&self, range: TextRange) -> String {
        let (start, end) = (range.start().to_usize(), range.end().to_usize());
        let mut inside = self.handles.range(start + 1..end).peekable();
        if inside.peek().is_none() {
            return self.planner.patches.original(range);
        }
        let mut patches = self.planner.patches.without_edits();
        for (_, (call, handle)) in inside {
            patches.replace_range(*call, handle.clone());
        }
        patches.slice_range(range)
    }
}

/// The names in a call, by whether they stand in one of some ranges.
struct Names<'a> {
    ranges: Vec<TextRange>,
    inside: BTreeSet<&'a str>,
    outside: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(call: &'a ExprCall, ranges: Vec<TextRange>) -> Self {
        let mut names = Self {
            ranges,
            inside: BTreeSet::new(),
            outside: BTreeSet::new(),
        };
        names.visit_expr(&call.func);
        names.visit_arguments(&call.arguments);
        names
    }
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression {
            let inside = self
                .ranges
                .iter()
                .any(|range| range.contains_range(name.range()));
            let names = if inside {
                &mut self.inside
            } else {
                &mut self.outside
            };
            names.insert(name.id.as_str());
        }
        visitor::walk_expr(self, expression);
    }
}
