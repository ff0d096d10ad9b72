//! `if` in a slice: tests that it can ask, and those that it cannot (E3).

use dice_program::ast::{Expr, Ranged, Stmt, StmtIf};

use super::{Ended, node};
use crate::effects::Effects;
use crate::plan::ahead::Slicer;
use crate::plan::ahead::node::{Branch, Kind, Node};
use crate::plan::ahead::parts::walrus_names;

impl<'a> Slicer<'a, '_> {
    pub(super) fn branches(&mut self, branch: &'a StmtIf, out: &mut Vec<Node<'a>>) -> Ended {
        let mut clauses: Vec<(Option<&'a Expr>, &'a [Stmt])> =
            vec![(Some(&branch.test), &branch.body)];
        let others = branch.elif_else_clauses.iter();
        clauses.extend(others.map(|clause| (clause.test.as_ref(), clause.body.as_slice())));
        self.clauses(&clauses, out)
    }

    fn clauses(
        &mut self,
        clauses: &[(Option<&'a Expr>, &'a [Stmt])],
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let Some(&(Some(test), body)) = clauses.first() else {
            return clauses
                .first()
                .is_some_and(|(_, body)| self.block(body, out));
        };
        self.targets(test, out);
        let Some(needs) = self.judge(test) else {
            self.forget_names(test);
            return self.undecided(clauses.iter().map(|(_, body)| *body), out);
        };
        self.bind(needs.binds.iter().copied());
        let before = self.unknown.clone();
        let mut then = Vec::new();
        let may_exit = self.may_exit;
        let left = self.block(body, &mut then);
        (self.may_exit, self.blocked) = (may_exit, false);
        let after = std::mem::replace(&mut self.unknown, before);
        let mut otherwise = Vec::new();
        let also_left = self.clauses(&clauses[1..], &mut otherwise);
        self.unknown.merge(&after);
        let mut branches = vec![Branch {
            test: Some(self.code(test.range())),
            body: then,
        }];
        let mut made = node(Kind::If(Vec::new()), needs);
        branches.extend(as_branches(otherwise, &mut made));
        made.kind = Kind::If(branches);
        out.push(made);
        left && also_left
    }

    /// Blocks of which nobody knows whether they run: what they do is unknown, and if one leaves, so is
    /// whether anything runs after it (E3).
    pub(in crate::plan::ahead) fn undecided(
        &mut self,
        blocks: impl Iterator<Item = &'a [Stmt]> + Clone,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        if self.guessing.is_some() {
            return self.guess_side(blocks, out);
        }
        let mut all = Effects::default();
        for statement in blocks.flatten() {
            all.include(self.facts.of(statement));
        }
        self.fallible = true;
        self.forget(&all);
        self.stop(&all, out)
    }

    /// Names that a test binds, if it is left out.
    fn forget_names(&mut self, expression: &'a Expr) {
        self.unknown.extend(walrus_names(expression));
    }
}

/// `else` branches; one that only holds an `if` becomes `elif`, and its test a test of `around`.
fn as_branches<'a>(mut nodes: Vec<Node<'a>>, around: &mut Node<'a>) -> Vec<Branch<'a>> {
    if let [
        Node {
            kind: Kind::If(branches),
            waits,
            reads,
            looks,
            binds,
            ..
        },
    ] = nodes.as_mut_slice()
        && waits.is_empty()
    {
        around.reads.append(reads);
        around.looks.append(looks);
        around.binds.append(binds);
        return std::mem::take(branches);
    }
    match nodes.is_empty() {
        true => Vec::new(),
        false => vec![Branch {
            test: None,
            body: nodes,
        }],
    }
}
