//! Effects of `if` and `match`.

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, Pattern, Stmt, StmtIf, StmtMatch};

use super::statements::{Analysis, leaves};
use super::{Effects, names};

/// What is so on every way through, of ways that come to their end.
#[derive(Default)]
struct Ways<'a> {
    definite: Option<std::collections::BTreeSet<&'a str>>,
    fresh: Option<std::collections::HashSet<&'a str>>,
}

impl<'a> Analysis<'a, '_> {
    pub(super) fn branches(&mut self, branch: &'a StmtIf) -> Effects<'a> {
        let mut effects = Effects::default();
        self.walker.noted(&branch.test, &mut effects);
        effects.exposed = effects.reads.clone();
        let mut ways = Ways::default();
        let before = self.walker.fresh.clone();
        self.way(&branch.body, &[], &mut effects, &mut ways);
        let mut complete = false;
        for clause in &branch.elif_else_clauses {
            self.walker.fresh.clone_from(&before);
            match &clause.test {
                Some(test) => self.test(test, &mut effects),
                None => complete = true,
            }
            self.way(&clause.body, &[], &mut effects, &mut ways);
        }
        if !complete {
            self.walker.fresh = before;
            self.way(&[], &[], &mut effects, &mut ways);
        }
        self.join(&mut effects, ways);
        effects
    }

    fn test(&mut self, test: &'a Expr, effects: &mut Effects<'a>) {
        let mut tested = Effects::default();
        self.walker.noted(test, &mut tested);
        effects.exposed.extend(&tested.reads);
        effects.include(&tested);
    }

    /// One of the ways; names in `captured` are bound when it begins.
    fn way(
        &mut self,
        body: &'a [Stmt],
        captured: &[&'a str],
        effects: &mut Effects<'a>,
        ways: &mut Ways<'a>,
    ) {
        let mut inner = self.block(body);
        inner.exposed.retain(|name| !captured.contains(name));
        inner.definite.extend(captured);
        effects.exposed.extend(&inner.exposed);
        if !leaves(body) {
            let fresh = self.walker.fresh.clone();
            ways.fresh = Some(match ways.fresh.take() {
                Some(other) => &other & &fresh,
                None => fresh,
            });
            ways.definite = Some(match ways.definite.take() {
                Some(other) => &other & &inner.definite,
                None => inner.definite.clone(),
            });
        }
        effects.include(&inner);
    }

    fn join(&mut self, effects: &mut Effects<'a>, ways: Ways<'a>) {
        effects.definite = ways.definite.unwrap_or_default();
        self.walker.fresh = ways.fresh.unwrap_or_default();
    }

    pub(super) fn choice(&mut self, choice: &'a StmtMatch) -> Effects<'a> {
        let mut effects = Effects::default();
        let subject = self.walker.value(&choice.subject, &mut effects);
        effects.exposed = effects.reads.clone();
        let mut ways = Ways::default();
        self.hand_on_subject(&choice.subject);
        let before = self.walker.fresh.clone();
        let mut complete = false;
        for case in &choice.cases {
            self.walker.fresh.clone_from(&before);
            let captured = names::pattern_names(&case.pattern);
            for name in &captured {
                let node = self.walker.heap.name(name);
                if let Some(subject) = subject {
                    self.walker.heap.unify(node, subject);
                    self.walker.heap.collapse(node);
                }
                effects.binds.insert(name);
                self.walker.fresh.remove(name);
            }
            let mut tested = Effects::default();
            for value in pattern_values(&case.pattern) {
                self.walker.value(value, &mut tested);
            }
            if let Some(guard) = &case.guard {
                self.walker.value(guard, &mut tested);
            }
            let outside = tested.reads.iter().filter(|name| !captured.contains(name));
            effects.exposed.extend(outside);
            effects.include(&tested);
            self.way(&case.body, &captured, &mut effects, &mut ways);
            complete |= case.guard.is_none() && case.pattern.is_irrefutable();
        }
        if !complete {
            self.walker.fresh = before;
            self.way(&[], &[], &mut effects, &mut ways);
        }
        self.join(&mut effects, ways);
        effects
    }

    /// Patterns may give the subject, or parts of it, names of their own.
    fn hand_on_subject(&mut self, subject: &'a Expr) {
        let names = names::names_in(subject);
        self.walker.fresh.retain(|name| !names.contains(name));
    }
}

/// Expressions that a pattern compares with: `case Color.RED`, and the classes it asks for.
fn pattern_values(pattern: &Pattern) -> Vec<&Expr> {
    struct Values<'a>(Vec<&'a Expr>);
    impl<'a> Visitor<'a> for Values<'a> {
        fn visit_expr(&mut self, expression: &'a Expr) {
            self.0.push(expression);
        }

        fn visit_pattern(&mut self, pattern: &'a Pattern) {
            visitor::walk_pattern(self, pattern);
        }
    }
    let mut values = Values(Vec::new());
    values.visit_pattern(pattern);
    values.0
}
