//! Calls that could be issued early: where they stand, what they need, what they may not cross.

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::{
    Expr, ExprAwait, ExprCall, InterpolatedStringElement, Parameters, Ranged, Stmt,
};

use super::{FunctionPlan, Program};
use crate::dependence::Types;
use crate::effects::{Effects, GLOBALS, Receiver, Scope, call_function};
use crate::functions::{CallEffect, State};

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
    /// In `name = await call`, the name.
    pub(crate) target: Option<&'a str>,
    /// A coroutine of the program's own.
    pub(crate) helper: bool,
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
        usable.collect()
    }

    /// Calls that come first in a `try` body, or after statements that they may cross.
    fn candidates_of_try(
        &self,
        index: usize,
        attempt: &'a dice_program::ast::StmtTry,
        definite: &HashSet<&'a str>,
    ) -> Vec<Candidate<'a>> {
        let mut found: Vec<Candidate<'a>> = Vec::new();
        for (inner, statement) in attempt.body.iter().enumerate() {
            if matches!(statement, Stmt::Try(_) | Stmt::If(_) | Stmt::For(_)) {
                break;
            }
            let mut calls = self.candidates(index, statement, definite);
            calls.retain(|call| {
                attempt.body[..inner]
                    .iter()
                    .all(|before| self.may_cross(call, self.facts.of(before)))
            });
            for mut call in calls {
                call.place += found.len();
                call.alone = false;
                found.push(call);
            }
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
        let mut reads = BTreeSet::new();
        let (states, helper) = match self.program.sites.is_hermod_call(&call.func) {
            true => (self.states_of_call(call)?, false),
            false => (self.helper(call, &mut reads)?, true),
        };
        let keywords = &call.arguments.keywords;
        let positional = match helper {
            true => call
                .arguments
                .args
                .iter()
                .all(|value| self.is_total(value, definite, &mut reads)),
            false => call.arguments.args.len() == 1,
        };
        let named = keywords.iter().all(|keyword| {
            keyword.arg.is_some() && self.is_total(&keyword.value, definite, &mut reads)
        });
        let total = positional && named;
        total.then_some(Candidate {
            statement,
            place,
            wait,
            call,
            reads,
            states,
            alone,
            target,
            helper,
        })
    }

    fn states_of_call(&self, call: &ExprCall) -> Option<BTreeSet<State>> {
        match self.program.functions.effect(call_function(call)) {
            CallEffect::Pure => Some(BTreeSet::new()),
            CallEffect::Read(state) => Some(BTreeSet::from([state])),
            CallEffect::Write(_) | CallEffect::Unknown => None,
        }
    }

    /// A coroutine of the program that only computes and makes pure or read calls; with what it reads
    /// besides its arguments. Calling it with wrong arguments would raise at once, so its parameters
    /// must be as plain as the call.
    fn helper(&self, call: &'a ExprCall, reads: &mut BTreeSet<&'a str>) -> Option<BTreeSet<State>> {
        let module = self.program.module;
        let callee = module.callee(&call.func, self.scope, self.program.bindings)?;
        let bound = match callee.receiver {
            Receiver::None => 0,
            Receiver::Class => 1,
            Receiver::Object(Expr::Name(owner)) => {
                let owner = owner.id.as_str();
                let known = self.definite.contains(owner) || self.facts.outer.contains(owner);
                reads.insert(owner);
                known.then_some(1)?
            }
            Receiver::Object(_) | Receiver::Own(_) => return None,
        };
        if let Expr::Name(name) = &*call.func {
            let name = name.id.as_str();
            let local = self.facts.locals.contains(name);
            if local {
                reads.insert(name);
            }
            let outer = module.scopes.owner(self.scope, name) != Some(Scope::MODULE);
            let there = match local {
                true => self.definite.contains(name),
                false => outer || module.is_bound_early(name),
            };
            there.then_some(())?;
        }
        let mut states = BTreeSet::new();
        for target in &callee.targets {
            let function = module.callable(*target)?;
            let summary = module.summary_of(*target);
            let ahead = summary.in_place.is_none()
                && !summary.mutates
                && !summary.opaque
                && summary.written_states.is_empty();
            let usable = function.is_async && ahead && fits(call, &function.node.parameters, bound);
            usable.then_some(())?;
            if summary.touches_globals {
                reads.insert(GLOBALS);
            }
            for name in &summary.outer_reads {
                let local = self.facts.locals.contains(name);
                (!local || self.definite.contains(name)).then_some(())?;
                reads.insert(name);
            }
            states.extend(summary.read_states.iter().cloned());
        }
        Some(states)
    }

    /// Can evaluating this neither fail nor be seen? Then when it happens does not matter.
    fn is_total(
        &self,
        expression: &'a Expr,
        definite: &HashSet<&'a str>,
        reads: &mut BTreeSet<&'a str>,
    ) -> bool {
        match expression {
            Expr::Name(name) => {
                let name = name.id.as_str();
                if self.facts.locals.contains(name) {
                    reads.insert(name);
                    return definite.contains(name);
                }
                self.program.module.is_constant(name) && self.program.module.is_bound_early(name)
            }
            Expr::List(list) => list
                .elts
                .iter()
                .all(|item| self.is_total(item, definite, reads)),
            Expr::Tuple(tuple) => tuple
                .elts
                .iter()
                .all(|item| self.is_total(item, definite, reads)),
            Expr::Dict(dict) => dict.items.iter().all(|item| {
                item.key.as_ref().is_some_and(Expr::is_string_literal_expr)
                    && self.is_total(&item.value, definite, reads)
            }),
            Expr::FString(text) => text.value.elements().all(|element| match element {
                InterpolatedStringElement::Literal(_) => true,
                InterpolatedStringElement::Interpolation(part) => {
                    part.format_spec.is_none() && self.is_total(&part.expression, definite, reads)
                }
            }),
            Expr::Subscript(subscript) => {
                let Expr::StringLiteral(key) = &*subscript.slice else {
                    return false;
                };
                let owner = self.types().of(&subscript.value);
                let present = owner
                    .as_ref()
                    .and_then(|owner| owner.field(key.value.to_str()))
                    .is_some_and(|field| field.required);
                present
                    && self.is_total(&subscript.value, definite, reads)
                    && !self.facts.changes(&self.facts.whole, reads)
            }
            Expr::BinOp(operation) => {
                let known = self.types().of(expression).is_some();
                known
                    && self.is_total(&operation.left, definite, reads)
                    && self.is_total(&operation.right, definite, reads)
            }
            _ => expression.is_literal_expr(),
        }
    }

    fn types(&self) -> Types<'a, '_> {
        let Program {
            module,
            functions,
            sites,
            bindings,
            ..
        } = self.program;
        Types {
            bindings,
            module,
            sites,
            functions,
            scope: self.scope,
        }
    }

    /// May the call be issued before what `other` does (E2, E3)?
    pub(crate) fn may_cross(&self, call: &Candidate<'a>, other: &Effects<'a>) -> bool {
        let free = other.exits.is_none() && other.breaks.is_none() && other.continues.is_none();
        free && !other.disturbs_states(&call.states) && !self.facts.disturbs(other, &call.reads)
    }
}

