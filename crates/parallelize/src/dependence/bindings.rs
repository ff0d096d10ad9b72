//! Where names get their values, what is put into containers, who calls what and what functions return.

use std::collections::{HashMap, HashSet};

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{
    Comprehension, ExceptHandler, Expr, ExprCall, Parameters, Stmt, StmtFunctionDef,
};

use crate::effects::{Scope, Scopes, known, parameter_names};

#[derive(Debug, Default)]
pub(crate) struct Bindings<'a> {
    /// Per scope and name.
    names: HashMap<(Scope, &'a str), Vec<Source<'a>>>,
    parameters: HashMap<Scope, &'a Parameters>,
    /// Calls by the name of what is called, with the function that they stand in.
    calls: HashMap<&'a str, Vec<(Scope, &'a ExprCall)>>,
    /// What is put into a name's container, and `None` where that is not known.
    held: HashMap<(Scope, &'a str), Vec<Option<&'a Expr>>>,
    /// What is stored in attributes of that name, of whatever object.
    stored: HashMap<&'a str, Vec<(Scope, Option<&'a Expr>)>>,
    /// What is put into containers that are attributes of that name.
    held_by_attributes: HashMap<&'a str, Vec<(Scope, Option<&'a Expr>)>>,
    returns: HashMap<Scope, Vec<&'a Expr>>,
    /// Functions with a `return` that gives nothing.
    empty_returns: HashSet<Scope>,
    annotations: HashMap<(Scope, &'a str), &'a Expr>,
    /// Functions and methods that are also used other than by calling them.
    exposed: HashSet<&'a str>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a> {
    Value(&'a Expr),
    /// An item of this, as a loop takes it; with an index, that part of each item.
    Item(&'a Expr, Option<usize>),
    /// An item, or a part of an item, of this.
    Part(&'a Expr),
    Unknown,
}

impl<'a> Bindings<'a> {
    pub(crate) fn new(body: &'a [Stmt], scopes: &Scopes<'a>) -> Self {
        let mut finder = Finder {
            scope: Scope::MODULE,
            scopes,
            found: Self::default(),
        };
        finder.visit_body(body);
        finder.found
    }

    pub(crate) fn parameters(&self, scope: Scope) -> Option<&'a Parameters> {
        self.parameters.get(&scope).copied()
    }

    pub(crate) fn is_parameter(&self, scope: Scope, name: &str) -> bool {
        self.parameters(scope)
            .is_some_and(|parameters| parameter_names(parameters).contains(&name))
    }

    /// Where a variable of `scope` itself gets its values, apart from what is passed for a parameter.
    pub(crate) fn sources_at(&self, scope: Scope, name: &'a str) -> Option<&[Source<'a>]> {
        self.names.get(&(scope, name)).map(Vec::as_slice)
    }

    /// The expressions whose values the variable gets, if it gets nothing else.
    pub(crate) fn values_of(&self, scope: Scope, name: &'a str) -> Option<Vec<&'a Expr>> {
        let sources = self.sources(scope, name)?.iter();
        let values = sources.map(|source| match source {
            Source::Value(value) => Some(*value),
            _ => None,
        });
        values.collect()
    }

    /// Where a local variable gets its values; `None` for parameters and others.
    pub(crate) fn sources(&self, scope: Scope, name: &'a str) -> Option<&[Source<'a>]> {
        (!self.is_parameter(scope, name))
            .then(|| self.sources_at(scope, name))
            .flatten()
    }

    /// What is put into the container that the variable holds; `None` where that is not known.
    pub(crate) fn held_by(&self, scope: Scope, name: &'a str) -> &[Option<&'a Expr>] {
        self.held.get(&(scope, name)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn stored(&self, attribute: &str) -> &[(Scope, Option<&'a Expr>)] {
        self.stored.get(attribute).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn held_by_attribute(&self, attribute: &str) -> &[(Scope, Option<&'a Expr>)] {
        let held = self.held_by_attributes.get(attribute);
        held.map_or(&[], Vec::as_slice)
    }

    pub(crate) fn returns(&self, scope: Scope) -> &[&'a Expr] {
        self.returns.get(&scope).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn returns_nothing(&self, scope: Scope) -> bool {
        self.empty_returns.contains(&scope)
    }

    pub(crate) fn calls_of(&self, name: &str) -> &[(Scope, &'a ExprCall)] {
        self.calls.get(name).map_or(&[], Vec::as_slice)
    }

    /// Is the function, or a method of that name, used other than by calling it?
    pub(crate) fn is_exposed(&self, name: &str) -> bool {
        self.exposed.contains(name)
    }

    /// Is the name bound in one place of the whole program, and no parameter's?
    pub(crate) fn is_bound_once(&self, name: &str) -> bool {
        let mut parameters = self.parameters.values();
        let sources = self.names.iter().filter(|((_, bound), _)| *bound == name);
        sources.map(|(_, sources)| sources.len()).sum::<usize>() == 1
            && !parameters.any(|all| all.iter().any(|one| one.name().as_str() == name))
    }

    /// The annotation of a parameter or variable.
    pub(crate) fn annotation(&self, scope: Scope, name: &'a str) -> Option<&'a Expr> {
        self.annotations.get(&(scope, name)).copied()
    }
}

struct Finder<'a, 'w> {
    scope: Scope,
    scopes: &'w Scopes<'a>,
    found: Bindings<'a>,
}

impl<'a> Finder<'a, '_> {
    /// The variable that `name` means here, as a key.
    fn key(&self, name: &'a str) -> (Scope, &'a str) {
        (
            self.scopes.owner(self.scope, name).unwrap_or(self.scope),
            name,
        )
    }

    fn source(&mut self, name: &'a str, source: Source<'a>) {
        let key = self.key(name);
        self.found.names.entry(key).or_default().push(source);
    }

    fn bind(&mut self, target: &'a Expr, source: Source<'a>) {
        let value = match source {
            Source::Value(value) => Some(value),
            _ => None,
        };
        match target {
            Expr::Name(name) => self.source(name.id.as_str(), source),
            Expr::Subscript(subscript) => self.hold(&subscript.value, value),
            Expr::Attribute(attribute) => {
                let stored = self
                    .found
                    .stored
                    .entry(attribute.attr.as_str())
                    .or_default();
                stored.push((self.scope, value));
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

    /// `owner` is a container into which `value` is put.
    fn hold(&mut self, owner: &'a Expr, value: Option<&'a Expr>) {
        match owner {
            Expr::Name(name) => {
                let key = self.key(name.id.as_str());
                self.found.held.entry(key).or_default().push(value);
            }
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                let held = self.found.held_by_attributes.entry(name).or_default();
                held.push((self.scope, value));
            }
            // What is put into something inside is somewhere inside.
            Expr::Subscript(subscript) => self.hold(&subscript.value, value),
            Expr::Call(call) => {
                if let Expr::Attribute(attribute) = &*call.func {
                    self.hold(&attribute.value, value);
                }
            }
            _ => {}
        }
    }

    fn unknown(&mut self, name: &'a str) {
        self.source(name, Source::Unknown);
    }

    fn grow(&mut self, call: &'a ExprCall) {
        if let Expr::Attribute(attribute) = &*call.func
            && known::is_mutating_method(attribute.attr.as_str())
        {
            let value = match attribute.attr.as_str() {
                "append" | "add" | "appendleft" => call.arguments.args.first(),
                "pop" | "remove" | "discard" | "clear" | "sort" | "reverse" | "popleft" => return,
                _ => None,
            };
            self.hold(&attribute.value, value);
        }
    }

    fn function(&mut self, function: &'a StmtFunctionDef) {
        let scope = self.scopes.of(function);
        if self.scopes.info(scope).class.is_none() {
            self.unknown(function.name.as_str());
        }
        for decorator in &function.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        self.visit_parameters(&function.parameters);
        self.found.parameters.insert(scope, &function.parameters);
        for parameter in &function.parameters {
            if let Some(annotation) = parameter.annotation() {
                let name = parameter.name().as_str();
                self.found.annotations.insert((scope, name), annotation);
            }
        }
        let outer = std::mem::replace(&mut self.scope, scope);
        self.visit_body(&function.body);
        self.scope = outer;
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
                if let Expr::Name(name) = &*assign.target {
                    let key = self.key(name.id.as_str());
                    self.found.annotations.insert(key, &assign.annotation);
                }
            }
            Stmt::For(each) => self.bind(&each.target, Source::Item(&each.iter, None)),
            Stmt::With(with) => {
                let targets = with.items.iter();
                for target in targets.filter_map(|item| item.optional_vars.as_deref()) {
                    self.bind(target, Source::Unknown);
                }
            }
            Stmt::Return(give) => {
                let returns = self.found.returns.entry(self.scope).or_default();
                match &give.value {
                    Some(value) => returns.push(value),
                    None => _ = self.found.empty_returns.insert(self.scope),
                }
            }
            Stmt::AugAssign(assign) => self.bind(&assign.target, Source::Value(&assign.value)),
            Stmt::Match(choice) => {
                for case in &choice.cases {
                    for name in crate::effects::pattern_names(&case.pattern) {
                        self.unknown(name);
                    }
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

    /// To name a class is not to use it.
    fn visit_annotation(&mut self, _: &'a Expr) {}

    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        self.bind(
            &comprehension.target,
            Source::Item(&comprehension.iter, None),
        );
        visitor::walk_comprehension(self, comprehension);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Named(named) => self.bind(&named.target, Source::Value(&named.value)),
            Expr::Call(call) => {
                self.grow(call);
                let name = match &*call.func {
                    Expr::Name(name) => Some(name.id.as_str()),
                    Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
                    _ => None,
                };
                if let Some(name) = name {
                    let calls = self.found.calls.entry(name).or_default();
                    calls.push((self.scope, call));
                    if let Expr::Attribute(attribute) = &*call.func {
                        self.visit_expr(&attribute.value);
                    }
                    self.visit_arguments(&call.arguments);
                    return;
                }
            }
            Expr::Name(name) => {
                self.found.exposed.insert(name.id.as_str());
            }
            Expr::Attribute(attribute) => {
                self.found.exposed.insert(attribute.attr.as_str());
            }
            Expr::Lambda(lambda) => {
                for parameter in lambda.parameters.iter().flat_map(|all| all.iter()) {
                    self.unknown(parameter.name().as_str());
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }
}
