//! Inside `try` what fails leads elsewhere. There the loop in place asks for a call whose arguments it does
//! not evaluate, so these must not be able to fail: else the generator goes on with the handler, hands over
//! nothing, and what comes next is taken for this call.

use std::collections::HashSet;

use dice_program::ast::{ExceptHandler, Ranged, Stmt, StmtTry, TextRange};

use super::sites::Sites;
use crate::effects::{pattern_names, target_names};
use crate::plan::FunctionPlan;

pub(super) struct Attempts<'a, 'p, 'w> {
    pub(super) plan: &'p FunctionPlan<'a, 'w>,
    pub(super) sites: &'p Sites<'a>,
    pub(super) handed: &'p HashSet<TextRange>,
}

impl<'a> Attempts<'a, '_, '_> {
    /// Is each call that is handed over made whenever the loop in place comes to it? `definite`: names
    /// that are certainly bound.
    pub(super) fn are_sure(
        &self,
        block: &'a [Stmt],
        definite: &HashSet<&'a str>,
        in_try: bool,
    ) -> bool {
        let mut definite = definite.clone();
        block.iter().all(|statement| {
            let sure = self.is_sure(statement, &definite, in_try);
            self.plan.facts.of(statement).settle(&mut definite);
            sure
        })
    }

    fn is_sure(&self, statement: &'a Stmt, definite: &HashSet<&'a str>, in_try: bool) -> bool {
        let inside = |block: &'a [Stmt]| self.are_sure(block, definite, in_try);
        match statement {
            Stmt::If(branch) => {
                let others = branch.elif_else_clauses.iter();
                inside(&branch.body) && others.map(|clause| &clause.body).all(|body| inside(body))
            }
            Stmt::For(each) => {
                let mut bound = definite.clone();
                bound.extend(target_names(&each.target));
                self.are_sure(&each.body, &bound, in_try) && inside(&each.orelse)
            }
            Stmt::While(repeat) => inside(&repeat.body) && inside(&repeat.orelse),
            Stmt::Match(choice) => choice.cases.iter().all(|case| {
                let mut bound = definite.clone();
                bound.extend(pattern_names(&case.pattern));
                self.are_sure(&case.body, &bound, in_try)
            }),
            Stmt::Try(attempt) => self.attempt(attempt, definite, in_try),
            _ => !in_try || self.cannot_fail(statement, definite),
        }
    }

    fn attempt(&self, attempt: &'a StmtTry, definite: &HashSet<&'a str>, in_try: bool) -> bool {
        let handlers = attempt.handlers.iter();
        let handled = handlers.map(|ExceptHandler::ExceptHandler(handler)| &handler.body);
        self.are_sure(&attempt.body, definite, true)
            && handled
                .chain([&attempt.orelse])
                .all(|block| self.are_sure(block, definite, in_try))
    }

    fn cannot_fail(&self, statement: &'a Stmt, definite: &HashSet<&'a str>) -> bool {
        let Some(call) = self.sites.call_of(statement) else {
            return true;
        };
        let mut keywords = call.arguments.keywords.iter();
        let mut reads = std::collections::BTreeSet::new();
        !self.handed.contains(&call.range())
            || keywords.all(|keyword| {
                keyword.arg.is_some() && self.plan.is_total(&keyword.value, definite, &mut reads)
            })
    }
}
