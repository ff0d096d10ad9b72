//! The slice, backward: what no call and no test in front of one needs is left out.

mod attempt;

use dice_program::ast::Stmt;

use super::node::{Branch, For, Kind, Leave, Names, Node};
use attempt::issues_all_of;

/// What is known of the way on from a place in the slice.
#[derive(Clone)]
struct Onward<'a> {
    /// Variables that are needed.
    live: Names<'a>,
    /// May any call come after it?
    more: bool,
}

impl<'a> Onward<'a> {
    /// Before these variables are bound, what they hold is not needed.
    fn forget(&mut self, bound: &Names<'a>) {
        self.live.retain(|name| !bound.contains(name));
    }
}

#[derive(Default)]
struct Pruner<'a> {
    /// What is needed when a turn of the loop around ends, or the loop.
    turn: Names<'a>,
    in_loop: bool,
    /// Is what the slice gives needed?
    gives: bool,
}

pub(super) fn prune<'a>(nodes: Vec<Node<'a>>, gives: bool) -> Vec<Node<'a>> {
    let mut onward = Onward {
        live: Names::new(),
        more: false,
    };
    let mut pruner = Pruner {
        gives,
        ..Pruner::default()
    };
    pruner.block(nodes, &mut onward)
}

impl<'a> Pruner<'a> {
    fn block(&mut self, nodes: Vec<Node<'a>>, onward: &mut Onward<'a>) -> Vec<Node<'a>> {
        let mut kept = Vec::new();
        for node in nodes.into_iter().rev() {
            if let Some(node) = self.node(node, onward) {
                let gives = matches!(node.kind, Kind::Give(_) | Kind::Raise(_));
                onward.more |= node.has_calls() || !node.waits.is_empty() || gives;
                if !kept.last().is_some_and(|next| issues_all_of(next, &node)) {
                    kept.push(node);
                }
            }
        }
        kept.reverse();
        kept
    }

    fn node(&mut self, mut node: Node<'a>, onward: &mut Onward<'a>) -> Option<Node<'a>> {
        match node.kind {
            Kind::Call(ref mut call) => {
                let decides = node.exits && self.goes_on(onward);
                node.exits = decides;
                call.wanted = decides || call.target.is_some_and(|name| onward.live.contains(name));
                onward.forget(&node.binds);
                if !call.wanted {
                    call.target = None;
                    node.binds.clear();
                }
            }
            Kind::Results(_) | Kind::Settle(_) => {
                if node.binds.is_disjoint(&onward.live) {
                    return None;
                }
                onward.forget(&node.binds);
            }
            Kind::Same(statement) => {
                let needed = |name: &&'a str| onward.live.contains(*name);
                let decides = node.exits && self.goes_on(onward);
                if !decides && !node.binds.iter().chain(&node.changes).any(needed) {
                    return None;
                }
                if !matches!(statement, Stmt::AugAssign(_)) {
                    onward.forget(&node.binds);
                }
            }
            Kind::Leave(leave) => {
                if !self.goes_on(onward) {
                    return None;
                }
                onward.live = match leave {
                    Leave::Return => Names::new(),
                    Leave::Break | Leave::Continue => self.turn.clone(),
                };
                return Some(node);
            }
            Kind::Give(_) | Kind::Raise(_) => onward.live = Names::new(),
            Kind::If(branches) => {
                let complete = branches.last().is_some_and(|branch| branch.test.is_none());
                let binds = !node.binds.is_disjoint(&onward.live);
                node.kind = Kind::If(self.branches(branches, complete, binds, onward)?);
            }
            Kind::Match(subject, branches) => {
                let binds = !node.binds.is_disjoint(&onward.live);
                node.kind = Kind::Match(subject, self.branches(branches, false, binds, onward)?);
            }
            Kind::For(each) => {
                // What it needs, without its own variables, is live already.
                node.kind = Kind::For(self.each(each, &node.reads, onward)?);
                return Some(node);
            }
            Kind::While(test, body) => {
                let body = self.repeat(&body, &node.reads, onward)?;
                node.kind = Kind::While(test, body);
            }
            Kind::Try(attempt) if attempt.decided => {
                node.kind = Kind::Try(attempt);
                return self.decided(node, onward);
            }
            Kind::Try(mut attempt) => {
                attempt.body = self.block(std::mem::take(&mut attempt.body), onward);
                if attempt.body.is_empty() {
                    return None;
                }
                node.kind = Kind::Try(attempt);
            }
        }
        onward.live.extend(node.all_reads());
        Some(node)
    }

    fn each(
        &mut self,
        mut each: Box<For<'a>>,
        header: &Names<'a>,
        onward: &mut Onward<'a>,
    ) -> Option<Box<For<'a>>> {
        each.orelse = self.block(std::mem::take(&mut each.orelse), onward);
        let last_item = each.targets.iter().any(|name| onward.live.contains(name));
        each.body = self.turns(&each.body, &each.targets, header, onward);
        let needed =
            last_item || !each.orelse.is_empty() || self.is_loop_needed(&each.body, onward);
        needed.then_some(each)
    }

    fn repeat(
        &mut self,
        body: &[Node<'a>],
        test: &Names<'a>,
        onward: &mut Onward<'a>,
    ) -> Option<Vec<Node<'a>>> {
        let body = self.turns(body, &[], test, onward);
        let needed = self.is_loop_needed(&body, onward) && !never_ends(test, &body);
        needed.then_some(body)
    }

    /// Does anything come of its turns, or hang on where they leave the function?
    fn is_loop_needed(&self, body: &[Node<'a>], onward: &Onward<'a>) -> bool {
        let mut leaves = body.iter().map(Node::leaves);
        let ends = leaves.any(|leave| leave == Some(Leave::Return));
        ends && (onward.more || self.gives) || is_needed(body, onward)
    }

    /// May anything come after this place that hangs on it?
    const fn goes_on(&self, onward: &Onward<'a>) -> bool {
        self.in_loop || onward.more || self.gives
    }

    /// `binds`: its tests or patterns give names values that are needed.
    fn branches(
        &mut self,
        branches: Vec<Branch<'a>>,
        complete: bool,
        binds: bool,
        onward: &mut Onward<'a>,
    ) -> Option<Vec<Branch<'a>>> {
        let mut live = match complete {
            true => Names::new(),
            false => onward.live.clone(),
        };
        let mut more = onward.more;
        let mut pruned = Vec::new();
        for mut branch in branches {
            let mut inside = onward.clone();
            branch.body = self.block(branch.body, &mut inside);
            live.extend(&inside.live);
            more |= inside.more;
            pruned.push(branch);
        }
        while !binds && pruned.last().is_some_and(|branch| branch.body.is_empty()) {
            pruned.pop();
        }
        if pruned.is_empty() {
            return None;
        }
        *onward = Onward { live, more };
        Some(pruned)
    }

    /// The body of a loop: what its next turn needs is needed at its end.
    fn turns(
        &mut self,
        body: &[Node<'a>],
        targets: &[&'a str],
        test: &Names<'a>,
        onward: &mut Onward<'a>,
    ) -> Vec<Node<'a>> {
        let around = (self.turn.clone(), self.in_loop);
        self.in_loop = true;
        let after = onward.live.clone();
        let mut at_end = &after | test;
        loop {
            self.turn.clone_from(&at_end);
            let mut inside = Onward {
                live: at_end.clone(),
                more: true,
            };
            let pruned = self.block(body.to_vec(), &mut inside);
            for name in targets {
                inside.live.remove(name);
            }
            let before = at_end.len();
            at_end.extend(&inside.live);
            if at_end.len() == before {
                (self.turn, self.in_loop) = around;
                onward.live = at_end;
                return pruned;
            }
        }
    }
}

