//! Pieces of a block: a call, a run of statements, or the first half of a compound statement, that can be
//! started before its place and is awaited there (SEMANTICS, output forms 1 to 3).

use std::collections::BTreeSet;

use dice_program::ast::{Expr, Ranged, Stmt, TextRange};

use super::FunctionPlan;
use super::candidates::Candidate;
use super::flow::{Flow, Mode, is_handed_on, only_computes};
use super::halves::Half;
use super::loops::LoopText;
use super::route::Route;
use crate::functions::State;

#[derive(Debug)]
pub(crate) struct Piece<'a> {
    /// The statement where it is awaited.
    pub(crate) place: usize,
    /// The last statement that it replaces.
    pub(crate) last: usize,
    /// Statements from further up that belong to it.
    pub(crate) sunk: Vec<usize>,
    pub(crate) work: Work<'a>,
    /// Names whose values come from outside.
    pub(crate) reads: BTreeSet<&'a str>,
    pub(crate) states: BTreeSet<State>,
    /// Names that others read, in order of their binding.
    pub(crate) gives: Vec<&'a str>,
    pub(crate) route: Route<'a>,
    /// The statement before which it starts, if before its place.
    pub(crate) start: Option<usize>,
    /// It cannot fail and is no work: it moves up as it is.
    pub(crate) lifted: bool,
    /// What it is called while it runs.
    pub(crate) handle: String,
}

#[derive(Debug)]
pub(crate) enum Work<'a> {
    Call(Candidate<'a>),
    /// Whole statements, from `place` to `last`. `waits`: some of them call.
    Run {
        waits: bool,
    },
    /// The first half of an `if` or `try`.
    Half(Half),
    /// The iterations of a loop.
    Each(LoopText<'a>),
}

/// What is known about a block while its pieces are sought.
pub(crate) struct Board<'a> {
    pub(crate) statements: &'a [Stmt],
    pub(crate) mode: Mode<'a>,
    pub(crate) flow: Flow<'a>,
    pub(crate) pieces: Vec<Piece<'a>>,
    /// Which piece a statement belongs to, wholly.
    pub(crate) owner: Vec<Option<usize>>,
    /// Statements that may run in a coroutine.
    pub(crate) movable: Vec<bool>,
    /// Loops whose text is made already.
    pub(crate) loops: Vec<Option<LoopText<'a>>>,
    /// Statements whose inside is planned already.
    pub(crate) planned: Vec<bool>,
}

/// Consecutive statements that could become one piece.
#[derive(Debug, Clone)]
struct Run<'a> {
    first: usize,
    last: usize,
    sunk: Vec<usize>,
    binds: BTreeSet<&'a str>,
    definite: BTreeSet<&'a str>,
    reads: BTreeSet<&'a str>,
    states: BTreeSet<State>,
    /// Names bound by the last statement that calls, or after it.
    tail: BTreeSet<&'a str>,
    waits: bool,
}

impl Piece<'_> {
    /// Where in its statement it is evaluated.
    pub(crate) fn evaluated(&self) -> usize {
        match &self.work {
            Work::Call(call) => call.place,
            _ => usize::MAX,
        }
    }
}

impl<'a> Board<'a> {
    pub(crate) fn new(statements: &'a [Stmt], mode: Mode<'a>, flow: Flow<'a>) -> Self {
        let count = statements.len();
        Self {
            statements,
            mode,
            flow,
            pieces: Vec::new(),
            owner: vec![None; count],
            movable: vec![false; count],
            loops: std::iter::repeat_with(|| None).take(count).collect(),
            planned: vec![false; count],
        }
    }

    pub(crate) fn range(&self, first: usize, last: usize) -> TextRange {
        let (start, end) = (&self.statements[first], &self.statements[last]);
        TextRange::new(start.range().start(), end.range().end())
    }

    /// Everything that a piece takes along.
    pub(crate) fn ranges(&self, piece: &Piece<'a>) -> Vec<TextRange> {
        let mut ranges = vec![self.range(piece.place, piece.last)];
        ranges.extend(piece.sunk.iter().map(|at| self.statements[*at].range()));
        ranges
    }
}

