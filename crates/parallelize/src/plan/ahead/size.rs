//! Slices are made of functions that somebody can read: planning takes more time than their length.

use dice_program::ast::Stmt;
use dice_program::ast::visitor::{self, Visitor};

/// Statements of a function, those in its blocks included.
const MOST_STATEMENTS: usize = 200;
/// Blocks within blocks.
const DEEPEST: usize = 8;

#[derive(Default)]
struct Size {
    statements: usize,
    depth: usize,
    deepest: usize,
}

pub(super) fn is_small(body: &[Stmt]) -> bool {
    let mut size = Size::default();
    size.visit_body(body);
    size.is_small()
}

impl Size {
    fn is_small(&self) -> bool {
        self.statements <= MOST_STATEMENTS && self.deepest <= DEEPEST
    }
}

impl<'a> Visitor<'a> for Size {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.statements += 1;
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        if self.is_small() {
            visitor::walk_stmt(self, statement);
        }
        self.depth -= 1;
    }
}
