//! What stands inside a statement is planned by itself: branches, loop bodies, `try` bodies and handlers.

use dice_program::ast::{ExceptHandler, Ranged, Stmt};

use super::FunctionPlan;
use super::block::last_end;

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
            Stmt::For(each) => self.plan_loop(statement, each),
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
                self.tries -= 1;
            }
            Stmt::With(_) => self.kept_if_calling(
                statement,
                "A4",
                "what is inside `with` stays in order",
                "move the calls out of the block",
            ),
            Stmt::Match(_) => self.kept_if_calling(
                statement,
                "E3",
                "what is inside `match` stays in order",
                "use `if`",
            ),
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {
                if self
                    .program
                    .sites
                    .calls
                    .iter()
                    .any(|call| statement.range().contains_range(call.node.range()))
                {
                    let help = Some("move the function to the top level of the module");
                    self.planner.keep(
                        statement.range(),
                        "A3",
                        "calls of nested functions stay in order",
                        help,
                    );
                }
            }
            _ => self.plan_comprehension(statement),
        }
    }

    fn kept_if_calling(&mut self, statement: &'a Stmt, rule: &'static str, why: &str, help: &str) {
        if self.facts.of(statement).awaits {
            self.planner.keep(statement.range(), rule, why, Some(help));
        }
    }
}
