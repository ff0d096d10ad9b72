//! Blank lines around what is new, where `ruff format` would put them: text of the program stays as it is.

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Ranged, Stmt};
use dice_program::{Parsed, parse};

use super::Layout;

/// The text, and what it parses to, after blank lines have been put above and below definitions that bear
/// none of the program's own names.
pub(crate) fn spaced(text: String, known: &HashSet<&str>) -> (String, Parsed) {
    let parsed = parse(&text);
    let mut spacing = Spacing {
        layout: Layout { source: &text },
        known,
        places: BTreeSet::new(),
    };
    spacing.blocks(parsed.body(), true);
    visitor::walk_body(&mut spacing, parsed.body());
    if spacing.places.is_empty() {
        return (text, parsed);
    }
    let mut made = String::with_capacity(text.len() + spacing.places.len());
    let mut from = 0;
    for at in spacing.places {
        made.push_str(&text[from..at]);
        made.push('\n');
        from = at;
    }
    made.push_str(&text[from..]);
    let parsed = parse(&made);
    (made, parsed)
}

struct Spacing<'t> {
    layout: Layout<'t>,
    known: &'t HashSet<&'t str>,
    /// Line starts that need a blank line above.
    places: BTreeSet<usize>,
}

impl Spacing<'_> {
    /// `bare`: the block is that of a function, class or module, whose first definition needs no gap.
    fn blocks(&mut self, block: &[Stmt], bare: bool) {
        for (index, statement) in block.iter().enumerate() {
            let above = index.checked_sub(1).map(|before| &block[before]);
            let floor = above.map(|above| self.layout.line_end(above.range().end().to_usize()));
            let opens = self.is_new_definition(statement) && !(above.is_none() && bare);
            let follows = above.is_some_and(|above| {
                self.is_new_definition(above)
                    || above.is_function_def_stmt() && self.is_new_scope(statement)
            });
            if opens || follows {
                self.gap_above(statement, floor);
            }
        }
    }

    fn gap_above(&mut self, statement: &Stmt, floor: Option<usize>) {
        let source = self.layout.source;
        let line = self.layout.line_start(statement.range().start().to_usize());
        let mut at = self.layout.trivia_start(statement, floor.unwrap_or(0));
        let blank = source[at..line].lines().any(|line| line.trim().is_empty());
        // A comment at the end of the line above is not between the two.
        at = at.max(floor.unwrap_or(0)).min(line);
        if !blank {
            self.places.insert(at);
        }
    }

    fn is_new_definition(&self, statement: &Stmt) -> bool {
        let function = statement.as_function_def_stmt();
        function.is_some_and(|function| !self.known.contains(function.name.as_str()))
    }

    fn is_new_scope(&self, statement: &Stmt) -> bool {
        let Stmt::With(with) = statement else {
            return false;
        };
        let mut targets = with
            .items
            .iter()
            .filter_map(|item| item.optional_vars.as_deref());
        targets.any(|target| {
            let name = target.as_name_expr();
            name.is_some_and(|name| !self.known.contains(name.id.as_str()))
        })
    }
}

impl<'a> Visitor<'a> for Spacing<'_> {
    fn visit_body(&mut self, body: &'a [Stmt]) {
        self.blocks(body, false);
        visitor::walk_body(self, body);
    }

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => {
                self.blocks(&function.body, true);
                visitor::walk_body(self, &function.body);
            }
            Stmt::ClassDef(class) => {
                self.blocks(&class.body, true);
                visitor::walk_body(self, &class.body);
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }
}
