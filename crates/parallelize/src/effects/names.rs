//! Which names a piece of text binds, reads, mentions, or keeps in nested functions.

use std::collections::HashSet;

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{
    ExceptHandler, Expr, ExprContext, Parameters, Pattern, Stmt, StmtFunctionDef,
};

use super::known;

pub(crate) fn parameter_names(parameters: &Parameters) -> Vec<&str> {
    parameters
        .iter()
        .map(|parameter| parameter.name().as_str())
        .collect()
}

pub(crate) fn target_names(target: &Expr) -> Vec<&str> {
    match target {
        Expr::Name(name) => vec![name.id.as_str()],
        Expr::Tuple(tuple) => tuple.elts.iter().flat_map(target_names).collect(),
        Expr::List(list) => list.elts.iter().flat_map(target_names).collect(),
        Expr::Starred(starred) => target_names(&starred.value),
        _ => Vec::new(),
    }
}

pub(crate) fn pattern_names(pattern: &Pattern) -> Vec<&str> {
    struct Names<'a>(Vec<&'a str>);
    impl<'a> Visitor<'a> for Names<'a> {
        fn visit_pattern(&mut self, pattern: &'a Pattern) {
            match pattern {
                Pattern::MatchAs(found) => {
                    self.0.extend(found.name.as_ref().map(|name| name.as_str()));
                }
                Pattern::MatchStar(found) => {
                    self.0.extend(found.name.as_ref().map(|name| name.as_str()));
                }
                Pattern::MatchMapping(found) => {
                    self.0.extend(found.rest.as_ref().map(|name| name.as_str()));
                }
                _ => {}
            }
            visitor::walk_pattern(self, pattern);
        }
    }
    let mut names = Names(Vec::new());
    names.visit_pattern(pattern);
    names.0
}

/// Which names a walk over statements collects.
#[derive(Clone, Copy, PartialEq)]
enum Collect {
    /// Bound in this scope.
    Bound,
    /// Mentioned anywhere inside nested functions and lambdas.
    Captured,
    /// Read anywhere, nested scopes included.
    Read,
    /// Mentioned anywhere, in any way.
    All,
}

/// The generator in `sum(… for …)` and its like: it does not outlive the expression.
fn used_at_once(expression: &Expr) -> Option<&Expr> {
    let Expr::Call(call) = expression else {
        return None;
    };
    let uses = match &*call.func {
        Expr::Name(name) => {
            let name = name.id.as_str();
            known::walks_its_argument(name)
                || known::is_container_builtin(name)
                || known::is_choosing_builtin(name)
        }
        Expr::Attribute(attribute) => {
            matches!(attribute.attr.as_str(), "join" | "extend" | "gather")
        }
        _ => false,
    };
    let generator = match call.arguments.args.first()? {
        Expr::Starred(starred) => &starred.value,
        first => first,
    };
    (uses && generator.is_generator_expr()).then_some(generator)
}

