//! What the whole text says, gathered before the walk: imports, names bound, keys stored, names that
//! the program itself examines.

use std::collections::{HashMap, HashSet};

use crate::ast::visitor::{self, Visitor};
use crate::ast::{Expr, ExprContext, Parameters, Pattern, Stmt, StmtFunctionDef};

/// Methods that change a list or dict in place.
const MUTATING: [&str; 12] = [
    "add",
    "append",
    "clear",
    "discard",
    "extend",
    "insert",
    "pop",
    "remove",
    "reverse",
    "setdefault",
    "sort",
    "update",
];

/// Builtins that leave their arguments as they are.
pub(super) const READING: [&str; 22] = [
    "all",
    "any",
    "bool",
    "dict",
    "enumerate",
    "filter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "print",
    "range",
    "repr",
    "reversed",
    "set",
    "sorted",
    "str",
    "sum",
    "tuple",
    "type",
    "zip",
];

#[derive(Debug, Default)]
pub(super) struct Facts {
    /// A name of the program to what was imported under it: `Image` to `PIL.Image`.
    pub(super) imported: HashMap<String, String>,
    /// Every name bound anywhere, in whatever scope.
    pub(super) bound: HashSet<String>,
    /// Names whose type the program asks for itself (`isinstance`), or that hold something changed in
    /// place or handed elsewhere: nothing is known of them.
    pub(super) opaque: HashSet<String>,
    /// Keys that the program stores itself: a result may have them later.
    pub(super) stored_keys: HashSet<String>,
    /// Keys that cannot be told are stored.
    pub(super) stores_any_key: bool,
    /// `from x import *`, `exec`: names may come from anywhere.
    pub(super) binds_any_name: bool,
    /// Names used other than as what is called.
    pub(super) used_as_value: HashSet<String>,
    /// How often each name is read.
    pub(super) reads: HashMap<String, usize>,
    /// Functions defined more than once, or assigned to.
    pub(super) bindings: HashMap<String, usize>,
}

impl Facts {
    pub(super) fn gather(body: &[Stmt]) -> Self {
        let mut gatherer = Gatherer(Self::default());
        gatherer.visit_body(body);
        gatherer.0
    }
}

struct Gatherer(Facts);

impl Gatherer {
    fn bind(&mut self, name: &str) {
        self.0.bound.insert(name.to_owned());
        *self.0.bindings.entry(name.to_owned()).or_default() += 1;
    }

    fn opaque(&mut self, expression: &Expr) {
        if let Expr::Name(name) = expression {
            self.0.opaque.insert(name.id.to_string());
        }
    }

    fn store_key(&mut self, key: &Expr) {
        match key {
            Expr::StringLiteral(literal) => {
                self.0.stored_keys.insert(literal.value.to_str().to_owned());
            }
            Expr::NumberLiteral(_) => {}
            _ => self.0.stores_any_key = true,
        }
    }

    fn import(&mut self, name: &str, module: String) {
        self.bind(name);
        self.0.imported.insert(name.to_owned(), module);
    }

    fn learn_call(&mut self, call: &crate::ast::ExprCall) {
        match &*call.func {
            Expr::Name(callee)
                if ["isinstance", "hasattr", "type", "issubclass", "callable"]
                    .contains(&callee.id.as_str()) =>
            {
                call.arguments
                    .args
                    .iter()
                    .take(1)
                    .for_each(|argument| self.opaque(argument));
            }
            Expr::Name(callee)
                if ["exec", "globals", "locals", "vars"].contains(&callee.id.as_str()) =>
            {
                self.0.binds_any_name = true;
            }
            Expr::Name(callee) if READING.contains(&callee.id.as_str()) => {}
            Expr::Attribute(method) if MUTATING.contains(&method.attr.as_str()) => {
                self.opaque(&method.value);
                match method.attr.as_str() {
                    "setdefault" => call
                        .arguments
                        .args
                        .first()
                        .into_iter()
                        .for_each(|key| self.store_key(key)),
                    "update" => self.0.stores_any_key = true,
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Gatherer {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => self.bind(&function.name),
            Stmt::ClassDef(class) => self.bind(&class.name),
            Stmt::Import(import) => {
                for alias in &import.names {
                    let module = alias.name.as_str();
                    let first = module.split('.').next().unwrap_or(module);
                    match &alias.asname {
                        Some(name) => self.import(name, module.to_owned()),
                        None => self.import(first, first.to_owned()),
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_deref().unwrap_or("");
                for alias in &import.names {
                    if alias.name.as_str() == "*" {
                        self.0.binds_any_name = true;
                    }
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.import(name, format!("{module}.{}", alias.name));
                }
            }
            Stmt::Global(global) => global
                .names
                .iter()
                .for_each(|name| self.0.opaque.extend([name.to_string()])),
            Stmt::Nonlocal(nonlocal) => nonlocal
                .names
                .iter()
                .for_each(|name| self.0.opaque.extend([name.to_string()])),
            Stmt::AugAssign(assign) => {
                if let Expr::Subscript(target) = &*assign.target {
                    self.opaque(&target.value);
                }
            }
            _ => {}
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx == ExprContext::Load => {
                *self.0.reads.entry(name.id.to_string()).or_default() += 1;
                self.0.used_as_value.insert(name.id.to_string());
            }
            Expr::Name(name) => self.bind(&name.id),
            // Bound wherever it stands, in a comprehension too.
            Expr::Named(named) => self.opaque(&named.target),
            Expr::Subscript(subscript) if subscript.ctx != ExprContext::Load => {
                self.opaque(&subscript.value);
                self.store_key(&subscript.slice);
            }
            Expr::Call(call) => {
                self.learn_call(call);
                if let Expr::Name(callee) = &*call.func {
                    // Called by its own name: not used as a value here.
                    *self.0.reads.entry(callee.id.to_string()).or_default() += 1;
                    self.visit_arguments(&call.arguments);
                    return;
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }

    fn visit_parameters(&mut self, parameters: &'a Parameters) {
        for parameter in parameters {
            self.bind(parameter.name());
        }
        visitor::walk_parameters(self, parameters);
    }

    fn visit_except_handler(&mut self, handler: &'a crate::ast::ExceptHandler) {
        let crate::ast::ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.bind(name);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        if let Some(name) = captured(pattern) {
            self.bind(name);
        }
        visitor::walk_pattern(self, pattern);
    }
}

/// The name that a pattern itself binds.
pub(super) fn captured(pattern: &Pattern) -> Option<&str> {
    let name = match pattern {
        Pattern::MatchAs(capture) => capture.name.as_ref(),
        Pattern::MatchStar(star) => star.name.as_ref(),
        Pattern::MatchMapping(mapping) => mapping.rest.as_ref(),
        _ => None,
    };
    name.map(|name| name.as_str())
}

/// Does calling it make a generator?
pub(super) fn is_generator(function: &StmtFunctionDef) -> bool {
    let mut finder = YieldFinder(false);
    finder.visit_body(&function.body);
    finder.0
}

struct YieldFinder(bool);

impl<'a> Visitor<'a> for YieldFinder {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            visitor::walk_stmt(self, statement);
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        self.0 |= matches!(expression, Expr::Yield(_) | Expr::YieldFrom(_));
        visitor::walk_expr(self, expression);
    }
}