impl<'a> FunctionPlan<'a, '_> {
    /// Finds the pieces of a block and where each starts.
    pub(crate) fn pieces(&mut self, board: &mut Board<'a>) {
        let mut open: Option<Run<'a>> = None;
        for (index, statement) in board.statements.iter().enumerate() {
            let own = open
                .as_ref()
                .map_or_else(BTreeSet::new, |run| run.binds.clone());
            let alone = self.can_move(index, statement, &board.flow, &board.mode, &BTreeSet::new());
            let joined = !alone
                && !own.is_empty()
                && self.can_move(index, statement, &board.flow, &board.mode, &own);
            let sunk = if alone || joined {
                Vec::new()
            } else {
                self.sinkable(index, board, open.as_ref())
            };
            board.movable[index] = alone || joined || !sunk.is_empty();
            if board.movable[index] {
                let run = self.run(index, statement, sunk, board);
                open = match open.take() {
                    Some(before) if run.sunk.is_empty() => {
                        match self.merged(&before, &run, joined, board) {
                            Some(both) => Some(both),
                            None => {
                                self.close(before, board);
                                board.movable[index] = alone;
                                alone.then_some(run)
                            }
                        }
                    }
                    Some(before) => {
                        self.close(before, board);
                        Some(run)
                    }
                    None => Some(run),
                };
            } else if let Some(before) = open.take() {
                self.close(before, board);
            }
            if !board.movable[index] {
                self.visible(index, statement, board);
            }
            self.facts.of(statement).settle(&mut self.definite);
        }
        if let Some(run) = open {
            self.close(run, board);
        }
        for index in 0..board.statements.len() {
            self.join_crowd(index, board);
        }
    }

    /// Where others are issued right before a statement, its own plain calls are issued with them.
    fn join_crowd(&mut self, index: usize, board: &mut Board<'a>) {
        let is_plain = |piece: &Piece<'a>| {
            piece.start == Some(index)
                && matches!(&piece.work, Work::Call(call) if call.total)
                && piece.route.uses_from(index, &board.pieces).is_empty()
                && piece.route.guards_from(index).is_empty()
        };
        let crowded = board.pieces.iter().any(is_plain);
        let started = board.owner[index].is_some_and(|at| board.pieces[at].start.is_some());
        if !crowded || started {
            return;
        }
        for call in self.candidates(index, &board.statements[index], &self.definite) {
            let known = self.claimed.contains(&call.call.range().start().to_usize());
            if known || !call.total || !self.may_issue(&call, board) {
                continue;
            }
            let mut piece = self.call_piece(call, board);
            piece.start = Some(index);
            piece.gives.clear();
            self.hoist(piece, board);
        }
    }

    fn run(
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
    fn merged(
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
    fn sinkable(&self, index: usize, board: &Board<'a>, open: Option<&Run<'a>>) -> Vec<usize> {
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
    fn close(&mut self, run: Run<'a>, board: &mut Board<'a>) {
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
            names.retain(|name| !gives.contains(name) && self.is_read_outside(name, &taken, range));
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

    /// A single call whose result has a name needs no coroutine of its own.
    fn is_better_as_call(&self, index: usize, board: &Board<'a>) -> bool {
        let statement = &board.statements[index];
        let calls = self.candidates(index, statement, &self.definite);
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

    /// Pieces for the calls that a statement makes whenever it runs.
    pub(crate) fn calls(&mut self, index: usize, board: &mut Board<'a>) {
        let calls = self.candidates(index, &board.statements[index], &self.definite);
        for call in calls {
            if !self.may_issue(&call, board) {
                continue;
            }
            let again = (call.place > 0).then_some(index);
            let mut piece = self.call_piece(call, board);
            piece.start = self.start(&piece, board).or(again);
            if piece.start.is_none() {
                continue;
            }
            if !piece.gives.is_empty() {
                board.owner[index] = Some(board.pieces.len());
            }
            self.hoist(piece, board);
        }
    }

    fn may_issue(&self, call: &Candidate<'a>, board: &Board<'a>) -> bool {
        let claimed = self.claimed.contains(&call.call.range().start().to_usize());
        !claimed
            && self.own_statement_allows(call, board.statements)
            && self.may_start_early(call.statement, &call.reads, board)
    }

    fn call_piece(&self, call: Candidate<'a>, board: &Board<'a>) -> Piece<'a> {
        let index = call.statement;
        let gives = call.target.filter(|_| board.movable[index]);
        Piece {
            place: index,
            last: index,
            sunk: Vec::new(),
            route: self.route(&call.reads, &call.states, index, board),
            reads: call.reads.clone(),
            states: call.states.clone(),
            gives: gives.into_iter().collect(),
            start: None,
            lifted: false,
            handle: String::new(),
            work: Work::Call(call),
        }
    }

    /// Statements that stay: their calls, or their first half, may start earlier.
    fn visible(&mut self, index: usize, statement: &'a Stmt, board: &mut Board<'a>) {
        match statement {
            Stmt::For(each) => {
                self.calls(index, board);
                self.split_loop(index, each, board);
            }
            Stmt::If(_) | Stmt::Try(_) => {
                self.calls(index, board);
                self.split(index, statement, board);
            }
            _ => self.calls(index, board),
        }
    }

    /// Gives the piece its name and settles when what it uses must have started.
    pub(crate) fn hoist(&mut self, mut piece: Piece<'a>, board: &mut Board<'a>) {
        if let Some(start) = piece.start {
            self.wake_used(&piece.route, start, board);
            piece.handle = self.handle(&piece, board);
            if let Work::Call(call) = &piece.work {
                let range = call.call.range();
                self.planner
                    .patches
                    .replace_range(range, piece.handle.clone());
                self.claimed.insert(range.start().to_usize());
            }
        }
        board.pieces.push(piece);
    }

    fn wake_used(&mut self, route: &Route<'a>, start: usize, board: &mut Board<'a>) {
        for (at, _) in route.uses_from(start, &board.pieces) {
            self.wake(at, start, board);
        }
    }

    /// A piece that makes no calls starts only because others need what it computes.
    fn wake(&mut self, at: usize, start: usize, board: &mut Board<'a>) {
        if board.pieces[at].start.is_some_and(|before| before <= start) {
            return;
        }
        board.pieces[at].start = Some(start);
        let route = board.pieces[at].route.clone();
        self.wake_used(&route, start, board);
        board.pieces[at].lifted = self.can_lift(&board.pieces[at], start, board);
        if !board.pieces[at].lifted && board.pieces[at].handle.is_empty() {
            board.pieces[at].handle = self.handle(&board.pieces[at], board);
        }
    }

    /// Is it one assignment that cannot fail, whose name nobody on the way knows?
    fn can_lift(&self, piece: &Piece<'a>, start: usize, board: &Board<'a>) -> bool {
        let Stmt::Assign(assign) = &board.statements[piece.place] else {
            return false;
        };
        let [Expr::Name(name)] = assign.targets.as_slice() else {
            return false;
        };
        let name = name.id.as_str();
        let on_the_way = &board.statements[start..piece.place];
        piece.place == piece.last
            && piece.sunk.is_empty()
            && self.tries == 0
            && piece.route.uses_from(start, &board.pieces).is_empty()
            && piece.route.guards_from(start).is_empty()
            && self.is_total(&assign.value, &self.definite, &mut BTreeSet::new())
            && on_the_way.iter().all(|statement| {
                let effects = self.facts.of(statement);
                !effects.reads.contains(name) && !effects.binds.contains(name)
            })
    }

    /// `color_call`, after what it gives or calls.
    fn handle(&mut self, piece: &Piece<'a>, board: &Board<'a>) -> String {
        match &piece.work {
            Work::Half(half) => half.handle.clone(),
            Work::Each(each) => self.planner.names.claim(&each.plural()),
            _ => {
                let noun = self.noun_of(piece, board);
                self.planner.names.claim(&format!("{noun}_call"))
            }
        }
    }

    /// What a piece gives or calls, in a word of the program.
    pub(super) fn noun_of(&self, piece: &Piece<'a>, board: &Board<'a>) -> String {
        let given = match &piece.work {
            Work::Call(call) => call.target.or(call.function()).map(str::to_owned),
            Work::Half(half) => Some(half.noun.clone()),
            Work::Run { .. } | Work::Each(_) => piece
                .gives
                .last()
                .map(|name| (*name).to_owned())
                .or_else(|| self.function_in(board.range(piece.place, piece.last))),
        };
        given.unwrap_or_else(|| "early".to_owned())
    }

    /// The first function called in this text.
    pub(crate) fn function_in(&self, range: TextRange) -> Option<String> {
        let calls = &self.program.sites.calls;
        let from = calls.partition_point(|call| call.node.range().start() < range.start());
        let inside = calls[from..]
            .iter()
            .take_while(|call| call.node.range().start() < range.end());
        inside
            .filter_map(|call| crate::effects::call_function(call.node))
            .map(str::to_owned)
            .next()
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
