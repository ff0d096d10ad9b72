//! What was taken for granted about a function because its description does not say.

/// Shown wherever the function is shown, and by every run that uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assumption {
    /// No `spec.effect` (SEMANTICS E1): may overlap and run ahead, is never reused or retried.
    Pure,
    /// No `spec.effect`, under `--strict-effects`.
    Write,
    /// No version of the source: that of the description stands in, so a change of the code alone
    /// goes unnoticed.
    Version,
}

impl Assumption {
    pub const fn text(self) -> &'static str {
        match self {
            Self::Pure => "effect is not declared: assumed pure, never reused or retried (E1)",
            Self::Write => "effect is not declared: treated as write (--strict-effects)",
            Self::Version => "version is not declared: that of the description is used",
        }
    }
}

impl std::fmt::Display for Assumption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}
