//! `with` and `match` in a slice.

use std::collections::HashSet;

use dice_program::ast::{Expr, Ranged, Stmt, StmtMatch, StmtWith};

use super::Slicer;
use super::node::{Branch, Kind, Leave, Node};
use super::slice::{Ended, node};
use crate::effects::names_in;

impl<'a> Slicer<'a, '_> {
    /// What a `with` block holds; entering and leaving it is left out.
    pub(super) fn with(
        &mut self,
        statement: &'a Stmt,
        with: &'a StmtWith,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let mut held: HashSet<&'a str> = HashSet::new();
        for item in &with.items {
            let names = names_in(&item.context_expr);
            let decides = !self.is_of_a_library(&item.context_expr);
            if decides || called(&item.context_expr).is_some_and(bounds_time) {
                return self.leave_out(statement, out);
            }
            held.extend(
                names
                    .into_iter()
                    .filter(|name| self.facts.locals.contains(name)),
            );
            if let Some(target) = &item.optional_vars {
                held.extend(
                    names_in(target)
                        .into_iter()
                        .filter(|name| self.facts.locals.contains(name)),
                );
            }
            self.targets(&item.context_expr, out);
        }
        let simple = |expression: &Expr| matches!(expression, Expr::Name(_) | Expr::Attribute(_));
        if !with
            .items
            .iter()
            .all(|item| simple(&item.context_expr) && item.optional_vars.is_none())
        {
            self.smash(&held);
            let bound = with
                .items
                .iter()
                .filter_map(|item| item.optional_vars.as_deref());
            let bound: Vec<&'a str> = bound.flat_map(crate::effects::target_names).collect();
            self.unknown.extend(bound);
        }
        self.fallible = true;
        self.block(&with.body, out)
    }

    /// A manager of the program's own may raise on a test when it is entered (E3), and change anything.
    fn is_of_a_library(&self, manager: &Expr) -> bool {
        let Expr::Call(call) = manager else {
            return false;
        };
        let mut function = &*call.func;
        while let Expr::Attribute(attribute) = function {
            function = &attribute.value;
        }
        let module = self.program.module;
        function.as_name_expr().is_some_and(|name| {
            let name = name.id.as_str();
            !self.facts.locals.contains(name)
                && (module.imports(name) || name == "open" && !module.binds(name))
        })
    }

    pub(super) fn choice(
        &mut self,
        statement: &'a Stmt,
        choice: &'a StmtMatch,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        self.targets(&choice.subject, out);
        let Some(needs) = self.judge(&choice.subject) else {
            return self.leave_out(statement, out);
        };
        let bound: Vec<&'a str> = choice
            .cases
            .iter()
            .flat_map(|case| crate::effects::pattern_names(&case.pattern))
            .collect();
        if !bound.iter().all(|name| self.may_bind(name)) {
            return self.leave_out(statement, out);
        }
        self.bind(bound.iter().copied());
        let before = self.unknown.clone();
        let mut after = before.clone();
        let mut branches = Vec::new();
        let mut made = node(Kind::Leave(Leave::Continue), needs);
        let (mut all_left, mut complete) = (true, false);
        for case in &choice.cases {
            self.unknown.clone_from(&before);
            let mut code = self.code(case.pattern.range());
            if let Some(guard) = &case.guard {
                let Some(needs) = self.judge(guard) else {
                    self.unknown = before;
                    return self.leave_out(statement, out);
                };
                made.reads.extend(needs.reads);
                made.looks.extend(needs.looks);
                made.waits.extend(needs.waits);
                code.text.push_str(" if ");
                code.text.push_str(&self.code(guard.range()).text);
            }
            complete |= case.guard.is_none() && case.pattern.is_irrefutable();
            let mut body = Vec::new();
            all_left &= self.block(&case.body, &mut body);
            after.merge(&self.unknown);
            branches.push(Branch {
                test: Some(code),
                body,
            });
        }
        self.unknown = after;
        made.kind = Kind::Match(self.code(choice.subject.range()), branches);
        made.binds.extend(bound);
        out.push(made);
        all_left && complete
    }
}

/// `timeout` in `asyncio.timeout(1)`.
fn called(expression: &Expr) -> Option<&str> {
    match &*expression.as_call_expr()?.func {
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        Expr::Name(name) => Some(name.id.as_str()),
        _ => None,
    }
}

/// `asyncio.timeout` and its like: what is inside stays in place (A3).
fn bounds_time(name: &str) -> bool {
    [
        "timeout",
        "timeout_at",
        "wait_for",
        "move_on_after",
        "fail_after",
    ]
    .contains(&name)
}
