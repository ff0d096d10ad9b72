//! The text of a first half, and of what stays in its place.

use dice_program::ast::{Ranged, Stmt};

use super::Branch;
use crate::emit::reindent;
use crate::plan::FunctionPlan;
use crate::plan::block::{Block, Item};
use crate::plan::loop_text::with_return;
use crate::plan::prefix::Prefix;

impl<'a> FunctionPlan<'a, '_> {
    pub(super) fn noun_of_half(&self, statement: &'a Stmt, branches: &[Branch<'a>]) -> String {
        let needed = branches.iter().find_map(|branch| {
            let (_, prefix) = branch.block.as_ref()?;
            prefix.needed.last().cloned()
        });
        needed
            .map(|name| name.trim_end_matches("_call").to_owned())
            .or_else(|| self.function_in(statement.range()))
            .unwrap_or_else(|| "branch".to_owned())
    }

    /// The tests, and what each branch computes first.
    pub(super) fn half_of_if(&mut self, statement: &'a Stmt, branches: &[Branch<'a>]) -> String {
        let unit = self.unit.clone();
        let indentation = self.layout.indentation(statement);
        let last = branches.iter().rposition(Branch::moves).unwrap_or(0);
        let mut text = String::new();
        for (at, branch) in branches[..=last].iter().enumerate() {
            let test = branch
                .test
                .map(|test| self.planner.patches.slice_range(test.range()));
            let head = match (at, test) {
                (0, Some(test)) => format!("if {test}"),
                (_, Some(test)) => format!("elif {test}"),
                (_, None) => "else".to_owned(),
            };
            text.push_str(&format!("{indentation}{head}:\n"));
            let inner = self.layout.indentation(&branch.body[0]);
            match &branch.block {
                Some((block, prefix)) if prefix.length > 0 => {
                    text.push_str(&half_text(block, prefix, inner));
                }
                _ => text.push_str(&format!("{inner}pass\n")),
            }
        }
        reindent(&text, unit.chars().count() as isize, &unit)
    }

    pub(super) fn half_of_try(&self, branches: &[Branch<'a>]) -> String {
        branches
            .iter()
            .filter_map(|branch| {
                let (block, prefix) = branch.block.as_ref()?;
                let inner = self.layout.indentation(&branch.body[0]);
                Some(half_text(block, prefix, inner))
            })
            .collect()
    }

    /// The branch in its place: it awaits its first part, and does the rest.
    pub(super) fn write_rest(&mut self, block: &Block<'a>, prefix: &Prefix, handle: &str) {
        let rest: String = block.items[prefix.length..]
            .iter()
            .map(|item| item.text.as_str())
            .collect();
        if prefix.length == 0 {
            self.planner.patches.replace(block.start, block.end, rest);
            return;
        }
        let inner = block
            .items
            .iter()
            .find_map(Item::range)
            .map_or("", |range| self.layout.indentation(&range));
        let targets = prefix.needed.join(", ");
        let equals = if targets.is_empty() { "" } else { " = " };
        let text = format!("{inner}{targets}{equals}await {handle}\n{rest}");
        self.planner.patches.replace(block.start, block.end, text);
    }
}

fn half_text(block: &Block<'_>, prefix: &Prefix, indentation: &str) -> String {
    let ahead = &block.items[..prefix.length];
    let text: String = ahead.iter().map(|item| item.text.as_str()).collect();
    let text = text.trim_start_matches('\n').to_owned();
    with_return(text, ahead.last(), indentation, &prefix.needed)
}