struct Names<'a> {
    collect: Collect,
    nested: usize,
    found: HashSet<&'a str>,
    excluded: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(statements: &'a [Stmt], collect: Collect) -> HashSet<&'a str> {
        let (found, excluded) = (HashSet::new(), HashSet::new());
        let mut names = Self {
            collect,
            nested: 0,
            found,
            excluded,
        };
        names.visit_body(statements);
        if collect == Collect::Bound {
            return names.found.difference(&names.excluded).copied().collect();
        }
        names.found
    }

    /// What a function or lambda uses that is not its own.
    fn free(&mut self, own: HashSet<&'a str>, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::take(&mut self.found);
        self.nested += 1;
        visit(self);
        self.nested -= 1;
        self.found.retain(|name| !own.contains(name));
        self.found.extend(outer);
    }

    fn function(&mut self, function: &'a StmtFunctionDef) {
        for decorator in &function.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        self.visit_parameters(&function.parameters);
        let mut own = bound_names(&function.body);
        own.extend(parameter_names(&function.parameters));
        self.free(own, |names| names.visit_body(&function.body));
    }

    fn binding(&mut self, name: &'a str) {
        let wanted = match self.collect {
            Collect::Bound => self.nested == 0,
            Collect::Captured => self.nested > 0,
            Collect::All => true,
            Collect::Read => false,
        };
        if wanted {
            self.found.insert(name);
        }
    }
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => self.binding(function.name.as_str()),
            Stmt::ClassDef(class) => self.binding(class.name.as_str()),
            Stmt::Import(import) => {
                for alias in &import.names {
                    let whole = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.binding(whole.split('.').next().unwrap_or(whole));
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.binding(alias.asname.as_ref().unwrap_or(&alias.name).as_str());
                }
            }
            Stmt::Global(global) if self.nested == 0 => self
                .excluded
                .extend(global.names.iter().map(|name| name.as_str())),
            Stmt::Nonlocal(outer) if self.nested == 0 => self
                .excluded
                .extend(outer.names.iter().map(|name| name.as_str())),
            _ => {}
        }
        if let (Stmt::FunctionDef(function), Collect::Captured) = (statement, self.collect) {
            return self.function(function);
        }
        let scope = matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_));
        self.nested += usize::from(scope);
        visitor::walk_stmt(self, statement);
        self.nested -= usize::from(scope);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression {
            let name_text = name.id.as_str();
            match name.ctx {
                ExprContext::Load => {
                    if self.collect == Collect::Read
                        || self.collect == Collect::All
                        || self.collect == Collect::Captured && self.nested > 0
                    {
                        self.found.insert(name_text);
                    }
                }
                _ => self.binding(name_text),
            }
        }
        if let (Expr::Call(call), Some(generator)) = (expression, used_at_once(expression)) {
            self.visit_expr(&call.func);
            for other in call.arguments.args.iter().skip(1) {
                self.visit_expr(other);
            }
            for keyword in &call.arguments.keywords {
                self.visit_expr(&keyword.value);
            }
            return visitor::walk_expr(self, generator);
        }
        if let (Expr::Lambda(lambda), Collect::Captured) = (expression, self.collect) {
            let parameters = lambda.parameters.iter();
            let own = parameters.flat_map(|all| parameter_names(all)).collect();
            return self.free(own, |names| visitor::walk_expr(names, expression));
        }
        let scope = matches!(expression, Expr::Lambda(_))
            || matches!(expression, Expr::Generator(_)) && self.collect == Collect::Captured;
        self.nested += usize::from(scope);
        visitor::walk_expr(self, expression);
        self.nested -= usize::from(scope);
    }

    fn visit_parameter(&mut self, parameter: &'a dice_program::ast::Parameter) {
        if self.collect == Collect::All {
            self.found.insert(parameter.name.as_str());
        }
        visitor::walk_parameter(self, parameter);
    }

    /// A comprehension's own targets are not bound in the function.
    fn visit_comprehension(&mut self, comprehension: &'a dice_program::ast::Comprehension) {
        self.visit_expr(&comprehension.iter);
        if self.collect != Collect::Bound {
            self.visit_expr(&comprehension.target);
        }
        for test in &comprehension.ifs {
            self.visit_expr(test);
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.binding(name.as_str());
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        for name in pattern_names(pattern) {
            self.binding(name);
        }
        visitor::walk_pattern(self, pattern);
    }
}

pub(crate) fn bound_names(statements: &[Stmt]) -> HashSet<&str> {
    Names::of(statements, Collect::Bound)
}

pub(crate) fn captured_names(statements: &[Stmt]) -> HashSet<&str> {
    Names::of(statements, Collect::Captured)
}

pub(crate) fn all_read_names(statements: &[Stmt]) -> HashSet<&str> {
    Names::of(statements, Collect::Read)
}

/// Every name mentioned: what a new name must differ from.
pub(crate) fn all_names(statements: &[Stmt]) -> HashSet<&str> {
    Names::of(statements, Collect::All)
}

/// Every name mentioned in an expression.
pub(crate) fn names_in(expression: &Expr) -> HashSet<&str> {
    let (found, excluded) = (HashSet::new(), HashSet::new());
    let mut names = Names {
        collect: Collect::All,
        nested: 0,
        found,
        excluded,
    };
    names.visit_expr(expression);
    names.found
}
