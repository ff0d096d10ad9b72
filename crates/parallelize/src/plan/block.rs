//! A block: which calls are issued before which statement, and the text of each of its items.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, Ranged, Stmt, TextRange};

use super::FunctionPlan;
use super::candidates::Candidate;
use crate::effects::Effects;
use crate::emit::reindent;
use crate::functions::State;

/// How many statements up a call is moved at most: keeps planning linear.
const FARTHEST: usize = 256;

#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) items: Vec<Item<'a>>,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The name of the scope in which coroutines of the program's own are started.
    scope: String,
}

#[derive(Debug)]
pub(crate) struct Item<'a> {
    pub(crate) kind: Kind<'a>,
    /// Whole lines, comments above included.
    pub(crate) text: String,
}

#[derive(Debug)]
pub(crate) enum Kind<'a> {
    Issue(Issue<'a>),
    Statement(&'a Stmt),
}

/// `name = hermod.call(…)`, before its await.
#[derive(Debug)]
pub(crate) struct Issue<'a> {
    pub(crate) name: String,
    pub(crate) reads: BTreeSet<&'a str>,
    pub(crate) states: BTreeSet<State>,
    pub(crate) range: TextRange,
    /// A coroutine of the program's own, started rather than called.
    pub(crate) helper: bool,
}

