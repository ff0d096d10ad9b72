//! The text of a loop whose first items run ahead: a coroutine, and the loop that stays in its place.

use std::collections::BTreeSet;

use dice_program::ast::{Expr, Ranged, Stmt, StmtFor, TextRange};

use super::ahead_ranges;
use crate::emit::{ScopeId, call_of, reindent};
use crate::functions::State;
use crate::plan::FunctionPlan;
use crate::plan::block::Block;
use crate::plan::coroutine::Lines;
use crate::plan::loop_text::{noun, unwrapped, with_return};
use crate::plan::pieces::Board;
use crate::plan::prefix::Prefix;

/// A loop in two parts: what runs ahead, and what stays.
#[derive(Debug, Clone)]
pub(crate) struct LoopText<'a> {
    pub(in crate::plan) coroutine: String,
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
    pub(super) reads: BTreeSet<&'a str>,
    pub(super) states: BTreeSet<State>,
    pub(in crate::plan) ranges: Vec<TextRange>,
}

impl LoopText<'_> {
    /// A word for all of the iterations.
    pub(in crate::plan) fn plural(&self) -> String {
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
    /// The text of a loop whose first items run ahead.
    pub(super) fn divide(
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

    /// The loop as it stands in its place, and the same where its scope is open already.
    pub(in crate::plan) fn write_loop(
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
    pub(in crate::plan) fn each_issue(
        &mut self,
        text: &LoopText<'a>,
        at: usize,
        start: usize,
        opens: bool,
        board: &mut Board<'a>,
    ) -> String {
        let indentation = self.layout.indentation(&board.statements[start]);
        let own = text.indentation;
        let mut lines = Lines::default();
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
        let mut lines = Lines::default();
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
