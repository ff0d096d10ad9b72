//! What a chore found, and the two places where it is said.

use std::io::Write as _;

pub(crate) struct Report {
    /// One line, printed when there is no problem.
    pub(crate) summary: String,
    pub(crate) problems: Vec<String>,
}

pub(crate) fn tell(line: &str) {
    // A closed pipe is no reason to fail a check.
    let _ = writeln!(std::io::stdout(), "{line}");
}

pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
