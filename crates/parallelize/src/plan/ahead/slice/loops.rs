//! Loops in a slice.

use dice_program::ast::{Expr, Ranged, Stmt, StmtFor, StmtWhile};

use super::{Ended, node};
use crate::dependence::is_plain;
use crate::effects::{Effects, target_names};
use crate::plan::ahead::Slicer;
use crate::plan::ahead::judge::Use;
use crate::plan::ahead::node::{For, Kind, Leave, Node};
use crate::plan::ahead::unknown::Part;

/// A loop's turns in a slice.
pub(in crate::plan::ahead) struct Turns<'a> {
    /// What any of them does; `None`: not even the loop itself is decided.
    pub(in crate::plan::ahead) body: Option<Vec<Node<'a>>>,
    /// May an undecided test end the loop sooner in the slice than in the program?
    cut: bool,
    /// What the first does, and then leaves the loop: it has more to go by than the others, which call nothing.
    first: Option<Vec<Node<'a>>>,
}

impl<'a> Slicer<'a, '_> {
    pub(super) fn each(
        &mut self,
        statement: &'a Stmt,
        each: &'a StmtFor,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        self.targets(&each.iter, out);
        let needs = self
            .judge_walk(each)
            .filter(|_| !each.is_async && self.plain_target(&each.target));
        let Some(needs) = needs else {
            return self.leave_out(statement, out);
        };
        let targets = target_names(&each.target);
        let Turns { body, cut, first } = self.turns(&each.body, |slicer| {
            let parts = slicer.parts_of_items(each);
            slicer.bind(targets.iter().copied());
            slicer.unknown.extend(parts);
            true
        });
        // What a generator looks at must be there for as long as it runs.
        let Some(body) = body.filter(|_| self.judge_walk(each).is_some()) else {
            return self.leave_out(statement, out);
        };
        if let Some(first) = first.filter(|_| each.orelse.is_empty()) {
            let made = For {
                items: self.items_of(&each.iter, &each.target),
                target: self.code(each.target.range()),
                targets: targets.clone(),
                iter: self.code(each.iter.range()),
                body: first,
                orelse: Vec::new(),
            };
            let mut made = node(Kind::For(Box::new(made)), needs);
            made.binds.extend(targets);
            out.push(made);
            return self.leave_out(statement, out);
        }
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

    /// What it takes to walk along a loop's items. Of a container, what is unknown may be attributes of
    /// its items alone.
    fn judge_walk(&self, each: &'a StmtFor) -> Option<Use<'a>> {
        if self.parts_of_items(each).is_empty() {
            return self.judge_items(&each.iter);
        }
        let name = each.iter.as_name_expr()?.id.as_str();
        (self.walkable(&each.iter) && !self.dirty.contains(name)).then_some(())?;
        let mut needs = Use::default();
        needs.reads.insert(name);
        Some(needs)
    }

    /// What is unknown of the loop's variable because it is of the items.
    fn parts_of_items(&self, each: &'a StmtFor) -> Vec<Part<'a>> {
        let (Expr::Name(items), Expr::Name(target)) = (&*each.iter, &*each.target) else {
            return Vec::new();
        };
        let fields = self.unknown.of_items(items.id.as_str());
        let part = |field| Part {
            name: target.id.as_str(),
            attribute: Some(field),
            of_items: false,
        };
        fields.into_iter().flatten().map(part).collect()
    }

    pub(in crate::plan::ahead) fn walkable(&self, iter: &'a Expr) -> bool {
        let program = &self.program;
        is_plain(
            iter,
            self.scope,
            program.bindings,
            program.module,
            program.sites,
        ) || matches!(iter, Expr::Call(call) if matches!(&*call.func, Expr::Name(name) if name.id == "range"))
    }

    /// A loop's body, with what is unknown after any number of turns.
    pub(in crate::plan::ahead) fn turns(
        &mut self,
        body: &'a [Stmt],
        mut enter: impl FnMut(&mut Self) -> bool,
    ) -> Turns<'a> {
        let mut all = Effects::default();
        body.iter()
            .for_each(|inner| all.include(self.facts.of(inner)));
        let mut first: Option<Vec<Node<'a>>> = None;
        loop {
            let before = self.unknown.clone();
            if !enter(self) {
                return Turns {
                    body: None,
                    cut: true,
                    first: first.and_then(only_turn),
                };
            }
            let mut out = Vec::new();
            let around = self.stopped.take();
            let ended = self.block(body, &mut out);
            let cut = self.stopped.is_some();
            if cut {
                self.forget(&all);
            }
            let left = self.stopped.filter(|how| *how == Leave::Return);
            self.stopped = around.max(left);
            self.unknown.merge(&before);
            // Where no turn follows the first, that needs only what is there before the loop.
            let single = ended && !out.iter().any(goes_on);
            if single || self.unknown == before {
                let first = first.filter(|_| left.is_none() && !out.iter().any(Node::has_calls));
                return Turns {
                    first: first.and_then(only_turn),
                    body: Some(out),
                    cut,
                };
            }
            if self.handing.is_none() && self.guessing.is_none() {
                first.get_or_insert(out);
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
        let at_first = self.judge(&repeat.test);
        let mut needs = None;
        let Turns { body, first, .. } = self.turns(&repeat.body, |slicer| {
            needs = slicer.judge(&repeat.test);
            needs.is_some()
        });
        if let (Some(first), Some(needs)) = (first, at_first) {
            out.push(node(
                Kind::While(self.code(repeat.test.range()), first),
                needs,
            ));
            return self.leave_out(statement, out);
        }
        let (Some(body), Some(needs)) = (body, needs) else {
            return self.leave_out(statement, out);
        };
        self.bind(needs.binds.iter().copied());
        let made = node(Kind::While(self.code(repeat.test.range()), body), needs);
        out.push(made);
        false
    }
}

/// The first turn as the only one, if it calls anything.
fn only_turn(mut turn: Vec<Node<'_>>) -> Option<Vec<Node<'_>>> {
    if !turn.iter().any(Node::has_calls) {
        return None;
    }
    end_with(&mut turn);
    turn.push(Node::new(Kind::Leave(Leave::Break)));
    Some(turn)
}

/// Going on with the next turn is leaving the loop.
fn end_with(nodes: &mut [Node<'_>]) {
    for node in nodes {
        match &mut node.kind {
            Kind::Leave(leave) if *leave == Leave::Continue => *leave = Leave::Break,
            Kind::For(each) => end_with(&mut each.orelse),
            Kind::While(..) => {}
            _ => node
                .blocks_mut()
                .into_iter()
                .for_each(|block| end_with(block)),
        }
    }
}

/// May it go on with the next turn of the loop around?
fn goes_on(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Leave(leave) => *leave == Leave::Continue,
        Kind::For(each) => each.orelse.iter().any(goes_on),
        Kind::While(..) => false,
        _ => node.blocks().into_iter().flatten().any(goes_on),
    }
}
