//! What the sandbox would refuse anyway, said before anything runs (S1).

use super::builtins::is_standard_module;
use super::facts::Facts;
use crate::ast::visitor::{self, Visitor};
use crate::ast::{Expr, Ranged, Stmt, TextRange};
use crate::diagnostic::Diagnostic;
use crate::parse::Parsed;

/// Modules whose only uses are refused.
const REFUSED_MODULES: [(&str, &str); 14] = [
    ("ctypes", "native code cannot be loaded"),
    ("ftplib", "there is no network"),
    ("http.client", "there is no network"),
    ("http.server", "there is no network"),
    ("imaplib", "there is no network"),
    ("multiprocessing", "processes cannot be started"),
    ("poplib", "there is no network"),
    ("pty", "processes cannot be started"),
    ("smtplib", "there is no network"),
    ("socket", "there is no network"),
    ("socketserver", "there is no network"),
    ("subprocess", "processes cannot be started"),
    ("urllib.request", "there is no network"),
    ("xmlrpc", "there is no network"),
];

/// Of `os`: what names and joins paths is harmless.
const REFUSED_OF_OS: [&str; 22] = [
    "chdir", "chmod", "environ", "execv", "execve", "fork", "getenv", "kill", "listdir",
    "makedirs", "mkdir", "open", "popen", "remove", "rename", "rmdir", "scandir", "spawnl",
    "spawnv", "system", "unlink", "walk",
];

pub(super) fn check(parsed: &Parsed) -> Vec<Diagnostic> {
    let mut checker = Checker {
        facts: Facts::gather(parsed.body()),
        found: Vec::new(),
        guarded: 0,
    };
    checker.visit_body(parsed.body());
    checker.found
}

struct Checker {
    facts: Facts,
    found: Vec<Diagnostic>,
    /// An import inside `try` has its replacement in the handler.
    guarded: usize,
}

impl Checker {
    fn module(&mut self, module: &str, at: TextRange) {
        let within =
            |refused: &str| module == refused || module.starts_with(&format!("{refused}."));
        if let Some((name, why)) = REFUSED_MODULES.iter().find(|(refused, _)| within(refused)) {
            let message = format!("{name} is of no use to a program: {why}");
            self.report(
                Diagnostic::error("forbidden", at, message)
                    .hint("call a function with hermod.call")
                    .rule("S1"),
            );
            return;
        }
        let first = module.split('.').next().unwrap_or(module);
        if !is_standard_module(first) && !["hermod", "PIL"].contains(&first) {
            let message = format!("there is no module {first} for programs");
            let hint =
                "there are the standard library, hermod and PIL; the rest is done by functions";
            self.report(Diagnostic::error("unknown-module", at, message).hint(hint));
        }
    }

    fn report(&mut self, mut diagnostic: Diagnostic) {
        if self.guarded > 0 {
            diagnostic.severity = crate::Severity::Warning;
        }
        self.found.push(diagnostic);
    }

    fn of_os(&mut self, name: &str, at: TextRange) {
        if REFUSED_OF_OS.contains(&name) {
            let message = format!(
                "os.{name} is refused: a program reaches its inputs and its calls, nothing else"
            );
            self.report(Diagnostic::error("forbidden", at, message).rule("S1"));
        }
    }
}

impl<'a> Visitor<'a> for Checker {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.module(&alias.name, alias.range());
                }
            }
            Stmt::ImportFrom(import) if import.level > 0 => {
                let message = "a program is one file: there is nothing to import from beside it";
                self.report(Diagnostic::error("unknown-module", import.range(), message));
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_deref().unwrap_or("");
                for alias in &import.names {
                    match module {
                        "os" => self.of_os(&alias.name, alias.range()),
                        "http" | "urllib" => {
                            self.module(&format!("{module}.{}", alias.name), alias.range());
                        }
                        _ => {}
                    }
                }
                self.module(module, import.range());
            }
            Stmt::Try(found) if !found.handlers.is_empty() => {
                self.guarded += 1;
                visitor::walk_body(self, &found.body);
                self.guarded -= 1;
                found
                    .handlers
                    .iter()
                    .for_each(|handler| self.visit_except_handler(handler));
                visitor::walk_body(self, &found.orelse);
                visitor::walk_body(self, &found.finalbody);
                return;
            }
            _ => {}
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Attribute(attribute) = expression
            && let Expr::Name(module) = &*attribute.value
            && self
                .facts
                .imported
                .get(module.id.as_str())
                .is_some_and(|name| name == "os")
        {
            self.of_os(&attribute.attr, attribute.range());
        }
        visitor::walk_expr(self, expression);
    }
}
