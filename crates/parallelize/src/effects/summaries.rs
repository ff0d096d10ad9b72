//! Summaries of all functions, callees first; those that call each other are done over until nothing
//! changes any more.

use std::collections::HashMap;

use dice_program::CallSites;
use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, Stmt};

use super::classes::last_name;
use super::function::analyse_function;
use super::module::Module;
use super::scopes::Scope;
use super::summary::Summary;
use crate::dependence::Bindings;
use crate::functions::Functions;

/// How often functions that call each other are done over at most.
const ROUNDS: usize = 6;

impl<'a> Module<'a> {
    pub(super) fn summarise_all(
        &mut self,
        functions: &Functions,
        sites: &CallSites<'a>,
        bindings: &Bindings<'a>,
    ) {
        let circles = self.circles();
        for circle in &circles {
            let calls_itself =
                circle.len() > 1 || circle.iter().any(|one| self.mentions(*one).contains(one));
            for scope in circle.iter().filter(|_| calls_itself) {
                let start = Summary {
                    rule: "A3",
                    ..Summary::default()
                };
                self.summaries.insert(*scope, start);
            }
            let mut settled = false;
            for _ in 0..if calls_itself { ROUNDS } else { 1 } {
                settled = self.round(circle, functions, sites, bindings);
                if settled {
                    break;
                }
            }
            if calls_itself && !settled {
                self.give_up(circle, functions, sites, bindings);
            }
        }
        self.settle_entries(&circles, bindings);
    }

    /// Does each function of the circle once; `true` if nothing changed.
    fn round(
        &mut self,
        circle: &[Scope],
        functions: &Functions,
        sites: &CallSites<'a>,
        bindings: &Bindings<'a>,
    ) -> bool {
        let mut settled = true;
        for scope in circle {
            let Some(node) = self.scopes.info(*scope).node else {
                continue;
            };
            let (facts, summary) = analyse_function(node, *scope, self, functions, sites, bindings);
            settled &= self.summaries.get(scope) == Some(&summary);
            self.summaries.insert(*scope, summary);
            self.facts.insert(*scope, facts);
        }
        settled
    }

    fn give_up(
        &mut self,
        circle: &[Scope],
        functions: &Functions,
        sites: &CallSites<'a>,
        bindings: &Bindings<'a>,
    ) {
        let worst = |module: &Self, scope: &Scope| {
            let node = module.scopes.info(*scope).node;
            Summary::worst(node.map_or(0, |node| node.parameters.len()))
        };
        for scope in circle {
            let summary = worst(self, scope);
            self.summaries.insert(*scope, summary);
        }
        self.round(circle, functions, sites, bindings);
        for scope in circle {
            let summary = worst(self, scope);
            self.summaries.insert(*scope, summary);
        }
    }

    /// Functions that `scope` may call, by the names that it mentions.
    fn mentions(&self, scope: Scope) -> Vec<Scope> {
        let Some(node) = self.scopes.info(scope).node else {
            return Vec::new();
        };
        let mut mentions = Mentions {
            module: self,
            scope,
            found: Vec::new(),
        };
        mentions.visit_body(&node.body);
        mentions.found.sort_unstable();
        mentions.found.dedup();
        mentions.found
    }

    /// Functions that may run at the same time as others: what is handed to `gather` and its like, and
    /// what that calls.
    pub(super) fn find_spawned(&mut self, body: &'a [Stmt]) {
        let mut todo = Vec::new();
        let roots = self
            .scopes
            .functions()
            .map(|(scope, node)| (scope, node.body.as_slice()));
        for (scope, body) in roots.chain([(Scope::MODULE, body)]) {
            let mut handed = Handed {
                mentions: Mentions {
                    module: self,
                    scope,
                    found: Vec::new(),
                },
            };
            handed.visit_body(body);
            todo.extend(handed.mentions.found);
        }
        while let Some(scope) = todo.pop() {
            if self.spawned.insert(scope) {
                todo.extend(self.mentions(scope));
            }
        }
    }

