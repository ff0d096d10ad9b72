//! The files that a program's text names.

use crate::ast::Expr;
use crate::ast::visitor::{self, Visitor};
use crate::parse::Parsed;

/// Text literals that look like a file's name, each once, in the order of the text:
/// `accident_scene.jpg`. Sees a name that reaches `Image.open` through a variable or a parameter, too.
pub fn file_names(parsed: &Parsed) -> Vec<&str> {
    let mut found = FileNames { names: Vec::new() };
    parsed
        .body()
        .iter()
        .for_each(|statement| found.visit_stmt(statement));
    found.names
}

struct FileNames<'a> {
    names: Vec<&'a str>,
}

impl<'a> Visitor<'a> for FileNames<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::StringLiteral(literal) = expression {
            let text = literal.value.to_str();
            if is_file_name(text) && !self.names.contains(&text) {
                self.names.push(text);
            }
        }
        visitor::walk_expr(self, expression);
    }
}

fn is_file_name(text: &str) -> bool {
    let Some((stem, extension)) = text.rsplit_once('.') else {
        return false;
    };
    let letters = |part: &str, more: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|letter| letter.is_alphanumeric() || more.contains(letter))
    };
    letters(stem, "_-.")
        && (2..=5).contains(&extension.len())
        && letters(extension, "")
        && extension.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expect: &[&str]) {
        assert_eq!(file_names(&crate::parse(source)), expect, "{source}");
    }

    #[test]
    fn names_are_found_wherever_they_stand() {
        check("Image.open('a.png')", &["a.png"]);
        check(
            "name = 'accident_scene.jpg'\nasyncio.run(main(name))",
            &["accident_scene.jpg"],
        );
        check("f('b.csv'); g('b.csv'); h('c.json')", &["b.csv", "c.json"]);
    }

    #[test]
    fn other_text_is_no_name() {
        check(
            "print('Done. Next'); f('3.14'); g('no extension'); h('e.g.'); k('.png')",
            &[],
        );
    }
}
