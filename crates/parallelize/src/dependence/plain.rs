//! Which expressions are plain data: lists, texts, dictionaries, results of calls. Their items are fixed
//! when a loop begins (SEMANTICS A6); anything else might be an iterator that running ahead would use up.

mod callers;
mod deep;
mod outcomes;

use std::collections::HashSet;

use dice_program::CallSites;
use dice_program::ast::{Expr, ExprCall};

use super::bindings::{Bindings, Source};
use super::receivers::Receivers;
use crate::effects::{ClassId, Module, Scope, known, last_name, parameter_names};

/// Longest chain of names followed.
const DEEPEST: usize = 24;

/// Is the value of `expression`, in the function `scope`, plain data?
pub(crate) fn is_plain<'a>(
    expression: &'a Expr,
    scope: Scope,
    bindings: &Bindings<'a>,
    module: &Module<'a>,
    sites: &CallSites<'a>,
) -> bool {
    let mut judge = Judge::new(bindings, module, sites);
    judge.walkable(expression, scope, 0)
}

/// What is passed for a parameter of `scope`, and by whom, if every caller is known.
pub(super) fn values_passed<'a>(
    name: &'a str,
    scope: Scope,
    bindings: &Bindings<'a>,
    module: &Module<'a>,
    sites: &CallSites<'a>,
) -> Option<Vec<(&'a Expr, Scope)>> {
    let parameters = bindings.parameters(scope)?;
    let mut judge = Judge::new(bindings, module, sites);
    let mut values = Vec::new();
    let all = judge.by_callers(name, scope, parameters, |_, value, caller| {
        values.push((value, caller));
        true
    });
    all.then_some(values)
}

