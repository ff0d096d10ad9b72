//! What the module defines, and a summary of each of its functions, callees first.

use std::collections::{BTreeSet, HashMap, HashSet};

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, ExprContext, Parameters, Stmt, StmtClassDef, StmtFunctionDef};
use dice_program::{CallSites, Parsed};

use super::names::{all_names, bound_names, target_names};
use super::{analyse_function, known};
use crate::dependence::Bindings;
use crate::functions::{Functions, State};

#[derive(Debug)]
pub(crate) struct FunctionInfo<'a> {
    pub(crate) node: &'a StmtFunctionDef,
    pub(crate) is_async: bool,
}

/// What a call of a function of this module may do. The default is the worst.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    pub(crate) in_place: Option<String>,
    pub(crate) rule: &'static str,
    pub(crate) mutates: bool,
    pub(crate) touches_globals: bool,
    pub(crate) exits: bool,
    pub(crate) opaque: bool,
    pub(crate) read_states: BTreeSet<State>,
    pub(crate) written_states: BTreeSet<State>,
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            in_place: Some("is recursive".to_owned()),
            rule: "A3",
            mutates: true,
            touches_globals: true,
            exits: true,
            opaque: true,
            read_states: BTreeSet::new(),
            written_states: BTreeSet::new(),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Module<'a> {
    functions: HashMap<&'a str, FunctionInfo<'a>>,
    imports: HashSet<&'a str>,
    records: HashSet<&'a str>,
    methods: HashSet<&'a str>,
    bound: HashMap<&'a str, usize>,
    constants: HashSet<&'a str>,
    summaries: HashMap<&'a str, Summary>,
    worst: Summary,
    /// A class that changes what operators, attributes or formatting do.
    pub(crate) magic: Option<&'a StmtClassDef>,
    /// Names bound after the module began to run its functions.
    late: HashSet<&'a str>,
    /// Looking something up may put it there.
    pub(crate) has_default_dicts: bool,
}

impl<'a> Module<'a> {
    pub(crate) fn new(
        parsed: &'a Parsed,
        functions: &Functions,
        sites: &CallSites<'a>,
        facts: &Bindings<'a>,
    ) -> Self {
        let mut module = Self::default();
        let body = parsed.body();
        let mut bindings = Bound::default();
        bindings.visit_body(body);
        module.bound = bindings.counts;
        let mut everywhere = Everywhere::default();
        everywhere.visit_body(body);
        module.collect(body, &everywhere);
        module.methods = everywhere.methods;
        module.magic = everywhere.magic;
        let names = all_names(body);
        if names.contains("deque") || names.contains("collections") {
            module.methods.insert("rotate"); // of an image it gives a new one
        }
        module.has_default_dicts = names.contains("defaultdict") || names.contains("collections");
        for name in module.callees_first() {
            let summary = module.summarise(name, functions, sites, facts);
            module.summaries.insert(name, summary);
        }
        module
    }

    fn collect(&mut self, body: &'a [Stmt], everywhere: &Everywhere<'a>) {
        let mut running = false;
        for statement in body {
            if running {
                self.late
                    .extend(bound_names(std::slice::from_ref(statement)));
            }
            running |= self.may_run_functions(statement);
            match statement {
                Stmt::FunctionDef(function) => {
                    let name = function.name.as_str();
                    self.constants.insert(name);
                    if function.decorator_list.is_empty() {
                        let is_async = function.is_async;
                        self.functions.insert(
                            name,
                            FunctionInfo {
                                node: function,
                                is_async,
                            },
                        );
                    }
                }
                Stmt::ClassDef(class) => {
                    self.constants.insert(class.name.as_str());
                    if is_record(class) {
                        self.records.insert(class.name.as_str());
                    }
                }
                Stmt::Import(_) | Stmt::ImportFrom(_) => {
                    for name in bound_names(std::slice::from_ref(statement)) {
                        self.constants.insert(name);
                        self.imports.insert(name);
                    }
                }
                Stmt::Assign(assign) => {
                    if let [Expr::Name(name)] = assign.targets.as_slice()
                        && (is_literal(&assign.value)
                            || is_flat_display(&assign.value)
                                && !everywhere.exposed.contains(name.id.as_str()))
                    {
                        self.constants.insert(name.id.as_str());
                    }
                }
                _ => {}
            }
        }
        let rebound = |name: &&str| {
            self.bound.get(*name).copied().unwrap_or(0) > 1 || everywhere.globals.contains(*name)
        };
        let changing: Vec<&str> = self.constants.iter().copied().filter(rebound).collect();
        for name in changing {
            self.constants.remove(name);
            self.functions.remove(name);
            self.records.remove(name);
            self.imports.remove(name);
        }
    }

