//! What comes out: the text, and for every loop and call what was decided and why.

use std::fmt;

use dice_program::Diagnostic;
use serde::Serialize;

use crate::speculation::Speculation;

/// How to treat what the catalog leaves open, and what may be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Treat functions without a declared effect as writes (SEMANTICS E1).
    pub strict_effects: bool,
    /// What may be called before it is decided (SEMANTICS E3); nothing, unless asked for.
    pub speculation: Option<Speculation>,
}

/// The distributed program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distributed {
    pub source: String,
    /// In order of line.
    pub decisions: Vec<Decision>,
    /// `false`: `source` is the input, byte for byte.
    pub changed: bool,
}

/// One decision about one place of the serial program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Decision {
    /// Counted from 1.
    pub line: usize,
    pub outcome: Outcome,
    /// Of the contract, for example `E3`.
    pub rule: &'static str,
    /// What was decided, and why.
    pub why: String,
    /// What would let it move.
    pub help: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Moved,
    Kept,
    /// Something the reader should know, such as an effect that was assumed (E1).
    Assumed,
}

impl Outcome {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Kept => "kept",
            Self::Assumed => "assumed",
        }
    }
}

/// `line 12: kept [E3]: why (help)`
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.outcome.word();
        write!(
            f,
            "line {}: {word} [{}]: {}",
            self.line, self.rule, self.why
        )?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// Why a program could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the program has {} error(s)", .0.len())]
pub struct Diagnostics(pub Vec<Diagnostic>);
