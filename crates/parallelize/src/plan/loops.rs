//! Form 2: a coroutine per iteration, run ahead of the loop; what others can see stays in its body.

mod text;

use std::collections::BTreeSet;

use dice_program::ast::{Expr, Ranged, Stmt, StmtFor, TextRange};

use super::FunctionPlan;
use super::block::{Block, Item, Kind, last_end};
use super::candidates::is_quiet;
use super::flow::Mode;
use super::pieces::{Board, Piece, Work};
use super::prefix::{Ahead, Prefix};
use super::refusals::Refusal;
use crate::effects::Effects;
use crate::functions::State;
pub(crate) use text::LoopText;

impl<'a> FunctionPlan<'a, '_> {
    /// Starts the iterations of a loop before its place, if that gains something.
    pub(super) fn split_loop(&mut self, index: usize, each: &'a StmtFor, board: &mut Board<'a>) {
        let statement = &board.statements[index];
        let Some(header) = self.facts.of_expression(&*each.iter).cloned() else {
            return;
        };
        let taken = self.claimed_in(each.iter.range(), index, board);
        if !self.facts.of(statement).awaits
            || !is_quiet(&header)
            || header.awaits && taken.is_none()
            || !self.may_start_early(index, &header.reads, board)
        {
            return;
        }
        let reads = match taken {
            Some(_) => BTreeSet::new(),
            None => header.reads.clone(),
        };
        let route = self.route(&reads, &header.read_states, index, board);
        if self.would_start(index, route, board).is_none() {
            return;
        }
        board.planned[index] = true;
        let Some(text) = self.loop_text(statement, each, &board.mode) else {
            return;
        };
        let mut reads = reads;
        reads.extend(&text.reads);
        let mut states = text.states.clone();
        states.extend(header.read_states.iter().cloned());
        let early = self.may_start_early(index, &reads, board);
        let mut route = self.route(&reads, &states, index, board);
        if let Some(call) = taken {
            let start = board.pieces[call].start.unwrap_or(index);
            route.floor = route.floor.max(start);
            route.uses.push((call, BTreeSet::new()));
        }
        let start = match early {
            true => self.would_start(index, route.clone(), board),
            false => None,
        };
        // Its iterations start work in the scope around: if not before, then in their place.
        let in_place = board.mode.is_ahead().then_some(index);
        let Some(start) = start.or(in_place) else {
            board.loops[index] = Some(text);
            return;
        };
        let piece = Piece {
            place: index,
            last: index,
            sunk: Vec::new(),
            work: Work::Each(text.clone()),
            reads,
            states,
            gives: Vec::new(),
            route,
            start: Some(start),
            lifted: false,
            handle: String::new(),
        };
        self.hoist(piece, board);
        let mut text = text;
        text.items = board
            .pieces
            .last()
            .map_or(text.items, |piece| piece.handle.clone());
        text.coroutine.clear();
        board.loops[index] = Some(text);
    }

    /// Plans a loop. `None`: it stays, and its body is planned where it stands.
    pub(super) fn loop_text(
        &mut self,
        statement: &'a Stmt,
        each: &'a StmtFor,
        around: &Mode<'a>,
    ) -> Option<LoopText<'a>> {
        let outer = self.definite.clone();
        let scope_around = self.early_around.replace(self.early);
        let targets = names_of(&each.target);
        let mut whole = Effects::default();
        for inner in &each.body {
            whole.include(self.facts.of(inner));
        }
        let refusal = match whole.awaits {
            true => self.refusal(each, targets.as_deref(), &whole),
            false => None,
        };
        self.definite.extend(targets.iter().flatten());
        let text = match (targets, &refusal) {
            (Some(targets), None) if whole.awaits => {
                self.run_ahead(statement, each, &targets, &whole, around, &outer)
            }
            _ => {
                self.keep_loop(each, refusal);
                self.plan_body(&each.body, each.iter.range().end().to_usize());
                None
            }
        };
        self.definite = outer;
        self.early_around = scope_around;
        if !each.orelse.is_empty() {
            self.plan_body(&each.orelse, last_end(&each.body));
        }
        text
    }

    fn keep_loop(&mut self, each: &'a StmtFor, refusal: Option<Refusal>) {
        if let Some((rule, why, help)) = refusal {
            let why = format!("the loop stays in order: {why}");
            self.planner.keep(each.range(), rule, why, help);
        }
    }

    fn run_ahead(
        &mut self,
        statement: &'a Stmt,
        each: &'a StmtFor,
        targets: &[&'a str],
        whole: &Effects<'a>,
        around: &Mode<'a>,
        outer: &std::collections::HashSet<&'a str>,
    ) -> Option<LoopText<'a>> {
        let mut changes = self.changes_of_loop(&each.body, targets);
        if let Mode::Ahead { changes: more, .. } = around {
            changes.mutates.extend(&more.mutates);
            changes.smashes.extend(&more.smashes);
            changes.own.extend(&more.own);
        }
        let mut handed = whole.binds.clone();
        handed.retain(|name| !targets.contains(name));
        let mode = Mode::Ahead { changes, handed };
        let inside = self.definite.clone();
        let block = self.block(&each.body, each.iter.range().end().to_usize(), mode)?;
        self.definite.clone_from(outer);
        let mut assigned: std::collections::HashSet<&'a str> =
            whole.binds.iter().copied().collect();
        assigned.extend(targets);
        let ahead = Ahead {
            around: each.range(),
            targets,
            repeated: Some(whole),
            assigned,
        };
        let prefix = self.prefix(&ahead, &block.items);
        if prefix.length == 0 {
            if let Some(stop) = &prefix.stop {
                let why = format!("the loop stays in order: {}", stop.why);
                self.planner.keep(stop.range, stop.rule, why, None);
            }
            self.definite = inside;
            self.write(&block);
            return None;
        }
        let ahead = block.items[..prefix.length].iter();
        let moved = ahead.flat_map(|item| match &item.kind {
            Kind::Statement(statement) => vec![statement.range()],
            Kind::Issue(issue) => issue.ranges.clone(),
            Kind::Awaited(..) => Vec::new(),
        });
        self.moved.extend(moved.map(|range| (range, each.range())));
        self.note_loop(statement, &block, &prefix);
        Some(self.divide(each, targets, &block, &prefix))
    }

    fn note_loop(&mut self, statement: &'a Stmt, block: &Block<'a>, prefix: &Prefix) {
        self.planner.moved(
            statement.range(),
            "A1",
            "iterations run ahead of the loop; what can be seen stays in its body",
        );
        let rest = &block.items[prefix.length..];
        let waits = rest.iter().any(|item| match &item.kind {
            Kind::Statement(inner) => {
                self.facts.of(inner).awaits && !is_await_of_issue(inner, block)
            }
            Kind::Issue(_) => true,
            Kind::Awaited(..) => false,
        });
        if let (true, Some(stop)) = (waits, &prefix.stop) {
            let why = format!("calls from here on stay in the loop body: {}", stop.why);
            self.planner.keep(stop.range, stop.rule, why, None);
        }
    }

    /// What items that run ahead need from outside.
    pub(super) fn needs(
        &self,
        ahead: &[Item<'a>],
        targets: &[&'a str],
    ) -> (BTreeSet<&'a str>, BTreeSet<State>) {
        let mut own: BTreeSet<&'a str> = targets.iter().copied().collect();
        let (mut reads, mut states) = (BTreeSet::new(), BTreeSet::new());
        for item in ahead {
            if let Kind::Issue(issue) = &item.kind {
                reads.extend(issue.reads.iter().filter(|name| !own.contains(*name)));
                states.extend(issue.states.iter().cloned());
            }
            if let Some(effects) = self.effects_of(item) {
                reads.extend(effects.exposed.iter().filter(|name| !own.contains(*name)));
                states.extend(effects.read_states.iter().cloned());
                own.extend(&effects.definite);
            }
        }
        (reads, states)
    }
}

fn is_await_of_issue(statement: &Stmt, block: &Block<'_>) -> bool {
    block.items.iter().any(|item| {
        matches!(&item.kind, Kind::Issue(issue) if statement.range().contains_range(issue.awaited))
    })
}

/// What of the serial program runs ahead.
pub(super) fn ahead_ranges(ahead: &[Item<'_>]) -> Vec<TextRange> {
    let mut ranges = Vec::new();
    for item in ahead {
        match &item.kind {
            Kind::Issue(issue) => ranges.extend(&issue.ranges),
            _ => ranges.extend(item.range()),
        }
    }
    ranges
}

/// The names of a target that binds nothing but names.
pub(super) fn names_of(target: &Expr) -> Option<Vec<&str>> {
    match target {
        Expr::Name(name) => Some(vec![name.id.as_str()]),
        Expr::Tuple(tuple) => {
            let parts: Option<Vec<Vec<&str>>> = tuple.elts.iter().map(names_of).collect();
            Some(parts?.concat())
        }
        _ => None,
    }
}
