//! The calls of a loop, and which of them its body can take from elsewhere.

use std::collections::{HashMap, HashSet};

use dice_program::CallSites;
use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, ExprAwait, ExprCall, Ranged, Stmt, TextRange};

use crate::effects::call_function;
use crate::emit::NewNames;
use crate::functions::{CallEffect, Functions};

/// `page = await hermod.call(…)`
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) statement: &'a Stmt,
    pub(super) wait: &'a ExprAwait,
    target: Option<&'a str>,
}

/// The calls that a loop awaits.
#[derive(Debug, Clone)]
pub(super) struct Sites<'a> {
    /// Those that a statement awaits first of all.
    placed: HashMap<TextRange, Place<'a>>,
    calls: Vec<&'a ExprCall>,
    /// Those that equal ones do not join: they read, or are only assumed to be pure (E1, E5).
    pub(super) apart: HashSet<TextRange>,
}

impl<'a> Sites<'a> {
    /// `None`: the loop does something for which it must stay as it is.
    pub(super) fn of(each: &'a Stmt, known: &CallSites<'a>, functions: &Functions) -> Option<Self> {
        let mut reader = Reader::default();
        reader.visit_stmt(each);
        let mut apart = HashSet::new();
        for call in &reader.calls {
            let name = call_function(call).filter(|_| known.is_hermod_call(&call.func))?;
            match functions.effect(Some(name)) {
                CallEffect::Pure if !functions.is_assumed(name) => {}
                CallEffect::Pure | CallEffect::Read(_) => {
                    apart.insert(call.range());
                }
                CallEffect::Write(_) => {}
                CallEffect::Unknown => return None,
            }
        }
        let usable = !reader.bound && !apart.is_empty();
        usable.then_some(Self {
            placed: reader.placed,
            calls: reader.calls,
            apart,
        })
    }

    /// Can the body take all of these from elsewhere? Their texts tell them apart, and nothing is missed
    /// where their arguments are not evaluated.
    pub(super) fn place_all(
        &self,
        handed: &HashSet<TextRange>,
        source: &str,
        evaluates_only: impl Fn(&'a ExprAwait) -> bool,
    ) -> bool {
        let texts: HashSet<&str> = handed
            .iter()
            .map(|call| &source[call.to_std_range()])
            .collect();
        let mut places = handed.iter().map(|call| self.place(*call));
        texts.len() == handed.len()
            && places.all(|place| place.is_some_and(|place| evaluates_only(place.wait)))
    }

    /// In the order of the text, each with a name.
    pub(super) fn named(
        &self,
        handed: &HashSet<TextRange>,
        names: &mut NewNames,
    ) -> Vec<(TextRange, String)> {
        let mut named = Vec::new();
        for call in self
            .calls
            .iter()
            .filter(|call| handed.contains(&call.range()))
        {
            let placed = self.placed.get(&call.range());
            let target = placed.and_then(|place| place.target);
            let word = target.or_else(|| call_function(call)).unwrap_or("next");
            named.push((call.range(), names.claim(&format!("{word}_call"))));
        }
        named
    }

    /// The call that a statement awaits first of all.
    pub(super) fn call_of(&self, statement: &Stmt) -> Option<&'a ExprCall> {
        let awaited = |call: &&&'a ExprCall| {
            let placed = self.placed.get(&call.range());
            placed.is_some_and(|place| place.statement.range() == statement.range())
        };
        self.calls.iter().find(awaited).copied()
    }

    /// Where the call is awaited.
    pub(super) fn place(&self, call: TextRange) -> Option<Place<'a>> {
        self.placed.get(&call).copied()
    }
}

#[derive(Default)]
struct Reader<'a> {
    placed: HashMap<TextRange, Place<'a>>,
    calls: Vec<&'a ExprCall>,
    /// Does it hold what awaits something else, what may swallow an exception unseen, or functions?
    bound: bool,
}

impl<'a> Reader<'a> {
    /// `page = await hermod.call(…)`, and its like.
    fn place(&mut self, statement: &'a Stmt) {
        let (target, value) = match statement {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [Expr::Name(name)] => (Some(name.id.as_str()), &*assign.value),
                _ => return,
            },
            Stmt::AnnAssign(assign) => match (&*assign.target, &assign.value) {
                (Expr::Name(name), Some(value)) => (Some(name.id.as_str()), &**value),
                _ => return,
            },
            Stmt::Expr(expression) => (None, &*expression.value),
            _ => return,
        };
        if let Expr::Await(wait) = value
            && let Expr::Call(call) = &*wait.value
        {
            let place = Place {
                statement,
                wait,
                target,
            };
            self.placed.insert(call.range(), place);
        }
    }
}

impl<'a> Visitor<'a> for Reader<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::With(_) | Stmt::FunctionDef(_) | Stmt::ClassDef(_) => self.bound = true,
            Stmt::For(each) if each.is_async => self.bound = true,
            Stmt::Try(attempt) if attempt.is_star || !attempt.finalbody.is_empty() => {
                self.bound = true;
            }
            _ => {
                self.place(statement);
                visitor::walk_stmt(self, statement);
            }
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Await(wait) => match &*wait.value {
                Expr::Call(call) => self.calls.push(call),
                _ => self.bound = true,
            },
            Expr::Yield(_) | Expr::YieldFrom(_) => self.bound = true,
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }
}
