//! Arguments that can be evaluated whenever that is wanted.

use std::collections::{BTreeSet, HashSet};

use dice_catalog::Type;
use dice_program::ast::{Expr, ExprCall, InterpolatedStringElement};

use crate::dependence::Types;
use crate::plan::{FunctionPlan, Program};

impl<'a> FunctionPlan<'a, '_> {
    /// Can evaluating this neither fail nor be seen? Then when it happens does not matter.
    pub(in crate::plan) fn is_total(
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

    pub(in crate::plan) fn types(&self) -> Types<'a, '_> {
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

    /// Are all arguments texts and numbers, which nobody can change?
    pub(super) fn passes_values(&self, call: &'a ExprCall) -> bool {
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
