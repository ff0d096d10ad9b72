//! Which expressions are plain data: lists, texts, dictionaries, results of calls. Their items are fixed
//! when a loop begins (SEMANTICS A6); anything else might be an iterator that running ahead would use up.

use std::collections::HashSet;

use dice_program::CallSites;
use dice_program::ast::{Expr, ExprCall, Parameters};

use super::bindings::{Bindings, Source};
use super::receivers::Receivers;
use crate::effects::{ClassId, Module, Receiver, Scope, known, last_name, parameter_names};

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
    let mut judge = Judge {
        bindings,
        module,
        sites,
        trusted: HashSet::new(),
    };
    judge.walkable(expression, scope, 0)
}

struct Judge<'a, 'w> {
    bindings: &'w Bindings<'a>,
    module: &'w Module<'a>,
    sites: &'w CallSites<'a>,
    /// Names judged, or being judged: a circle adds nothing new.
    trusted: HashSet<(Scope, &'a str)>,
}

impl<'a> Judge<'a, '_> {
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
                    self.sites.is_hermod_call(&call.func) || self.returned(call, scope, true, depth)
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
                        || self.holds_plain(&subscript.value, scope, depth))
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

    /// Are the items plain data as well? Of displays, only if each is.
    fn holds_plain(&mut self, expression: &'a Expr, scope: Scope, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        match expression {
            Expr::Name(name) => self.name_holds_plain(name.id.as_str(), scope, depth),
            Expr::Await(wait) => match &*wait.value {
                Expr::Call(call) => self.sites.is_hermod_call(&call.func),
                _ => false,
            },
            Expr::List(list) => list
                .elts
                .iter()
                .all(|item| self.plain(item, scope, depth + 1)),
            Expr::Tuple(tuple) => tuple
                .elts
                .iter()
                .all(|item| self.plain(item, scope, depth + 1)),
            Expr::Dict(dict) => dict
                .items
                .iter()
                .all(|item| self.plain(&item.value, scope, depth + 1)),
            Expr::Subscript(subscript) => self.holds_plain(&subscript.value, scope, depth + 1),
            Expr::ListComp(list) => self.plain(&list.elt, scope, depth + 1),
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) if !self.is_builtin(name.id.as_str(), scope) => false,
                Expr::Name(name) if known::is_scalar_builtin(name.id.as_str()) => true,
                Expr::Attribute(attribute) => self.holds_plain(&attribute.value, scope, depth + 1),
                _ => call
                    .arguments
                    .args
                    .iter()
                    .all(|value| self.holds_plain(value, scope, depth + 1)),
            },
            _ => expression.is_literal_expr(),
        }
    }

    fn name_holds_plain(&mut self, name: &'a str, scope: Scope, depth: usize) -> bool {
        let owner = self.module.scopes.owner(scope, name).unwrap_or(scope);
        if let Some(annotation) = self.bindings.annotation(owner, name) {
            return holds_plain_type(annotation);
        }
        let held = self.bindings.held_by(owner, name).to_vec();
        if !held
            .into_iter()
            .all(|value| value.is_some_and(|value| self.plain(value, owner, depth + 1)))
        {
            return false;
        }
        let sources = self.bindings.sources_at(owner, name).map(<[_]>::to_vec);
        sources.is_some_and(|sources| {
            sources.into_iter().all(|source| match source {
                Source::Value(value) => self.holds_plain(value, owner, depth + 1),
                Source::Part(_) | Source::Item(..) => true,
                Source::Unknown => false,
            })
        })
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
                Source::Part(value) | Source::Item(value, _) => {
                    self.plain(value, owner, depth) && self.holds_plain(value, owner, depth)
                }
                Source::Unknown => false,
            })
    }

    /// By its annotation, or by what every caller passes.
    fn parameter(
        &mut self,
        name: &'a str,
        scope: Scope,
        parameters: &'a Parameters,
        depth: usize,
    ) -> bool {
        let position = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .position(|one| one.name().as_str() == name);
        let Some(parameter) = parameters
            .iter_non_variadic_params()
            .find(|one| one.name().as_str() == name)
        else {
            return parameters
                .vararg
                .as_ref()
                .is_some_and(|rest| rest.name.as_str() == name);
        };
        if let Some(annotation) = &parameter.parameter.annotation {
            return is_plain_type(annotation);
        }
        let info = self.module.scopes.info(scope);
        let Some(function) = info.node else {
            return false;
        };
        let called = match function.name.as_str() {
            "__init__" => info.class.map_or("", |class| {
                self.module.classes.get(class).node.name.as_str()
            }),
            name => name,
        };
        if self.bindings.is_exposed(called) || !function.decorator_list.is_empty() {
            return false;
        }
        let default = parameter.default.as_deref();
        let calls = self.bindings.calls_of(called).to_vec();
        let around = self.module.scopes.parent(scope);
        let shift = usize::from(info.class.is_some());
        let position = position.and_then(|position| position.checked_sub(shift));
        !calls.is_empty()
            && default.is_none_or(|value| self.plain(value, around, depth))
            && calls.into_iter().all(|(caller, call)| {
                let spread = call.arguments.args.iter().any(Expr::is_starred_expr)
                    || call.arguments.keywords.iter().any(|one| one.arg.is_none());
                let by_name = call
                    .arguments
                    .find_keyword(name)
                    .map(|keyword| &keyword.value);
                let value = by_name.or_else(|| call.arguments.args.get(position?));
                !spread && value.map_or(default.is_some(), |value| self.plain(value, caller, depth))
            })
    }

    /// Is everything plain that this function of the program returns? `None` is.
    fn returned(&mut self, call: &'a ExprCall, scope: Scope, is_async: bool, depth: usize) -> bool {
        let Some(callee) = self.module.callee(&call.func, scope, self.bindings) else {
            return false;
        };
        if matches!(callee.receiver, Receiver::Own(_)) {
            return false;
        }
        callee.targets.into_iter().all(|target| {
            let info = self.module.scopes.info(target);
            let returns = self.bindings.returns(target).to_vec();
            info.node.is_some_and(|node| node.is_async == is_async)
                && !info.generator
                && returns
                    .into_iter()
                    .all(|value| self.plain(value, target, depth))
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
            }
            Expr::Name(_) => self.returned(call, scope, false, depth),
            Expr::Attribute(attribute) => match attribute.attr.as_str() {
                "split" | "rsplit" | "splitlines" | "strip" | "lower" | "upper" | "most_common" => {
                    true
                }
                "keys" | "values" | "items" | "copy" => self.plain(&attribute.value, scope, depth),
                "get" => {
                    self.plain(&attribute.value, scope, depth)
                        && self.holds_plain(&attribute.value, scope, depth)
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
