//! Which expressions are plain data: lists, texts, dictionaries, results of calls. Their items are fixed
//! when a loop begins (SEMANTICS A6); anything else might be an iterator that running ahead would use up.

use std::collections::HashSet;

use dice_program::CallSites;
use dice_program::ast::{Expr, ExprCall, Parameters, StmtFunctionDef};

use super::bindings::{Bindings, Source};
use super::receivers::Receivers;
use crate::effects::{
    ClassId, MethodKind, Module, Receiver, Scope, known, last_name, method_kind, parameter_names,
};

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
        trusted_deep: HashSet::new(),
    };
    judge.walkable(expression, scope, 0)
}

struct Judge<'a, 'w> {
    bindings: &'w Bindings<'a>,
    module: &'w Module<'a>,
    sites: &'w CallSites<'a>,
    /// Names judged, or being judged: a circle adds nothing new.
    trusted: HashSet<(Scope, &'a str)>,
    trusted_deep: HashSet<(Scope, &'a str)>,
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

    /// Is it plain data all the way down?
    fn deep(&mut self, expression: &'a Expr, scope: Scope, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let depth = depth + 1;
        match expression {
            Expr::Name(name) => self.deep_name(name.id.as_str(), scope, depth),
            Expr::Await(wait) => match &*wait.value {
                Expr::Call(call) if self.is_gather(call, scope) => {
                    let mut given = call.arguments.args.iter();
                    given.all(|value| self.gathered(value, scope, depth))
                }
                Expr::Call(call) => self.outcome(call, scope, depth, Self::deep),
                _ => false,
            },
            Expr::List(list) => self.all_deep(&list.elts, scope, depth),
            Expr::Tuple(tuple) => self.all_deep(&tuple.elts, scope, depth),
            Expr::Set(set) => self.all_deep(&set.elts, scope, depth),
            Expr::Dict(dict) => {
                let mut items = dict.items.iter();
                items.all(|item| self.deep(&item.value, scope, depth))
            }
            Expr::ListComp(list) => self.deep(&list.elt, scope, depth),
            Expr::SetComp(set) => self.deep(&set.elt, scope, depth),
            Expr::DictComp(dict) => self.deep(&dict.value, scope, depth),
            Expr::Subscript(subscript) => self.deep(&subscript.value, scope, depth),
            Expr::Starred(starred) => self.deep(&starred.value, scope, depth),
            Expr::Named(named) => self.deep(&named.value, scope, depth),
            Expr::If(choice) => {
                self.deep(&choice.body, scope, depth) && self.deep(&choice.orelse, scope, depth)
            }
            Expr::BoolOp(operation) => self.all_deep(&operation.values, scope, depth),
            Expr::BinOp(operation) => {
                self.deep(&operation.left, scope, depth)
                    && self.deep(&operation.right, scope, depth)
            }
            Expr::Attribute(attribute) => {
                self.deep_attribute(&attribute.value, attribute.attr.as_str(), scope, depth)
            }
            Expr::Call(call) => self.deep_call(call, scope, depth),
            Expr::FString(_) | Expr::Compare(_) | Expr::UnaryOp(_) => true,
            _ => expression.is_literal_expr(),
        }
    }

    fn all_deep(&mut self, values: &'a [Expr], scope: Scope, depth: usize) -> bool {
        values.iter().all(|value| self.deep(value, scope, depth))
    }

    fn is_gather(&self, call: &'a ExprCall, scope: Scope) -> bool {
        self.module.imported(&call.func, scope) == Some(("asyncio", "gather"))
    }

    /// What comes of a call that somebody awaits.
    fn outcome(
        &mut self,
        call: &'a ExprCall,
        scope: Scope,
        depth: usize,
        wanted: fn(&mut Self, &'a Expr, Scope, usize) -> bool,
    ) -> bool {
        self.sites.is_hermod_call(&call.func)
            || self.returned(call, scope, true, depth) && self.returns(call, scope, depth, wanted)
    }

    /// What `gather` gives for one of its arguments.
    fn gathered(&mut self, value: &'a Expr, scope: Scope, depth: usize) -> bool {
        match value {
            Expr::Call(call) => self.outcome(call, scope, depth, Self::deep),
            Expr::Starred(starred) => match &*starred.value {
                Expr::ListComp(list) => self.gathered(&list.elt, scope, depth),
                Expr::Generator(generator) => self.gathered(&generator.elt, scope, depth),
                _ => false,
            },
            _ => false,
        }
    }

    /// `task.result()`, where `task = group.create_task(…)`.
    fn result_of_task(
        &mut self,
        task: &'a Expr,
        scope: Scope,
        depth: usize,
        wanted: fn(&mut Self, &'a Expr, Scope, usize) -> bool,
    ) -> bool {
        let Expr::Name(name) = task else {
            return false;
        };
        let name = name.id.as_str();
        let owner = self.module.scopes.owner(scope, name);
        let Some(values) = owner.and_then(|owner| self.bindings.values_of(owner, name)) else {
            return false;
        };
        values.into_iter().all(|value| match value {
            Expr::Call(call) if last_name(&call.func) == Some("create_task") => {
                match call.arguments.args.first() {
                    Some(Expr::Call(spawned)) => self.outcome(spawned, scope, depth, wanted),
                    _ => false,
                }
            }
            _ => false,
        })
    }

    fn returns(
        &mut self,
        call: &'a ExprCall,
        scope: Scope,
        depth: usize,
        wanted: fn(&mut Self, &'a Expr, Scope, usize) -> bool,
    ) -> bool {
        let Some(callee) = self.module.callee(&call.func, scope, self.bindings) else {
            return false;
        };
        callee.targets.into_iter().all(|target| {
            let mut returns = self.bindings.returns(target).iter();
            returns.all(|value| wanted(self, value, target, depth))
        })
    }

    fn deep_attribute(
        &mut self,
        owner: &'a Expr,
        name: &'a str,
        scope: Scope,
        depth: usize,
    ) -> bool {
        if let Some(annotations) = self.fields(owner, name, scope) {
            return annotations.into_iter().all(holds_plain_type);
        }
        let bindings = self.bindings;
        let mut values = bindings
            .stored(name)
            .iter()
            .chain(bindings.held_by_attribute(name));
        self.attribute(owner, name, scope, depth)
            && values
                .all(|(scope, value)| value.is_some_and(|value| self.deep(value, *scope, depth)))
    }

    fn deep_call(&mut self, call: &'a ExprCall, scope: Scope, depth: usize) -> bool {
        let arguments = &call.arguments.args;
        if let Some(library) = self.module.library(&call.func, scope) {
            return match library {
                known::Library::Value | known::Library::Defaults => true,
                known::Library::Draws => false,
                _ => self.all_deep(arguments, scope, depth),
            };
        }
        match &*call.func {
            Expr::Name(name) if self.is_builtin(name.id.as_str(), scope) => {
                let name = name.id.as_str();
                name == "range"
                    || known::is_scalar_builtin(name)
                    || known::is_builtin(name) && self.all_deep(arguments, scope, depth)
            }
            Expr::Attribute(attribute) => match attribute.attr.as_str() {
                "split" | "rsplit" | "splitlines" | "strip" | "lower" | "upper" | "join" => true,
                "result" if arguments.is_empty() => {
                    self.result_of_task(&attribute.value, scope, depth, Self::deep)
                }
                "keys" | "values" | "items" | "copy" | "get" | "most_common" | "pop" => {
                    let given = arguments.get(1..).unwrap_or_default();
                    self.deep(&attribute.value, scope, depth) && self.all_deep(given, scope, depth)
                }
                _ => {
                    self.returned(call, scope, false, depth)
                        && self.returns(call, scope, depth, Self::deep)
                }
            },
            _ => {
                self.returned(call, scope, false, depth)
                    && self.returns(call, scope, depth, Self::deep)
            }
        }
    }

    fn deep_name(&mut self, name: &'a str, scope: Scope, depth: usize) -> bool {
        let owner = self.module.scopes.owner(scope, name).unwrap_or(scope);
        if !self.trusted_deep.insert((owner, name)) {
            return true;
        }
        if let Some(annotation) = self.bindings.annotation(owner, name) {
            return holds_plain_type(annotation);
        }
        let bindings = self.bindings;
        let mut held = bindings.held_by(owner, name).iter();
        if !held.all(|value| value.is_some_and(|value| self.deep(value, owner, depth))) {
            return false;
        }
        let sources = bindings.sources_at(owner, name);
        let given = match bindings
            .parameters(owner)
            .filter(|_| bindings.is_parameter(owner, name))
        {
            Some(parameters) => self.by_callers(name, owner, parameters, |judge, value, scope| {
                judge.deep(value, scope, depth)
            }),
            None => sources.is_some(),
        };
        given
            && sources
                .unwrap_or_default()
                .iter()
                .all(|source| match source {
                    Source::Value(value) | Source::Part(value) | Source::Item(value, _) => {
                        self.deep(value, owner, depth)
                    }
                    Source::Unknown => false,
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

    /// By its annotation, or by what every caller passes.
    fn parameter(
        &mut self,
        name: &'a str,
        scope: Scope,
        parameters: &'a Parameters,
        depth: usize,
    ) -> bool {
        if let Some(annotation) = self.bindings.annotation(scope, name) {
            let rest = parameters.vararg.as_ref();
            return rest.is_some_and(|rest| rest.name.as_str() == name)
                || is_plain_type(annotation);
        }
        self.by_callers(name, scope, parameters, |judge, value, scope| {
            judge.plain(value, scope, depth)
        })
    }

    /// Does everything that callers pass, and the default, satisfy `wanted`?
    fn by_callers(
        &mut self,
        name: &'a str,
        scope: Scope,
        parameters: &'a Parameters,
        mut wanted: impl FnMut(&mut Self, &'a Expr, Scope) -> bool,
    ) -> bool {
        let mut places = parameters.posonlyargs.iter().chain(&parameters.args);
        let position = places.position(|one| one.name().as_str() == name);
        let mut all = parameters.iter_non_variadic_params();
        let Some(parameter) = all.find(|one| one.name().as_str() == name) else {
            let rest = parameters.vararg.as_ref();
            return rest.is_some_and(|rest| rest.name.as_str() == name);
        };
        let info = self.module.scopes.info(scope);
        let Some(function) = info.node else {
            return false;
        };
        let called = self.called_as(function, info.class);
        let exposed = called.iter().any(|name| self.bindings.is_exposed(name));
        if exposed
            || !matches!(
                method_kind(function),
                MethodKind::Plain | MethodKind::Static
            )
        {
            return false;
        }
        let default = parameter.default.as_deref();
        let calls = called.iter().flat_map(|name| self.bindings.calls_of(name));
        let calls: Vec<(Scope, &'a ExprCall)> = calls.copied().collect();
        let around = self.module.scopes.parent(scope);
        let is_static = method_kind(function) == MethodKind::Static;
        let shift = usize::from(info.class.is_some() && !is_static);
        let position = position.and_then(|position| position.checked_sub(shift));
        !calls.is_empty()
            && default.is_none_or(|value| wanted(self, value, around))
            && calls.into_iter().all(|(caller, call)| {
                let spread = call.arguments.args.iter().any(Expr::is_starred_expr)
                    || call.arguments.keywords.iter().any(|one| one.arg.is_none());
                let by_name = call
                    .arguments
                    .find_keyword(name)
                    .map(|keyword| &keyword.value);
                let value = by_name.or_else(|| call.arguments.args.get(position?));
                !spread && value.map_or(default.is_some(), |value| wanted(self, value, caller))
            })
    }

    /// Under which names it is called: objects are made by the names of their classes.
    fn called_as(&self, function: &'a StmtFunctionDef, class: Option<ClassId>) -> Vec<&'a str> {
        let name = function.name.as_str();
        let classes = &self.module.classes;
        match class {
            Some(class) if name == "__init__" => {
                let mut names: Vec<&'a str> = classes
                    .with_those_below(class)
                    .map(|class| classes.get(class).node.name.as_str())
                    .collect();
                names.push(name);
                names
            }
            _ => vec![name],
        }
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
