//! Checks a program against a catalog.

use dice_catalog::Catalog;
use dice_model::{InputKind, TaskInput};

use crate::diagnostic::Diagnostic;
use crate::parse::{Parsed, parse};

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

/// All findings, in source order.
pub fn check(source: &str, catalog: &Catalog, options: &CheckOptions) -> Vec<Diagnostic> {
    check_parsed(&parse(source), catalog, options)
}

pub fn check_parsed(
    parsed: &Parsed,
    _catalog: &Catalog,
    _options: &CheckOptions,
) -> Vec<Diagnostic> {
    parsed.diagnostics.clone()
}
