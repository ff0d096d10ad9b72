//! Checks a program against a catalog: its calls, what it does with their results, and what the
//! sandbox would refuse. What is not known is silent: correct dynamic Python has no errors.

mod arguments;
mod builtins;
mod calls;
mod comparisons;
mod expressions;
mod facts;
mod forbidden;
mod images;
mod index;
mod kind;
mod package;
mod results;
mod statements;
mod walker;

use dice_catalog::Catalog;
use dice_model::{InputKind, TaskInput};

use crate::diagnostic::Diagnostic;
use crate::parse::{Parsed, parse};
use walker::Walker;

/// What is known besides the catalog.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    /// The task's inputs; `None` if they are not known yet.
    pub inputs: Option<Vec<Input>>,
}

/// An input as a program knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub name: String,
    pub kind: InputKind,
}

impl From<&TaskInput> for Input {
    fn from(input: &TaskInput) -> Self {
        Self {
            name: input.name.clone(),
            kind: input.kind,
        }
    }
}

/// All findings, in source order. With syntax errors, those alone.
pub fn check(source: &str, catalog: &Catalog, options: &CheckOptions) -> Vec<Diagnostic> {
    check_parsed(&parse(source), catalog, options)
}

pub fn check_parsed(parsed: &Parsed, catalog: &Catalog, options: &CheckOptions) -> Vec<Diagnostic> {
    if !parsed.is_valid() {
        return parsed.diagnostics.clone();
    }
    let mut found = Walker::new(parsed, catalog, options).run();
    found.extend(forbidden::check(parsed));
    found.sort_by_key(|diagnostic| (diagnostic.start, diagnostic.end));
    found.dedup();
    found
}
