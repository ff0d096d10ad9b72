//! Why calls that come after others wait for them.

use dice_program::ast::{Ranged, Stmt};

use super::FunctionPlan;
use super::decides::decides_itself;
use super::pieces::{Board, Work};

/// Rule, reason, and what would help.
type Reason = (&'static str, String, Option<&'static str>);

impl<'a> FunctionPlan<'a, '_> {
    pub(super) fn explain(&mut self, board: &Board<'a>) {
        let mut waits = false;
        for (index, statement) in board.statements.iter().enumerate() {
            let effects = self.facts.of(statement);
            let simple = matches!(
                statement,
                Stmt::Expr(_)
                    | Stmt::Assign(_)
                    | Stmt::AugAssign(_)
                    | Stmt::Return(_)
                    | Stmt::AnnAssign(_)
            );
            let early = board
                .pieces
                .iter()
                .any(|piece| piece.start.is_some() && (piece.place..=piece.last).contains(&index));
            let kept = simple && waits && effects.awaits && !early;
            if kept && !super::comprehensions::waits_in_one(statement) {
                let (rule, why, help) = self.reason(index, board);
                let why = format!("waits for earlier calls: {why}");
                self.planner.keep(statement.range(), rule, why, help);
            }
            waits |= effects.awaits;
        }
        self.note_moves(board);
    }

    fn note_moves(&mut self, board: &Board<'a>) {
        for piece in board.pieces.iter().filter(|piece| piece.start.is_some()) {
            let range = board.range(piece.place, piece.last);
            match &piece.work {
                Work::Call(call) => {
                    let function = call.function().unwrap_or("?");
                    let why = format!(
                        "the call of `{function}` is issued before earlier ones are awaited"
                    );
                    if piece.start != Some(piece.place) || call.place > 0 {
                        self.planner.moved(call.wait.range(), "A1", why);
                    }
                }
                Work::Run { waits: true } => {
                    let why = "a coroutine that is started before earlier calls are awaited";
                    self.planner.moved(range, "A1", why);
                }
                Work::Each(_) => {
                    let why = "its iterations are started before earlier calls are awaited";
                    self.planner.moved(range, "A1", why);
                }
                Work::Run { waits: false } | Work::Half(_) => {}
            }
        }
    }

    fn reason(&self, index: usize, board: &Board<'a>) -> Reason {
        let statement = &board.statements[index];
        let effects = self.facts.of(statement);
        if let Some(reason) = &effects.in_place
            && self.candidates(index, statement, &self.definite).is_empty()
        {
            return (reason.rule, reason.why.clone(), None);
        }
        let route = self.route(&effects.exposed, &effects.read_states, index, board);
        let barrier = route.floor.checked_sub(1);
        let before = barrier.map(|at| self.facts.of(&board.statements[at]));
        let leaves = before.and_then(|before| before.exits.or(before.breaks).or(before.continues));
        if let Some(range) = leaves {
            let leaver = self.leaver(range);
            let why = format!("{leaver} before it decides whether it is made");
            return ("E3", why, None);
        }
        if !route.guards.is_empty() {
            let why = "whether it is made hangs on a test before it";
            return ("E3", why.to_owned(), None);
        }
        if decides_itself(statement) {
            let why = "whether it is made hangs on a test in the same statement";
            return ("E3", why.to_owned(), None);
        }
        if before.is_some_and(|before| before.disturbs_states(&effects.read_states)) {
            let why = "what it reads is changed, or time passes, before it";
            return ("E2", why.to_owned(), None);
        }
        let needed = before.and_then(|before| {
            let mut names = effects.exposed.iter();
            names.find(|name| before.binds.contains(*name))
        });
        let why = match needed {
            Some(name) => format!("it needs `{name}`, which is computed right before it"),
            None => match self.changed_before(index, board) {
                Some(name) => format!("it looks at {name}, changed in place before it"),
                None => "it needs what is computed right before it".to_owned(),
            },
        };
        ("A3", why, None)
    }
    /// What the statement looks at and the nearest of those before it changes in place.
    fn changed_before(&self, index: usize, board: &Board<'a>) -> Option<String> {
        let reads = &self.facts.of(&board.statements[index]).exposed;
        let mut before = board.statements[..index].iter().rev();
        before.find_map(|earlier| self.changed_name(self.facts.of(earlier), reads.iter().copied()))
    }
}