/// Does the call pass each parameter once, by place or by name? `bound` of them are passed already.
fn fits(call: &ExprCall, parameters: &Parameters, bound: usize) -> bool {
    let arguments = &call.arguments;
    let places: Vec<&str> = parameters
        .posonlyargs
        .iter()
        .chain(&parameters.args)
        .map(|one| one.name().as_str())
        .collect();
    let filled = bound + arguments.args.len();
    if filled > places.len() || arguments.args.iter().any(Expr::is_starred_expr) {
        return false;
    }
    let mut named = Vec::new();
    for keyword in &arguments.keywords {
        let Some(name) = keyword.arg.as_ref().map(|name| name.as_str()) else {
            return false;
        };
        let known = parameters
            .args
            .iter()
            .chain(&parameters.kwonlyargs)
            .any(|one| one.name().as_str() == name);
        if !known || places[..filled].contains(&name) {
            return false;
        }
        named.push(name);
    }
    parameters.iter_non_variadic_params().all(|one| {
        let name = one.name().as_str();
        let placed = places[..filled].contains(&name);
        placed || named.contains(&name) || one.default.is_some()
    })
}

/// Awaits that are evaluated whenever the expression is, in order of evaluation.
fn unconditional<'a>(expression: &'a Expr, found: &mut Vec<&'a ExprAwait>) {
    match expression {
        Expr::Await(wait) => {
            unconditional(&wait.value, found);
            found.push(wait);
        }
        Expr::Call(call) => {
            unconditional(&call.func, found);
            call.arguments
                .args
                .iter()
                .for_each(|value| unconditional(value, found));
            call.arguments
                .keywords
                .iter()
                .for_each(|keyword| unconditional(&keyword.value, found));
        }
        Expr::Attribute(attribute) => unconditional(&attribute.value, found),
        Expr::Subscript(subscript) => {
            unconditional(&subscript.value, found);
            unconditional(&subscript.slice, found);
        }
        Expr::BinOp(operation) => {
            unconditional(&operation.left, found);
            unconditional(&operation.right, found);
        }
        Expr::UnaryOp(operation) => unconditional(&operation.operand, found),
        Expr::Compare(compare) => {
            unconditional(&compare.left, found);
            compare
                .comparators
                .first()
                .into_iter()
                .for_each(|side| unconditional(side, found));
        }
        Expr::BoolOp(operation) => operation
            .values
            .first()
            .into_iter()
            .for_each(|value| unconditional(value, found)),
        Expr::If(choice) => unconditional(&choice.test, found),
        Expr::List(list) => list.elts.iter().for_each(|item| unconditional(item, found)),
        Expr::Tuple(tuple) => tuple
            .elts
            .iter()
            .for_each(|item| unconditional(item, found)),
        Expr::Dict(dict) => {
            for item in &dict.items {
                item.key.iter().for_each(|key| unconditional(key, found));
                unconditional(&item.value, found);
            }
        }
        Expr::FString(text) => {
            for element in text.value.elements() {
                if let InterpolatedStringElement::Interpolation(part) = element {
                    unconditional(&part.expression, found);
                }
            }
        }
        _ => {}
    }
}
