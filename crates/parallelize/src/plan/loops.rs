//! Form 2: a coroutine per iteration, run ahead of the loop; what others can see stays in its body.

use std::collections::BTreeSet;

use dice_program::ast::{Expr, Ranged, Stmt, StmtFor, TextRange};

use super::FunctionPlan;
use super::block::{Block, Item, Kind, last_end};
use super::candidates::is_quiet;
use super::flow::{Mode, is_handed_on};
use super::loop_text::{noun, unwrapped, with_return};
use super::pieces::{Board, Piece, Work};
use super::prefix::{Ahead, Prefix};
use super::refusals::Refusal;
use super::route::Route;
use crate::effects::Effects;
use crate::emit::{ScopeId, call_of, reindent};
use crate::functions::State;

/// A loop in two parts: what runs ahead, and what stays.
#[derive(Debug, Clone)]
pub(crate) struct LoopText<'a> {
    pub(super) coroutine: String,
    /// `async def look_at_car(car):` and the first line of its body, if that unpacks the item.
    head: String,
    /// The rest of that coroutine.
    body: String,
    /// Indentation of the loop, and of its body.
    indentation: &'a str,
    inner: &'a str,
    /// What is walked along.
    pub(super) items: String,
    /// What the loop in place binds, and its body.
    bound: String,
    comment: String,
    rest: String,
    noun: String,
    gap: bool,
    /// Names that the iterations need from outside, and states that they read.
    reads: BTreeSet<&'a str>,
    states: BTreeSet<State>,
    pub(super) ranges: Vec<TextRange>,
}

