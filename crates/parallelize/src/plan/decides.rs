//! What decides, or changes, in words: for diagnostics.

use dice_program::ast::{Expr, Ranged, Stmt, TextRange};

use super::FunctionPlan;
use super::ahead::waits;
use crate::effects::{Effects, GLOBALS, call_function};
use crate::functions::CallEffect;

impl<'a> FunctionPlan<'a, '_> {
    /// The statement or helper at `range`, which may leave: `` `return` ``, `` `check` ``.
    pub(super) fn leaver(&self, range: TextRange) -> String {
        let text = &self.layout.source[range.start().to_usize()..range.end().to_usize()];
        let text = text.trim_start().trim_start_matches("await ");
        let end = text
            .find(|letter: char| !(letter.is_alphanumeric() || "_.".contains(letter)))
            .unwrap_or(text.len());
        match &text[..end] {
            word @ ("return" | "raise" | "assert" | "break" | "continue" | "sys.exit" | "exit") => {
                format!("`{word}`")
            }
            "" => "a function that may raise".to_owned(),
            helper => format!("`{helper}`, which may raise,"),
        }
    }

    /// Which of `names` does `other` change in place?
    pub(super) fn changed_name(
        &self,
        other: &Effects<'a>,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        let mut names = names.into_iter();
        let name = names.find(|name| self.facts.changes(other, &[*name].into()))?;
        Some(match name {
            GLOBALS => name.to_owned(),
            _ => format!("`{name}`"),
        })
    }

    /// The function that writes, of those called at `range`.
    pub(super) fn writer(&self, range: TextRange) -> Option<&'a str> {
        let calls = self.program.sites.calls.iter();
        let mut inside = calls.filter(|call| range.contains_range(call.node.range()));
        inside.find_map(|call| {
            let name = call_function(call.node)?;
            let effect = self.program.functions.effect(Some(name));
            matches!(effect, CallEffect::Write(_)).then_some(name)
        })
    }
}

/// Does a test in the same statement, with an await of its own, decide about an await in it?
pub(super) fn decides_itself(statement: &Stmt) -> bool {
    let value = match statement {
        Stmt::Assign(assign) => &assign.value,
        Stmt::Expr(expression) => &expression.value,
        Stmt::Return(give) => match &give.value {
            Some(value) => value,
            None => return false,
        },
        Stmt::If(branch) => &branch.test,
        _ => return false,
    };
    match &**value {
        Expr::If(choice) => waits(&choice.body) || waits(&choice.orelse),
        Expr::BoolOp(operation) => operation.values.iter().skip(1).any(waits),
        _ => false,
    }
}
