//! Statements: bindings, branches that join, loops, and where `await` may stand.

use super::kind::Kind;
use super::walker::{Names, Walker};
use crate::ast::visitor::{self, Visitor};
use crate::ast::{
    ExceptHandler, Expr, ExprContext, Ranged, Stmt, StmtFor, StmtIf, StmtTry, StmtWhile,
};
use crate::diagnostic::Diagnostic;

impl<'a> Walker<'a> {
    pub(super) fn block(&mut self, body: &'a [Stmt]) {
        body.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => {
                function
                    .decorator_list
                    .iter()
                    .for_each(|decorator| self.visit(&decorator.expression));
                for parameter in &function.parameters {
                    parameter
                        .default()
                        .into_iter()
                        .for_each(|default| self.visit(default));
                }
                self.define(function);
            }
            Stmt::ClassDef(class) => {
                // Its names are attributes, not names; its methods are functions like others.
                let names = self.names.clone();
                self.block(&class.body);
                self.names = names;
                self.bind(&class.name, Kind::Unknown);
            }
            Stmt::Return(found) => {
                let kind = found
                    .value
                    .as_deref()
                    .map_or(Kind::NULL, |value| self.kind_of(value));
                self.learn_returned(kind);
            }
            Stmt::Assign(assign) => {
                let kind = self.kind_of(&assign.value);
                self.unused_call(assign.targets.as_slice(), &assign.value, &kind);
                for target in &assign.targets {
                    self.bind_target(target, kind.clone());
                }
            }
            Stmt::AnnAssign(assign) => {
                let annotated = self.annotated(&assign.annotation);
                let value = assign.value.as_deref().map(|value| self.kind_of(value));
                self.bind_target(&assign.target, value.unwrap_or(annotated));
            }
            Stmt::AugAssign(assign) => self.augmented(assign),
            Stmt::For(found) => self.for_loop(found),
            Stmt::While(found) => self.while_loop(found),
            Stmt::If(found) => self.branches(found),
            Stmt::Try(found) => self.guarded_block(found),
            Stmt::With(with) => {
                for item in &with.items {
                    let context = self.kind_of(&item.context_expr);
                    if let Some(target) = &item.optional_vars {
                        // Images and files are their own contexts.
                        self.bind_target(target, context);
                    }
                }
                self.block(&with.body);
            }
            Stmt::Match(found) => {
                self.kind_of(&found.subject);
                self.forget_bound_in(&[statement]);
                for case in &found.cases {
                    case.guard.iter().for_each(|guard| self.visit(guard));
                    self.block(&case.body);
                }
                self.forget_bound_in(&[statement]);
            }
            Stmt::Expr(found) => {
                let kind = self.kind_of(&found.value);
                self.dropped_call(&found.value, &kind);
            }
            Stmt::Import(_) | Stmt::ImportFrom(_) => {}
            other => visitor::walk_stmt(&mut Children(self), other),
        }
    }

    fn augmented(&mut self, assign: &'a crate::ast::StmtAugAssign) {
        let before = match &*assign.target {
            Expr::Name(name) => self
                .names
                .get(name.id.as_str())
                .cloned()
                .unwrap_or(Kind::Unknown),
            other => self.kind_of(other),
        };
        let added = self.kind_of(&assign.value);
        let kind = self.binary(assign.op, &before, &added, assign.range());
        self.bind_target(&assign.target, kind);
    }

    fn for_loop(&mut self, found: &'a StmtFor) {
        let iterated = self.kind_of(&found.iter);
        let item = if found.is_async {
            Kind::Unknown
        } else {
            self.iterated(&iterated, &found.iter)
        };
        let before = self.names.clone();
        self.forget_bound_in(&found.body.iter().collect::<Vec<_>>());
        self.bind_target(&found.target, item);
        self.block(&found.body);
        self.join_with(before);
        self.block(&found.orelse);
    }

    fn while_loop(&mut self, found: &'a StmtWhile) {
        let before = self.names.clone();
        self.forget_bound_in(&found.body.iter().collect::<Vec<_>>());
        self.condition(&found.test);
        self.block(&found.body);
        self.join_with(before);
        self.block(&found.orelse);
    }

    fn branches(&mut self, found: &'a StmtIf) {
        self.condition(&found.test);
        let mut before = self.names.clone();
        let mut ends: Vec<Names> = Vec::new();
        self.branch(&found.body, &mut ends);
        let mut has_else = false;
        for clause in &found.elif_else_clauses {
            self.names = before.clone();
            if let Some(test) = &clause.test {
                self.condition(test);
                before = self.names.clone();
            }
            has_else |= clause.test.is_none();
            self.branch(&clause.body, &mut ends);
        }
        if !has_else {
            ends.push(before.clone());
        }
        self.names = ends.pop().unwrap_or(before);
        ends.into_iter().for_each(|end| self.join_with(end));
    }

    /// A branch that leaves (return, raise, break, continue) has no end to join.
    fn branch(&mut self, body: &'a [Stmt], ends: &mut Vec<Names>) {
        self.block(body);
        if !body.last().is_some_and(leaves) {
            ends.push(self.names.clone());
        }
    }

    fn guarded_block(&mut self, found: &'a StmtTry) {
        let guards = usize::from(!found.handlers.is_empty());
        let before = self.names.clone();
        self.guarded += guards;
        self.block(&found.body);
        self.guarded -= guards;
        self.block(&found.orelse);
        let mut ends = vec![self.names.clone()];
        for handler in &found.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            self.names = before.clone();
            self.forget_bound_in(&found.body.iter().collect::<Vec<_>>());
            handler.type_.iter().for_each(|kind| self.visit(kind));
            if let Some(name) = &handler.name {
                self.bind(name, Kind::Unknown);
            }
            self.branch(&handler.body, &mut ends);
        }
        self.names = ends.pop().unwrap_or(before);
        ends.into_iter().for_each(|end| self.join_with(end));
        self.block(&found.finalbody);
    }

    fn join_with(&mut self, other: Names) {
        for (name, kind) in other {
            let joined = match self.names.remove(&name) {
                Some(mine) => mine.join(kind),
                None => kind,
            };
            self.names.insert(name, joined);
        }
    }

    /// What a loop body or a `try` body binds may be bound or not when it is looked at again.
    fn forget_bound_in(&mut self, body: &[&'a Stmt]) {
        let mut bound = BoundNames::default();
        body.iter()
            .for_each(|statement| bound.visit_stmt(statement));
        for name in bound.0 {
            if self.names.contains_key(name) {
                self.names.insert(name.to_owned(), Kind::Unknown);
            }
        }
    }

    pub(super) fn condition(&mut self, test: &'a Expr) {
        let kind = self.kind_of(test);
        self.tested(test, &kind);
    }

    pub(super) fn visit(&mut self, expression: &'a Expr) {
        self.kind_of(expression);
    }

    /// A call as a statement of its own, without `await`: what it gives, or whether it failed, is
    /// never seen (H2).
    fn dropped_call(&mut self, expression: &Expr, kind: &Kind) {
        match kind {
            Kind::Call { function, .. } => {
                let message = format!("the call of {function} is never awaited");
                let diagnostic = Diagnostic::warning("never-awaited", expression.range(), message);
                self.report(diagnostic.hint("write `await` before it").rule("H2"));
            }
            Kind::Coroutine { function, .. } => {
                let message = format!("{function} never runs: its coroutine is not awaited");
                let at = expression.range();
                let diagnostic = match self.function {
                    Some(_) => Diagnostic::warning("never-awaited", at, message)
                        .hint("write `await` before it"),
                    None => Diagnostic::error("never-awaited", at, message)
                        .hint(format!("asyncio.run({})", self.parsed.text(expression))),
                };
                self.report(diagnostic.rule("H2"));
            }
            _ => {}
        }
    }

    /// `color = hermod.call(…)` where `color` is never read.
    fn unused_call(&mut self, targets: &[Expr], value: &Expr, kind: &Kind) {
        let (Kind::Call { function, .. }, [Expr::Name(target)]) = (kind, targets) else {
            return;
        };
        if !self.facts.reads.contains_key(target.id.as_str()) {
            let message = format!(
                "the call of {function} is never awaited: {} is not used",
                target.id
            );
            let diagnostic = Diagnostic::warning("never-awaited", value.range(), message);
            self.report(diagnostic.hint("write `await` before it").rule("H2"));
        }
    }
}

/// Expressions of a statement that needs no rule of its own.
struct Children<'w, 'a>(&'w mut Walker<'a>);

impl<'a> Visitor<'a> for Children<'_, 'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        self.0.visit(expression);
    }
}

fn leaves(statement: &Stmt) -> bool {
    matches!(
        statement,
        Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_)
    )
}

#[derive(Default)]
struct BoundNames<'a>(Vec<&'a str>);

impl<'a> Visitor<'a> for BoundNames<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && name.ctx != ExprContext::Load
        {
            self.0.push(name.id.as_str());
        }
        visitor::walk_expr(self, expression);
    }

    fn visit_pattern(&mut self, pattern: &'a crate::ast::Pattern) {
        self.0.extend(super::facts::captured(pattern));
        visitor::walk_pattern(self, pattern);
    }
}
