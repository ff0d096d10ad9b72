//! What is wrong, or worth knowing, about a program: where, why, and what to do.

use serde::Serialize;

use crate::ast::TextRange;
use crate::lines::Lines;

/// One finding. `code` is stable: tests, documents and editors may go by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// For example `unknown-function`.
    pub code: &'static str,
    pub message: String,
    /// Byte offsets into the source; `start == end` marks a point.
    pub start: usize,
    pub end: usize,
    /// What to do about it.
    pub hint: Option<String>,
    /// Of the contract, for example `H2`.
    pub rule: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Would certainly, or almost certainly, fail when run.
    Error,
    /// Probably not what was meant.
    Warning,
    Note,
}

impl Severity {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Diagnostic {
    pub fn new(
        severity: Severity,
        code: &'static str,
        range: TextRange,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            start: range.start().to_usize(),
            end: range.end().to_usize(),
            hint: None,
            rule: None,
        }
    }

    pub fn error(code: &'static str, range: TextRange, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, range, message)
    }

    pub fn warning(code: &'static str, range: TextRange, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, range, message)
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn rule(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    /// One line: `program.py:3:9: error: message (hint)`.
    pub fn to_line(&self, file: &str, lines: &Lines<'_>) -> String {
        let at = lines.locate(self.start);
        let mut text = format!(
            "{file}:{}:{}: {}: {}",
            at.line,
            at.column,
            self.severity.word(),
            self.message
        );
        if let Some(hint) = &self.hint {
            text.push_str(&format!(" ({hint})"));
        }
        text
    }
}

/// Is there one that must stop the program from being run?
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
}