struct Judge<'a, 'w> {
    bindings: &'w Bindings<'a>,
    module: &'w Module<'a>,
    sites: &'w CallSites<'a>,
    /// Names judged, or being judged: a circle adds nothing new.
    trusted: HashSet<(Scope, &'a str)>,
    trusted_deep: HashSet<(Scope, &'a str)>,
}

impl<'a, 'w> Judge<'a, 'w> {
    fn new(bindings: &'w Bindings<'a>, module: &'w Module<'a>, sites: &'w CallSites<'a>) -> Self {
        Self {
            bindings,
            module,
            sites,
            trusted: HashSet::new(),
            trusted_deep: HashSet::new(),
        }
    }

    /// Plain, or an iterator over what is plain that nobody else holds.
    fn walkable(&mut self, expression: &'a Expr, scope: Scope, depth: usize) -> bool {
        match expression {
            Expr::Call(call) if depth <= DEEPEST && self.iterates(call, scope) => {
                let mut arguments = call.arguments.args.iter();
                arguments.all(|value| self.walkable(value, scope, depth + 1))
            }
            _ => self.plain(expression, scope, depth),
        }
    }

    fn iterates(&self, call: &'a ExprCall, scope: Scope) -> bool {
        let builtin = matches!(&*call.func, Expr::Name(name)
            if known::is_iterator_builtin(name.id.as_str())
                && self.is_builtin(name.id.as_str(), scope));
        builtin || self.module.library(&call.func, scope) == Some(known::Library::Iterates)
    }

    fn is_builtin(&self, name: &str, scope: Scope) -> bool {
        self.module.scopes.owner(scope, name).is_none()
    }

    fn plain(&mut self, expression: &'a Expr, scope: Scope, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let depth = depth + 1;
        match expression {
            Expr::Name(name) => self.name(name.id.as_str(), scope, depth),
            Expr::Await(wait) => match &*wait.value {
                Expr::Call(call) => {
                    self.is_gather(call, scope) || self.outcome(call, scope, depth, Self::plain)
                }
                _ => false,
            },
            Expr::List(_) | Expr::Tuple(_) | Expr::Set(_) | Expr::Dict(_) => true,
            Expr::ListComp(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_)
            | Expr::FString(_)
            | Expr::Compare(_) => true,
            Expr::Subscript(subscript) => {
                self.plain(&subscript.value, scope, depth)
                    && (subscript.slice.is_slice_expr()
                        || self.deep(&subscript.value, scope, depth))
            }
            Expr::If(choice) => {
                self.plain(&choice.body, scope, depth) && self.plain(&choice.orelse, scope, depth)
            }
            Expr::BoolOp(operation) => operation
                .values
                .iter()
                .all(|value| self.plain(value, scope, depth)),
            Expr::BinOp(operation) => {
                self.plain(&operation.left, scope, depth)
                    && self.plain(&operation.right, scope, depth)
            }
            Expr::Named(named) => self.plain(&named.value, scope, depth),
            Expr::Attribute(attribute) => {
                self.attribute(&attribute.value, attribute.attr.as_str(), scope, depth)
            }
            Expr::Call(call) => self.call(call, scope, depth),
            _ => expression.is_literal_expr(),
        }
    }

    /// An attribute that a class annotates as plain, or into which only plain values are ever stored.
    fn attribute(&mut self, owner: &'a Expr, name: &'a str, scope: Scope, depth: usize) -> bool {
        let annotated = self.fields(owner, name, scope);
        if let Some(annotations) = annotated {
            return annotations.into_iter().all(is_plain_type);
        }
        if self.module.is_of_libraries(name) && known::is_plain_attribute(name) {
            return true;
        }
        self.classes_of(owner, scope).is_some() && {
            let stored = self.bindings.stored(name).to_vec();
            !stored.is_empty()
                && stored.into_iter().all(|(scope, value)| {
                    value.is_some_and(|value| self.plain(value, scope, depth))
                })
        }
    }

    fn classes_of(&self, owner: &'a Expr, scope: Scope) -> Option<Vec<ClassId>> {
        let receivers = Receivers {
            module: self.module,
            bindings: self.bindings,
        };
        let found = receivers.classes_of(owner, scope)?;
        Some(found.classes.into_iter().collect())
    }

    fn fields(&self, owner: &'a Expr, name: &str, scope: Scope) -> Option<Vec<&'a Expr>> {
        let classes = self.classes_of(owner, scope)?;
        let mut classes = classes.into_iter();
        classes.try_fold(Vec::new(), |mut found, class| {
            found.push(self.module.classes.field(class, name)?);
            Some(found)
        })
    }

    /// What a loop over `iter` gives, or that part of it.
    fn item(&mut self, iter: &'a Expr, part: Option<usize>, scope: Scope, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let Expr::Call(call) = iter else {
            return self.deep(iter, scope, depth);
        };
        let tuples = match &*call.func {
            Expr::Name(name) if self.is_builtin(name.id.as_str(), scope) => {
                matches!(name.id.as_str(), "enumerate" | "zip")
            }
            Expr::Attribute(attribute) => attribute.attr.as_str() == "items",
            _ => false,
        };
        let tuples = tuples
            || self.module.library(&call.func, scope) == Some(known::Library::Iterates)
                && !matches!(
                    last_name(&call.func),
                    Some("chain" | "from_iterable" | "islice")
                );
        tuples && part.is_none() || self.deep(iter, scope, depth)
    }

    fn name(&mut self, name: &'a str, scope: Scope, depth: usize) -> bool {
        let owner = self.module.scopes.owner(scope, name).unwrap_or(scope);
        if !self.trusted.insert((owner, name)) {
            return true;
        }
        let parameter = self
            .bindings
            .parameters(owner)
            .filter(|parameters| parameter_names(parameters).contains(&name));
        let sources = self.bindings.sources_at(owner, name).map(<[_]>::to_vec);
        if sources.is_none() && parameter.is_none() {
            return false;
        }
        let given =
            parameter.is_none_or(|parameters| self.parameter(name, owner, parameters, depth));
        given
            && sources.into_iter().flatten().all(|source| match source {
                Source::Value(value) => self.plain(value, owner, depth),
                Source::Part(value) => self.deep(value, owner, depth),
                Source::Item(value, part) => self.item(value, part, owner, depth),
                Source::Unknown => false,
            })
    }

    fn call(&mut self, call: &'a ExprCall, scope: Scope, depth: usize) -> bool {
        let arguments = &call.arguments.args;
        if let Some(library) = self.module.library(&call.func, scope) {
            return !matches!(library, known::Library::Iterates | known::Library::Draws);
        }
        match &*call.func {
            Expr::Name(name) if self.is_builtin(name.id.as_str(), scope) => {
                let name = name.id.as_str();
                name == "range"
                    || known::is_container_builtin(name)
                    || known::is_scalar_builtin(name)
                    || known::is_choosing_builtin(name) && self.all_deep(arguments, scope, depth)
            }
            Expr::Name(_) => self.returned(call, scope, false, depth),
            Expr::Attribute(attribute) => match attribute.attr.as_str() {
                "split" | "rsplit" | "splitlines" | "strip" | "lower" | "upper" | "most_common" => {
                    true
                }
                "keys" | "values" | "items" | "copy" => self.plain(&attribute.value, scope, depth),
                "result" if arguments.is_empty() => {
                    self.result_of_task(&attribute.value, scope, depth, Self::plain)
                }
                "get" => {
                    self.plain(&attribute.value, scope, depth)
                        && self.deep(&attribute.value, scope, depth)
                        && arguments
                            .iter()
                            .skip(1)
                            .all(|value| self.plain(value, scope, depth))
                }
                _ => self.returned(call, scope, false, depth),
            },
            _ => false,
        }
    }
}

/// Annotations that name containers of which the items are fixed.
const PLAIN_TYPES: &[&str] = &[
    "list",
    "dict",
    "tuple",
    "set",
    "frozenset",
    "str",
    "bytes",
    "List",
    "Dict",
    "Tuple",
    "Set",
    "Sequence",
    "Mapping",
    "int",
    "float",
    "bool",
    "None",
    "Counter",
];

fn is_plain_type(annotation: &Expr) -> bool {
    match annotation {
        Expr::Name(_) | Expr::Attribute(_) => {
            last_name(annotation).is_some_and(|name| PLAIN_TYPES.contains(&name))
        }
        Expr::NoneLiteral(_) => true,
        Expr::BinOp(either) => is_plain_type(&either.left) && is_plain_type(&either.right),
        Expr::Subscript(subscript) => match last_name(&subscript.value) {
            Some("Optional") => is_plain_type(&subscript.slice),
            _ => is_plain_type(&subscript.value),
        },
        _ => false,
    }
}

/// `list[str]`, `dict[str, list[str]]`: what is in it is plain as well.
fn holds_plain_type(annotation: &Expr) -> bool {
    let Expr::Subscript(subscript) = annotation else {
        return matches!(last_name(annotation), Some("str" | "bytes"));
    };
    match &*subscript.slice {
        Expr::Tuple(parts) => parts
            .elts
            .iter()
            .all(|part| part.is_ellipsis_literal_expr() || is_plain_type(part)),
        part => is_plain_type(part),
    }
}
