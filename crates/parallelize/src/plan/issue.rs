//! The text that starts a piece, and the text that awaits it.

use std::collections::BTreeSet;

use dice_program::ast::{Ranged, TextRange};

use super::FunctionPlan;
use super::block::{Issue, Item, Kind, Writing};
use super::candidates::Candidate;
use super::pieces::{Board, Piece, Work};
use crate::effects::Effects;
use crate::emit::{call_of, reindent, whole};

impl<'a> FunctionPlan<'a, '_> {
    /// Everything that starts before statement `index`.
    pub(super) fn write_issues(
        &mut self,
        index: usize,
        board: &mut Board<'a>,
        writing: &mut Writing<'a>,
    ) {
        let mut starting: Vec<usize> = (0..board.pieces.len())
            .filter(|at| board.pieces[*at].start == Some(index))
            .collect();
        starting.sort_by_key(|at| (board.pieces[*at].place, board.pieces[*at].evaluated()));
        for at in starting {
            let piece = &board.pieces[at];
            if piece.lifted {
                let item = self.lifted(piece, board);
                writing.items.push(item);
                continue;
            }
            let mut text = String::new();
            if matches!(&piece.work, Work::Call(call) if call.alone) {
                let above = (piece.place == index).then_some(writing.above);
                text = self.comments_above(board, piece.place, above.unwrap_or(0));
                writing.moved_comments.insert(piece.place);
            }
            let opens = writing.items.is_empty() && text.is_empty();
            text.push_str(&self.issue_text(at, index, opens, board, writing));
            let piece = &board.pieces[at];
            let issue = self.issue(piece, index, board);
            writing.items.push(Item::new(Kind::Issue(issue), text));
        }
    }

    /// A statement that moves up as it is.
    fn lifted(&self, piece: &Piece<'a>, board: &Board<'a>) -> Item<'a> {
        let statement = &board.statements[piece.place];
        let mut text = self.comments_above(board, piece.place, 0);
        let start = self.layout.line_start(statement.range().start().to_usize());
        let end = self.layout.line_end(statement.range().end().to_usize());
        text.push_str(&self.planner.patches.slice(start, end));
        Item::new(Kind::Statement(statement), text)
    }

    fn issue(&self, piece: &Piece<'a>, start: usize, board: &Board<'a>) -> Issue<'a> {
        let mut reads = piece.reads.clone();
        for guard in piece.route.guards_from(start) {
            reads.extend(self.reads_of_guard(&board.statements[guard]));
        }
        for (_, names) in piece.route.uses_from(start, &board.pieces) {
            reads.retain(|name| !names.contains(name));
        }
        let whole = board.range(piece.place, piece.last);
        let (ranges, awaited) = match &piece.work {
            Work::Call(call) => (vec![call.call.range()], call.call.range()),
            Work::Run { .. } => (board.ranges(piece), whole),
            Work::Half(half) => (half.ranges.clone(), whole),
            Work::Each(each) => (each.ranges.clone(), whole),
        };
        Issue {
            name: piece.handle.clone(),
            reads,
            states: piece.states.clone(),
            ranges,
            awaited,
            scoped: !is_plain_call(piece, start, board) || self.is_shared(piece, board),
        }
    }

    /// A call whose result others look at as well must give all of them the same object.
    fn is_shared(&self, piece: &Piece<'a>, board: &Board<'a>) -> bool {
        let Work::Call(call) = &piece.work else {
            return true;
        };
        if call.helper {
            return true;
        }
        let name = piece.gives.first();
        name.is_some_and(|name| {
            let used = board.pieces.iter().any(|other| {
                let mut uses = other.route.uses.iter();
                uses.any(|(_, names)| names.contains(name))
            });
            used && self
                .facts
                .changes(&self.facts.whole, &BTreeSet::from([*name]))
        })
    }

    fn issue_text(
        &mut self,
        at: usize,
        index: usize,
        opens: bool,
        board: &mut Board<'a>,
        writing: &Writing<'a>,
    ) -> String {
        let indentation = self.layout.indentation(&board.statements[index]);
        let piece = &board.pieces[at];
        if let Work::Call(call) = &piece.work
            && is_plain_call(piece, index, board)
        {
            let shared = self.is_shared(piece, board);
            return self.plain_issue(indentation, call, &piece.handle, shared);
        }
        if let Work::Each(each) = &piece.work {
            let text = each.clone();
            return self.each_issue(&text, at, index, opens, board);
        }
        let known = std::mem::replace(&mut self.definite, writing.known.clone());
        for statement in &board.statements[..piece.place] {
            self.facts.of(statement).settle(&mut self.definite);
        }
        let (body, parameters) = self.body(at, index, board);
        self.definite = known;
        let piece = &board.pieces[at];
        let verb = match &piece.work {
            Work::Run { waits: false } => "work_out",
            _ => "find",
        };
        let wish = format!("{verb}_{}", self.noun_of(piece, board));
        let coroutine = self.planner.names.claim(&wish);
        let scope = self.planner.scopes.text(self.early);
        let gap = if opens { "" } else { "\n" };
        let parameters = parameters.into_iter().collect::<Vec<_>>().join(", ");
        format!(
            "{gap}{indentation}async def {coroutine}({parameters}):\n{body}\n{indentation}{} = {scope}.start({coroutine}({parameters}))\n",
            board.pieces[at].handle
        )
    }

    /// A name for what nobody looks at: `_`, unless the function looks at that.
    pub(super) fn unused_name(&mut self) -> String {
        match self.reads.contains_key("_") || self.facts.whole.reads.contains("_") {
            true => self.planner.names.claim("unused"),
            false => "_".to_owned(),
        }
    }

    /// `x, y = await x_call`, in place of the piece's statements.
    pub(super) fn awaited(&self, piece: &Piece<'a>, board: &Board<'a>, above: usize) -> Item<'a> {
        let statement = &board.statements[piece.place];
        let indentation = self.layout.indentation(statement);
        let line = self.layout.line_start(statement.range().start().to_usize());
        let gap = if self.layout.source[above..line].starts_with('\n') {
            "\n"
        } else {
            ""
        };
        let targets = piece.gives.join(", ");
        let equals = if targets.is_empty() { "" } else { " = " };
        let text = format!(
            "{gap}{indentation}{targets}{equals}await {}\n",
            piece.handle
        );
        let effects = Effects {
            binds: piece.gives.iter().copied().collect(),
            definite: piece.gives.iter().copied().collect(),
            awaits: true,
            ..Effects::default()
        };
        let range = board.range(piece.place, piece.last);
        Item::new(Kind::Awaited(Box::new(effects), range), text)
    }

    fn comments_above(&self, board: &Board<'a>, place: usize, floor: usize) -> String {
        let statement = &board.statements[place];
        let line = self.layout.line_start(statement.range().start().to_usize());
        let start = self.layout.trivia_start(statement, floor.min(line));
        self.planner.patches.slice(start, line)
    }

    /// `color_call = hermod.call(…)`
    fn plain_issue(
        &self,
        indentation: &str,
        call: &Candidate<'a>,
        name: &str,
        started: bool,
    ) -> String {
        let range = call.call.range();
        let text = if started {
            let start = format!("{}.start", self.planner.scopes.text(self.early));
            let moved = self.moved(range, indentation, &format!("{name} = {start}("));
            call_of(&start, &[&moved], indentation, &self.unit)
        } else {
            self.moved(range, indentation, &format!("{name} = "))
        };
        format!("{indentation}{name} = {text}\n")
    }

    /// The original text of an expression, its lines as if it stood after `before` on its first line.
    pub(super) fn moved(&self, range: TextRange, indentation: &str, before: &str) -> String {
        let text = self.with_handles(range);
        let start = range.start().to_usize();
        let old_start = self.layout.line_start(start);
        let old_column = self.layout.source[old_start..start].chars().count();
        let new_column = indentation.chars().count() + before.chars().count();
        let first = text.lines().next().unwrap_or("");
        let hanging = first.trim_end().ends_with(['(', '[', '{']);
        let old_line = &self.layout.source[old_start..];
        let old_indentation = old_line.len() - old_line.trim_start_matches([' ', '\t']).len();
        let shift = if hanging {
            indentation.len() as isize - old_indentation as isize
        } else {
            new_column as isize - old_column as isize
        };
        match text.split_once('\n') {
            Some((first, rest)) => whole(format!("{first}\n{}", reindent(rest, shift, " "))),
            None => text,
        }
    }
}

/// Can the call be made as it stands, without a coroutine of its own?
fn is_plain_call(piece: &Piece<'_>, start: usize, board: &Board<'_>) -> bool {
    let Work::Call(call) = &piece.work else {
        return false;
    };
    call.total
        && piece.route.guards_from(start).is_empty()
        && piece.route.uses_from(start, &board.pieces).is_empty()
}
