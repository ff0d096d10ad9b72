//! Which expressions are plain data: lists, texts, dictionaries, results of calls. Their items are fixed
//! when a loop begins (SEMANTICS A6); anything else might be an iterator that running ahead would use up.

use std::collections::{HashMap, HashSet};

use dice_program::CallSites;
use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{ExceptHandler, Expr, ExprCall, Parameters, Stmt, StmtFunctionDef};

use crate::effects::{Module, known, parameter_names};

/// Longest chain of names followed.
const DEEPEST: usize = 24;

/// Where names get their values.
#[derive(Debug)]
pub(crate) struct Bindings<'a> {
    /// Per function and name.
    names: HashMap<(&'a str, &'a str), Vec<Source<'a>>>,
    parameters: HashMap<&'a str, &'a Parameters>,
    /// Calls of the module's functions, with the function that they stand in.
    calls: HashMap<&'a str, Vec<(&'a str, &'a ExprCall)>>,
    /// What is put into a name's container, and `None` where that is not known.
    held: HashMap<(&'a str, &'a str), Vec<Option<&'a Expr>>>,
    /// What the module's functions return.
    returns: HashMap<&'a str, Vec<&'a Expr>>,
    generators: HashSet<&'a str>,
    /// Functions that are also used other than by calling them.
    exposed: HashSet<&'a str>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    Value(&'a Expr),
    /// An item of this, as a loop takes it; with an index, that part of each item.
    Item(&'a Expr, Option<usize>),
    /// An item, or a part of an item, of this.
    Part(&'a Expr),
    Unknown,
}

/// The module's own body.
const OUTSIDE: &str = "";

impl<'a> Bindings<'a> {
    pub(crate) fn new(body: &'a [Stmt], sites: &CallSites<'a>) -> Self {
        let mut finder = Finder {
            scope: OUTSIDE,
            depth: 0,
            sites,
            found: Self::empty(),
        };
        finder.visit_body(body);
        finder.found
    }

    /// Where a local variable of the function `scope` gets its values; `None` for parameters and others.
    pub(super) fn sources(&self, scope: &'a str, name: &'a str) -> Option<&[Source<'a>]> {
        let parameter = self
            .parameters
            .get(scope)
            .is_some_and(|parameters| parameter_names(parameters).contains(&name));
        (!parameter)
            .then(|| self.names.get(&(scope, name)).map(Vec::as_slice))
            .flatten()
    }

    fn empty() -> Self {
        Self {
            names: HashMap::new(),
            parameters: HashMap::new(),
            calls: HashMap::new(),
            held: HashMap::new(),
            returns: HashMap::new(),
            generators: HashSet::new(),
            exposed: HashSet::new(),
        }
    }
}

/// Is the value of `expression`, in the function `scope`, plain data?
pub(crate) fn is_plain<'a>(
    expression: &'a Expr,
    scope: &'a str,
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
    trusted: HashSet<(&'a str, &'a str)>,
}

