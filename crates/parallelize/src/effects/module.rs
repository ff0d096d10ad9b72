//! What the module defines: its names, functions and classes, and what is known of each function.

use std::collections::{HashMap, HashSet};

use dice_program::ast::visitor::Visitor;
use dice_program::ast::{Expr, Stmt, StmtClassDef, StmtFunctionDef};
use dice_program::{CallSites, Parsed};

use super::classes::{Classes, MethodKind, method_kind};
use super::constants::{Everywhere, is_flat_display, is_literal};
use super::function::FunctionFacts;
use super::handed::Handed;
use super::imports::Imports;
use super::names::{all_names, bound_names};
use super::scopes::{Scope, Scopes};
use super::summary::Summary;
use crate::dependence::Bindings;
use crate::functions::Functions;

#[derive(Debug, Clone, Copy)]
pub(crate) struct FunctionInfo<'a> {
    pub(crate) node: &'a StmtFunctionDef,
    pub(crate) is_async: bool,
}

#[derive(Debug)]
pub(crate) struct Module<'a> {
    pub(super) source: &'a str,
    pub(crate) scopes: Scopes<'a>,
    pub(crate) classes: Classes<'a>,
    imports: HashSet<&'a str>,
    constants: HashSet<&'a str>,
    everywhere: Everywhere<'a>,
    pub(super) imported: Imports<'a>,
    /// Names whose objects get into other hands, or are changed.
    handed: HashSet<&'a str>,
    pub(super) summaries: HashMap<Scope, Summary<'a>>,
    pub(super) facts: HashMap<Scope, FunctionFacts<'a>>,
    pub(super) worst: Summary<'a>,
    /// Functions that may run at the same time as others.
    pub(super) spawned: HashSet<Scope>,
    /// A class that changes what operators, attributes or formatting do.
    pub(crate) magic: Option<&'a StmtClassDef>,
    /// Names bound after the module began to run its functions.
    late: HashSet<&'a str>,
    /// Looking something up may put it there.
    pub(crate) has_default_dicts: bool,
    pub(crate) has_deques: bool,
    /// Adding a number may change an object in place.
    pub(crate) has_arrays: bool,
}

impl<'a> Module<'a> {
    pub(crate) fn new(
        parsed: &'a Parsed,
        functions: &Functions,
        sites: &CallSites<'a>,
        bindings: &Bindings<'a>,
        scopes: Scopes<'a>,
    ) -> Self {
        let body = parsed.body();
        let mut everywhere = Everywhere::default();
        everywhere.visit_body(body);
        let mut handed = Handed::new(sites, true);
        handed.visit_body(body);
        let names = all_names(body);
        let classes = Classes::new(&scopes);
        let mut module = Self {
            source: parsed.source(),
            scopes,
            classes,
            imports: HashSet::new(),
            constants: HashSet::new(),
            everywhere,
            imported: Imports::new(body),
            handed: handed.names,
            summaries: HashMap::new(),
            facts: HashMap::new(),
            worst: Summary::worst(0),
            spawned: HashSet::new(),
            magic: None,
            late: HashSet::new(),
            has_default_dicts: names.contains("defaultdict"),
            has_deques: names.contains("deque"),
            has_arrays: ["numpy", "pandas", "torch", "np"]
                .iter()
                .any(|name| names.contains(name)),
        };
        module.collect(body);
        module.collect_shared();
        module.settle_late(body);
        module.summarise_all(functions, sites, bindings);
        module.find_spawned(body);
        module.magic = module.find_magic();
        module
    }