    /// Statements that mention functions of the module, other than to define more.
    fn may_run_functions(&self, statement: &'a Stmt) -> bool {
        if matches!(
            statement,
            Stmt::FunctionDef(_) | Stmt::Import(_) | Stmt::ImportFrom(_)
        ) {
            return false;
        }
        let names = all_names(std::slice::from_ref(statement));
        names.iter().any(|name| self.functions.contains_key(name))
    }

    pub(crate) fn function(&self, name: &str) -> Option<&FunctionInfo<'a>> {
        self.functions.get(name)
    }

    pub(crate) fn binds(&self, name: &str) -> bool {
        self.bound.contains_key(name)
    }

    /// Does the name mean the same, unchanging thing throughout?
    pub(crate) fn is_constant(&self, name: &str) -> bool {
        self.constants.contains(name) || !self.bound.contains_key(name)
    }

    /// Is the name certainly bound when functions of the module run?
    pub(crate) fn is_bound_early(&self, name: &str) -> bool {
        self.binds(name) && !self.late.contains(name)
    }

    pub(crate) fn imports(&self, name: &str) -> bool {
        self.imports.contains(name)
    }

    /// A class that only holds its arguments.
    pub(crate) fn is_record(&self, name: &str) -> bool {
        self.records.contains(name)
    }

    pub(crate) fn defines_method(&self, name: &str) -> bool {
        self.methods.contains(name)
    }

    pub(crate) fn summary(&self, name: &str) -> &Summary {
        self.summaries.get(name).unwrap_or(&self.worst)
    }

    fn callees_first(&self) -> Vec<&'a str> {
        let mut order = Vec::new();
        let mut seen: HashSet<&'a str> = HashSet::new();
        let mut names: Vec<&'a str> = self.functions.keys().copied().collect();
        names.sort_unstable();
        for name in names {
            let mut stack = vec![(name, false)];
            while let Some((name, done)) = stack.pop() {
                if done {
                    order.push(name);
                } else if seen.insert(name) {
                    stack.push((name, true));
                    let callees = all_names(&self.functions[name].node.body);
                    let mut callees: Vec<&'a str> = callees
                        .into_iter()
                        .filter(|name| self.functions.contains_key(name))
                        .collect();
                    callees.sort_unstable();
                    stack.extend(callees.into_iter().map(|callee| (callee, false)));
                }
            }
        }
        order
    }

    fn summarise(
        &self,
        name: &'a str,
        functions: &Functions,
        sites: &CallSites<'a>,
        bindings: &Bindings<'a>,
    ) -> Summary {
        let node = self.functions[name].node;
        let facts = analyse_function(node, self, functions, sites, bindings);
        let whole = &facts.whole;
        let witnesses = facts.witnesses(whole);
        let outside =
            |name: &&str| facts.parameters.contains(name) || !facts.locals.contains(*name);
        let mutates = witnesses.iter().any(outside);
        let mut in_place = whole.in_place.as_ref().map(|reason| reason.why.clone());
        if mutates && has_shared_default(&node.parameters) {
            in_place.get_or_insert_with(|| "keeps what it did in a default argument".to_owned());
        }
        Summary {
            in_place,
            rule: whole.in_place.as_ref().map_or("A3", |reason| reason.rule),
            mutates,
            touches_globals: whole.reads.iter().any(|name| !facts.locals.contains(name))
                || witnesses.iter().any(|name| !facts.locals.contains(name)),
            exits: whole.raises,
            opaque: whole.opaque,
            read_states: whole.read_states.clone(),
            written_states: whole.written_states.clone(),
        }
    }
}

fn has_shared_default(parameters: &Parameters) -> bool {
    parameters.iter_non_variadic_params().any(|parameter| {
        parameter
            .default
            .as_deref()
            .is_some_and(|value| !is_literal(value))
    })
}

