//! The slice, forward: which statements can be done once more ahead of their time, statement by statement.
//! What cannot is left out, and what hangs on it is unknown from there on.

mod assign;
mod branch;
mod loops;

use std::collections::HashSet;

use dice_program::ast::{Expr, Ranged, Stmt, TextRange};

use super::Slicer;
use super::judge::Use;
use super::node::{Branch, Code, Kind, Leave, Names, Node};
use super::unknown::Part;
use crate::effects::{Effects, FunctionFacts, GLOBALS};

/// Does what follows in the block never run in the slice?
pub(super) type Ended = bool;

impl<'a> Slicer<'a, '_> {
    /// Does the body take this call from the slice?
    pub(super) fn hands_over(&self, call: TextRange) -> bool {
        self.handing.is_some_and(|calls| calls.contains(&call))
    }

    pub(super) fn is_unknown(&self, name: &str) -> bool {
        self.unknown.touches(name) || self.dirty.contains(name)
    }

    /// Is the variable unknown, or that part of what it holds?
    pub(super) fn is_part_unknown(&self, part: Part<'a>) -> bool {
        self.unknown.holds(part) || self.dirty.contains(part.name)
    }

    /// May the slice have a variable of its own by that name?
    pub(super) fn may_bind(&self, name: &str) -> bool {
        self.facts.locals.contains(name) && !self.dirty.contains(name)
    }

    pub(super) fn code(&self, range: TextRange) -> Code {
        let start = range.start().to_usize();
        let line = &self.layout.source[self.layout.line_start(start)..];
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        Code {
            text: self.patches.slice_range(range),
            column: blank,
        }
    }

    pub(super) fn block(&mut self, statements: &'a [Stmt], out: &mut Vec<Node<'a>>) -> Ended {
        statements
            .iter()
            .any(|statement| self.statement(statement, out))
    }

    fn statement(&mut self, statement: &'a Stmt, out: &mut Vec<Node<'a>>) -> Ended {
        self.may_exit = self.facts.of(statement).raises;
        self.blocked = false;
        match statement {
            Stmt::Pass(_) => false,
            Stmt::Break(_) => leave(Leave::Break, out),
            Stmt::Continue(_) => leave(Leave::Continue, out),
            Stmt::Return(give) => {
                give.value.iter().for_each(|value| self.targets(value, out));
                self.give(give.value.as_deref(), out)
            }
            Stmt::Raise(raise) => self.raise(raise, out),
            Stmt::Assert(assert) => self.assert(statement, &assert.test, out),
            Stmt::Expr(expression) => self.expression(statement, &expression.value, out),
            Stmt::Assign(assign) => self.assign(statement, &assign.targets, &assign.value, out),
            Stmt::AnnAssign(assign) => match &assign.value {
                Some(value) => {
                    self.assign(statement, std::slice::from_ref(&*assign.target), value, out)
                }
                None => false,
            },
            Stmt::AugAssign(assign) => self.augment(statement, assign, out),
            Stmt::If(branch) => self.branches(branch, out),
            Stmt::For(each) => self.each(statement, each, out),
            Stmt::While(repeat) => self.repeat(statement, repeat, out),
            Stmt::Try(attempt) => self.attempt(statement, attempt, out),
            Stmt::With(with) => self.with(statement, with, out),
            Stmt::Match(choice) => self.choice(statement, choice, out),
            _ => self.leave_out(statement, out),
        }
    }

    fn give(&mut self, value: Option<&'a Expr>, out: &mut Vec<Node<'a>>) -> Ended {
        if !self.giving {
            return leave(Leave::Return, out);
        }
        let needs = value.map_or_else(|| Some(Use::default()), |value| self.judge_raising(value));
        let Some(needs) = needs else {
            self.withheld = true;
            return leave(Leave::Return, out);
        };
        let value = value.map(|value| self.code(value.range()));
        out.push(node(Kind::Give(value), needs));
        true
    }

    /// The statement is not done ahead; what it binds and changes is unknown from here on.
    pub(super) fn leave_out(&mut self, statement: &'a Stmt, out: &mut Vec<Node<'a>>) -> Ended {
        let effects = self.facts.of(statement);
        self.forget(effects);
        self.fallible |= super::fallible::may_fail(statement);
        self.stop(effects, out)
    }

    pub(super) fn forget(&mut self, effects: &Effects<'a>) {
        self.unknown.extend(&effects.binds);
        self.unknown.extend(&effects.unbinds);
        self.unknown.extend(self.touched(effects));
    }

    /// Variables, or parts of them, in which something is changed in place.
    pub(super) fn touched(&self, effects: &Effects<'a>) -> Vec<Part<'a>> {
        let (facts, heap) = (self.facts, &self.facts.heap);
        let nodes = effects.mutates.iter();
        let names = nodes.flat_map(|node| heap.names_reaching(*node).iter().copied());
        let smashed = effects.smashes.iter();
        let names = names.chain(smashed.flat_map(|node| heap.names_sharing(*node)));
        let real = |name: &&'a str| {
            facts.locals.contains(name) || facts.outer.contains(name) || *name == GLOBALS
        };
        let names: Names<'a> = names.filter(real).collect();
        if names.is_empty() && effects.own.is_empty() {
            return Vec::new();
        }
        let changed = facts.changed(effects);
        let own = effects.own.iter().map(|(_, name)| *name).filter(real);
        let parts = names
            .into_iter()
            .flat_map(|name| parts_of(facts, name, &changed));
        parts.chain(own.map(Part::from)).collect()
    }

    fn assert(&mut self, statement: &'a Stmt, test: &'a Expr, out: &mut Vec<Node<'a>>) -> Ended {
        self.targets(test, out);
        self.withheld = true; // it may raise
        let Some(needs) = self.judge(test).filter(|_| self.guessing.is_none()) else {
            return self.leave_out(statement, out);
        };
        self.bind(needs.binds.iter().copied());
        let mut code = self.code(test.range());
        code.text = format!("not ({})", code.text);
        let body = vec![Node::new(Kind::Leave(Leave::Return))];
        let branch = Branch {
            test: Some(code),
            body,
        };
        out.push(node(Kind::If(vec![branch]), needs));
        false
    }

    pub(super) fn bind(&mut self, names: impl Iterator<Item = &'a str>) {
        names.for_each(|name| {
            self.unknown.forget(name);
        });
    }

    /// If what was left out may leave, the slice must stop here.
    pub(super) fn stop(&mut self, effects: &Effects<'a>, out: &mut Vec<Node<'a>>) -> Ended {
        let how = match effects {
            Effects { exits: Some(_), .. } => Leave::Return,
            Effects {
                breaks: Some(_), ..
            } => Leave::Break,
            Effects {
                continues: Some(_), ..
            } => Leave::Continue,
            _ => return false,
        };
        self.withheld = true;
        if self.guessing.is_some() {
            return false;
        }
        self.stopped = self.stopped.max(Some(how));
        leave(how, out)
    }

    /// All that shares objects with these names may be changed.
    pub(super) fn smash(&mut self, names: &HashSet<&'a str>) {
        let heap = &self.facts.heap;
        let reached: HashSet<usize> = names
            .iter()
            .flat_map(|name| heap.reach_of_name(name))
            .collect();
        let shares = |name: &&&str| {
            heap.reach_of_name(name)
                .iter()
                .any(|node| reached.contains(node))
        };
        let shared: Vec<&'a str> = self.facts.locals.iter().filter(shares).copied().collect();
        self.unknown.extend(shared);
        self.unknown.extend([GLOBALS]);
    }
}

