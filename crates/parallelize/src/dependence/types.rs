//! Types of expressions as far as result schemas tell: what is certain to be there cannot fail to be read.

use dice_catalog::Type;
use dice_program::CallSites;
use dice_program::ast::{Expr, Operator};

use super::bindings::{Bindings, Source};
use crate::effects::{Module, Scope, call_function};
use crate::functions::Functions;

/// Longest chain of names followed.
const DEEPEST: usize = 12;

#[derive(Clone, Copy)]
pub(crate) struct Types<'a, 'w> {
    pub(crate) bindings: &'w Bindings<'a>,
    pub(crate) module: &'w Module<'a>,
    pub(crate) sites: &'w CallSites<'a>,
    pub(crate) functions: &'w Functions,
    /// The function whose expressions are asked about.
    pub(crate) scope: Scope,
}

impl<'a> Types<'a, '_> {
    pub(crate) fn of(&self, expression: &'a Expr) -> Option<Type> {
        self.at(expression, 0)
    }

    fn at(&self, expression: &'a Expr, depth: usize) -> Option<Type> {
        if depth > DEEPEST {
            return None;
        }
        let depth = depth + 1;
        match expression {
            Expr::NumberLiteral(number) => Some(if number.value.is_int() {
                Type::Integer
            } else {
                Type::Number
            }),
            Expr::StringLiteral(_) | Expr::FString(_) => Some(Type::Text),
            Expr::List(list) => {
                let first = self.at(list.elts.first()?, depth)?;
                let same = list
                    .elts
                    .iter()
                    .all(|item| self.at(item, depth).as_ref() == Some(&first));
                same.then(|| Type::List(Box::new(first)))
            }
            Expr::Await(wait) => match &*wait.value {
                Expr::Call(call) if self.sites.is_hermod_call(&call.func) => {
                    self.functions.result(call_function(call)?).cloned()
                }
                _ => None,
            },
            Expr::Name(name) => self.name(name.id.as_str(), depth),
            Expr::Subscript(subscript) => {
                match (self.at(&subscript.value, depth)?, &*subscript.slice) {
                    (owner @ Type::Record { .. }, Expr::StringLiteral(key)) => {
                        Some(owner.field(key.value.to_str())?.kind.clone())
                    }
                    (list @ Type::List(_), Expr::Slice(_)) => Some(list),
                    (Type::List(item), _) => Some(*item),
                    _ => None,
                }
            }
            Expr::BinOp(operation) => {
                let number = |kind: &Type| matches!(kind, Type::Integer | Type::Number);
                let (left, right) = (
                    self.at(&operation.left, depth)?,
                    self.at(&operation.right, depth)?,
                );
                match operation.op {
                    Operator::Add if left == Type::Text && right == Type::Text => Some(Type::Text),
                    Operator::Add | Operator::Sub | Operator::Mult
                        if left == Type::Integer && right == Type::Integer =>
                    {
                        Some(Type::Integer)
                    }
                    Operator::Add | Operator::Sub | Operator::Mult
                        if number(&left) && number(&right) =>
                    {
                        Some(Type::Number)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn name(&self, name: &'a str, depth: usize) -> Option<Type> {
        let sources = self.bindings.sources(self.scope, name)?;
        let mut kinds = sources.iter().map(|source| match source {
            Source::Value(value) => self.at(value, depth),
            Source::Item(iter, index) => self.item(iter, *index, depth),
            Source::Part(_) | Source::Unknown => None,
        });
        let first = kinds.next()??;
        kinds
            .all(|kind| kind.as_ref() == Some(&first))
            .then_some(first)
    }

    /// What a loop over `iter` gives, or the `index`-th part of that.
    fn item(&self, iter: &'a Expr, index: Option<usize>, depth: usize) -> Option<Type> {
        if let Expr::Call(call) = iter
            && let Expr::Name(name) = &*call.func
            && !self.module.binds(name.id.as_str())
        {
            let arguments = &call.arguments.args;
            return match (name.id.as_str(), index) {
                ("range", None) => Some(Type::Integer),
                ("enumerate", Some(0)) => Some(Type::Integer),
                ("enumerate", Some(1)) => self.item(arguments.first()?, None, depth),
                ("zip", Some(index)) => self.item(arguments.get(index)?, None, depth),
                ("sorted" | "reversed" | "list", None) => {
                    self.item(arguments.first()?, None, depth)
                }
                _ => None,
            };
        }
        match (self.at(iter, depth)?, index) {
            (Type::List(item), None) => Some(*item),
            _ => None,
        }
    }
}
