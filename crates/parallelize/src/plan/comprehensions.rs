//! Comprehensions that wait: which can be walked along ahead, and why others stay.

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Comprehension, Expr, Ranged, Stmt};

use super::FunctionPlan;
use super::candidates::waits_in_expression;
use crate::dependence::is_plain;
use crate::effects::names_in;

pub(super) struct Waiting<'a> {
    pub(super) whole: &'a Expr,
    pub(super) generators: &'a [Comprehension],
    pub(super) key: Option<&'a Expr>,
    pub(super) element: &'a Expr,
    pub(super) brackets: (char, char),
}

impl<'a> FunctionPlan<'a, '_> {
    /// Rewrites the first waiting comprehension of a simple statement.
    pub(crate) fn plan_comprehension(&mut self, statement: &'a Stmt) {
        let mut finder = Finder { found: Vec::new() };
        finder.visit_stmt(statement);
        for waiting in &finder.found {
            let range = waiting.whole.range();
            match self.comprehension_refusal(statement, waiting, finder.found.len()) {
                Some((rule, why)) => {
                    self.planner.keep(
                        range,
                        rule,
                        format!("the comprehension stays in order: {why}"),
                        Some("write it as a loop"),
                    );
                }
                None => {
                    self.write_comprehension(statement, waiting);
                    self.moved.push((range, range));
                    self.planner.moved(
                        range,
                        "A1",
                        "the elements are computed ahead, and taken in order",
                    );
                }
            }
        }
    }

    fn is_fixed(&self, items: &'a Expr) -> bool {
        let program = &self.program;
        let (module, bindings) = (program.module, program.bindings);
        is_plain(items, self.scope, bindings, module, program.sites)
    }

    fn comprehension_refusal(
        &self,
        statement: &'a Stmt,
        waiting: &Waiting<'a>,
        count: usize,
    ) -> Option<(&'static str, String)> {
        let generator = &waiting.generators[0];
        if count > 1 {
            return Some(("A1", "the statement has several that wait".into()));
        }
        if !matches!(
            statement,
            Stmt::Assign(_)
                | Stmt::Expr(_)
                | Stmt::Return(_)
                | Stmt::AnnAssign(_)
                | Stmt::AugAssign(_)
        ) {
            return Some(("A1", "it is not in a simple statement".into()));
        }
        let mut all = waiting.generators.iter();
        if all.any(|generator| generator.is_async) || has_walrus_or_lambda(waiting.whole) {
            let names = super::ahead::walrus_names(waiting.whole);
            return Some(match names.first() {
                Some(name) => ("A5", format!("`{name}` is handed on from item to item")),
                None => ("A6", "it binds names of its own".into()),
            });
        }
        if !waiting
            .generators
            .iter()
            .all(|one| self.is_fixed(&one.iter))
        {
            return Some(("A6", "its items may not be fixed when it begins".into()));
        }
        let own = self.facts.of_comprehension(generator);
        if own.opaque || !own.written_states.is_empty() {
            let why = match self.writer(waiting.whole.range()) {
                Some(name) => format!("`{name}` writes"),
                None => "nothing is known about what it does".to_owned(),
            };
            return Some(("E2", why));
        }
        if own.exits.is_some() {
            return Some((
                "E3",
                "a function that may raise decides whether it goes on".into(),
            ));
        }
        if let Some(reason) = &own.in_place {
            return Some((reason.rule, reason.why.clone()));
        }
        if !own.changes_nothing()
            || names_in(waiting.whole)
                .iter()
                .any(|name| self.facts.captured.contains(name))
        {
            return Some(("A3", "it changes something in place".into()));
        }
        let unbound = own.reads.iter().find(|name| self.may_be_unbound(name));
        unbound.map(|name| ("A3", format!("`{name}` may not be bound")))
    }
}

/// Does a comprehension of this statement wait?
pub(crate) fn waits_in_one(statement: &Stmt) -> bool {
    let mut finder = Finder { found: Vec::new() };
    finder.visit_stmt(statement);
    !finder.found.is_empty()
}

fn has_walrus_or_lambda(expression: &Expr) -> bool {
    struct Found(bool);
    impl<'a> Visitor<'a> for Found {
        fn visit_expr(&mut self, expression: &'a Expr) {
            self.0 |= matches!(expression, Expr::Named(_) | Expr::Lambda(_));
            visitor::walk_expr(self, expression);
        }
    }
    let mut found = Found(false);
    found.visit_expr(expression);
    found.0
}

struct Finder<'a> {
    found: Vec<Waiting<'a>>,
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        let waiting = match expression {
            Expr::ListComp(list) => Some((&*list.generators, None, &*list.elt, ('[', ']'))),
            Expr::SetComp(set) => Some((&*set.generators, None, &*set.elt, ('{', '}'))),
            Expr::DictComp(dict) => Some((
                &*dict.generators,
                dict.key.as_deref(),
                &*dict.value,
                ('{', '}'),
            )),
            _ => None,
        };
        let Some((generators, key, element, brackets)) = waiting else {
            visitor::walk_expr(self, expression);
            return;
        };
        let waits = |expression: &Expr| waits_in_expression(expression) > 0;
        let tests = generators.iter().flat_map(|generator| &generator.ifs);
        // What the first `for` walks along is there before the comprehension begins.
        let items = generators.iter().skip(1).map(|generator| &generator.iter);
        let inside = tests.chain(items).any(waits);
        if waits(element) || key.is_some_and(waits) || inside {
            self.found.push(Waiting {
                whole: expression,
                generators,
                key,
                element,
                brackets,
            });
        }
    }

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let scope = matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_));
        if !scope {
            visitor::walk_stmt(self, statement);
        }
    }
}
