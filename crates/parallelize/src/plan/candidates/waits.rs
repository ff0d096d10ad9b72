//! The awaits in a statement or expression.

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, ExprAwait, InterpolatedStringElement, Stmt};

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

/// Awaits that are evaluated whenever the expression is, in order of evaluation.
pub(super) fn unconditional<'a>(expression: &'a Expr, found: &mut Vec<&'a ExprAwait>) {
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
