//! Where a piece may start: what it may not cross (E2, E3), which pieces it awaits on the way, which tests
//! decide whether it runs; and whether starting there gains anything.

use std::collections::BTreeSet;

use dice_program::ast::{Expr, Ranged, Stmt, StmtAssert, StmtIf, TextRange};

use super::FunctionPlan;
use super::candidates::is_quiet;
use super::flow::is_handed_on;
use super::pieces::{Board, Piece, Work};
use crate::functions::State;

/// How many statements up a piece is moved at most: keeps planning linear.
const FARTHEST: usize = 256;

#[derive(Debug, Clone, Default)]
pub(crate) struct Route<'a> {
    /// The piece may start right before this statement, or later.
    pub(crate) floor: usize,
    /// Pieces whose results it awaits, and the names that they give it; the last one first.
    pub(crate) uses: Vec<(usize, BTreeSet<&'a str>)>,
    /// Tests on the way that may leave the block; the last one first.
    pub(crate) guards: Vec<usize>,
}

impl<'a> Route<'a> {
    /// Pieces that are still under way when this one starts right before `start`, in their order.
    pub(crate) fn uses_from(
        &self,
        start: usize,
        pieces: &[Piece<'a>],
    ) -> Vec<(usize, BTreeSet<&'a str>)> {
        let under_way = |(at, _): &&(usize, _)| {
            let piece = &pieces[*at];
            piece.place >= start && !piece.lifted
        };
        self.uses.iter().rev().filter(under_way).cloned().collect()
    }

    /// Tests not yet decided when the piece starts right before `start`, in their order.
    pub(crate) fn guards_from(&self, start: usize) -> Vec<usize> {
        let open = self.guards.iter().rev().copied();
        open.filter(|guard| *guard >= start).collect()
    }
}

/// A test that leaves the block: `if …: continue`, `if …: return`, `assert …`.
#[derive(Clone, Copy)]
pub(crate) enum Guard<'a> {
    If(&'a StmtIf),
    Assert(&'a StmtAssert),
}

impl<'a> Guard<'a> {
    pub(crate) fn test(self) -> &'a Expr {
        match self {
            Self::If(branch) => &branch.test,
            Self::Assert(assert) => &assert.test,
        }
    }
}

impl<'a> FunctionPlan<'a, '_> {
    /// How far up a piece at `place` may start that reads `reads` and these states.
    pub(crate) fn route(
        &self,
        reads: &BTreeSet<&'a str>,
        states: &BTreeSet<State>,
        place: usize,
        board: &Board<'a>,
    ) -> Route<'a> {
        let mut open = reads.clone();
        let mut route = Route {
            floor: place.saturating_sub(FARTHEST),
            ..Route::default()
        };
        let mut index = place;
        while index > route.floor {
            index -= 1;
            if let Some(owner) = board.owner[index] {
                self.cross_piece(owner, &mut open, &mut route, board);
                continue;
            }
            let statement = &board.statements[index];
            if let Some(guard) = self.guard(statement) {
                let test = self.facts.of_expression(guard.test());
                let looks_at = test.map(|test| test.reads.clone()).unwrap_or_default();
                // The piece may come to the test only after what follows it here.
                let steady = board.statements[index + 1..place]
                    .iter()
                    .all(|after| !self.facts.changes(self.facts.of(after), &looks_at));
                if !steady {
                    route.floor = index + 1;
                    break;
                }
                open.extend(looks_at);
                route.guards.push(index);
                continue;
            }
            let effects = self.facts.of(statement);
            let free =
                effects.exits.is_none() && effects.breaks.is_none() && effects.continues.is_none();
            if !free || effects.disturbs_states(states) || self.facts.disturbs(effects, &open) {
                route.floor = index + 1;
                break;
            }
        }
        route
    }

    fn cross_piece(
        &self,
        owner: usize,
        open: &mut BTreeSet<&'a str>,
        route: &mut Route<'a>,
        board: &Board<'a>,
    ) {
        let piece = &board.pieces[owner];
        let given: BTreeSet<&'a str> = piece
            .gives
            .iter()
            .copied()
            .filter(|name| open.contains(name))
            .collect();
        if given.is_empty() {
            return;
        }
        let start = piece.start.unwrap_or(piece.route.floor);
        route.floor = route.floor.max(start);
        open.retain(|name| !given.contains(name));
        route.uses.push((owner, given));
    }

    /// A test on the way that decides whether what follows runs, and that can be asked ahead.
    pub(crate) fn guard(&self, statement: &'a Stmt) -> Option<Guard<'a>> {
        let guard = match statement {
            Stmt::If(branch) if branch.elif_else_clauses.is_empty() => {
                let last = branch.body.last()?;
                let leaves = matches!(
                    last,
                    Stmt::Return(_) | Stmt::Raise(_) | Stmt::Continue(_) | Stmt::Break(_)
                );
                leaves.then_some(Guard::If(branch))?
            }
            Stmt::Assert(assert) => Guard::Assert(assert),
            _ => return None,
        };
        let test = self.facts.of_expression(guard.test())?;
        (is_quiet(test) && !test.awaits).then_some(guard)
    }

    /// Where the piece should start: before the first thing on its way that takes time and that it does
    /// not need, or that stays behind. `None`: it would gain nothing.
    pub(crate) fn start(&self, piece: &Piece<'a>, board: &Board<'a>) -> Option<usize> {
        let mut needed: BTreeSet<usize> = BTreeSet::new();
        collect_needed(&piece.route, board, &mut needed);
        let stays = |at: usize| board.mode.is_ahead() && !board.movable[at];
        let worth = |at: &usize| {
            let statement = &board.statements[*at];
            let ancestor = board.owner[*at].is_some_and(|owner| needed.contains(&owner));
            stays(*at) || !ancestor && self.facts.of(statement).awaits
        };
        let first = (piece.route.floor..piece.place).find(worth);
        first.or_else(|| stays(piece.place).then_some(piece.place))
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
}

fn collect_needed<'a>(route: &Route<'a>, board: &Board<'a>, needed: &mut BTreeSet<usize>) {
    for (at, _) in &route.uses {
        if needed.insert(*at) {
            collect_needed(&board.pieces[*at].route, board, needed);
        }
    }
}
