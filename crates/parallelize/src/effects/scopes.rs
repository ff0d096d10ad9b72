//! Scopes of variables: the module and every function in it, nested ones and methods included.

use std::collections::{HashMap, HashSet};

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{
    Comprehension, ExceptHandler, Expr, ExprContext, Pattern, Ranged, Stmt, StmtClassDef,
    StmtFunctionDef,
};

use super::names::{parameter_names, pattern_names, target_names};

/// A function of the program, or the module itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Scope(usize);

impl Scope {
    pub(crate) const MODULE: Self = Self(0);
}

/// A class of the program, by the order of their definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ClassId(pub(crate) usize);

#[derive(Debug, Default)]
pub(crate) struct ScopeInfo<'a> {
    /// `None` for the module.
    pub(crate) node: Option<&'a StmtFunctionDef>,
    /// The scope around, classes left out.
    parent: usize,
    /// The class in whose body it stands.
    pub(crate) class: Option<ClassId>,
    /// Names bound here, parameters included, with how often.
    pub(crate) bound: HashMap<&'a str, usize>,
    /// Functions defined here, not in a class.
    functions: HashMap<&'a str, Scope>,
    /// Names that belong to the module, or to a function around.
    globals: HashSet<&'a str>,
    nonlocals: HashSet<&'a str>,
    pub(crate) generator: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Scopes<'a> {
    scopes: Vec<ScopeInfo<'a>>,
    pub(crate) classes: Vec<&'a StmtClassDef>,
    /// The scope in which each class is defined.
    class_scopes: Vec<Scope>,
    by_start: HashMap<usize, Scope>,
    methods: HashMap<ClassId, HashMap<&'a str, Vec<Scope>>>,
    methods_by_name: HashMap<&'a str, Vec<Scope>>,
}

impl<'a> Scopes<'a> {
    pub(crate) fn new(body: &'a [Stmt]) -> Self {
        let mut finder = Finder {
            scope: Scope::MODULE,
            class: None,
            found: Self::default(),
        };
        finder.found.scopes.push(ScopeInfo::default());
        finder.fill(Scope::MODULE, body);
        finder.visit_body(body);
        let mut scopes = finder.found;
        let declared: Vec<&'a str> = scopes
            .scopes
            .iter()
            .flat_map(|info| info.globals.iter().copied())
            .collect();
        for name in declared {
            *scopes.scopes[0].bound.entry(name).or_default() += 2;
        }
        scopes.count_rebinding();
        scopes
    }

    /// `nonlocal name` in an inner function: one more place that binds it.
    fn count_rebinding(&mut self) {
        for at in 1..self.scopes.len() {
            let names: Vec<&'a str> = self.scopes[at].nonlocals.iter().copied().collect();
            for name in names {
                let owner = self.owner(Scope(self.scopes[at].parent), name);
                if let Some(Scope(owner)) = owner {
                    *self.scopes[owner].bound.entry(name).or_default() += 1;
                }
            }
        }
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = (Scope, &'a StmtFunctionDef)> {
        let nodes = self.scopes.iter().enumerate();
        nodes.filter_map(|(at, info)| Some((Scope(at), info.node?)))
    }

    pub(crate) fn info(&self, scope: Scope) -> &ScopeInfo<'a> {
        &self.scopes[scope.0]
    }

    pub(crate) fn of(&self, function: &StmtFunctionDef) -> Scope {
        self.by_start
            .get(&function.range().start().to_usize())
            .copied()
            .expect("every function of the program has a scope")
    }

    pub(crate) fn of_class(&self, class: ClassId) -> Scope {
        self.class_scopes[class.0]
    }

    pub(crate) fn parent(&self, scope: Scope) -> Scope {
        Scope(self.scopes[scope.0].parent)
    }

    /// Whose variable `name` is, where code of `scope` says it; `None`: a builtin, if anything.
    pub(crate) fn owner(&self, scope: Scope, name: &str) -> Option<Scope> {
        let mut at = scope;
        loop {
            let info = &self.scopes[at.0];
            if info.globals.contains(name) {
                at = Scope::MODULE;
                continue;
            }
            if info.bound.contains_key(name) && !info.nonlocals.contains(name) {
                return Some(at);
            }
            if at == Scope::MODULE {
                return None;
            }
            at = Scope(info.parent);
        }
    }