    /// Names of the module that always mean the same, unchanging thing.
    fn collect(&mut self, body: &'a [Stmt]) {
        for statement in body {
            match statement {
                Stmt::FunctionDef(function) => {
                    self.constants.insert(function.name.as_str());
                }
                Stmt::ClassDef(class) => {
                    self.constants.insert(class.name.as_str());
                }
                Stmt::Import(_) | Stmt::ImportFrom(_) => {
                    let names = bound_names(std::slice::from_ref(statement));
                    self.constants.extend(&names);
                    self.imports.extend(names);
                }
                Stmt::Assign(assign) => {
                    if let [Expr::Name(name)] = assign.targets.as_slice() {
                        self.constant(name.id.as_str(), &assign.value);
                    }
                }
                Stmt::AnnAssign(assign) => {
                    if let (Expr::Name(name), Some(value)) = (&*assign.target, &assign.value) {
                        self.constant(name.id.as_str(), value);
                    }
                }
                Stmt::If(branch) => {
                    self.collect(&branch.body);
                    for clause in &branch.elif_else_clauses {
                        self.collect(&clause.body);
                    }
                }
                Stmt::Try(attempt) => self.collect(&attempt.body),
                _ => {}
            }
        }
        let bound = &self.scopes.info(Scope::MODULE).bound;
        let once = |name: &&str| bound.get(*name) == Some(&1);
        self.constants.retain(once);
        self.imports.retain(once);
    }

    fn constant(&mut self, name: &'a str, value: &'a Expr) {
        if is_literal(value) || is_flat_display(value) && !self.handed.contains(name) {
            self.constants.insert(name);
        }
    }

    /// Attributes set on classes and modules belong to everybody who has one of those.
    fn collect_shared(&mut self) {
        let Everywhere {
            stored_on,
            of_classes,
            shared,
            ..
        } = &mut self.everywhere;
        let constants = &self.constants;
        let is_shared = |(owner, name): &&(&'a str, &'a str)| {
            let may_be_class = *owner != "self" && of_classes.contains(name);
            may_be_class || *owner == "cls" || constants.contains(owner)
        };
        let found = stored_on.iter().filter(is_shared);
        shared.extend(found.map(|(_, name)| *name));
    }

    /// Is the attribute one that many objects share?
    pub(crate) fn is_shared_attribute(&self, name: &str) -> bool {
        self.everywhere.shared.contains(name)
    }

    /// Is an attribute of that name what was stored there, and nothing else? A property may give, and a
    /// method that is held holds, whatever its object has.
    pub(crate) fn is_stored_alone(&self, name: &str) -> bool {
        !self.defines_method(name) && !self.reflects() && !name.starts_with("__")
    }

    /// Does nothing in the program have an attribute of that name, so that it is one of some library's?
    pub(crate) fn is_of_libraries(&self, name: &str) -> bool {
        let own = self.is_stored_attribute(name) || self.defines_method(name);
        let makers = ["namedtuple", "collections", "SimpleNamespace", "types"];
        !own && !self.classes.give(name) && !makers.into_iter().any(|maker| self.imports(maker))
    }

    /// Does the program set attributes other than by naming them?
    pub(super) fn reflects(&self) -> bool {
        self.everywhere.reflects
    }

    /// May the attribute be something else than the method of that name?
    pub(super) fn is_stored_attribute(&self, name: &str) -> bool {
        self.everywhere.reflects || self.everywhere.stored.contains(name)
    }

    fn settle_late(&mut self, body: &'a [Stmt]) {
        let mut running = false;
        for statement in body {
            if running {
                let names = bound_names(std::slice::from_ref(statement));
                self.late.extend(names);
            }
            running |= self.may_run_functions(statement);
        }
    }

    /// Statements that mention functions of the module, other than to define more.
    fn may_run_functions(&self, statement: &'a Stmt) -> bool {
        match statement {
            Stmt::FunctionDef(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => false,
            Stmt::ClassDef(class) => {
                let mut inner = class.body.iter();
                inner.any(|statement| self.may_run_functions(statement))
            }
            _ => {
                let names = all_names(std::slice::from_ref(statement));
                names
                    .iter()
                    .any(|name| self.function(name).is_some() || self.classes.named(name).is_some())
            }
        }
    }

    /// The function that `name` means at module level, unless something is wrapped around it.
    pub(crate) fn function(&self, name: &str) -> Option<FunctionInfo<'a>> {
        let scope = self.scopes.function_named(Scope::MODULE, name)?;
        self.callable(scope)
    }

