//! Pieces of a block: a call, a run of statements, or the first half of a compound statement, that can be
//! started before its place and is awaited there (SEMANTICS, output forms 1 to 3).

use std::collections::BTreeSet;

use dice_program::ast::{Ranged, Stmt, TextRange};

use super::FunctionPlan;
use super::candidates::Candidate;
use super::flow::{Flow, Mode};
use super::halves::Half;
use super::loops::LoopText;
use super::route::Route;
use super::runs::Run;
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
            if self.turned.contains(&statement.range()) {
                open.take()
                    .into_iter()
                    .for_each(|before| self.close(before, board));
                self.facts.of(statement).settle(&mut self.definite);
                continue;
            }
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
        // Its first half makes its calls already.
        let halved =
            |piece: &Piece<'a>| piece.place == index && matches!(piece.work, Work::Half(_));
        if !crowded || started || board.pieces.iter().any(halved) {
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

    fn call_piece(&self, mut call: Candidate<'a>, board: &Board<'a>) -> Piece<'a> {
        let index = call.statement;
        let mut route = self.route(&call.reads, &call.states, index, board);
        self.leave_to_arguments(&mut call, &mut route, board);
        let gives = call.target.filter(|_| board.movable[index]);
        Piece {
            place: index,
            last: index,
            sunk: Vec::new(),
            route,
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
    pub(super) fn visible(&mut self, index: usize, statement: &'a Stmt, board: &mut Board<'a>) {
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
}
