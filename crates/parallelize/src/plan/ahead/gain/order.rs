//! What a body waits for before each of its calls.

use std::collections::HashMap;

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{ExceptHandler, Expr, Ranged, Stmt, TextRange};

/// For each call of the text, what the body waits for before it.
#[derive(Default)]
pub(super) struct Order {
    /// Awaits passed so far.
    passed: Vec<TextRange>,
    pub(super) before: Vec<(TextRange, Vec<TextRange>)>,
    /// The loops and comprehensions around the place being read.
    around: Vec<TextRange>,
    /// Those around each call.
    pub(super) loops: HashMap<TextRange, Vec<TextRange>>,
}

impl Order {
    pub(super) fn block(&mut self, statements: &[Stmt]) {
        statements
            .iter()
            .for_each(|statement| self.visit_stmt(statement));
    }

    /// Reads the body of a loop twice: a second turn waits for all of the first.
    fn turns(&mut self, range: TextRange, mut body: impl FnMut(&mut Self)) {
        self.around.push(range);
        body(self);
        body(self);
        self.around.pop();
    }

    /// Ways that exclude each other do not wait for each other.
    fn ways<'b>(&mut self, blocks: impl Iterator<Item = &'b [Stmt]>) {
        let passed = self.passed.clone();
        let mut all = passed.clone();
        for block in blocks {
            self.passed.clone_from(&passed);
            self.block(block);
            all.extend(self.passed.drain(..).skip(passed.len()));
        }
        self.passed = all;
    }
}

impl<'b> Visitor<'b> for Order {
    fn visit_stmt(&mut self, statement: &'b Stmt) {
        match statement {
            Stmt::If(branch) => {
                self.visit_expr(&branch.test);
                let others = branch.elif_else_clauses.iter();
                others
                    .clone()
                    .filter_map(|clause| clause.test.as_ref())
                    .for_each(|test| self.visit_expr(test));
                let blocks = std::iter::once(branch.body.as_slice());
                self.ways(blocks.chain(others.map(|clause| clause.body.as_slice())));
            }
            Stmt::Match(choice) => {
                self.visit_expr(&choice.subject);
                self.ways(choice.cases.iter().map(|case| case.body.as_slice()));
            }
            Stmt::For(each) => {
                self.visit_expr(&each.iter);
                self.turns(each.range(), |order| order.block(&each.body));
                self.block(&each.orelse);
            }
            Stmt::While(repeat) => {
                self.turns(repeat.range(), |order| visitor::walk_stmt(order, statement));
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_except_handler(&mut self, handler: &'b ExceptHandler) {
        visitor::walk_except_handler(self, handler);
    }

    fn visit_expr(&mut self, expression: &'b Expr) {
        match expression {
            Expr::Await(wait) => {
                visitor::walk_expr(self, expression);
                self.before.push((wait.value.range(), self.passed.clone()));
                self.passed.push(wait.value.range());
                self.loops.insert(wait.value.range(), self.around.clone());
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => {
                self.turns(expression.range(), |order| {
                    visitor::walk_expr(order, expression);
                });
            }
            _ => visitor::walk_expr(self, expression),
        }
    }
}