    /// A function that does what its body says when it is called.
    pub(crate) fn callable(&self, scope: Scope) -> Option<FunctionInfo<'a>> {
        let info = self.scopes.info(scope);
        let node = info.node?;
        let kind = method_kind(node);
        let plain = match info.class {
            Some(_) => !matches!(kind, MethodKind::Wrapped | MethodKind::Property),
            None => node.decorator_list.is_empty(),
        };
        plain.then_some(FunctionInfo {
            node,
            is_async: node.is_async,
        })
    }

    pub(crate) fn binds(&self, name: &str) -> bool {
        self.scopes.info(Scope::MODULE).bound.contains_key(name)
    }

    /// Does the name mean the same, unchanging thing throughout?
    pub(crate) fn is_constant(&self, name: &str) -> bool {
        self.constants.contains(name) || !self.binds(name)
    }

    /// Is the name certainly bound when functions of the module run?
    pub(crate) fn is_bound_early(&self, name: &str) -> bool {
        self.binds(name) && !self.late.contains(name)
    }

    pub(crate) fn imports(&self, name: &str) -> bool {
        self.imports.contains(name)
    }

    pub(crate) fn defines_method(&self, name: &str) -> bool {
        !self.scopes.all_methods(name).is_empty()
    }

    pub(crate) fn summary_of(&self, scope: Scope) -> &Summary<'a> {
        self.summaries.get(&scope).unwrap_or(&self.worst)
    }

    /// All that was found out about a function; `None`: it was not analysed.
    pub(crate) fn facts_of(&self, scope: Scope) -> Option<&FunctionFacts<'a>> {
        self.facts.get(&scope)
    }

    /// May the function run at the same time as others that could see what it does, and when?
    pub(crate) fn is_watched(&self, scope: Scope) -> bool {
        let summary = self.summary_of(scope);
        let unseen = summary.in_place.is_none()
            && !summary.mutates
            && !summary.opaque
            && !summary.touches_globals
            && summary.outer_reads.is_empty();
        self.spawned.contains(&scope) && !unseen
    }

    /// Do module variables hold objects that functions may be given, too?
    pub(super) fn shares_variables(&self) -> bool {
        let mut bound = self.scopes.info(Scope::MODULE).bound.keys();
        bound.any(|name| !self.constants.contains(name))
    }

    /// A class that gives operators, attributes or formatting a meaning that is more than to compute.
    fn find_magic(&self) -> Option<&'a StmtClassDef> {
        let magic = self.scopes.functions().find_map(|(scope, node)| {
            let class = self.scopes.info(scope).class?;
            (!self.is_tame(scope, node)).then_some(class)
        });
        magic.map(|class| self.classes.get(class).node)
    }

    /// Does the method, if it runs without being called by name, do no more than is always assumed?
    fn is_tame(&self, scope: Scope, node: &'a StmtFunctionDef) -> bool {
        let name = node.name.as_str();
        let property = method_kind(node) == MethodKind::Property;
        let wrapped = method_kind(node) == MethodKind::Wrapped;
        let dunder = name.starts_with("__") && name.ends_with("__");
        if !(dunder || property || wrapped) || CALLED_BY_NAME.contains(&name) {
            return true;
        }
        let summary = self.summary_of(scope);
        match name {
            "__setitem__" | "__delitem__" | "__iadd__" => false,
            _ if wrapped => false,
            _ if property || COMPUTING.contains(&name) => summary.is_harmless(),
            _ => false,
        }
    }
}

/// They run where the analysis looks for them, or where it expects anything.
const CALLED_BY_NAME: &[&str] = &[
    "__init__",
    "__post_init__",
    "__aenter__",
    "__aexit__",
    "__enter__",
    "__exit__",
    "__call__",
    "__await__",
    "__aiter__",
    "__anext__",
];

/// Operators, formatting, comparing, looking up: taken to compute only, wherever they may run.
const COMPUTING: &[&str] = &[
    "__str__",
    "__repr__",
    "__format__",
    "__len__",
    "__bool__",
    "__eq__",
    "__ne__",
    "__lt__",
    "__le__",
    "__gt__",
    "__ge__",
    "__hash__",
    "__contains__",
    "__getitem__",
    "__add__",
    "__sub__",
    "__mul__",
    "__truediv__",
    "__neg__",
    "__int__",
    "__float__",
    "__iter__",
];