    /// The function that `name` means throughout its scope: defined once, and nothing else ever.
    pub(crate) fn function_named(&self, scope: Scope, name: &str) -> Option<Scope> {
        let owner = &self.scopes[self.owner(scope, name)?.0];
        let function = owner.functions.get(name)?;
        (owner.bound.get(name) == Some(&1)).then_some(*function)
    }

    /// The methods of that name in the class's own body.
    pub(crate) fn methods_named(&self, class: ClassId, name: &str) -> &[Scope] {
        let methods = self.methods.get(&class);
        let same = methods.and_then(|methods| methods.get(name));
        same.map_or(&[], Vec::as_slice)
    }

    /// The methods of that name, of whatever class.
    pub(crate) fn all_methods(&self, name: &str) -> &[Scope] {
        self.methods_by_name.get(name).map_or(&[], Vec::as_slice)
    }
}

struct Finder<'a> {
    scope: Scope,
    class: Option<ClassId>,
    found: Scopes<'a>,
}

impl<'a> Finder<'a> {
    fn fill(&mut self, scope: Scope, body: &'a [Stmt]) {
        let mut bound = Bound {
            info: &mut self.found.scopes[scope.0],
        };
        bound.visit_body(body);
    }

    fn function(&mut self, function: &'a StmtFunctionDef) {
        let scope = Scope(self.found.scopes.len());
        let name = function.name.as_str();
        let mut info = ScopeInfo {
            node: Some(function),
            parent: self.scope.0,
            class: self.class,
            ..ScopeInfo::default()
        };
        for parameter in parameter_names(&function.parameters) {
            info.bound.insert(parameter, 1);
        }
        self.found.scopes.push(info);
        self.found
            .by_start
            .insert(function.range().start().to_usize(), scope);
        match self.class {
            Some(class) => {
                let methods = self.found.methods.entry(class).or_default();
                methods.entry(name).or_default().push(scope);
                let others = self.found.methods_by_name.entry(name).or_default();
                others.push(scope);
            }
            None => {
                let around = &mut self.found.scopes[self.scope.0];
                around.functions.insert(name, scope);
            }
        }
        self.fill(scope, &function.body);
        let outer = (self.scope, self.class.take());
        self.scope = scope;
        self.visit_body(&function.body);
        (self.scope, self.class) = outer;
    }
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => {
                let id = ClassId(self.found.classes.len());
                self.found.classes.push(class);
                self.found.class_scopes.push(self.scope);
                let outer = self.class.replace(id);
                self.visit_body(&class.body);
                self.class = outer;
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, _: &'a Expr) {}
}

/// Names bound in one scope, and what it says of names of others.
struct Bound<'a, 'w> {
    info: &'w mut ScopeInfo<'a>,
}

impl<'a> Bound<'a, '_> {
    fn bind(&mut self, name: &'a str, times: usize) {
        *self.info.bound.entry(name).or_default() += times;
    }
}

impl<'a> Visitor<'a> for Bound<'a, '_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => self.bind(function.name.as_str(), 1),
            Stmt::ClassDef(class) => self.bind(class.name.as_str(), 1),
            Stmt::Import(_) | Stmt::ImportFrom(_) => {
                for name in super::bound_names(std::slice::from_ref(statement)) {
                    self.bind(name, 1);
                }
            }
            Stmt::Global(global) => {
                let names = global.names.iter().map(|name| name.as_str());
                self.info.globals.extend(names);
            }
            Stmt::Nonlocal(outer) => {
                let names = outer.names.iter().map(|name| name.as_str());
                self.info.nonlocals.extend(names);
            }
            Stmt::For(each) => {
                for name in target_names(&each.target) {
                    self.bind(name, 2);
                }
                visitor::walk_stmt(self, statement);
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if !matches!(name.ctx, ExprContext::Load) => {
                self.bind(name.id.as_str(), 1);
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => self.info.generator = true,
            Expr::Lambda(_) => return,
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }

    /// Its targets are names of its own.
    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        self.visit_expr(&comprehension.iter);
        comprehension
            .ifs
            .iter()
            .for_each(|test| self.visit_expr(test));
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.bind(name.as_str(), 2);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let own = match pattern {
            Pattern::MatchAs(_) | Pattern::MatchStar(_) | Pattern::MatchMapping(_) => {
                pattern_names(pattern)
            }
            _ => Vec::new(),
        };
        own.into_iter().for_each(|name| self.bind(name, 1));
        visitor::walk_pattern(self, pattern);
    }
}
