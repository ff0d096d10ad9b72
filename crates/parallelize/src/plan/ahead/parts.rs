//! What stands inside an expression.

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, Stmt};

use crate::effects::{known, target_names};
use crate::plan::candidates::waits_in_expression;

/// Does it await anything?
pub(in crate::plan) fn waits(expression: &Expr) -> bool {
    waits_in_expression(expression) > 0
}

/// Does it call anything but Python's own functions?
pub(super) fn calls(expression: &Expr) -> bool {
    #[derive(Default)]
    struct Calls(bool);
    impl<'a> Visitor<'a> for Calls {
        fn visit_expr(&mut self, expression: &'a Expr) {
            let own = |function: &Expr| matches!(function, Expr::Name(name) if known::is_builtin(name.id.as_str()));
            self.0 |= matches!(expression, Expr::Call(call) if !own(&call.func));
            visitor::walk_expr(self, expression);
        }
    }
    let mut calls = Calls::default();
    calls.visit_expr(expression);
    calls.0
}

/// Names bound by `:=` anywhere in it.
pub(in crate::plan) fn walrus_names(expression: &Expr) -> Vec<&str> {
    let mut walrus = Walrus::default();
    walrus.visit_expr(expression);
    walrus.0
}

/// The same of a statement.
pub(in crate::plan) fn walrus_names_in(statement: &Stmt) -> Vec<&str> {
    let mut walrus = Walrus::default();
    walrus.visit_stmt(statement);
    walrus.0
}

#[derive(Default)]
struct Walrus<'a>(Vec<&'a str>);

impl<'a> Visitor<'a> for Walrus<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Named(named) = expression {
            self.0.extend(target_names(&named.target));
        }
        visitor::walk_expr(self, expression);
    }
}

/// The expressions right inside this one.
pub(super) fn parts(expression: &Expr) -> Vec<&Expr> {
    struct Parts<'a> {
        inside: bool,
        found: Vec<&'a Expr>,
    }
    impl<'a> Visitor<'a> for Parts<'a> {
        fn visit_expr(&mut self, expression: &'a Expr) {
            if self.inside {
                self.found.push(expression);
            } else {
                self.inside = true;
                visitor::walk_expr(self, expression);
            }
        }
    }
    let mut parts = Parts {
        inside: false,
        found: Vec::new(),
    };
    parts.visit_expr(expression);
    parts.found
}
