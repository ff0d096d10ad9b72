//! Words and small pieces of text for loops that run ahead.

use dice_program::ast::{Expr, Ranged, Stmt, StmtFor};

use super::FunctionPlan;
use super::block::{Item, Kind};

impl<'a> FunctionPlan<'a, '_> {
    /// Is there nothing above but a blank line, a comment or the line that opens the block?
    pub(super) fn starts_block(&self, each: &StmtFor) -> bool {
        let start = self.layout.line_start(each.range().start().to_usize());
        let above = self.layout.source[..start].trim_end_matches('\n');
        let line = above.rsplit('\n').next().unwrap_or("").trim();
        self.layout.source[..start].ends_with("\n\n")
            || line.ends_with(':')
            || line.starts_with('#')
    }

    pub(super) fn header_comment(&self, from: usize, first: &Stmt) -> String {
        let line = &self.layout.source[from..self
            .layout
            .line_end(from)
            .min(first.range().start().to_usize())];
        line.find('#')
            .map_or(String::new(), |at| format!("  {}", line[at..].trim_end()))
    }

    /// The coroutine's parameter, and the target to unpack it into.
    pub(super) fn parameter(
        &mut self,
        each: &'a StmtFor,
        targets: &[&'a str],
    ) -> (String, Option<String>) {
        if let Expr::Name(name) = &*each.target {
            return (name.id.to_string(), None);
        }
        let last = targets.last().copied().unwrap_or("item");
        let wish = match &*each.iter {
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) if name.id.as_str() == "enumerate" => format!("numbered_{last}"),
                Expr::Attribute(attribute) if attribute.attr.as_str() == "items" => {
                    format!("{last}_entry")
                }
                _ => targets.join("_and_"),
            },
            _ => targets.join("_and_"),
        };
        let target = self.planner.patches.slice_range(each.target.range());
        (self.planner.names.claim(&wish), Some(target))
    }

    /// What the coroutine does, in a word.
    pub(super) fn verb(&self, ahead: &[Item<'a>], needed: &[String]) -> &'static str {
        let text = ahead.iter().rev().find_map(|item| match item.kind {
            Kind::Statement(Stmt::Assign(assign)) => Some(is_text(&assign.value)),
            _ => None,
        });
        match (text, needed) {
            (Some(true), [_]) => "describe",
            (_, []) => "visit",
            (_, [one]) if one.ends_with("_call") => "ask_about",
            _ if ahead.iter().all(|item| matches!(item.kind, Kind::Issue(_))) => "ask_about",
            _ => "look_at",
        }
    }
}

/// Text that gives back what others need: the value of the last assignment itself, if that is all.
pub(super) fn with_return(
    mut text: String,
    last: Option<&Item<'_>>,
    indentation: &str,
    needed: &[String],
) -> String {
    if let ([name], Some(last)) = (needed, last)
        && matches!(last.kind, Kind::Statement(Stmt::Assign(_)) | Kind::Issue(_))
    {
        let start = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
        if let Some(value) = text[start..].strip_prefix(&format!("{indentation}{name} = ")) {
            let value = value.to_owned();
            text.truncate(start);
            text.push_str(&format!("{indentation}return {value}"));
            return text;
        }
    }
    if !needed.is_empty() {
        let many = text.contains("\n\n");
        let gap = if many { "\n" } else { "" };
        text.push_str(&format!("{gap}{indentation}return {}\n", needed.join(", ")));
    }
    text
}

/// A tuple without parentheses needs them as an argument.
pub(super) fn unwrapped(text: &str, iter: &Expr) -> String {
    match iter {
        Expr::Tuple(tuple) if !tuple.parenthesized => format!("({text})"),
        _ => text.to_owned(),
    }
}

fn is_text(expression: &Expr) -> bool {
    match expression {
        Expr::FString(_) | Expr::StringLiteral(_) => true,
        Expr::BinOp(operation) => is_text(&operation.left) || is_text(&operation.right),
        _ => false,
    }
}

/// What an iteration is about: the last loop variable that is a word.
pub(super) fn noun(targets: &[&str], needed: &[String]) -> String {
    let word = targets
        .iter()
        .rev()
        .find(|name| name.trim_matches('_').len() > 1)
        .copied();
    word.map(str::to_owned)
        .or_else(|| {
            needed
                .first()
                .map(|name| name.trim_end_matches("_call").to_owned())
        })
        .unwrap_or_else(|| "item".to_owned())
}