impl LoopText<'_> {
    /// A word for all of the iterations.
    pub(super) fn plural(&self) -> String {
        let word = match self.bound.as_str() {
            "_" => &self.noun,
            one if !one.contains(',') => one.trim_end_matches("_call"),
            _ => &self.noun,
        };
        match word {
            word if word.ends_with('s') => format!("{word}_ahead"),
            word if word.ends_with('y') && !word.ends_with("ay") && !word.ends_with("ey") => {
                format!("{}ies_ahead", &word[..word.len() - 1])
            }
            word => format!("{word}s_ahead"),
        }
    }
}

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

    /// Does nothing that it looks at change from iteration to iteration, and is all of it bound?
    pub(super) fn may_start_early(
        &self,
        index: usize,
        reads: &BTreeSet<&'a str>,
        board: &Board<'a>,
    ) -> bool {
        !self.is_changed_later(reads, &board.mode)
            && reads.iter().all(|name| {
                !self.may_be_unbound(name) && !is_handed_on(name, index, &board.flow, &board.mode)
            })
    }

    /// Where a piece with this route would start.
    pub(super) fn would_start(
        &self,
        index: usize,
        route: Route<'a>,
        board: &Board<'a>,
    ) -> Option<usize> {
        let probe = Piece {
            place: index,
            last: index,
            sunk: Vec::new(),
            work: Work::Run { waits: true },
            reads: BTreeSet::new(),
            states: BTreeSet::new(),
            gives: Vec::new(),
            route,
            start: None,
            lifted: false,
            handle: String::new(),
        };
        self.start(&probe, board)
    }

    /// The piece of the one call that an expression consists of.
    pub(super) fn claimed_in(
        &self,
        range: TextRange,
        index: usize,
        board: &Board<'a>,
    ) -> Option<usize> {
        board.pieces.iter().position(|piece| {
            piece.place == index
                && piece.start.is_some()
                && matches!(&piece.work, Work::Call(call) if call.wait.range() == range)
        })
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

    /// The text of a loop whose first items run ahead.
    fn divide(
        &mut self,
        each: &'a StmtFor,
        targets: &[&'a str],
        block: &Block<'a>,
        prefix: &Prefix,
    ) -> LoopText<'a> {
        let (ahead, rest) = block.items.split_at(prefix.length);
        let noun = noun(targets, &prefix.needed);
        let wish = format!("{}_{noun}", self.verb(ahead, &prefix.needed));
        let coroutine = self.planner.names.claim(&wish);
        let indentation = self.layout.indentation(each);
        let inner = self.layout.indentation(&each.body[0]);
        let (parameter, unpack) = self.parameter(each, targets);
        let mut head = format!("{indentation}async def {coroutine}({parameter}):\n");
        if let Some(target) = unpack {
            head.push_str(&format!("{inner}{target} = {parameter}\n"));
        }
        let bound = match prefix.needed.as_slice() {
            [] => self.unused_name(),
            needed => needed.join(", "),
        };
        let text: String = ahead.iter().map(|item| item.text.as_str()).collect();
        let text = text.trim_start_matches('\n').to_owned();
        let rest: String = rest.iter().map(|item| item.text.as_str()).collect();
        let header = each.iter.range().end().to_usize();
        let items = self.planner.patches.slice_range(each.iter.range());
        let (reads, states) = self.needs(ahead, targets);
        LoopText {
            body: with_return(text, ahead.last(), inner, &prefix.needed),
            coroutine,
            head,
            indentation,
            inner,
            items: unwrapped(&items, &each.iter),
            bound,
            comment: self.header_comment(header, &each.body[0]),
            rest: match rest.trim().is_empty() {
                true => format!("{inner}pass\n"),
                false => rest.trim_start_matches('\n').to_owned(),
            },
            noun,
            gap: !self.starts_block(each),
            reads,
            states,
            ranges: ahead_ranges(ahead),
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

    /// The loop as it stands in its place, and the same where its scope is open already.
    pub(super) fn write_loop(
        &mut self,
        text: &LoopText<'a>,
        comments: &str,
        scope: ScopeId,
    ) -> (String, Option<String>) {
        let LoopText {
            indentation,
            bound,
            comment,
            items,
            rest,
            ..
        } = text;
        if text.coroutine.is_empty() {
            let each = format!("{indentation}async for {bound} in {items}:{comment}\n{rest}");
            return (format!("{comments}{each}"), None);
        }
        let gap = if text.gap { "\n" } else { "" };
        let head = format!("{comments}{gap}{}{}\n", text.head, text.body);
        let package = self.planner.package();
        let name = self.planner.scopes.text(scope);
        let arguments = [text.coroutine.as_str(), items.as_str()];
        let each = call_of(&format!("{name}.each"), &arguments, indentation, &self.unit);
        let each = format!("{indentation}async for {bound} in {each}:{comment}\n{rest}");
        let unit = self.unit.clone();
        let moved = reindent(&each, unit.chars().count() as isize, &unit);
        let name = self.planner.scopes.open(scope);
        let alone = format!("{head}{indentation}async with {package}.ahead() as {name}:\n{moved}");
        (alone, Some(format!("{head}{each}")))
    }

    /// The iterations of a loop, started before it.
    pub(super) fn each_issue(
        &mut self,
        text: &LoopText<'a>,
        at: usize,
        start: usize,
        opens: bool,
        board: &mut Board<'a>,
    ) -> String {
        let indentation = self.layout.indentation(&board.statements[start]);
        let own = text.indentation;
        let mut lines = super::coroutine::Lines::default();
        self.unpack(at, start, Some(&text.reads), text.inner, board, &mut lines);
        let gap = if opens { "" } else { "\n" };
        let handle = board.pieces[at].handle.clone();
        let scope = self.planner.scopes.text(self.early);
        let (items_text, items) = self.items_ahead(text, at, start, board);
        let each = format!("{scope}.each");
        let each = call_of(&each, &[&text.coroutine, &items], own, &self.unit);
        let written = format!(
            "{gap}{}{}{}\n{items_text}{own}{handle} = {each}\n",
            text.head, lines.text, text.body
        );
        let by = indentation.chars().count() as isize - own.chars().count() as isize;
        reindent(&written, by, if by > 0 { &self.unit } else { " " })
    }

    /// A coroutine for the items, if they hang on other pieces, and the items.
    fn items_ahead(
        &mut self,
        text: &LoopText<'a>,
        at: usize,
        start: usize,
        board: &Board<'a>,
    ) -> (String, String) {
        let piece = &board.pieces[at];
        let Stmt::For(each) = &board.statements[piece.place] else {
            return (String::new(), text.items.clone());
        };
        let uses = piece.route.uses_from(start, &board.pieces);
        let guards = piece.route.guards_from(start);
        if let Some(items) = text.items.strip_prefix("await ")
            && each.iter.is_await_expr()
            && guards.is_empty()
        {
            return (String::new(), items.to_owned());
        }
        let names = crate::effects::names_in(&each.iter);
        let given = uses
            .iter()
            .find(|(_, given)| given.iter().any(|name| names.contains(name)));
        match (given, &*each.iter) {
            (None, iter) if guards.is_empty() && self.can_be_walked(iter) => {
                return (String::new(), text.items.clone());
            }
            (Some((other, _)), Expr::Name(_))
                if guards.is_empty() && board.pieces[*other].gives.len() == 1 =>
            {
                return (String::new(), board.pieces[*other].handle.clone());
            }
            _ => {}
        }
        let own = text.indentation;
        let inner = format!("{own}{}", self.unit);
        let mut lines = super::coroutine::Lines::default();
        self.guards(at, start, &inner, " []", board, &mut lines);
        let wanted = names.into_iter().collect();
        self.unpack(at, start, Some(&wanted), &inner, board, &mut lines);
        let coroutine = self.planner.names.claim(&format!("list_{}s", text.noun));
        let scope = self.planner.scopes.text(self.early);
        let written = format!(
            "{own}async def {coroutine}():\n{}{inner}return {}\n\n",
            lines.text, text.items
        );
        (written, format!("{scope}.start({coroutine}())"))
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
