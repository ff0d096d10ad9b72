//! Statements: what they bind, in the order in which they run.

use super::Expansion;
use super::shape::Shape;
use crate::ast::visitor::{self, Visitor};
use crate::ast::{ElifElseClause, Expr, Ranged, Stmt, StmtFor, StmtTry};
use crate::diagnostic::Diagnostic;

/// Rounds after which what a loop carries over is taken to be settled.
const MOST_ROUNDS: usize = 4;

/// Loops within loops: each takes a few rounds of all that are in it.
const DEEPEST_LOOP: usize = 6;

impl<'a> Expansion<'a> {
    pub(super) fn block(&mut self, statements: &'a [Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Assign(assign) => {
                let value = self.shape_of(&assign.value);
                for target in &assign.targets {
                    self.bind_target(target, value.clone());
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    let value = self.shape_of(value);
                    self.bind_target(&assign.target, value);
                }
            }
            Stmt::AugAssign(assign) => {
                let more = self.shape_of(&assign.value);
                let known = self.shape_of(&assign.target);
                if let Expr::Name(name) = &*assign.target {
                    let shape = if known.is_list() {
                        known.join(more)
                    } else {
                        known
                    };
                    self.scope.bind(name.id.as_str(), shape);
                }
            }
            Stmt::Expr(statement) => {
                self.shape_of(&statement.value);
            }
            Stmt::For(each) => self.for_loop(each),
            Stmt::While(repeat) => self.repeated(repeat, &mut |this| {
                this.shape_of(&repeat.test);
                this.block(&repeat.body);
            }),
            Stmt::If(choice) => {
                self.shape_of(&choice.test);
                self.branches(&choice.body, &choice.elif_else_clauses);
            }
            Stmt::With(with) => {
                for item in &with.items {
                    let shape = self.shape_of(&item.context_expr);
                    if let Some(target) = &item.optional_vars {
                        self.bind_target(target, shape);
                    }
                }
                self.block(&with.body);
            }
            Stmt::Try(attempt) => self.attempt(attempt),
            Stmt::Return(done) => {
                if let Some(value) = &done.value {
                    let message = "`answer` returns nothing: what it prints is the answer";
                    let found = Diagnostic::error("return-value", value.range(), message);
                    self.problem(found.hint("print it, then `return`"));
                }
            }
            Stmt::FunctionDef(function) => self.nested(&function.body),
            Stmt::ClassDef(class) => self.nested(&class.body),
            other => visitor::walk_stmt(&mut Inside(self), other),
        }
    }

    fn for_loop(&mut self, each: &'a StmtFor) {
        let item = self.shape_of(&each.iter).item();
        self.repeated(each, &mut |this| {
            this.bind_target(&each.target, item.clone());
            this.block(&each.body);
        });
        self.block(&each.orelse);
    }

    /// A body that runs any number of times: walked without effect until it finds what it leaves, then once.
    fn repeated(&mut self, loops: &impl Ranged, body: &mut dyn FnMut(&mut Self)) {
        if self.loops == DEEPEST_LOOP {
            let message = format!("more than {DEEPEST_LOOP} loops within each other");
            self.problem(Diagnostic::error("not-expanded", loops.range(), message));
            return;
        }
        self.loops += 1;
        for _ in 0..MOST_ROUNDS {
            let before = self.scope.clone();
            let edits = self.edits.len();
            let (problems, helpers, needs) = (self.problems.len(), self.helpers, self.needs_images);
            body(self);
            self.edits.truncate(edits);
            self.problems.truncate(problems);
            (self.helpers, self.needs_images) = (helpers, needs);
            let after = std::mem::take(&mut self.scope);
            let settled = before.agrees(&after);
            self.scope = before.join(after);
            if settled {
                break;
            }
        }
        let before = self.scope.clone();
        body(self);
        let after = std::mem::take(&mut self.scope);
        self.scope = before.join(after);
        self.loops -= 1;
    }

    fn branches(&mut self, body: &'a [Stmt], others: &'a [ElifElseClause]) {
        let before = self.scope.clone();
        self.block(body);
        let taken = (!leaves(body)).then(|| self.scope.clone());
        self.scope = before;
        match others.split_first() {
            None => {}
            Some((next, rest)) => match &next.test {
                Some(test) => {
                    self.shape_of(test);
                    self.branches(&next.body, rest);
                }
                None => {
                    self.block(&next.body);
                    if leaves(&next.body)
                        && let Some(taken) = taken
                    {
                        self.scope = taken;
                        return;
                    }
                }
            },
        }
        if let Some(taken) = taken {
            let other = std::mem::take(&mut self.scope);
            self.scope = taken.join(other);
        }
    }

    fn attempt(&mut self, attempt: &'a StmtTry) {
        let before = self.scope.clone();
        self.block(&attempt.body);
        let anywhere = before.join(self.scope.clone());
        self.block(&attempt.orelse);
        for handler in &attempt.handlers {
            let crate::ast::ExceptHandler::ExceptHandler(handler) = handler;
            let so_far = std::mem::replace(&mut self.scope, anywhere.clone());
            if let Some(name) = &handler.name {
                self.scope.bind(name.as_str(), Shape::Unknown);
            }
            self.block(&handler.body);
            let handled = std::mem::take(&mut self.scope);
            self.scope = so_far.join(handled);
        }
        self.block(&attempt.finalbody);
    }

    /// A function or class of its own: its body cannot wait for calls.
    fn nested(&mut self, body: &'a [Stmt]) {
        let outer = self.no_await.replace("a nested function");
        let before = self.scope.clone();
        self.block(body);
        self.scope = before;
        self.no_await = outer;
    }

    pub(super) fn bind_target(&mut self, target: &'a Expr, value: Shape) {
        match target {
            Expr::Name(name) => self.scope.bind(name.id.as_str(), value),
            Expr::Tuple(tuple) => self.bind_each(&tuple.elts, &value),
            Expr::List(list) => self.bind_each(&list.elts, &value),
            Expr::Starred(starred) => self.bind_target(&starred.value, Shape::list(value)),
            Expr::Subscript(place) => {
                self.shape_of(&place.slice);
                let holder = self.shape_of(&place.value);
                if let Expr::Name(name) = &*place.value {
                    let more = match holder {
                        Shape::List(_) | Shape::Of(dice_catalog::Type::List(_), _) => {
                            Shape::list(value)
                        }
                        _ => Shape::Map(Box::new(value)),
                    };
                    self.scope.widen(name.id.as_str(), more);
                }
            }
            other => {
                self.shape_of(other);
            }
        }
    }

    fn bind_each(&mut self, targets: &'a [Expr], value: &Shape) {
        for (position, target) in targets.iter().enumerate() {
            let shape = match value {
                Shape::Tuple(items) => items.get(position).cloned().unwrap_or(Shape::Unknown),
                other => other.item(),
            };
            self.bind_target(target, shape);
        }
    }
}

/// Does what follows this block not follow from it?
fn leaves(block: &[Stmt]) -> bool {
    matches!(
        block.last(),
        Some(Stmt::Return(_) | Stmt::Raise(_) | Stmt::Continue(_) | Stmt::Break(_))
    )
}

/// For what has nothing of its own to say: its parts are walked.
pub(super) struct Inside<'w, 'a>(pub(super) &'w mut Expansion<'a>);

impl<'a> Visitor<'a> for Inside<'_, 'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.0.statement(statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        self.0.shape_of(expression);
    }
}
