//! Loops in a slice.

use dice_program::ast::{Expr, Ranged, Stmt, StmtFor, StmtWhile};

use super::{Ended, node};
use crate::dependence::is_plain;
use crate::effects::{Effects, target_names};
use crate::plan::ahead::Slicer;
use crate::plan::ahead::node::{For, Kind, Leave, Node};

impl<'a> Slicer<'a, '_> {
    pub(super) fn each(
        &mut self,
        statement: &'a Stmt,
        each: &'a StmtFor,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        self.targets(&each.iter, out);
        let needs = self.judge(&each.iter).filter(|_| {
            !each.is_async && self.plain_target(&each.target) && self.walkable(&each.iter)
        });
        let Some(needs) = needs else {
            return self.leave_out(statement, out);
        };
        let targets = target_names(&each.target);
        let (body, cut) = self.turns(&each.body, |slicer| {
            slicer.bind(targets.iter().copied());
            true
        });
        let Some(body) = body else {
            return self.leave_out(statement, out);
        };
        let mut orelse = Vec::new();
        let mut rest = Vec::new();
        if cut && !each.orelse.is_empty() {
            self.undecided([each.orelse.as_slice()].into_iter(), &mut rest);
        } else {
            self.block(&each.orelse, &mut orelse);
        }
        let made = For {
            items: self.items_of(&each.iter, &each.target),
            target: self.code(each.target.range()),
            targets: targets.clone(),
            iter: self.code(each.iter.range()),
            body,
            orelse,
        };
        let mut made = node(Kind::For(Box::new(made)), needs);
        made.binds.extend(targets);
        out.push(made);
        let ended = !rest.is_empty();
        out.append(&mut rest);
        ended
    }

    fn walkable(&self, iter: &'a Expr) -> bool {
        let program = &self.program;
        is_plain(
            iter,
            self.scope,
            program.bindings,
            program.module,
            program.sites,
        ) || matches!(iter, Expr::Call(call) if matches!(&*call.func, Expr::Name(name) if name.id == "range"))
    }

    /// A loop's body, with what is unknown after any number of turns; and whether an undecided test may
    /// end the loop sooner in the slice than in the program. `None`: not even the loop itself is decided.
    pub(in crate::plan::ahead) fn turns(
        &mut self,
        body: &'a [Stmt],
        mut enter: impl FnMut(&mut Self) -> bool,
    ) -> (Option<Vec<Node<'a>>>, bool) {
        let mut all = Effects::default();
        body.iter()
            .for_each(|inner| all.include(self.facts.of(inner)));
        loop {
            let before = self.unknown.clone();
            if !enter(self) {
                return (None, true);
            }
            let mut out = Vec::new();
            let around = self.stopped.take();
            self.block(body, &mut out);
            let cut = self.stopped.is_some();
            if cut {
                self.forget(&all);
            }
            let left = self.stopped.filter(|how| *how == Leave::Return);
            self.stopped = around.max(left);
            self.unknown.merge(&before);
            if self.unknown == before {
                return (Some(out), cut);
            }
        }
    }

    pub(super) fn repeat(
        &mut self,
        statement: &'a Stmt,
        repeat: &'a StmtWhile,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        if let Some(guessing) = self.guessing {
            return self.guess_turns(repeat, guessing, out);
        }
        if !repeat.orelse.is_empty() {
            return self.leave_out(statement, out);
        }
        let mut needs = None;
        let (body, _) = self.turns(&repeat.body, |slicer| {
            needs = slicer.judge(&repeat.test);
            needs.is_some()
        });
        let (Some(body), Some(needs)) = (body, needs) else {
            return self.leave_out(statement, out);
        };
        self.bind(needs.binds.iter().copied());
        let made = node(Kind::While(self.code(repeat.test.range()), body), needs);
        out.push(made);
        false
    }
}
