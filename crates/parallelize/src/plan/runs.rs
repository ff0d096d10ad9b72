//! Runs: consecutive statements that become one piece, if that gains anything.

use std::collections::BTreeSet;

use dice_program::ast::{Expr, Ranged, Stmt};

use super::FunctionPlan;
use super::flow::{is_handed_on, only_computes};
use super::pieces::{Board, Piece, Work};
use crate::functions::State;

/// Consecutive statements that could become one piece.
#[derive(Debug, Clone)]
pub(super) struct Run<'a> {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) sunk: Vec<usize>,
    pub(super) binds: BTreeSet<&'a str>,
    pub(super) definite: BTreeSet<&'a str>,
    pub(super) reads: BTreeSet<&'a str>,
    pub(super) states: BTreeSet<State>,
    /// Names bound by the last statement that calls, or after it.
    pub(super) tail: BTreeSet<&'a str>,
    pub(super) waits: bool,
}

impl<'a> FunctionPlan<'a, '_> {
    pub(super) fn run(
        &self,
        index: usize,
        statement: &'a Stmt,
        sunk: Vec<usize>,
        board: &Board<'a>,
    ) -> Run<'a> {
        let effects = self.facts.of(statement);
        let mut run = Run {
            first: index,
            last: index,
            binds: effects.binds.clone(),
            definite: effects.definite.clone(),
            reads: effects.exposed.clone(),
            states: effects.read_states.clone(),
            tail: effects.binds.clone(),
            waits: effects.awaits,
            sunk,
        };
        for at in &run.sunk {
            let sunk = self.facts.of(&board.statements[*at]);
            run.reads.retain(|name| !sunk.binds.contains(name));
            run.binds.extend(&sunk.binds);
            run.definite.extend(&sunk.definite);
        }
        run
    }

    /// The two as one piece, if neither then waits for more than it would alone.
    pub(super) fn merged(
        &self,
        before: &Run<'a>,
        next: &Run<'a>,
        must: bool,
        board: &Board<'a>,
    ) -> Option<Run<'a>> {
        if next.reads.is_disjoint(&before.binds) {
            return None;
        }
        let others = (before.first..=before.last)
            .flat_map(|at| board.flow.consumers(at))
            .any(|user| *user > next.last);
        let tail = !before.waits || !next.reads.is_disjoint(&before.tail);
        // What is only perhaps bound before it may have its value from outside.
        let outside = next.reads.difference(&before.definite);
        let free = outside
            .clone()
            .all(|name| board.flow.definition(name, before.first).is_none());
        let joins = must || !others && tail || !next.waits && free;
        if !joins {
            return None;
        }
        let mut both = before.clone();
        both.last = next.last;
        both.reads.extend(outside);
        both.states.extend(next.states.iter().cloned());
        both.binds.extend(&next.binds);
        both.definite.extend(&next.definite);
        if next.waits {
            both.tail = next.tail.clone();
        } else {
            both.tail.extend(&next.tail);
        }
        both.waits |= next.waits;
        let floor = |run: &Run<'a>| self.route(&run.reads, &run.states, run.first, board).floor;
        (must || floor(&both) <= floor(before)).then_some(both)
    }

    /// Statements like `colors = []` further up, without which this one would change what outlives it.
    pub(super) fn sinkable(
        &self,
        index: usize,
        board: &Board<'a>,
        open: Option<&Run<'a>>,
    ) -> Vec<usize> {
        let statement = &board.statements[index];
        let effects = self.facts.of(statement);
        if effects.changes_nothing() || !only_computes(effects) {
            return Vec::new();
        }
        let witnesses = self.facts.witnesses(effects);
        let outside = witnesses
            .into_iter()
            .filter(|name| !effects.binds.contains(name) || effects.exposed.contains(name));
        let names: BTreeSet<&'a str> = outside.collect();
        let mut sunk = Vec::new();
        for name in &names {
            let Some(at) = board.flow.definition(name, index) else {
                return Vec::new();
            };
            let touched = board.statements[at + 1..index].iter().any(|between| {
                let effects = self.facts.of(between);
                effects.reads.contains(name)
                    || effects.binds.contains(name)
                    || effects.exits.is_some()
                    || effects.breaks.is_some()
                    || effects.continues.is_some()
            });
            let in_open = open.is_some_and(|run| run.first <= at && run.first < run.last);
            let piece = board.owner[at].map(|piece| &board.pieces[piece]);
            let alone =
                piece.is_none_or(|piece| piece.place == piece.last && piece.start.is_none());
            if touched || in_open || !alone || !is_new_container(&board.statements[at]) {
                return Vec::new();
            }
            sunk.push(at);
        }
        let can =
            self.tries == 0 && self.can_move(index, statement, &board.flow, &board.mode, &names);
        if can { sunk } else { Vec::new() }
    }

    /// Decides about a run: one piece, or if that gains nothing a piece for each statement.
    pub(super) fn close(&mut self, run: Run<'a>, board: &mut Board<'a>) {
        let single = run.first == run.last && run.sunk.is_empty();
        if single && self.is_better_as_call(run.first, board) {
            return self.calls(run.first, board);
        }
        let awaited_by_calls = (run.first..=run.last)
            .flat_map(|at| board.flow.consumers(at))
            .any(|user| *user > run.last);
        let divides = match &board.statements[run.last] {
            Stmt::For(_) => run.waits,
            Stmt::Try(_) => single,
            _ => false,
        };
        if divides && !awaited_by_calls && single {
            board.movable[run.first] = false;
            return self.visible(run.first, &board.statements[run.first], board);
        }
        let placed = (awaited_by_calls || !divides) && self.place_run(&run, board);
        if !placed && !single {
            for index in run.first..=run.last {
                let alone = self.can_move(
                    index,
                    &board.statements[index],
                    &board.flow,
                    &board.mode,
                    &BTreeSet::new(),
                );
                board.movable[index] = alone;
                if alone {
                    let own = self.run(index, &board.statements[index], Vec::new(), board);
                    self.close(own, board);
                } else {
                    self.visible(index, &board.statements[index], board);
                }
            }
        } else if !placed {
            self.calls(run.first, board);
        }
    }

    /// Makes a piece of the run. `false`: it would start where it stands.
    fn place_run(&mut self, run: &Run<'a>, board: &mut Board<'a>) -> bool {
        let Some((gives, old)) = self.gives(run, board) else {
            return false;
        };
        let mut reads = run.reads.clone();
        reads.extend(old);
        let mut piece = Piece {
            place: run.first,
            last: run.last,
            sunk: run.sunk.clone(),
            work: Work::Run { waits: run.waits },
            route: self.route(&reads, &run.states, run.first, board),
            reads,
            states: run.states.clone(),
            gives,
            start: None,
            lifted: false,
            handle: String::new(),
        };
        if run.waits {
            let Some(start) = self.start(&piece, board) else {
                return false;
            };
            piece.start = Some(start);
        }
        for at in run.first..=run.last {
            board.owner[at] = Some(board.pieces.len());
        }
        self.hoist(piece, board);
        true
    }

    /// What is read elsewhere of what the run binds, and which of that may keep the value it had before.
    fn gives(&self, run: &Run<'a>, board: &Board<'a>) -> Option<(Vec<&'a str>, Vec<&'a str>)> {
        let range = board.range(run.first, run.last);
        let mut taken = vec![range];
        taken.extend(run.sunk.iter().map(|at| board.statements[*at].range()));
        let mut gives: Vec<&'a str> = Vec::new();
        for at in run.sunk.iter().copied().chain(run.first..=run.last) {
            let mut names: Vec<&'a str> = Vec::new();
            names.extend(&self.facts.of(&board.statements[at]).binds);
            names.retain(|name| {
                !gives.contains(name)
                    && self.is_read_outside(name, &taken, range)
                    && self.is_read_next(name, run, board)
            });
            gives.extend(names);
        }
        let old: Vec<&'a str> = gives
            .iter()
            .copied()
            .filter(|name| !run.definite.contains(name))
            .collect();
        let known = old.iter().all(|name| {
            !self.may_be_unbound(name) && !is_handed_on(name, run.first, &board.flow, &board.mode)
        });
        let simple = run.first == run.last && board.statements[run.first].is_assign_stmt();
        let unclear = self.tries > 0 && !simple && {
            let (first, last) = (0, board.statements.len() - 1);
            let block = board.range(first, last);
            run.binds
                .iter()
                .any(|name| self.is_read_outside(name, &[block], range))
        };
        (known && !unclear).then_some((gives, old))
    }

    /// May anybody read what the run leaves in the variable, before that gets another value?
    fn is_read_next(&self, name: &'a str, run: &Run<'a>, board: &Board<'a>) -> bool {
        let block = board.range(0, board.statements.len() - 1);
        if self.facts.captured.contains(name) || self.is_read_outside(name, &[block], block) {
            return true;
        }
        let after = &board.statements[run.last + 1..];
        let next_turn = &board.statements[..run.first];
        for statement in after.iter().chain(next_turn) {
            let effects = self.facts.of(statement);
            if effects.exposed.contains(name) {
                return true;
            }
            if effects.definite.contains(name) {
                return false;
            }
        }
        false
    }

    /// A single call whose result has a name needs no coroutine of its own.
    fn is_better_as_call(&self, index: usize, board: &Board<'a>) -> bool {
        let statement = &board.statements[index];
        let mut calls = self.candidates(index, statement, &self.definite);
        let ranges: Vec<_> = calls.iter().map(|call| call.wait.range()).collect();
        calls.retain(|call| {
            let range = call.wait.range();
            !ranges
                .iter()
                .any(|outer| *outer != range && outer.contains_range(range))
        });
        let waits = super::candidates::waits_in(statement);
        match calls.as_slice() {
            [] => false,
            [call] if call.alone => call.target.is_some() || board.flow.consumers(index).is_empty(),
            calls => {
                calls.len() == waits
                    && board.flow.consumers(index).is_empty()
                    && calls.iter().all(|call| call.total)
            }
        }
    }
}

/// `colors = []` and its like: nothing but a new, empty container or a plain value.
fn is_new_container(statement: &Stmt) -> bool {
    let Stmt::Assign(assign) = statement else {
        return matches!(statement, Stmt::AnnAssign(assign)
            if assign.value.as_deref().is_some_and(is_empty));
    };
    fn is_empty(value: &Expr) -> bool {
        match value {
            Expr::List(list) => list.elts.is_empty(),
            Expr::Dict(dict) => dict.items.is_empty(),
            Expr::Call(call) => {
                matches!(&*call.func, Expr::Name(name) if matches!(name.id.as_str(), "list" | "dict" | "set"))
                    && call.arguments.is_empty()
            }
            _ => value.is_literal_expr(),
        }
    }
    assign.targets.len() == 1 && assign.targets[0].is_name_expr() && is_empty(&assign.value)
}
