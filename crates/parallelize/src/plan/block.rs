//! A block: which pieces start before which statement, and the text of each of its items.

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::{Ranged, Stmt, TextRange};

use super::FunctionPlan;
use super::flow::{Flow, Mode};
use super::pieces::{Board, Work};
use crate::effects::Effects;
use crate::emit::{ScopeId, reindent};
use crate::functions::State;

#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) items: Vec<Item<'a>>,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// In which coroutines of the block are started.
    pub(crate) scope: ScopeId,
    /// In which its loops run, where no scope is open yet.
    loops: ScopeId,
    /// Its first part runs ahead of the rest: the scope is that of the block around.
    borrowed: bool,
    indentation: &'a str,
}

#[derive(Debug)]
pub(crate) struct Item<'a> {
    pub(crate) kind: Kind<'a>,
    /// Whole lines, comments above included.
    pub(crate) text: String,
    /// The text where the block's scope is open already, if that makes a difference.
    pub(crate) inside: Option<String>,
}

#[derive(Debug)]
pub(crate) enum Kind<'a> {
    Issue(Issue<'a>),
    Statement(&'a Stmt),
    /// The await of a piece, in place of its statements.
    Awaited(Box<Effects<'a>>, TextRange),
}

/// The start of a piece, before its await.
#[derive(Debug)]
pub(crate) struct Issue<'a> {
    pub(crate) name: String,
    pub(crate) reads: BTreeSet<&'a str>,
    pub(crate) states: BTreeSet<State>,
    /// The code that runs from here on.
    pub(crate) ranges: Vec<TextRange>,
    /// Where it is awaited.
    pub(crate) awaited: TextRange,
    /// It is started in a scope, and not only called.
    pub(crate) scoped: bool,
}

impl<'a> Item<'a> {
    pub(crate) fn new(kind: Kind<'a>, text: String) -> Self {
        let inside = None;
        Self { kind, text, inside }
    }

    /// Where its statements stand in the serial program; `None` for what is new.
    pub(crate) fn range(&self) -> Option<TextRange> {
        match &self.kind {
            Kind::Issue(_) => None,
            Kind::Statement(statement) => Some(statement.range()),
            Kind::Awaited(_, range) => Some(*range),
        }
    }
}

impl<'a> FunctionPlan<'a, '_> {
    /// What an item does in place.
    pub(crate) fn effects_of<'s>(&'s self, item: &'s Item<'a>) -> Option<&'s Effects<'a>> {
        match &item.kind {
            Kind::Issue(_) => None,
            Kind::Statement(statement) => Some(self.facts.of(statement)),
            Kind::Awaited(effects, _) => Some(effects),
        }
    }

    /// Plans a block and writes it, if anything in it changed.
    pub(crate) fn plan_body(&mut self, statements: &'a [Stmt], floor: usize) {
        let known = self.definite.clone();
        if let Some(block) = self.block(statements, floor, Mode::Plain) {
            self.write(&block);
        }
        self.definite = known;
    }

    pub(crate) fn write(&mut self, block: &Block<'a>) {
        let text = self.text_of(block);
        if text != self.planner.patches.slice(block.start, block.end) {
            self.note_rests(block, text.len());
            self.planner.patches.replace(block.start, block.end, text);
        }
    }

    /// Where in a text of that length each statement begins that stands beside the block's scope.
    fn note_rests(&mut self, block: &Block<'a>, length: usize) {
        let scoped = started(block).map_or(0..0, |(first, last)| first..last + 1);
        let mut rest = 0;
        for (at, item) in block.items.iter().enumerate().rev() {
            if scoped.contains(&at) {
                return; // what is in front of it has got another length by the scope
            }
            rest += item.text.len();
            if let Kind::Statement(statement) = &item.kind {
                let range = statement.range();
                let line = self.layout.line_start(range.start().to_usize());
                let source = &self.layout.source[range.to_std_range()];
                let as_it_was = item.text.trim_end().ends_with(source);
                let found = Rest {
                    length,
                    rest,
                    as_it_was,
                };
                self.rests.insert(line, found);
            }
        }
    }

    /// The text of a block, with a scope around what is started in it.
    pub(crate) fn text_of(&mut self, block: &Block<'a>) -> String {
        let Some((first, last)) = started(block) else {
            return block.items.iter().map(|item| item.text.as_str()).collect();
        };
        let package = self.planner.package();
        let inner: String = block.items[first..=last]
            .iter()
            .map(|item| item.inside.as_ref().unwrap_or(&item.text).as_str())
            .collect();
        let inner = reindent(&inner, self.unit.chars().count() as isize, &self.unit);
        let inner = inner.trim_start_matches('\n');
        let join = |items: &[Item<'a>]| -> String {
            items.iter().map(|item| item.text.as_str()).collect()
        };
        let (before, after) = (join(&block.items[..first]), join(&block.items[last + 1..]));
        let own = match block.borrowed {
            true => self.planner.scopes.claim(Some(block.scope)),
            false => block.scope,
        };
        let inner = match block.loops == own {
            true => inner.to_owned(),
            false => self.planner.scopes.rename(inner, block.loops, own),
        };
        let scope = self.planner.scopes.open(own);
        let indentation = block.indentation;
        let text = format!("{indentation}async with {package}.ahead() as {scope}:\n{inner}");
        let text = format!("{before}{text}{after}");
        match block.borrowed {
            true => self.planner.scopes.rename(&text, block.scope, own),
            false => text,
        }
    }

    /// `None`: the block's statements share lines with others and stay as they are.
    pub(crate) fn block(
        &mut self,
        statements: &'a [Stmt],
        floor: usize,
        mode: Mode<'a>,
    ) -> Option<Block<'a>> {
        if !self.layout.is_plain(statements) {
            self.keep_shared_line(statements);
            return None;
        }
        let (outer, around) = (self.early, self.early_around);
        let borrowed = mode.is_ahead();
        if !borrowed {
            self.early = self.planner.scopes.claim(around);
        }
        let scope = self.early;
        self.early_around = Some(scope);
        let known = self.definite.clone();
        let flow = Flow::new(statements, self.facts);
        let mut board = Board::new(statements, mode, flow);
        self.pieces(&mut board);
        self.explain(&board);
        self.definite = known.clone();
        let first = statements.first()?;
        let line = self.layout.line_start(first.range().start().to_usize());
        let start = self
            .layout
            .trivia_start(first, self.layout.line_end(floor).min(line));
        let loops_inside = self.planner.scopes.claim(Some(scope));
        let mut writing = Writing {
            items: Vec::new(),
            above: start,
            moved_comments: HashSet::new(),
            loops: if board.mode.is_ahead() {
                loops_inside
            } else {
                scope
            },
            known,
        };
        for (index, statement) in statements.iter().enumerate() {
            self.write_issues(index, &mut board, &mut writing);
            self.write_statement(index, &mut board, &mut writing);
            self.facts.of(statement).settle(&mut self.definite);
        }
        (self.early, self.early_around) = (outer, around);
        Some(Block {
            items: writing.items,
            start,
            end: writing.above,
            scope,
            loops: writing.loops,
            borrowed,
            indentation: self.layout.indentation(first),
        })
    }

    fn keep_shared_line(&mut self, statements: &'a [Stmt]) {
        let waits = |statement: &Stmt| self.facts.of(statement).awaits;
        if statements.iter().any(waits) {
            let why = "statements that share a line stay in order";
            let help = Some("one statement a line");
            self.planner.keep(statements[0].range(), "A1", why, help);
        }
    }

    /// A statement in its place, or what is left of it there.
    fn write_statement(&mut self, index: usize, board: &mut Board<'a>, writing: &mut Writing<'a>) {
        let statement = &board.statements[index];
        let line = self.layout.line_start(statement.range().start().to_usize());
        let end = self.layout.line_end(statement.range().end().to_usize());
        if let Some(piece) = board.owner[index].map(|at| &board.pieces[at])
            && matches!(piece.work, Work::Run { .. })
            && piece.start.is_some()
        {
            if index == piece.place && !piece.lifted {
                let item = self.awaited(piece, board, writing.above);
                writing.items.push(item);
            }
            writing.above = end;
            return;
        }
        let sunk = board
            .pieces
            .iter()
            .any(|piece| piece.start.is_some() && piece.sunk.contains(&index));
        if sunk {
            writing.above = end;
            return;
        }
        let (text, inside) = self.statement_text(index, board, writing, line, end);
        let kind = Kind::Statement(statement);
        writing.items.push(Item { kind, text, inside });
        writing.above = end;
    }

    fn statement_text(
        &mut self,
        index: usize,
        board: &mut Board<'a>,
        writing: &Writing<'a>,
        line: usize,
        end: usize,
    ) -> (String, Option<String>) {
        let statement = &board.statements[index];
        let outer = std::mem::replace(&mut self.early, writing.loops);
        let moved_comments = writing.moved_comments.contains(&index);
        let from = if moved_comments { line } else { writing.above };
        board.planned[index] |= self.turned.contains(&statement.range());
        if let Stmt::For(each) = statement {
            if !std::mem::replace(&mut board.planned[index], true) {
                board.loops[index] = self.loop_text(statement, each, &board.mode);
            }
            if let Some(text) = &board.loops[index] {
                let comments = self.planner.patches.slice(from, line);
                let written = self.write_loop(text, &comments, writing.loops);
                self.early = outer;
                return written;
            }
        } else if !board.planned[index] {
            self.children(statement);
        }
        self.early = outer;
        let text = self.planner.patches.slice(from, end);
        let text = if moved_comments && writing.gap() {
            format!("\n{text}")
        } else {
            text
        };
        (whole_lines(text), None)
    }
}