impl<'a> FunctionPlan<'a, '_> {
    /// Plans a block and writes it, if anything in it changed.
    pub(crate) fn plan_body(&mut self, statements: &'a [Stmt], floor: usize) {
        let known = self.definite.clone();
        if let Some(block) = self.block(statements, floor) {
            self.write(&block);
        }
        self.definite = known;
    }

    pub(crate) fn write(&mut self, block: &Block<'a>) {
        let text = match self.started(block) {
            Some((first, last)) => self.scoped(block, first, last),
            None => block.items.iter().map(|item| item.text.as_str()).collect(),
        };
        if text != self.planner.patches.slice(block.start, block.end) {
            self.planner.patches.replace(block.start, block.end, text);
        }
    }

    /// The items from the first start of a coroutine to the last await of one.
    fn started(&self, block: &Block<'a>) -> Option<(usize, usize)> {
        let issues = block.items.iter().filter_map(|item| match &item.kind {
            Kind::Issue(issue) if issue.helper => Some(issue.range),
            _ => None,
        });
        let ranges: Vec<TextRange> = issues.collect();
        let first = block
            .items
            .iter()
            .position(|item| matches!(&item.kind, Kind::Issue(issue) if issue.helper))?;
        let last = block.items.iter().rposition(|item| match item.kind {
            Kind::Statement(statement) => ranges
                .iter()
                .any(|range| statement.range().contains_range(*range)),
            Kind::Issue(_) => false,
        })?;
        Some((first, last))
    }

    /// The block, with those items in an `async with`.
    fn scoped(&mut self, block: &Block<'a>, first: usize, last: usize) -> String {
        let package = self.planner.package();
        let indentation = block.items.iter().find_map(|item| match item.kind {
            Kind::Statement(statement) => Some(self.layout.indentation(statement)),
            Kind::Issue(_) => None,
        });
        let indentation = indentation.unwrap_or_default();
        let join = |items: &[Item<'a>]| {
            items
                .iter()
                .map(|item| item.text.as_str())
                .collect::<String>()
        };
        let inner = reindent(
            &join(&block.items[first..=last]),
            self.unit.chars().count() as isize,
            &self.unit,
        );
        let inner = inner.trim_start_matches('\n');
        let (before, after) = (join(&block.items[..first]), join(&block.items[last + 1..]));
        format!(
            "{before}{indentation}async with {package}.ahead() as {}:\n{inner}{after}",
            block.scope
        )
    }

    /// `None`: the block's statements share lines with others and stay as they are.
    pub(crate) fn block(&mut self, statements: &'a [Stmt], floor: usize) -> Option<Block<'a>> {
        if !self.layout.is_plain(statements) {
            if statements
                .iter()
                .any(|statement| self.facts.of(statement).awaits)
            {
                let why = "statements that share a line stay in order";
                self.planner.keep(
                    statements[0].range(),
                    "A1",
                    why,
                    Some("one statement a line"),
                );
            }
            return None;
        }
        let known = self.definite.clone();
        let mut early = self.early_calls(statements);
        let starts = early.values().flatten().any(|(call, _)| call.helper);
        let scope = match self.loop_scopes.last() {
            Some(scope) if self.in_loop => scope.clone(),
            _ if starts => self.planner.names.claim("upfront"),
            _ => String::new(),
        };
        self.in_loop = false;
        self.definite = known;
        let mut items = Vec::new();
        let start = self.layout.trivia_start(
            statements.first()?,
            self.layout.line_end(floor).min(
                self.layout
                    .line_start(statements[0].range().start().to_usize()),
            ),
        );
        let mut above = start;
        let mut moved_comments = HashSet::new();
        for (index, statement) in statements.iter().enumerate() {
            let issues = early.remove(&index).unwrap_or_default();
            let mut comments = false;
            for (call, name) in issues {
                let mut text = String::new();
                if call.alone {
                    text = self.comments_above(
                        &statements[call.statement],
                        if call.statement == index { above } else { 0 },
                    );
                    moved_comments.insert(call.statement);
                }
                comments |= !text.trim().is_empty();
                text.push_str(&self.issue_text(&statements[index], &call, &name, &scope));
                let Candidate {
                    reads,
                    states,
                    helper,
                    ..
                } = call;
                let issue = Issue {
                    name,
                    reads,
                    states,
                    range: call.call.range(),
                    helper,
                };
                items.push(Item {
                    kind: Kind::Issue(issue),
                    text,
                });
            }
            self.children(statement);
            self.facts.of(statement).settle(&mut self.definite);
            let line = self.layout.line_start(statement.range().start().to_usize());
            let end = self.layout.line_end(statement.range().end().to_usize());
            let text = match moved_comments.contains(&index) {
                true if comments => format!("\n{}", self.planner.patches.slice(line, end)),
                true => self.planner.patches.slice(line, end),
                false => self.planner.patches.slice(above, end),
            };
            let text = if text.ends_with('\n') {
                text
            } else {
                text + "\n"
            };
            items.push(Item {
                kind: Kind::Statement(statement),
                text,
            });
            above = end;
        }
        Some(Block {
            items,
            start,
            end: above,
            scope,
        })
    }

    fn comments_above(&self, statement: &'a Stmt, floor: usize) -> String {
        let line = self.layout.line_start(statement.range().start().to_usize());
        let start = self.layout.trivia_start(statement, floor.min(line));
        self.planner.patches.slice(start, line)
    }

    /// For each statement index, the calls to issue right before it.
    fn early_calls(
        &mut self,
        statements: &'a [Stmt],
    ) -> BTreeMap<usize, Vec<(Candidate<'a>, String)>> {
        let mut candidates = Vec::new();
        for (index, statement) in statements.iter().enumerate() {
            candidates.extend(self.candidates(index, statement, &self.definite));
            self.facts.of(statement).settle(&mut self.definite);
        }
        candidates.retain(|call| !self.claimed.contains(&call.call.range().start().to_usize()));
        let mut places: Vec<Option<usize>> = candidates
            .iter()
            .map(|call| self.earliest_use(call, statements))
            .collect();
        let crowded: HashSet<usize> = places.iter().flatten().copied().collect();
        for (call, place) in candidates.iter().zip(&mut places) {
            if place.is_none()
                && crowded.contains(&call.statement)
                && self.own_statement_allows(call, statements)
            {
                *place = Some(call.statement);
            }
        }
        self.explain_waiting(statements, &candidates, &places);
        let mut early: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for (call, place) in candidates.into_iter().zip(places) {
            let Some(place) = place else { continue };
            let wish = call.target.or(call.function()).unwrap_or("early");
            let name = self.planner.names.claim(&format!("{wish}_call"));
            self.planner
                .patches
                .replace_range(call.call.range(), name.clone());
            self.claimed.insert(call.call.range().start().to_usize());
            if place < call.statement || call.place > 0 {
                let why = format!(
                    "the call of `{}` is issued before earlier ones are awaited",
                    call.function().unwrap_or("?")
                );
                self.planner.moved(call.wait.range(), "A1", why);
            }
            early.entry(place).or_default().push((call, name));
        }
        early
    }

    /// Says why calls that come after others wait for them.
    fn explain_waiting(
        &mut self,
        statements: &'a [Stmt],
        candidates: &[Candidate<'a>],
        places: &[Option<usize>],
    ) {
        let mut waits = false;
        for (index, statement) in statements.iter().enumerate() {
            let effects = self.facts.of(statement);
            let simple = matches!(
                statement,
                Stmt::Expr(_)
                    | Stmt::Assign(_)
                    | Stmt::AugAssign(_)
                    | Stmt::Return(_)
                    | Stmt::AnnAssign(_)
            );
            let from = candidates.partition_point(|call| call.statement < index);
            let mut own = candidates[from..]
                .iter()
                .zip(&places[from..])
                .take_while(|(call, _)| call.statement == index);
            let (start, end) = (
                statement.range().start().to_usize(),
                statement.range().end().to_usize(),
            );
            let issued = self.claimed.range(start..end).next().is_some();
            if simple && waits && effects.awaits && !issued && !self.has_comprehension(statement) {
                let reason = match own.next() {
                    Some((_, Some(_))) => None,
                    Some((call, None)) => Some(self.blocker(call, statements)),
                    None => Some(match &effects.in_place {
                        Some(reason) => (reason.rule, reason.why.clone(), None),
                        None => (
                            "A3",
                            "its arguments may fail, or need an earlier result".to_owned(),
                            Some("compute the arguments before, from values that cannot fail"),
                        ),
                    }),
                };
                if let Some((rule, why, help)) = reason {
                    self.planner.keep(
                        statement.range(),
                        rule,
                        format!("waits for earlier calls: {why}"),
                        help,
                    );
                }
            }
            waits |= effects.awaits;
        }
    }

    fn has_comprehension(&self, statement: &'a Stmt) -> bool {
        super::comprehensions::waits_in_one(statement)
    }

    fn blocker(
        &self,
        call: &Candidate<'a>,
        statements: &'a [Stmt],
    ) -> (&'static str, String, Option<&'static str>) {
        let before = statements[..call.statement]
            .iter()
            .rev()
            .map(|statement| self.facts.of(statement));
        for effects in before.take(FARTHEST) {
            if self.may_cross(call, effects) {
                continue;
            }
            if effects.exits.is_some() || effects.breaks.is_some() || effects.continues.is_some() {
                return (
                    "E3",
                    "whether it is made hangs on a test before it".to_owned(),
                    None,
                );
            }
            if effects.disturbs_states(&call.states) {
                return (
                    "E2",
                    "what it reads is changed, or time passes, before it".to_owned(),
                    None,
                );
            }
            return (
                "A3",
                "it needs what is computed right before it".to_owned(),
                None,
            );
        }
        ("A1", "nothing before it waits".to_owned(), None)
    }

    /// The first statement before the call's own that waits, and that the call may be issued before.
    fn earliest_use(&self, call: &Candidate<'a>, statements: &'a [Stmt]) -> Option<usize> {
        let own = call.statement;
        let effects = self.facts.of(&statements[own]);
        let carried = effects.binds.iter().any(|name| call.reads.contains(name));
        let stays = self.in_loop && !carried && stays_in_body(effects);
        let mut waiting = ((call.place > 0 || stays)
            && self.own_statement_allows(call, statements))
        .then_some(own);
        for index in (own.saturating_sub(FARTHEST)..own).rev() {
            let effects = self.facts.of(&statements[index]);
            if !self.may_cross(call, effects) {
                break;
            }
            if effects.awaits || self.in_loop && stays_in_body(effects) {
                waiting = Some(index);
            }
        }
        if call.place > 0 && !self.own_statement_allows(call, statements) {
            None
        } else {
            waiting
        }
    }

    /// May the call be issued before everything else that its own statement evaluates?
    fn own_statement_allows(&self, call: &Candidate<'a>, statements: &'a [Stmt]) -> bool {
        let statement = &statements[call.statement];
        if matches!(statement, Stmt::Try(_)) || call.place == 0 {
            return true;
        }
        let own = self.facts.of(statement);
        !has_walrus(statement)
            && !own.disturbs_states(&call.states)
            && !self.facts.changes(own, &call.reads)
    }

    fn issue_text(
        &self,
        before: &'a Stmt,
        call: &Candidate<'a>,
        name: &str,
        scope: &str,
    ) -> String {
        let indentation = self.layout.indentation(before);
        let range = call.call.range();
        let text = self.original(range);
        let old_start = self.layout.line_start(range.start().to_usize());
        let old_column = self.layout.source[old_start..range.start().to_usize()]
            .chars()
            .count();
        let (open, close) = if call.helper {
            (format!("{scope}.start("), ")")
        } else {
            (String::new(), "")
        };
        let new_column = indentation.chars().count() + name.chars().count() + 3 + open.len();
        let first = text.lines().next().unwrap_or("");
        let hanging = first.trim_end().ends_with(['(', '[', '{']);
        let old_line = &self.layout.source[old_start..];
        let old_indentation = old_line.len() - old_line.trim_start_matches([' ', '\t']).len();
        let shift = match hanging {
            true => indentation.len() as isize - old_indentation as isize,
            false => new_column as isize - old_column as isize,
        };
        let moved = match text.split_once('\n') {
            Some((first, rest)) => format!("{first}\n{}", reindent(rest, shift, " ")),
            None => text,
        };
        format!("{indentation}{name} = {open}{moved}{close}\n")
    }

    /// The text of a call before it was replaced by its name.
    fn original(&self, range: TextRange) -> String {
        self.planner.patches.original(range)
    }
}

/// In a loop body, what may not run ahead would hold back a call that stands after it.
fn stays_in_body(effects: &Effects<'_>) -> bool {
    let carried = effects
        .binds
        .iter()
        .any(|name| effects.exposed.contains(name));
    carried || effects.in_place.is_some() || !effects.mutates.is_empty() || !effects.own.is_empty()
}

pub(crate) fn last_end(statements: &[Stmt]) -> usize {
    statements
        .last()
        .map_or(0, |statement| statement.range().end().to_usize())
}

fn has_walrus(statement: &Stmt) -> bool {
    struct Walrus(bool);
    impl<'a> Visitor<'a> for Walrus {
        fn visit_expr(&mut self, expression: &'a Expr) {
            self.0 |= matches!(expression, Expr::Named(_));
            visitor::walk_expr(self, expression);
        }
    }
    let mut walrus = Walrus(false);
    walrus.visit_stmt(statement);
    walrus.0
}
