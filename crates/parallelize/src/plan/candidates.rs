//! Calls that could be issued early: where they stand, what they need, what they may not cross.

mod arguments;
mod helper;
mod waits;

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::{Expr, ExprAwait, ExprCall, Ranged, Stmt, TextRange};

use super::FunctionPlan;
use crate::effects::{Effects, call_function};
use crate::functions::State;
use waits::unconditional;
pub(crate) use waits::{waits_in, waits_in_expression};

/// `await hermod.call(…)` in a place that is reached whenever its statement is.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    /// Index of its statement in the block.
    pub(crate) statement: usize,
    /// Index of the await among those of its statement, in order of evaluation.
    pub(crate) place: usize,
    pub(crate) wait: &'a ExprAwait,
    pub(crate) call: &'a ExprCall,
    pub(crate) reads: BTreeSet<&'a str>,
    pub(crate) states: BTreeSet<State>,
    /// The statement is `name = await call` or `await call`: its comment belongs to the call.
    pub(crate) alone: bool,
    /// Its own statement, which may stand in a `try`, evaluates nothing beside it.
    pub(crate) sole: bool,
    /// In `name = await call`, the name.
    pub(crate) target: Option<&'a str>,
    /// Calls among its arguments that start when it does.
    pub(crate) along: Vec<TextRange>,
    /// A coroutine of the program's own.
    pub(crate) helper: bool,
    /// Its arguments cannot fail.
    pub(crate) total: bool,
}

impl<'a> Candidate<'a> {
    pub(crate) fn function(&self) -> Option<&'a str> {
        match &*self.call.func {
            Expr::Name(name) if self.helper => Some(name.id.as_str()),
            Expr::Attribute(method) if self.helper => Some(method.attr.as_str()),
            _ => call_function(self.call),
        }
    }
}