    /// Functions that call each other, together; callees first (Tarjan).
    fn circles(&self) -> Vec<Vec<Scope>> {
        let mut search = Search::default();
        let mut todo: Vec<Scope> = self.scopes.functions().map(|(scope, _)| scope).collect();
        todo.sort_by_key(|scope| self.scopes.info(*scope).node.map(|node| node.name.as_str()));
        for scope in todo {
            if !search.order.contains_key(&scope) {
                search.walk(scope, self);
            }
        }
        search.circles
    }
}

#[derive(Default)]
struct Search {
    order: HashMap<Scope, usize>,
    lowest: HashMap<Scope, usize>,
    stack: Vec<Scope>,
    on_stack: std::collections::HashSet<Scope>,
    circles: Vec<Vec<Scope>>,
}

impl Search {
    /// Without recursion of its own: programs may be long chains of calls.
    fn walk(&mut self, root: Scope, module: &Module<'_>) {
        let mut work: Vec<(Scope, Vec<Scope>, usize)> = Vec::new();
        self.enter(root, module, &mut work);
        while let Some((scope, callees, next)) = work.last_mut() {
            let scope = *scope;
            if let Some(callee) = callees.get(*next).copied() {
                *next += 1;
                if !self.order.contains_key(&callee) {
                    self.enter(callee, module, &mut work);
                } else if self.on_stack.contains(&callee) {
                    let reached = self.order[&callee];
                    self.lower(scope, reached);
                }
                continue;
            }
            work.pop();
            let lowest = self.lowest[&scope];
            if let Some((caller, ..)) = work.last() {
                let caller = *caller;
                self.lower(caller, lowest);
            }
            if lowest == self.order[&scope] {
                self.close(scope);
            }
        }
    }

    fn enter(
        &mut self,
        scope: Scope,
        module: &Module<'_>,
        work: &mut Vec<(Scope, Vec<Scope>, usize)>,
    ) {
        let at = self.order.len();
        self.order.insert(scope, at);
        self.lowest.insert(scope, at);
        self.stack.push(scope);
        self.on_stack.insert(scope);
        work.push((scope, module.mentions(scope), 0));
    }

    fn lower(&mut self, scope: Scope, reached: usize) {
        let lowest = self.lowest.entry(scope).or_insert(reached);
        *lowest = (*lowest).min(reached);
    }

    fn close(&mut self, scope: Scope) {
        let mut circle = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack.remove(&member);
            circle.push(member);
            if member == scope {
                break;
            }
        }
        circle.reverse();
        self.circles.push(circle);
    }
}

/// Looks for functions in what is handed to somebody who runs it at the same time as others.
struct Handed<'a, 'w> {
    mentions: Mentions<'a, 'w>,
}

impl<'a> Visitor<'a> for Handed<'a, '_> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression
            && last_name(&call.func).is_some_and(|name| SPAWNING.contains(&name))
        {
            self.mentions.visit_arguments(&call.arguments);
        }
        visitor::walk_expr(self, expression);
    }

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            visitor::walk_stmt(self, statement);
        }
    }
}

/// Functions that run what they are given at the same time as others.
const SPAWNING: &[&str] = &[
    "gather",
    "create_task",
    "ensure_future",
    "wait_for",
    "as_completed",
    "wait",
    "start_soon",
    "Thread",
    "submit",
    "to_thread",
    "shield",
    "run_coroutine_threadsafe",
];

struct Mentions<'a, 'w> {
    module: &'w Module<'a>,
    scope: Scope,
    found: Vec<Scope>,
}

impl<'a> Visitor<'a> for Mentions<'a, '_> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => {
                let name = name.id.as_str();
                let scopes = &self.module.scopes;
                self.found.extend(scopes.function_named(self.scope, name));
                if let Some(class) = self.module.classes.named(name) {
                    for above in self.module.classes.line(class) {
                        for method in ["__init__", "__post_init__"] {
                            self.found.extend(scopes.methods_named(above, method));
                        }
                    }
                }
            }
            Expr::Attribute(attribute) => {
                let methods = self.module.scopes.all_methods(attribute.attr.as_str());
                self.found.extend(methods);
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            visitor::walk_stmt(self, statement);
        }
    }
}
