//! The first half of an `if` or `try`: what its branches compute before anybody sees anything runs in a
//! coroutine of its own, which asks the same tests; what stays awaits it in the branch.

mod text;

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::{Expr, Ranged, Stmt, StmtIf, StmtTry, TextRange};

use super::FunctionPlan;
use super::block::{Block, Kind};
use super::candidates::is_quiet;
use super::loops::ahead_ranges;
use super::pieces::{Board, Piece, Work};
use super::prefix::{Ahead, Prefix};
use crate::effects::Effects;
use crate::functions::State;

#[derive(Debug)]
pub(crate) struct Half {
    /// The body of its coroutine.
    pub(super) text: String,
    pub(super) handle: String,
    /// What it is about.
    pub(super) noun: String,
    pub(super) ranges: Vec<TextRange>,
}

/// A branch, planned in two parts.
struct Branch<'a> {
    test: Option<&'a Expr>,
    body: &'a [Stmt],
    block: Option<(Block<'a>, Prefix)>,
}

impl Branch<'_> {
    fn moves(&self) -> bool {
        self.block
            .as_ref()
            .is_some_and(|(_, prefix)| prefix.length > 0)
    }
}

impl<'a> FunctionPlan<'a, '_> {
    /// Starts the first half of a statement before its place, if that gains something.
    pub(super) fn split(&mut self, index: usize, statement: &'a Stmt, board: &mut Board<'a>) {
        let issued = self
            .claimed
            .range(statement.range().start().to_usize()..statement.range().end().to_usize());
        let in_try = statement.is_try_stmt() && issued.count() > 0;
        if !self.facts.of(statement).awaits || in_try {
            return;
        }
        let mut branches = match statement {
            Stmt::If(branch) => branches_of(branch),
            Stmt::Try(attempt) => body_of(attempt),
            _ => return,
        };
        let Some((tests, calls)) = self.tests(index, &branches, board) else {
            return;
        };
        if !self.may_start_early(index, &tests.reads, board) {
            return;
        }
        let mut route = self.route(&tests.reads, &tests.read_states, index, board);
        for call in &calls {
            let start = board.pieces[*call].start.unwrap_or(index);
            route.floor = route.floor.max(start);
        }
        if self.would_start(index, route, board).is_none() {
            return;
        }
        board.planned[index] = true;
        let attempt = usize::from(statement.is_try_stmt());
        self.tries += attempt;
        let floor = statement.range().start().to_usize();
        for branch in &mut branches {
            let start = branch
                .test
                .map_or(floor, |test| test.range().end().to_usize());
            branch.block = self.half_of(index, statement, branch.body, start, board);
        }
        self.tries -= attempt;
        if let Stmt::Try(attempt) = statement {
            self.plan_handlers(attempt);
        }
        if branches.iter().any(Branch::moves) {
            self.place_half(index, statement, branches, (tests, calls), board);
            return;
        }
        for (block, _) in branches.iter().filter_map(|branch| branch.block.as_ref()) {
            self.write(block);
        }
    }

    /// What the tests look at, and the pieces of the calls among them. `None`: they cannot be asked twice.
    fn tests(
        &self,
        index: usize,
        branches: &[Branch<'a>],
        board: &Board<'a>,
    ) -> Option<(Effects<'a>, Vec<usize>)> {
        let mut whole = Effects::default();
        let mut calls = Vec::new();
        for test in branches.iter().filter_map(|branch| branch.test) {
            let effects = self.facts.of_expression(test)?;
            if !is_quiet(effects) {
                return None;
            }
            if effects.awaits {
                let inside: Vec<usize> = (0..board.pieces.len())
                    .filter(|at| {
                        let piece = &board.pieces[*at];
                        piece.start.is_some()
                            && matches!(&piece.work, Work::Call(call)
                                if piece.place == index && test.range().contains_range(call.call.range()))
                    })
                    .collect();
                if inside.len() != super::candidates::waits_in_expression(test) {
                    return None;
                }
                calls.extend(inside);
            }
            whole.include(effects);
        }
        Some((whole, calls))
    }

    /// A branch in two parts.
    fn half_of(
        &mut self,
        index: usize,
        statement: &'a Stmt,
        body: &'a [Stmt],
        floor: usize,
        board: &Board<'a>,
    ) -> Option<(Block<'a>, Prefix)> {
        let mut whole = Effects::default();
        for inner in body {
            whole.include(self.facts.of(inner));
        }
        let mode = board
            .mode
            .of_branch(index, &board.flow, whole.binds.iter().copied());
        let known = self.definite.clone();
        let block = self.block(body, floor, mode);
        self.definite = known;
        let block = block?;
        let ahead = Ahead {
            around: statement.range(),
            targets: &[],
            repeated: None,
            assigned: whole.binds.iter().copied().collect::<HashSet<_>>(),
        };
        let mut prefix = self.prefix(&ahead, &block.items);
        if self.tries > 0 {
            let mut safe = vec![range_of(body)];
            if handlers_leave(statement) && index + 1 < board.statements.len() {
                safe.push(board.range(index + 1, board.statements.len() - 1));
            }
            while prefix.length > 0 && self.is_bound_on_the_way(&block, &prefix, &safe) {
                prefix.length -= 1;
            }
            prefix.needed = self.needed(&ahead, &block.items, prefix.length);
        }
        Some((block, prefix))
    }

    /// Would a handler see fewer variables bound than it does in the serial program (A5)?
    fn is_bound_on_the_way(&self, block: &Block<'a>, prefix: &Prefix, safe: &[TextRange]) -> bool {
        let items = &block.items[..prefix.length];
        let Some(last) = items.iter().rposition(|item| item.range().is_some()) else {
            return false;
        };
        let simple = matches!(items[last].kind, Kind::Statement(Stmt::Assign(_)));
        let partial = if simple { last } else { last + 1 };
        let bound = items[..partial]
            .iter()
            .filter_map(|item| self.effects_of(item));
        let mut names = bound.flat_map(|effects| &effects.binds);
        names.any(|name| self.is_read_outside(name, safe, safe[0]))
    }

    fn plan_handlers(&mut self, attempt: &'a StmtTry) {
        use dice_program::ast::ExceptHandler;
        self.tries += 1;
        for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            let header = handler
                .type_
                .as_ref()
                .map_or(handler.range().start(), |caught| caught.range().end());
            self.plan_body(&handler.body, header.to_usize());
        }
        self.tries -= 1;
    }

    fn place_half(
        &mut self,
        index: usize,
        statement: &'a Stmt,
        branches: Vec<Branch<'a>>,
        (tests, calls): (Effects<'a>, Vec<usize>),
        board: &mut Board<'a>,
    ) {
        let noun = self.noun_of_half(statement, &branches);
        let handle = self.planner.names.claim(&format!("{noun}_call"));
        let (mut reads, mut states): (BTreeSet<&'a str>, BTreeSet<State>) =
            (tests.reads.clone(), tests.read_states.clone());
        let mut ranges = Vec::new();
        for (block, prefix) in branches.iter().filter_map(|branch| branch.block.as_ref()) {
            let (more, of_states) = self.needs(&block.items[..prefix.length], &[]);
            reads.extend(more);
            states.extend(of_states);
            ranges.extend(ahead_ranges(&block.items[..prefix.length]));
        }
        let text = match statement {
            Stmt::If(_) => self.half_of_if(statement, &branches),
            _ => self.half_of_try(&branches),
        };
        for (block, prefix) in branches.iter().filter_map(|branch| branch.block.as_ref()) {
            self.write_rest(block, prefix, &handle);
        }
        let mut route = self.route(&reads, &states, index, board);
        for call in calls {
            route.floor = route.floor.max(board.pieces[call].start.unwrap_or(index));
            route.uses.push((call, BTreeSet::new()));
        }
        let start = self.would_start(index, route.clone(), board);
        self.planner.moved(
            statement.range(),
            "A1",
            "what its branches compute is started before earlier calls are awaited",
        );
        let half = Half {
            text,
            handle,
            noun,
            ranges,
        };
        let piece = Piece {
            place: index,
            last: index,
            sunk: Vec::new(),
            work: Work::Half(half),
            reads,
            states,
            gives: Vec::new(),
            route,
            start: start.or(Some(index)),
            lifted: false,
            handle: String::new(),
        };
        self.hoist(piece, board);
    }
}

fn range_of(body: &[Stmt]) -> TextRange {
    TextRange::new(body[0].range().start(), body[body.len() - 1].range().end())
}

/// Does what follows a `try` only run when its body succeeded?
fn handlers_leave(statement: &Stmt) -> bool {
    use dice_program::ast::ExceptHandler;
    let Stmt::Try(attempt) = statement else {
        return false;
    };
    attempt
        .handlers
        .iter()
        .all(|ExceptHandler::ExceptHandler(handler)| {
            matches!(
                handler.body.last(),
                Some(Stmt::Continue(_) | Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_))
            )
        })
}

fn branches_of(branch: &StmtIf) -> Vec<Branch<'_>> {
    let first = Branch {
        test: Some(&branch.test),
        body: &branch.body,
        block: None,
    };
    let others = branch.elif_else_clauses.iter().map(|clause| Branch {
        test: clause.test.as_ref(),
        body: &clause.body,
        block: None,
    });
    std::iter::once(first).chain(others).collect()
}

fn body_of(attempt: &StmtTry) -> Vec<Branch<'_>> {
    vec![Branch {
        test: None,
        body: &attempt.body,
        block: None,
    }]
}
