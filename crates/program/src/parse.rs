//! Source text to a tree and its syntax errors.

use ruff_python_ast::token::Tokens;
use ruff_python_ast::{ModModule, PythonVersion, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};

use crate::depth;
use crate::diagnostic::Diagnostic;
use crate::lines::Lines;

/// Longer sources are refused: a generated program is a few kilobytes.
const LONGEST_BYTES: usize = 1 << 18;

/// A source with its tree. With syntax errors the tree holds what could be understood.
#[derive(Debug, Clone)]
pub struct Parsed {
    source: String,
    tree: ModModule,
    tokens: Option<Tokens>,
    /// The syntax errors.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn module(&self) -> &ModModule {
        &self.tree
    }

    /// The module's statements.
    pub fn body(&self) -> &[Stmt] {
        &self.tree.body
    }

    /// All tokens, comments included; `None` if the source was refused unread.
    pub fn tokens(&self) -> Option<&Tokens> {
        self.tokens.as_ref()
    }

    pub fn is_valid(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The source text of a node.
    pub fn text(&self, node: &impl Ranged) -> &str {
        let range = node.range();
        &self.source[range.start().to_usize()..range.end().to_usize()]
    }

    pub fn lines(&self) -> Lines<'_> {
        Lines::new(&self.source)
    }
}

/// Parses a program as Python 3.11. Syntax errors are diagnostics beside the tree.
pub fn parse(source: &str) -> Parsed {
    if let Some(diagnostic) = refused(source) {
        return unread(source, diagnostic);
    }
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY311);
    let parsed = parse_unchecked(source, options)
        .try_into_module()
        .expect("mode is Module");
    let wrong = parsed
        .errors()
        .iter()
        .map(|error| syntax_error(error.location, error.error.to_string(), source));
    let newer = parsed
        .unsupported_syntax_errors()
        .iter()
        .map(|error| syntax_error(error.range, error.to_string(), source));
    let mut diagnostics: Vec<_> = wrong.chain(newer).collect();
    diagnostics.sort_by_key(|diagnostic| diagnostic.start);
    Parsed {
        source: source.to_owned(),
        tokens: Some(parsed.tokens().clone()),
        tree: parsed.into_syntax(),
        diagnostics,
    }
}

fn syntax_error(range: TextRange, message: String, source: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("syntax", range, format!("syntax error: {message}"));
    diagnostic.end = diagnostic.end.min(source.len());
    diagnostic.start = diagnostic.start.min(diagnostic.end);
    diagnostic
}

fn refused(source: &str) -> Option<Diagnostic> {
    if source.len() > LONGEST_BYTES {
        let message = format!("the program is longer than {LONGEST_BYTES} bytes");
        return Some(Diagnostic::error("too-long", TextRange::default(), message));
    }
    depth::is_too_deep(source).then(|| {
        let message = format!("an expression is nested deeper than {}", depth::DEEPEST);
        Diagnostic::error("too-deep", TextRange::default(), message)
    })
}

fn unread(source: &str, diagnostic: Diagnostic) -> Parsed {
    let empty = parse_unchecked("", ParseOptions::from(Mode::Module));
    Parsed {
        source: source.to_owned(),
        tokens: None,
        tree: empty
            .try_into_module()
            .expect("mode is Module")
            .into_syntax(),
        diagnostics: vec![diagnostic],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes(source: &str) -> Vec<&'static str> {
        let parsed = parse(source);
        parsed.diagnostics.iter().map(|found| found.code).collect()
    }

    #[test]
    fn syntax_errors_are_data() {
        assert_eq!(codes("x = 1\n"), [""; 0]);
        assert_eq!(codes("x = (1\n").first(), Some(&"syntax"));
        assert_eq!(codes("if x:\npass\n").first(), Some(&"syntax"));
        assert_eq!(codes("type X = int\n"), ["syntax"], "3.12 only");
    }

    #[test]
    fn deep_trees_are_refused_unread() {
        for piece in [
            "(",
            "a.",
            "1+",
            "-",
            "f(",
            "x[",
            "a if b else ",
            "not ",
            "lambda: ",
        ] {
            let found = codes(&piece.repeat(20_000));
            assert!(
                found == ["too-deep"] || found.contains(&"syntax"),
                "{piece} {found:?}"
            );
        }
        let wide = format!("x = [{}]\n", "{'a': 1 + 2}, ".repeat(9_000));
        assert_eq!(codes(&wide), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_diagnosed(source in "[ -~\\n\\té]{0,80}") {
            let parsed = parse(&source);
            for found in &parsed.diagnostics {
                prop_assert!(found.start <= found.end && found.end <= source.len());
            }
        }
    }
}
