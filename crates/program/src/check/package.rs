//! The names of the package `hermod`.

use super::walker::Walker;
use crate::ast::{ExprAttribute, Ranged};
use crate::diagnostic::Diagnostic;

/// What the package has for programs and for functions; a test compares it with the package.
const HERMOD: [&str; 15] = [
    "BadArguments",
    "Call",
    "CallDeadline",
    "CallError",
    "Context",
    "Failure",
    "FunctionRaised",
    "WorkerLost",
    "ahead",
    "answer",
    "call",
    "context",
    "function",
    "gather",
    "input",
];

impl Walker<'_> {
    /// `hermod.name`.
    pub(super) fn of_hermod(&mut self, attribute: &ExprAttribute) {
        let name = attribute.attr.as_str();
        if name.starts_with("__") || HERMOD.contains(&name) {
            return;
        }
        let message = format!("hermod has no {name}");
        let hint = match dice_catalog::closest(name, HERMOD) {
            Some(closest) => format!("did you mean hermod.{closest}?"),
            None => "functions are called by hermod.call(\"NAME\", …)".to_owned(),
        };
        self.report_guarded(
            Diagnostic::error("no-attribute", attribute.range(), message).hint(hint),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::HERMOD;

    #[test]
    fn the_package_has_these_names() {
        let package = include_str!("../../../../python/src/hermod/__init__.py");
        let all = package
            .split("__all__ = [")
            .nth(1)
            .and_then(|rest| rest.split(']').next());
        let quoted = all
            .expect("the package says what it has")
            .split('"')
            .skip(1)
            .step_by(2);
        let names: Vec<_> = quoted.filter(|name| !name.starts_with("__")).collect();
        assert_eq!(names, HERMOD);
    }
}