/// What of the variable is among the changed.
fn parts_of<'a>(
    facts: &FunctionFacts<'a>,
    name: &'a str,
    changed: &HashSet<usize>,
) -> Vec<Part<'a>> {
    let part = |of_items, attribute| Part {
        name,
        attribute,
        of_items,
    };
    let items = facts.item_parts_in(name, changed).into_iter();
    let items: Vec<Part<'a>> = items.map(|field| part(true, Some(field))).collect();
    if !items.is_empty() {
        return items;
    }
    let parts = facts.parts_in(name, changed).into_iter();
    parts.map(|(_, field)| part(false, field)).collect()
}

pub(super) fn merge<'a>(into: &mut Use<'a>, other: Use<'a>) {
    into.reads.extend(other.reads);
    into.looks.extend(other.looks);
    into.binds.extend(other.binds);
    into.waits.extend(other.waits);
    into.exits |= other.exits;
}

pub(super) fn node<'a>(kind: Kind<'a>, needs: Use<'a>) -> Node<'a> {
    Node {
        reads: needs.reads,
        looks: needs.looks,
        binds: needs.binds,
        changes: Names::new(),
        waits: needs.waits,
        exits: needs.exits,
        handed: false,
        kind,
    }
}

pub(super) fn leave(how: Leave, out: &mut Vec<Node<'_>>) -> Ended {
    out.push(Node::new(Kind::Leave(how)));
    true
}