impl<'a> FunctionPlan<'a, '_> {
    /// The calls of `statement` that can be issued before it, in order of evaluation.
    pub(crate) fn candidates(
        &self,
        index: usize,
        statement: &'a Stmt,
        definite: &HashSet<&'a str>,
    ) -> Vec<Candidate<'a>> {
        let mut waits = Vec::new();
        let (mut alone, mut target) = (None, None);
        match statement {
            Stmt::Expr(expression) => {
                alone = Some(&*expression.value);
                unconditional(&expression.value, &mut waits);
            }
            Stmt::Assign(assign) => {
                alone = Some(&*assign.value);
                if let [Expr::Name(name)] = assign.targets.as_slice() {
                    target = Some(name.id.as_str());
                }
                unconditional(&assign.value, &mut waits);
            }
            Stmt::AnnAssign(assign) => {
                if let (Some(value), Expr::Name(name)) = (&assign.value, &*assign.target) {
                    alone = Some(value);
                    target = Some(name.id.as_str());
                    unconditional(value, &mut waits);
                }
            }
            Stmt::AugAssign(assign) if assign.target.is_name_expr() => {
                unconditional(&assign.value, &mut waits);
            }
            Stmt::Return(give) => give
                .value
                .iter()
                .for_each(|value| unconditional(value, &mut waits)),
            Stmt::If(branch) => unconditional(&branch.test, &mut waits),
            Stmt::For(each) => unconditional(&each.iter, &mut waits),
            Stmt::Try(attempt) => return self.candidates_of_try(index, attempt, definite),
            _ => {}
        }
        let usable = waits.iter().enumerate().filter_map(|(place, wait)| {
            let alone = alone.is_some_and(|value| value.range() == wait.range());
            let target = target.filter(|_| alone);
            self.candidate(index, place, wait, alone, target, definite)
        });
        let mut found: Vec<Candidate<'a>> = usable.collect();
        // What is evaluated first of another's arguments starts with that one.
        let first = |place: usize| {
            let outer = waits[place].range();
            let inside = waits
                .iter()
                .filter(|wait| outer.contains_range(wait.range()));
            place + 1 - inside.count()
        };
        let (mut taken, mut along) = (Vec::new(), Vec::new());
        for outer in &mut found {
            for (inner, wait) in waits[..outer.place].iter().enumerate() {
                let inside = outer.wait.range().contains_range(wait.range());
                if inside && first(inner) == first(outer.place) {
                    taken.push(inner);
                    along.push(wait.value.range());
                }
            }
            outer.along.append(&mut along);
        }
        found.retain(|call| !taken.contains(&call.place));
        found
    }

    /// The calls of the first statement in a `try` body, if it makes no others.
    fn candidates_of_try(
        &self,
        index: usize,
        attempt: &'a dice_program::ast::StmtTry,
        definite: &HashSet<&'a str>,
    ) -> Vec<Candidate<'a>> {
        let waits: usize = attempt.body.iter().map(waits_in).sum();
        let simple = !matches!(attempt.body[0], Stmt::Try(_) | Stmt::If(_) | Stmt::For(_));
        let mut found = match simple {
            true => self.candidates(index, &attempt.body[0], definite),
            false => Vec::new(),
        };
        if found.len() != waits || !found.iter().all(|call| call.total) {
            return Vec::new();
        }
        for call in &mut found {
            call.alone = false;
        }
        found
    }

    fn candidate(
        &self,
        statement: usize,
        place: usize,
        wait: &'a ExprAwait,
        alone: bool,
        target: Option<&'a str>,
        definite: &HashSet<&'a str>,
    ) -> Option<Candidate<'a>> {
        let Expr::Call(call) = &*wait.value else {
            return None;
        };
        let helper = !self.program.sites.is_hermod_call(&call.func);
        let mut own = self.facts.of_expression(wait)?.clone();
        own.exits = own.exits.filter(|_| !own.raises); // what a helper raises is kept until the await
        if !is_quiet(&own) || !helper && call.arguments.args.len() != 1 {
            return None;
        }
        let mut names = BTreeSet::new();
        let keywords = &call.arguments.keywords;
        let positional = !helper || {
            let mut values = call.arguments.args.iter();
            values.all(|value| self.is_total(value, definite, &mut names))
        };
        let named = keywords.iter().all(|keyword| {
            keyword.arg.is_some() && self.is_total(&keyword.value, definite, &mut names)
        });
        let fits = !helper || self.helper(call, &mut names).is_some();
        names.extend(&own.reads);
        Some(Candidate {
            statement,
            place,
            wait,
            call,
            reads: names,
            states: own.read_states.clone(),
            alone,
            sole: alone,
            target,
            along: Vec::new(),
            helper,
            total: positional && named && fits,
        })
    }

    /// May the call start before everything else that its own statement evaluates?
    pub(crate) fn own_statement_allows(
        &self,
        call: &Candidate<'a>,
        statements: &'a [Stmt],
    ) -> bool {
        let statement = &statements[call.statement];
        let header = match statement {
            Stmt::If(branch) => self.facts.of_expression(&*branch.test),
            Stmt::For(each) => self.facts.of_expression(&*each.iter),
            Stmt::Try(attempt) => Some(self.facts.of(&attempt.body[0])),
            _ => None,
        };
        let own = header.unwrap_or_else(|| self.facts.of(statement));
        // A helper that is called before it and raises on a test decides about it (E3).
        let is_first_to_raise = own.exits == Some(call.call.range());
        (call.sole || !own.raises || is_first_to_raise)
            && (header.is_some() || super::ahead::walrus_names_in(statement).is_empty())
            && !own.disturbs_states(&call.states)
            && (!self.facts.changes(own, &call.reads) || self.passes_values(call.call))
    }
}

/// Does it only compute, call, and change nothing?
pub(crate) fn is_quiet(effects: &Effects<'_>) -> bool {
    super::flow::only_computes(effects)
        && effects.binds.is_empty()
        && effects.outer_binds.is_empty()
        && effects.changes_nothing()
}
