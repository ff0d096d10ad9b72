//! What stands inside a statement is planned by itself: branches, loop bodies, `try` bodies and handlers.

use dice_program::ast::{ExceptHandler, Ranged, Stmt, StmtWith};

use super::block::last_end;
use super::{FunctionPlan, plan_definition};
use crate::effects::{last_name, pattern_names, target_names};

impl<'a> FunctionPlan<'a, '_> {
    pub(super) fn children(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::If(branch) => {
                self.plan_body(&branch.body, branch.test.range().end().to_usize());
                let mut floor = last_end(&branch.body);
                for clause in &branch.elif_else_clauses {
                    floor = clause
                        .test
                        .as_ref()
                        .map_or(clause.range().start().to_usize(), |test| {
                            test.range().end().to_usize()
                        })
                        .max(floor);
                    self.plan_body(&clause.body, floor);
                    floor = last_end(&clause.body);
                }
            }
            Stmt::While(repeat) => {
                self.kept_if_calling(
                    statement,
                    "E3",
                    "each turn of a `while` hangs on the one before",
                    "use a `for` loop over a list",
                );
                self.plan_body(&repeat.body, repeat.test.range().end().to_usize());
            }
            Stmt::Try(attempt) => {
                self.tries += 1;
                self.plan_body(&attempt.body, attempt.range().start().to_usize());
                for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
                    let header = handler
                        .type_
                        .as_ref()
                        .map_or(handler.range().start(), |caught| caught.range().end());
                    self.plan_body(&handler.body, header.to_usize());
                }
                self.plan_body(&attempt.orelse, last_end(&attempt.body));
                self.tries -= 1;
                let before = [&attempt.body, &attempt.orelse];
                let floor = before.into_iter().map(|body| last_end(body)).max();
                let handlers = attempt
                    .handlers
                    .last()
                    .map(|last| last.range().end().to_usize());
                self.plan_body(&attempt.finalbody, floor.max(handlers).unwrap_or_default());
            }
            Stmt::With(with) => self.plan_with(statement, with),
            Stmt::Match(choice) => {
                for case in &choice.cases {
                    let known = self.definite.clone();
                    self.definite.extend(pattern_names(&case.pattern));
                    let header = case
                        .guard
                        .as_ref()
                        .map_or(case.pattern.range().end(), |guard| guard.range().end());
                    self.plan_body(&case.body, header.to_usize());
                    self.definite = known;
                }
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {
                let program = self.program;
                plan_definition(statement, &program, self.planner);
            }
            _ => self.plan_comprehension(statement),
        }
    }

    fn kept_if_calling(&mut self, statement: &'a Stmt, rule: &'static str, why: &str, help: &str) {
        if self.facts.of(statement).awaits {
            self.planner.keep(statement.range(), rule, why, Some(help));
        }
    }

    fn plan_with(&mut self, statement: &'a Stmt, with: &'a StmtWith) {
        let managers = with.items.iter().map(|item| last_name(&item.context_expr));
        let timed = managers.flatten().find(|name| TIME_LIMITS.contains(name));
        if let Some(name) = timed.filter(|_| with.is_async) {
            let why = format!("what is inside `{name}` stays in order");
            let help = "move the calls out of the block";
            return self.kept_if_calling(statement, "A3", &why, help);
        }
        self.explain_with(statement, with);
        self.tries += 1;
        let known = self.definite.clone();
        for target in with
            .items
            .iter()
            .filter_map(|item| item.optional_vars.as_deref())
        {
            self.definite.extend(target_names(target));
        }
        let floor = with
            .items
            .last()
            .map_or(with.range().start(), |item| item.range().end());
        self.plan_body(&with.body, floor.to_usize());
        self.definite = known;
        self.tries -= 1;
    }

    /// Says why calls do not leave the block, if they do not.
    fn explain_with(&mut self, statement: &'a Stmt, with: &'a StmtWith) {
        let effects = self.facts.of(statement);
        let Some(reason) = effects.in_place.clone().filter(|_| effects.awaits) else {
            return;
        };
        let manager = with
            .items
            .first()
            .and_then(|item| last_name(&item.context_expr));
        let first = with.body.iter().find(|inner| self.facts.of(inner).awaits);
        if let (Some(name), Some(first), "A4") = (manager, first, reason.rule) {
            let why = format!("what `{name}` does when it is entered decides whether this is made");
            self.planner
                .keep(first.range(), "E3", why, Some("test it before the block"));
        }
        let help = Some("move the calls out of the block");
        self.planner
            .keep(statement.range(), reason.rule, reason.why, help);
    }
}

/// Context managers in which calls stay where they are (A3).
const TIME_LIMITS: &[&str] = &["timeout", "timeout_at", "fail_after", "move_on_after"];
