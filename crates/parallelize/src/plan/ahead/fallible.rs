//! Statements that are left out of a slice: could they fail, so that a handler around them runs?

use dice_program::ast::{Expr, InterpolatedStringElement, Stmt};

use crate::effects::known;

/// Printing and collecting what is at hand cannot fail; of everything else it is assumed.
pub(super) fn may_fail(statement: &Stmt) -> bool {
    match statement {
        Stmt::Expr(expression) => match &*expression.value {
            Expr::Call(call) => {
                let harmless = match &*call.func {
                    Expr::Name(name) => name.id.as_str() == "print",
                    Expr::Attribute(attribute) => {
                        let method = attribute.attr.as_str();
                        let collects =
                            matches!(method, "append" | "add") && known::is_mutating_method(method);
                        collects && attribute.value.is_name_expr()
                    }
                    _ => false,
                };
                let arguments = call.arguments.args.iter();
                let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
                !harmless || arguments.chain(keywords).any(value_may_fail)
            }
            value => value_may_fail(value),
        },
        Stmt::Pass(_) | Stmt::Continue(_) | Stmt::Break(_) => false,
        _ => true,
    }
}

fn value_may_fail(value: &Expr) -> bool {
    match value {
        Expr::Name(_) => false,
        Expr::FString(text) => text.value.elements().any(|element| match element {
            InterpolatedStringElement::Interpolation(part) => {
                part.format_spec.is_some() || value_may_fail(&part.expression)
            }
            InterpolatedStringElement::Literal(_) => false,
        }),
        _ => !value.is_literal_expr(),
    }
}