/// A dataclass or named tuple without methods of its own.
fn is_record(class: &StmtClassDef) -> bool {
    let plain = class.body.iter().all(|statement| match statement {
        Stmt::AnnAssign(field) => field.value.as_deref().is_none_or(is_literal),
        Stmt::Expr(text) => text.value.is_string_literal_expr(),
        Stmt::Pass(_) => true,
        _ => false,
    });
    let is_dataclass = |expression: &Expr| matches!(expression, Expr::Name(name) if name.id.as_str() == "dataclass");
    let decorated =
        matches!(class.decorator_list.as_slice(), [one] if is_dataclass(&one.expression));
    plain && decorated && class.arguments.is_none()
}

pub(crate) fn is_literal(expression: &Expr) -> bool {
    match expression {
        Expr::UnaryOp(operation) => is_literal(&operation.operand),
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_literal),
        _ => expression.is_literal_expr(),
    }
}

fn is_flat_display(expression: &Expr) -> bool {
    match expression {
        Expr::List(list) => list.elts.iter().all(is_literal),
        Expr::Set(set) => set.elts.iter().all(is_literal),
        Expr::Dict(dict) => dict
            .items
            .iter()
            .all(|item| item.key.as_ref().is_some_and(is_literal) && is_literal(&item.value)),
        _ => false,
    }
}

/// Names bound at module level, with how often.
#[derive(Default)]
struct Bound<'a> {
    counts: HashMap<&'a str, usize>,
}

impl<'a> Visitor<'a> for Bound<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => {
                for name in bound_names(std::slice::from_ref(statement)) {
                    *self.counts.entry(name).or_default() += 1;
                }
            }
            Stmt::For(each) => {
                for name in target_names(&each.target) {
                    *self.counts.entry(name).or_default() += 2;
                }
                visitor::walk_stmt(self, statement);
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && !matches!(name.ctx, ExprContext::Load)
        {
            *self.counts.entry(name.id.as_str()).or_default() += 1;
        }
        visitor::walk_expr(self, expression);
    }
}

/// Facts about the whole text, functions and classes included.
#[derive(Default)]
struct Everywhere<'a> {
    methods: HashSet<&'a str>,
    globals: HashSet<&'a str>,
    /// Names used other than by looking something up in them or walking along them.
    exposed: HashSet<&'a str>,
    magic: Option<&'a StmtClassDef>,
}

/// Methods that do not change what operators and attributes mean.
const HARMLESS_METHODS: &[&str] = &[
    "__init__",
    "__post_init__",
    "__aenter__",
    "__aexit__",
    "__enter__",
    "__exit__",
];

impl<'a> Everywhere<'a> {
    fn look(&mut self, expression: &'a Expr) {
        if !expression.is_name_expr() {
            self.visit_expr(expression);
        }
    }

    fn class(&mut self, class: &'a StmtClassDef) {
        for statement in &class.body {
            if let Stmt::FunctionDef(method) = statement {
                let name = method.name.as_str();
                self.methods.insert(name);
                let dunder = name.starts_with("__") && !HARMLESS_METHODS.contains(&name);
                if dunder || !method.decorator_list.is_empty() {
                    self.magic = self.magic.or(Some(class));
                }
            }
        }
    }
}

impl<'a> Visitor<'a> for Everywhere<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Global(global) => self
                .globals
                .extend(global.names.iter().map(|name| name.as_str())),
            Stmt::For(each) => {
                self.look(&each.iter);
                self.visit_expr(&each.target);
                self.visit_body(&each.body);
                self.visit_body(&each.orelse);
                return;
            }
            _ => {}
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => {
                if matches!(name.ctx, ExprContext::Load) {
                    self.exposed.insert(name.id.as_str());
                }
            }
            Expr::Subscript(subscript) if matches!(subscript.ctx, ExprContext::Load) => {
                self.look(&subscript.value);
                self.visit_expr(&subscript.slice);
            }
            Expr::Attribute(attribute) if known::is_looking_method(attribute.attr.as_str()) => {
                self.look(&attribute.value);
            }
            _ => visitor::walk_expr(self, expression),
        }
    }

    fn visit_comprehension(&mut self, comprehension: &'a dice_program::ast::Comprehension) {
        self.look(&comprehension.iter);
        for test in &comprehension.ifs {
            self.visit_expr(test);
        }
    }
}
