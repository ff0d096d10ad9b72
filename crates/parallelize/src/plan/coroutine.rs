//! The coroutine of a piece: the tests that decide it, what it awaits of others, and its statements.

use std::collections::BTreeSet;

use dice_program::ast::{Ranged, Stmt};

use super::FunctionPlan;
use super::block::{Block, Item, Kind};
use super::flow::Mode;
use super::pieces::{Board, Work};
use super::route::Guard;
use crate::emit::reindent;

impl<'a> FunctionPlan<'a, '_> {
    /// The body of a piece's coroutine, and its parameters.
    pub(super) fn body(
        &mut self,
        at: usize,
        start: usize,
        board: &mut Board<'a>,
    ) -> (String, BTreeSet<&'a str>) {
        let indentation = self.layout.indentation(&board.statements[start]);
        let inner = format!("{indentation}{}", self.unit);
        let mut lines = Lines::default();
        self.guards(at, start, &inner, "", board, &mut lines);
        let piece = &board.pieces[at];
        match &piece.work {
            Work::Call(call) => {
                let call = self.moved(call.call.range(), &inner, "return await ");
                self.unpack(at, start, None, &inner, board, &mut lines);
                lines
                    .text
                    .push_str(&format!("{inner}return await {call}\n"));
            }
            Work::Half(half) => {
                let text = half.text.clone();
                self.unpack(at, start, None, &inner, board, &mut lines);
                lines.text.push_str(&text);
            }
            Work::Run { .. } => {
                let text = self.run_body(at, start, board, &mut lines);
                lines.text.push_str(&text);
            }
            Work::Each(_) => {}
        }
        (lines.text, self.parameters(at, start, board))
    }

    /// What the coroutine needs of the function's variables, as they are when it starts.
    fn parameters(&self, at: usize, start: usize, board: &Board<'a>) -> BTreeSet<&'a str> {
        let piece = &board.pieces[at];
        let uses = piece.route.uses_from(start, &board.pieces);
        let mut names = piece.reads.clone();
        for guard in piece.route.guards_from(start) {
            names.extend(self.reads_of_guard(&board.statements[guard]));
        }
        names.retain(|name| {
            self.facts.locals.contains(name) && !uses.iter().any(|(_, given)| given.contains(name))
        });
        names
    }

    pub(super) fn reads_of_guard(&self, statement: &'a Stmt) -> BTreeSet<&'a str> {
        let guard = self.guard(statement);
        let test = guard.and_then(|guard| self.facts.of_expression(guard.test()));
        test.map(|test| test.reads.clone()).unwrap_or_default()
    }

    /// The tests that decide whether the piece runs, in order, each after what it looks at.
    pub(super) fn guards(
        &mut self,
        at: usize,
        start: usize,
        inner: &str,
        nothing: &str,
        board: &Board<'a>,
        lines: &mut Lines,
    ) {
        for index in board.pieces[at].route.guards_from(start) {
            let Some(guard) = self.guard(&board.statements[index]) else {
                continue;
            };
            let reads = self.reads_of_guard(&board.statements[index]);
            self.unpack(at, start, Some(&reads), inner, board, lines);
            let test = self.planner.patches.original(guard.test().range());
            let test = match guard {
                Guard::If(_) => test,
                Guard::Assert(_) => format!("not ({test})"),
            };
            let unit = &self.unit;
            let line = format!("{inner}if {test}:\n{inner}{unit}return{nothing}\n");
            lines.text.push_str(&line);
        }
    }

    /// Awaits of other pieces whose results are among `wanted`, or of all that are left.
    pub(super) fn unpack(
        &mut self,
        at: usize,
        start: usize,
        wanted: Option<&BTreeSet<&'a str>>,
        inner: &str,
        board: &Board<'a>,
        lines: &mut Lines,
    ) {
        for (other, names) in board.pieces[at].route.uses_from(start, &board.pieces) {
            let piece = &board.pieces[other];
            let now = wanted.is_none_or(|wanted| !names.is_disjoint(wanted));
            if names.is_empty() || !now || !lines.unpacked.insert(other) {
                continue;
            }
            let mut targets = Vec::new();
            for name in &piece.gives {
                targets.push(match names.contains(name) {
                    true => (*name).to_owned(),
                    false => self.unused_name(),
                });
            }
            let line = format!("{inner}{} = await {}\n", targets.join(", "), piece.handle);
            lines.text.push_str(&line);
        }
    }

    /// The statements of a run, each result of others awaited right before it is needed.
    fn run_body(
        &mut self,
        at: usize,
        start: usize,
        board: &mut Board<'a>,
        lines: &mut Lines,
    ) -> String {
        let piece = &board.pieces[at];
        let statements = &board.statements[piece.place..=piece.last];
        let indentation = self.layout.indentation(&board.statements[start]);
        let floor = match piece.place {
            0 => self
                .layout
                .line_start(statements[0].range().start().to_usize()),
            place => board.statements[place - 1].range().end().to_usize(),
        };
        let outer = self.early;
        let Some(mut block) = self.block(statements, floor, Mode::Plain) else {
            return String::new();
        };
        self.early = outer;
        let needed = board.pieces[at].reads.clone();
        for item in &mut block.items {
            let reads = match &item.kind {
                Kind::Issue(issue) => issue.reads.clone(),
                Kind::Statement(statement) => {
                    let effects = self.facts.of(statement);
                    // What it may leave as it was has its value from before.
                    let kept = effects.binds.intersection(&needed);
                    effects.reads.iter().chain(kept).copied().collect()
                }
                Kind::Awaited(..) => continue,
            };
            let mut own = Lines {
                unpacked: std::mem::take(&mut lines.unpacked),
                ..Lines::default()
            };
            self.unpack(at, start, Some(&reads), indentation, board, &mut own);
            lines.unpacked = own.unpacked;
            if let Some(inside) = &mut item.inside {
                inside.insert_str(0, &own.text);
            }
            item.text.insert_str(0, &own.text);
        }
        let piece = &board.pieces[at];
        let mut text: String = piece
            .sunk
            .iter()
            .map(|index| {
                let statement = &board.statements[*index];
                let start = self.layout.trivia_start(statement, 0);
                let end = self.layout.line_end(statement.range().end().to_usize());
                self.planner.patches.slice(start, end)
            })
            .collect();
        let gives: Vec<String> = piece.gives.iter().map(|name| (*name).to_owned()).collect();
        text.push_str(self.returning(&block, &gives).trim_start_matches('\n'));
        reindent(&text, self.unit.chars().count() as isize, &self.unit)
    }

    /// The block's text, and what it gives back.
    fn returning(&mut self, block: &Block<'a>, gives: &[String]) -> String {
        let indentation = match block.items.first().and_then(Item::range) {
            Some(range) => self.layout.indentation(&range),
            None => "",
        };
        let indentation = match indentation {
            "" => block
                .items
                .iter()
                .find_map(Item::range)
                .map_or("", |range| self.layout.indentation(&range)),
            found => found,
        };
        let text = self.text_of(block);
        super::loop_text::with_return(text, block.items.last(), indentation, gives)
    }
}

/// Lines at the beginning of a coroutine, and whose results they have awaited.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) unpacked: BTreeSet<usize>,
    pub(super) text: String,
}
