//! Comparisons and tests that say the same whatever happens.

use dice_catalog::{Field, Type};

use super::kind::{Kind, could_be};
use super::walker::Walker;
use crate::ast::{CmpOp, Expr, ExprCompare, Ranged};
use crate::diagnostic::Diagnostic;

impl<'a> Walker<'a> {
    pub(super) fn compare(&mut self, compare: &'a ExprCompare) {
        let mut left = self.kind_of(&compare.left);
        let mut left_expression = &*compare.left;
        for (operator, right_expression) in compare.ops.iter().zip(&compare.comparators) {
            let right = self.kind_of(right_expression);
            // `call is None` is fine: a call may be there or not.
            if !matches!(operator, CmpOp::Is | CmpOp::IsNot) {
                self.used_as_value(&left, left_expression.range(), "compared");
                self.used_as_value(&right, right_expression.range(), "compared");
            }
            if matches!(operator, CmpOp::Eq | CmpOp::NotEq) {
                self.equal(left_expression, &left, right_expression, &right);
                self.equal(right_expression, &right, left_expression, &left);
            }
            left = right;
            left_expression = right_expression;
        }
    }

    /// A result beside a literal that it can never equal.
    fn equal(&mut self, value: &Expr, kind: &Kind, other: &Expr, other_kind: &Kind) {
        let Kind::Value(kind) = kind else { return };
        let text = self.parsed.text(value);
        match (kind, other_kind) {
            (Type::Enum(values), Kind::Literal(literals)) => {
                let known: Vec<_> = values.iter().filter_map(|value| value.as_str()).collect();
                if let Some(literal) = literals
                    .iter()
                    .find(|literal| !known.contains(&literal.as_str()))
                    && literals.len() == 1
                {
                    let message = format!("{text} is never \"{literal}\"");
                    let hint = match dice_catalog::closest(literal, known.iter().copied()) {
                        Some(closest) => format!("did you mean \"{closest}\"?"),
                        None => format!("it is one of {}", known.join(", ")),
                    };
                    self.report(
                        Diagnostic::warning("never-equal", other.range(), message).hint(hint),
                    );
                }
            }
            (Type::Record { fields, .. }, Kind::Literal(_)) => {
                self.record_beside_literal(text, fields, &Type::Text, other);
            }
            (Type::Record { fields, .. }, Kind::Value(Type::Boolean))
                if other.is_boolean_literal_expr() =>
            {
                self.record_beside_literal(text, fields, &Type::Boolean, other);
            }
            (Type::List(_) | Type::Image, Kind::Literal(_)) => {
                let words = Kind::Value(kind.clone()).words();
                let message = format!("{text} is {words} and never equal to text");
                self.report_guarded(Diagnostic::error("never-equal", other.range(), message));
            }
            _ => {}
        }
    }

    fn record_beside_literal(
        &mut self,
        text: &str,
        fields: &[Field],
        literal: &Type,
        other: &Expr,
    ) {
        let message = format!(
            "{text} is an object and never equal to {}",
            self.parsed.text(other)
        );
        let mut diagnostic = Diagnostic::error("never-equal", other.range(), message);
        let meant = fields.iter().find(|field| could_be(&field.kind, literal));
        diagnostic.hint = meant.map(|field| field_of(text, &field.name));
        self.report_guarded(diagnostic);
    }

    /// A test that says the same whatever happened.
    pub(super) fn tested(&mut self, test: &Expr, kind: &Kind) {
        self.used_as_value(kind, test.range(), "tested");
        if let Kind::Value(Type::Record { fields, .. }) = kind
            && let Some(field) = fields.iter().find(|field| field.required)
        {
            let text = self.parsed.text(test);
            let message = format!("{text} is an object, which is always true");
            let hint = field_of(text, &field.name);
            self.report(Diagnostic::warning("always-true", test.range(), message).hint(hint));
        }
    }
}

/// An awaited call needs parentheses.
fn field_of(text: &str, field: &str) -> String {
    if text.starts_with("await ") {
        format!("({text})[\"{field}\"]")
    } else {
        format!("{text}[\"{field}\"]")
    }
}
