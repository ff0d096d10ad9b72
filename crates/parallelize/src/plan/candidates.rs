//! Calls that could be issued early: where they stand, what they need, what they may not cross.

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{
    Expr, ExprAwait, ExprCall, InterpolatedStringElement, Parameters, Ranged, Stmt,
};

use dice_catalog::Type;

use super::{FunctionPlan, Program};
use crate::dependence::Types;
use crate::effects::{Effects, GLOBALS, Receiver, Scope, call_function};
use crate::functions::State;

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
        let ranges: Vec<_> = found.iter().map(|call| call.call.range()).collect();
        found.retain(|call| {
            let range = call.call.range();
            !ranges
                .iter()
                .any(|outer| *outer != range && outer.contains_range(range))
        });
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
            helper,
            total: positional && named && fits,
        })
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
    pub(super) fn is_total(
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

    pub(super) fn types(&self) -> Types<'a, '_> {
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

    /// Are all arguments texts and numbers, which nobody can change?
    fn passes_values(&self, call: &'a ExprCall) -> bool {
        let types = self.types();
        let mut values = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        values.all(|value| {
            matches!(
                types.of(value),
                Some(Type::Text | Type::Integer | Type::Number)
            )
        })
    }
}

/// Does it only compute, call, and change nothing?
pub(crate) fn is_quiet(effects: &Effects<'_>) -> bool {
    super::flow::only_computes(effects)
        && effects.binds.is_empty()
        && effects.outer_binds.is_empty()
        && effects.changes_nothing()
}

struct Waits(usize);

impl<'a> Visitor<'a> for Waits {
    fn visit_expr(&mut self, expression: &'a Expr) {
        self.0 += usize::from(matches!(expression, Expr::Await(_)));
        visitor::walk_expr(self, expression);
    }
}

/// How many awaits a statement holds, in any place.
pub(crate) fn waits_in(statement: &Stmt) -> usize {
    let mut waits = Waits(0);
    waits.visit_stmt(statement);
    waits.0
}

pub(crate) fn waits_in_expression(expression: &Expr) -> usize {
    let mut waits = Waits(0);
    waits.visit_expr(expression);
    waits.0
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