fn is_needed<'a>(body: &[Node<'a>], onward: &Onward<'a>) -> bool {
    body.iter().any(|inner| {
        let touched = &inner.all_binds() | &inner.all_changes();
        inner.has_calls() || !touched.is_disjoint(&onward.live)
    })
}

/// A loop whose test nothing in the slice changes as long as nothing fails, and that no test in it leaves,
/// would never let go: in the program a failure ends it, perhaps of a call that the slice does not make.
fn never_ends(test: &Names<'_>, body: &[Node<'_>]) -> bool {
    !body.iter().any(|node| moves_on(node, test)) && !body.iter().any(ends_loop)
}

/// Does it change what a loop's test looks at, also if nothing fails?
fn moves_on(node: &Node<'_>, test: &Names<'_>) -> bool {
    match &node.kind {
        Kind::Try(attempt) => {
            let mut tried = attempt.body.iter().chain(&attempt.orelse);
            tried.any(|inner| moves_on(inner, test))
        }
        _ => {
            let touches = |names: &Names<'_>| !names.is_disjoint(test);
            let mut inner = node.blocks().into_iter().flatten();
            touches(&node.binds) || touches(&node.changes) || inner.any(|one| moves_on(one, test))
        }
    }
}

fn ends_loop(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Leave(leave) => *leave != Leave::Continue,
        Kind::For(_) | Kind::While(..) => node.leaves() == Some(Leave::Return),
        Kind::Try(attempt) if attempt.failures_leave => false,
        _ => node.exits || node.blocks().into_iter().flatten().any(ends_loop),
    }
}