/// How much of a block's text begins with some statement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rest {
    pub(super) length: usize,
    pub(super) rest: usize,
    /// Is the statement written as in the source?
    pub(super) as_it_was: bool,
}

/// What is written of a block so far.
pub(super) struct Writing<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// End of the statement above.
    pub(super) above: usize,
    /// Statements whose comments went up with their call.
    pub(super) moved_comments: HashSet<usize>,
    /// In which loops of the block run.
    loops: ScopeId,
    /// Names certainly bound where the block begins.
    pub(super) known: HashSet<&'a str>,
}

impl Writing<'_> {
    /// Does what was just written begin with a comment, so that a blank line should follow it?
    fn gap(&self) -> bool {
        self.items.last().is_some_and(|item| {
            matches!(item.kind, Kind::Issue(_)) && item.text.trim_start().starts_with('#')
        })
    }
}

/// The items from the first start of a coroutine to the last await of one.
fn started(block: &Block<'_>) -> Option<(usize, usize)> {
    let is_scoped = |item: &Item<'_>| matches!(&item.kind, Kind::Issue(issue) if issue.scoped);
    let first = block.items.iter().position(is_scoped)?;
    let awaited: Vec<TextRange> = block
        .items
        .iter()
        .filter_map(|item| match &item.kind {
            Kind::Issue(issue) if issue.scoped => Some(issue.awaited),
            _ => None,
        })
        .collect();
    let last = block.items.iter().rposition(|item| {
        let Some(range) = item.range() else {
            return false;
        };
        awaited.iter().any(|one| range.contains_range(*one))
    });
    let last_start = block.items.iter().rposition(is_scoped)?;
    Some((first, last.unwrap_or(last_start).max(last_start)))
}

pub(super) fn whole_lines(text: String) -> String {
    if text.ends_with('\n') {
        text
    } else {
        text + "\n"
    }
}

pub(crate) fn last_end(statements: &[Stmt]) -> usize {
    statements
        .last()
        .map_or(0, |statement| statement.range().end().to_usize())
}
