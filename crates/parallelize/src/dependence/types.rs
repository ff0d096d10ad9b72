//! Types of expressions as far as result schemas and annotations tell: what is certain to be there cannot
//! fail to be read, and numbers and texts never change.

use dice_catalog::Type;
use dice_program::CallSites;
use dice_program::ast::{Expr, ExprBinOp, ExprCall, Operator, Stmt};

use super::bindings::{Bindings, Source};
use super::plain::values_passed;
use super::receivers::Receivers;
use crate::effects::{Module, Scope, call_function};
use crate::functions::Functions;

/// Longest chain of names followed.
const DEEPEST: usize = 12;
/// A name that is bound in more places than this has no type: looking at all of them for each use
/// would take the square of their number.
const MOST_SOURCES: usize = 64;

/// The same of a parameter that is passed in more places; each goes so much deeper, so that callers of
/// callers are followed, and not many of theirs.
const MOST_CALLERS: usize = 8;
const DEPTH_OF_CALL: usize = 4;

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

    /// What a variable of the function holds.
    pub(crate) fn of_name(&self, name: &'a str) -> Option<Type> {
        self.name(name, 0)
    }

    /// What a loop over `items` gives.
    pub(crate) fn of_item(&self, items: &'a Expr) -> Option<Type> {
        self.item(items, None, 0)
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
            Expr::BooleanLiteral(_) | Expr::Compare(_) => Some(Type::Boolean),
            Expr::List(list) => self.all(&list.elts, depth).map(list_of),
            Expr::ListComp(list) => self.at(&list.elt, depth).map(list_of),
            Expr::Await(wait) => match &*wait.value {
                Expr::Call(call) if self.sites.is_hermod_call(&call.func) => {
                    self.functions.result(call_function(call)?).cloned()
                }
                Expr::Call(call) => self.returned(call, true, depth),
                _ => None,
            },
            Expr::Name(name) => self.name(name.id.as_str(), depth),
            Expr::Subscript(subscript) => {
                match (self.at(&subscript.value, depth)?, &*subscript.slice) {
                    (owner @ Type::Record { .. }, Expr::StringLiteral(key)) => {
                        Some(owner.field(key.value.to_str())?.kind.clone())
                    }
                    (list @ (Type::List(_) | Type::Text), Expr::Slice(_)) => Some(list),
                    (Type::List(item), _) => Some(*item),
                    (Type::Text, _) => Some(Type::Text),
                    _ => None,
                }
            }
            Expr::Attribute(attribute) => self.attribute(&attribute.value, attribute.attr.as_str()),
            Expr::If(choice) => {
                let body = self.at(&choice.body, depth)?;
                join(body, self.at(&choice.orelse, depth)?)
            }
            Expr::BinOp(operation) => self.operation(operation, depth),
            Expr::BoolOp(operation) => self.all(&operation.values, depth),
            Expr::Call(call) => self.call(call, depth),
            _ => None,
        }
    }

    /// By the annotation in the class.
    fn attribute(&self, owner: &'a Expr, name: &str) -> Option<Type> {
        let receivers = Receivers {
            module: self.module,
            bindings: self.bindings,
        };
        let found = receivers.classes_of(owner, self.scope)?;
        let mut kinds = found
            .classes
            .into_iter()
            .map(|class| annotated(self.module.classes.field(class, name)?));
        let first = kinds.next()??;
        kinds.try_fold(first, |kind, other| join(kind, other?))
    }

    fn all(&self, values: &'a [Expr], depth: usize) -> Option<Type> {
        let (first, others) = values.split_first()?;
        let first = self.at(first, depth)?;
        others
            .iter()
            .try_fold(first, |kind, value| join(kind, self.at(value, depth)?))
    }

    fn operation(&self, operation: &'a ExprBinOp, depth: usize) -> Option<Type> {
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
            Operator::Add | Operator::Sub | Operator::Mult if number(&left) && number(&right) => {
                Some(Type::Number)
            }
            _ => None,
        }
    }

    fn call(&self, call: &'a ExprCall, depth: usize) -> Option<Type> {
        match &*call.func {
            Expr::Name(name) => {
                let name = name.id.as_str();
                if self.module.scopes.owner(self.scope, name).is_some() {
                    return self.returned(call, false, depth);
                }
                match name {
                    "len" | "int" | "ord" => Some(Type::Integer),
                    "float" => Some(Type::Number),
                    "str" | "repr" | "chr" | "format" => Some(Type::Text),
                    "bool" | "any" | "all" | "isinstance" => Some(Type::Boolean),
                    "sorted" | "list" => {
                        let items = call.arguments.args.first()?;
                        self.item(items, None, depth).map(list_of)
                    }
                    _ => None,
                }
            }
            Expr::Attribute(attribute) => {
                let owner = self.at(&attribute.value, depth)?;
                match (owner, attribute.attr.as_str()) {
                    (
                        Type::Text,
                        "join" | "strip" | "lstrip" | "rstrip" | "lower" | "upper" | "title"
                        | "capitalize" | "replace" | "format" | "zfill" | "ljust" | "rjust"
                        | "center" | "removeprefix" | "removesuffix" | "casefold",
                    ) => Some(Type::Text),
                    (Type::Text, "split" | "rsplit" | "splitlines") => Some(list_of(Type::Text)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn name(&self, name: &'a str, depth: usize) -> Option<Type> {
        let scopes = &self.module.scopes;
        let owner = scopes.owner(self.scope, name).unwrap_or(self.scope);
        let there = Self {
            scope: owner,
            ..*self
        };
        let kind = match self.bindings.annotation(owner, name) {
            Some(annotation) => annotated(annotation),
            None => there.bound(name, depth),
        }?;
        if let Type::List(item) = &kind {
            let held = self.bindings.held_by(owner, name).iter();
            let mut kinds = held.map(|value| there.at((*value)?, depth));
            if !kinds.all(|held| held.as_ref() == Some(item)) {
                return None;
            }
        }
        Some(kind)
    }

    /// What its sources give, and for a parameter every caller.
    fn bound(&self, name: &'a str, depth: usize) -> Option<Type> {
        let sources = self.bindings.sources_at(self.scope, name);
        let sources = sources.unwrap_or_default();
        if sources.len() > MOST_SOURCES {
            return None;
        }
        let passed = match self.bindings.is_parameter(self.scope, name) {
            true => self.passed(name, depth).map(Some)?,
            false => None,
        };
        let bound = sources.iter().map(|source| match source {
            Source::Value(value) => self.at(value, depth),
            Source::Item(iter, index) => self.item(iter, *index, depth),
            Source::Part(_) | Source::Unknown => None,
        });
        let mut kinds = passed.into_iter().map(Some).chain(bound);
        let first = kinds.next()??;
        kinds.try_fold(first, |kind, other| join(kind, other?))
    }

    fn passed(&self, name: &'a str, depth: usize) -> Option<Type> {
        let Self {
            bindings,
            module,
            sites,
            ..
        } = *self;
        let values = values_passed(name, self.scope, bindings, module, sites)?;
        if values.len() > MOST_CALLERS {
            return None;
        }
        let kinds = values.into_iter().map(|(value, caller)| {
            let there = Self {
                scope: caller,
                ..*self
            };
            there.at(value, depth + DEPTH_OF_CALL)
        });
        fixed(kinds)
    }

    /// What a function of the program gives, which ends by `return` on every way.
    fn returned(&self, call: &'a ExprCall, is_async: bool, depth: usize) -> Option<Type> {
        let scopes = &self.module.scopes;
        let name = call.func.as_name_expr()?.id.as_str();
        let function = scopes.function_named(self.scope, name)?;
        let info = self.module.callable(function)?;
        let ends = matches!(info.node.body.last(), Some(Stmt::Return(_)));
        let gives = ends && info.is_async == is_async && !scopes.info(function).generator;
        if !gives || self.bindings.returns_nothing(function) {
            return None;
        }
        let there = Self {
            scope: function,
            ..*self
        };
        let returns = self.bindings.returns(function).iter();
        fixed(returns.map(|value| there.at(value, depth + DEPTH_OF_CALL)))
    }

    /// What a loop over `iter` gives, or the `index`-th part of that.
    fn item(&self, iter: &'a Expr, index: Option<usize>, depth: usize) -> Option<Type> {
        if depth > DEEPEST {
            return None;
        }
        if let Expr::Call(call) = iter
            && let Expr::Name(name) = &*call.func
            && self
                .module
                .scopes
                .owner(self.scope, name.id.as_str())
                .is_none()
        {
            let arguments = &call.arguments.args;
            return match (name.id.as_str(), index) {
                ("range", None) => Some(Type::Integer),
                ("enumerate", Some(0)) => Some(Type::Integer),
                ("enumerate", Some(1)) => self.item(arguments.first()?, None, depth + 1),
                ("zip", Some(index)) => self.item(arguments.get(index)?, None, depth + 1),
                ("sorted" | "reversed" | "list", None) => {
                    self.item(arguments.first()?, None, depth + 1)
                }
                _ => None,
            };
        }
        if let (Expr::Tuple(tuple), None) = (iter, index) {
            return self.all(&tuple.elts, depth + 1);
        }
        match (self.at(iter, depth)?, index) {
            (Type::List(item), None) => Some(*item),
            (Type::Text, None) => Some(Type::Text),
            _ => None,
        }
    }
}

fn list_of(item: Type) -> Type {
    Type::List(Box::new(item))
}

/// The one type of all, of what nobody can change: of a container, what it holds may be another by now.
fn fixed(mut kinds: impl Iterator<Item = Option<Type>>) -> Option<Type> {
    let first = kinds.next()??;
    let kind = kinds.try_fold(first, |kind, other| join(kind, other?))?;
    let container = matches!(kind, Type::List(_) | Type::Record { .. });
    (!container).then_some(kind)
}

/// One of the two: the same, or a number if both are numbers.
fn join(one: Type, other: Type) -> Option<Type> {
    match (&one, &other) {
        _ if one == other => Some(one),
        (Type::Integer | Type::Number, Type::Integer | Type::Number) => Some(Type::Number),
        _ => None,
    }
}

fn annotated(annotation: &Expr) -> Option<Type> {
    match annotation {
        Expr::Name(name) => match name.id.as_str() {
            "str" => Some(Type::Text),
            "int" => Some(Type::Integer),
            "float" => Some(Type::Number),
            "bool" => Some(Type::Boolean),
            _ => None,
        },
        Expr::Subscript(subscript) => match &*subscript.value {
            Expr::Name(name) if matches!(name.id.as_str(), "list" | "List" | "Sequence") => {
                annotated(&subscript.slice).map(list_of)
            }
            _ => None,
        },
        _ => None,
    }
}
