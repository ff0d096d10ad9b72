//! Checks a program against a catalog.

use dice_catalog::Catalog;
use dice_model::TaskInput;

use crate::diagnostic::Diagnostic;
use crate::parse::{Parsed, parse};

/// What is known besides the catalog.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    /// The task's inputs; `None` if they are not known yet.
    pub inputs: Option<Vec<TaskInput>>,
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
