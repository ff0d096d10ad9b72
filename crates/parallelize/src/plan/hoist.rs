//! Pieces that start before their place: what they use must have started, and each has a name.

use std::collections::BTreeSet;

use dice_program::ast::{Expr, Ranged, Stmt, TextRange};

use super::FunctionPlan;
use super::pieces::{Board, Piece, Work};
use super::route::Route;

impl<'a> FunctionPlan<'a, '_> {
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
                let along = call.along.iter().chain([&range]);
                self.claimed
                    .extend(along.map(|call| call.start().to_usize()));
                let handle = (range, piece.handle.clone());
                self.handles.insert(range.start().to_usize(), handle);
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