impl<'a> Judge<'a, '_> {
    /// Plain, or an iterator over what is plain that nobody else holds.
    fn walkable(&mut self, expression: &'a Expr, scope: &'a str, depth: usize) -> bool {
        if let Expr::Call(call) = expression
            && let Expr::Name(name) = &*call.func
            && known::is_iterator_builtin(name.id.as_str())
            && !self.module.binds(name.id.as_str())
            && depth <= DEEPEST
        {
            let mut arguments = call.arguments.args.iter();
            return arguments.all(|value| self.walkable(value, scope, depth + 1));
        }
        self.plain(expression, scope, depth)
    }

    fn plain(&mut self, expression: &'a Expr, scope: &'a str, depth: usize) -> bool {
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
            Expr::Call(call) => self.call(call, scope, depth),
            _ => expression.is_literal_expr(),
        }
    }

    /// Are the items plain data as well? Of displays, only if each is.
    fn holds_plain(&mut self, expression: &'a Expr, scope: &'a str, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        match expression {
            Expr::Name(name) => {
                let key = (scope, name.id.as_str());
                let held = self.bindings.held.get(&key).cloned().unwrap_or_default();
                if !held
                    .into_iter()
                    .all(|value| value.is_some_and(|value| self.plain(value, scope, depth + 1)))
                {
                    return false;
                }
                let sources = self.bindings.names.get(&key);
                sources.is_some_and(|sources| {
                    sources.clone().into_iter().all(|source| match source {
                        Source::Value(value) => self.holds_plain(value, scope, depth + 1),
                        Source::Part(_) | Source::Item(..) => true,
                        Source::Unknown => false,
                    })
                })
            }
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
                Expr::Name(name) if self.module.binds(name.id.as_str()) => false,
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

    fn name(&mut self, name: &'a str, scope: &'a str, depth: usize) -> bool {
        if !self.trusted.insert((scope, name)) {
            return true;
        }
        let parameter = self
            .bindings
            .parameters
            .get(scope)
            .filter(|parameters| parameter_names(parameters).contains(&name));
        if let Some(sources) = self.bindings.names.get(&(scope, name)) {
            let given =
                parameter.is_none_or(|parameters| self.parameter(name, scope, parameters, depth));
            return given
                && sources.clone().into_iter().all(|source| match source {
                    Source::Value(value) => self.plain(value, scope, depth),
                    Source::Part(value) | Source::Item(value, _) => {
                        self.plain(value, scope, depth) && self.holds_plain(value, scope, depth)
                    }
                    Source::Unknown => false,
                });
        }
        if let Some(parameters) = parameter {
            return self.parameter(name, scope, parameters, depth);
        }
        scope != OUTSIDE && self.module.binds(name) && self.name(name, OUTSIDE, depth)
    }

    /// By its annotation, or by what every caller passes.
    fn parameter(
        &mut self,
        name: &'a str,
        scope: &'a str,
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
            return false;
        };
        if let Some(annotation) = &parameter.parameter.annotation {
            return is_plain_type(annotation);
        }
        if self.bindings.exposed.contains(scope) {
            return false;
        }
        let default = parameter.default.as_deref();
        let calls = self.bindings.calls.get(scope).cloned().unwrap_or_default();
        !calls.is_empty()
            && default.is_none_or(|value| self.plain(value, OUTSIDE, depth))
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

    /// Is everything plain that this function of the module returns? `None` is.
    fn returned(
        &mut self,
        call: &'a ExprCall,
        scope: &'a str,
        is_async: bool,
        depth: usize,
    ) -> bool {
        let Expr::Name(name) = &*call.func else {
            return false;
        };
        let name = name.id.as_str();
        let hidden = scope != OUTSIDE && self.bindings.names.contains_key(&(scope, name))
            || self
                .bindings
                .parameters
                .get(scope)
                .is_some_and(|parameters| parameter_names(parameters).contains(&name));
        let known = self.module.function(name);
        let returns = self.bindings.returns.get(name).cloned().unwrap_or_default();
        !hidden
            && known.is_some_and(|function| function.is_async == is_async)
            && !self.bindings.generators.contains(name)
            && returns
                .into_iter()
                .all(|value| self.plain(value, name, depth))
    }

    fn call(&mut self, call: &'a ExprCall, scope: &'a str, depth: usize) -> bool {
        let arguments = &call.arguments.args;
        match &*call.func {
            Expr::Name(name) if !self.module.binds(name.id.as_str()) => {
                let name = name.id.as_str();
                name == "range"
                    || known::is_container_builtin(name)
                    || known::is_scalar_builtin(name)
            }
            Expr::Name(_) => self.returned(call, scope, false, depth),
            Expr::Attribute(attribute) => match attribute.attr.as_str() {
                "split" | "rsplit" | "splitlines" | "strip" | "lower" | "upper" => true,
                "keys" | "values" | "items" | "copy" => self.plain(&attribute.value, scope, depth),
                "get" => {
                    self.plain(&attribute.value, scope, depth)
                        && self.holds_plain(&attribute.value, scope, depth)
                        && arguments
                            .iter()
                            .skip(1)
                            .all(|value| self.plain(value, scope, depth))
                }
                _ => false,
            },
            _ => false,
        }
    }
}

fn is_plain_type(annotation: &Expr) -> bool {
    match annotation {
        Expr::Name(name) => matches!(
            name.id.as_str(),
            "list" | "dict" | "tuple" | "set" | "str" | "bytes" | "List" | "Dict" | "Tuple" | "Set"
        ),
        Expr::Subscript(subscript) => is_plain_type(&subscript.value),
        _ => false,
    }
}

struct Finder<'a, 'w> {
    scope: &'a str,
    depth: usize,
    sites: &'w CallSites<'a>,
    found: Bindings<'a>,
}

impl<'a> Finder<'a, '_> {
    fn bind(&mut self, target: &'a Expr, source: Source<'a>) {
        match target {
            Expr::Name(name) => self
                .found
                .names
                .entry((self.scope, name.id.as_str()))
                .or_default()
                .push(source),
            Expr::Subscript(subscript) => {
                if let Expr::Name(name) = &*subscript.value {
                    let value = match source {
                        Source::Value(value) => Some(value),
                        _ => None,
                    };
                    self.found
                        .held
                        .entry((self.scope, name.id.as_str()))
                        .or_default()
                        .push(value);
                }
            }
            Expr::Tuple(tuple) => self.bind_parts(&tuple.elts, source),
            Expr::List(list) => self.bind_parts(&list.elts, source),
            Expr::Starred(starred) => self.bind(&starred.value, source),
            _ => {}
        }
    }

    fn bind_parts(&mut self, parts: &'a [Expr], source: Source<'a>) {
        for (index, target) in parts.iter().enumerate() {
            let part = match source {
                Source::Item(iter, None) if !target.is_starred_expr() => {
                    Source::Item(iter, Some(index))
                }
                Source::Value(value) | Source::Part(value) | Source::Item(value, _) => {
                    Source::Part(value)
                }
                Source::Unknown => Source::Unknown,
            };
            self.bind(target, part);
        }
    }
}

