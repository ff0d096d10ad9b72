//! Where a test is not decided, a slice may go on with what is likely (E3): nothing fails, no loop or
//! function is left, and of several ways the one that calls more is taken.

use std::cmp::Reverse;

use dice_program::ast::{Expr, Ranged, Stmt, StmtWhile};

use super::Slicer;
use super::node::{Branch, Code, For, Kind, Leave, Node};
use super::parts::waits;
use super::slice::{Ended, node};
use crate::effects::Effects;
use crate::plan::candidates::waits_in;

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guessing {
    /// Of a `while` loop: without a test, nothing but their number ends them.
    pub(super) turns: u32,
}

impl<'a> Slicer<'a, '_> {
    /// Is it a test that the slice cannot ask, and does it go on all the same?
    pub(super) fn is_guess(&self, test: &'a Expr) -> bool {
        self.guessing.is_some() && self.judge(test).is_none()
    }

    /// The likely one of several blocks, and nothing of the others.
    pub(super) fn guess_side(
        &mut self,
        blocks: impl Iterator<Item = &'a [Stmt]> + Clone,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let likely = blocks.clone().enumerate().filter(|(_, block)| {
            let effects = self.effects_of(block);
            effects.exits.is_none() && effects.breaks.is_none() && effects.continues.is_none()
        });
        let calls = |block: &[Stmt]| block.iter().map(waits_in).sum::<usize>();
        let likely = likely.max_by_key(|(index, block)| (calls(block), Reverse(*index)));
        for (index, block) in blocks.enumerate() {
            if likely.is_none_or(|(taken, _)| taken != index) {
                let effects = self.effects_of(block);
                self.withheld |= effects.exits.is_some();
                self.forget(&effects);
            }
        }
        self.fallible = true;
        likely.is_some_and(|(_, block)| self.block(block, out))
    }

    fn effects_of(&self, block: &'a [Stmt]) -> Effects<'a> {
        let mut all = Effects::default();
        block
            .iter()
            .for_each(|statement| all.include(self.facts.of(statement)));
        all
    }

    /// Some turns of a `while` loop. Its test is asked if it can be.
    pub(super) fn guess_turns(
        &mut self,
        repeat: &'a StmtWhile,
        guessing: Guessing,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let body = self.turns(&repeat.body, |_| true).body;
        let mut turn = Vec::new();
        self.targets(&repeat.test, &mut turn);
        if let Some(needs) = self.judge(&repeat.test) {
            let mut code = self.code(repeat.test.range());
            code.text = format!("not ({})", code.text);
            let branch = Branch {
                test: Some(code),
                body: vec![Node::new(Kind::Leave(Leave::Break))],
            };
            turn.push(node(Kind::If(vec![branch]), needs));
        }
        turn.extend(body.unwrap_or_default());
        let each = For {
            items: Vec::new(),
            target: written("_"),
            targets: Vec::new(),
            iter: written(&format!("range({})", guessing.turns)),
            body: turn,
            orelse: Vec::new(),
        };
        out.push(Node::new(Kind::For(Box::new(each))));
        for statement in &repeat.orelse {
            self.forget(self.facts.of(statement));
        }
        false
    }
}

/// The value that calls, of two.
pub(super) fn likelier<'a>(one: &'a Expr, other: &'a Expr) -> &'a Expr {
    match waits(one) {
        true => one,
        false => other,
    }
}

fn written(text: &str) -> Code {
    Code {
        text: text.to_owned(),
        column: 0,
    }
}