impl<'a> Visitor<'a> for Finder<'a, '_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => return self.function(function),
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.bind(target, Source::Value(&assign.value));
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.bind(&assign.target, Source::Value(value));
                }
            }
            Stmt::For(each) => self.bind(&each.target, Source::Item(&each.iter, None)),
            Stmt::With(with) => {
                for target in with
                    .items
                    .iter()
                    .filter_map(|item| item.optional_vars.as_deref())
                {
                    self.bind(target, Source::Unknown);
                }
            }
            Stmt::Return(give) => {
                if let (Some(value), 1) = (&give.value, self.depth) {
                    self.found
                        .returns
                        .entry(self.scope)
                        .or_default()
                        .push(value);
                }
            }
            Stmt::AugAssign(assign) => self.bind(&assign.target, Source::Value(&assign.value)),
            Stmt::Match(_) => {
                for name in crate::effects::all_names(std::slice::from_ref(statement)) {
                    self.unknown(name);
                }
            }
            Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::ClassDef(_) => {
                for name in crate::effects::bound_names(std::slice::from_ref(statement)) {
                    self.unknown(name);
                }
            }
            _ => {}
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.unknown(name.as_str());
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                self.found.generators.insert(self.scope);
            }
            Expr::Named(named) => self.bind(&named.target, Source::Value(&named.value)),
            Expr::Call(call) => {
                if let Expr::Name(name) = &*call.func {
                    self.found
                        .calls
                        .entry(name.id.as_str())
                        .or_default()
                        .push((self.scope, call));
                    self.visit_arguments(&call.arguments);
                    return;
                }
                self.grow(call);
                if self.sites.is_hermod_call(&call.func) {
                    self.visit_arguments(&call.arguments);
                    return;
                }
            }
            Expr::Name(name) => {
                self.found.exposed.insert(name.id.as_str());
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }
}

impl<'a> Finder<'a, '_> {
    fn unknown(&mut self, name: &'a str) {
        let sources = self.found.names.entry((self.scope, name)).or_default();
        sources.push(Source::Unknown);
    }

    fn grow(&mut self, call: &'a ExprCall) {
        if let Expr::Attribute(attribute) = &*call.func
            && known::is_mutating_method(attribute.attr.as_str())
            && let Expr::Name(owner) = &*attribute.value
        {
            let value = match attribute.attr.as_str() {
                "append" | "add" | "appendleft" => call.arguments.args.first(),
                "pop" | "remove" | "discard" | "clear" | "sort" | "reverse" => return,
                _ => None,
            };
            self.found
                .held
                .entry((self.scope, owner.id.as_str()))
                .or_default()
                .push(value);
        }
    }

    fn function(&mut self, function: &'a StmtFunctionDef) {
        self.unknown(function.name.as_str());
        let outer = self.scope;
        if self.depth == 0 {
            self.scope = function.name.as_str();
            self.found
                .parameters
                .insert(self.scope, &function.parameters);
        }
        self.depth += 1;
        self.visit_parameters(&function.parameters);
        self.visit_body(&function.body);
        self.depth -= 1;
        self.scope = outer;
    }
}
