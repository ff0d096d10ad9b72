//! The slice, backward: what no call and no test in front of one needs is left out.

use std::collections::HashSet;

use dice_program::ast::TextRange;

use super::node::{Branch, Kind, Leave, Names, Node, Try};
use super::threads::any_waits;

/// What is known of the way on from a place in the slice.
#[derive(Clone)]
struct Onward<'a> {
    /// Variables that are needed.
    live: Names<'a>,
    /// May any call come after it?
    more: bool,
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
                node.binds.iter().for_each(|name| {
                    onward.live.remove(name);
                });
                if !call.wanted {
                    call.target = None;
                    node.binds.clear();
                }
            }
            Kind::Results(_) | Kind::Settle(_) => {
                if node.binds.is_disjoint(&onward.live) {
                    return None;
                }
                node.binds.iter().for_each(|name| {
                    onward.live.remove(name);
                });
            }
            Kind::Same(statement) => {
                let needed = |name: &&'a str| onward.live.contains(*name);
                let decides = node.exits && self.goes_on(onward);
                if !decides && !node.binds.iter().chain(&node.changes).any(needed) {
                    return None;
                }
                if !matches!(statement, dice_program::ast::Stmt::AugAssign(_)) {
                    node.binds.iter().for_each(|name| {
                        onward.live.remove(name);
                    });
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
                node.kind = Kind::If(self.branches(branches, complete, onward)?);
            }
            Kind::Match(subject, branches) => {
                node.kind = Kind::Match(subject, self.branches(branches, false, onward)?);
            }
            Kind::For(mut each) => {
                each.orelse = self.block(std::mem::take(&mut each.orelse), onward);
                let last_item = each.targets.iter().any(|name| onward.live.contains(name));
                each.body = self.turns(&each.body, &each.targets, &node.reads, onward);
                let ends = each
                    .body
                    .iter()
                    .any(|inner| inner.leaves() == Some(Leave::Return));
                let needed = last_item
                    || !each.orelse.is_empty()
                    || ends && (onward.more || self.gives)
                    || self.is_needed(&each.body, onward);
                if !needed {
                    return None;
                }
                node.kind = Kind::For(each);
                return Some(node); // what it needs, without its own variables, is live already
            }
            Kind::While(test, body) => {
                let body = self.turns(&body, &[], &node.reads, onward);
                let ends = body
                    .iter()
                    .any(|inner| inner.leaves() == Some(Leave::Return));
                if !(ends && (onward.more || self.gives) || self.is_needed(&body, onward))
                    || never_ends(&node.reads, &body)
                {
                    return None;
                }
                node.kind = Kind::While(test, body);
            }
            Kind::Try(mut attempt) => {
                if attempt.decided {
                    node.kind = Kind::Try(attempt);
                    let leaves = node.leaves().is_some() && self.goes_on(onward);
                    if !(leaves || self.is_needed(std::slice::from_ref(&node), onward)) {
                        return None;
                    }
                    let only_calls = !leaves && self.only_calls(&node, onward);
                    let Kind::Try(attempt) = &mut node.kind else {
                        return None;
                    };
                    if only_calls {
                        return self.issued(std::mem::take(&mut **attempt), onward);
                    }
                    if attempt.failures_leave {
                        onward.live.extend(&self.turn); // a handler may end it
                    }
                    let mut made = HashSet::new();
                    made_by(&attempt.body, &mut made);
                    await_all(&mut attempt.body, &made);
                    onward.live.extend(node.all_reads());
                    return Some(node);
                }
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

    /// May anything come after this place that hangs on it?
    const fn goes_on(&self, onward: &Onward<'a>) -> bool {
        self.in_loop || onward.more || self.gives
    }

    /// Is a decided `try` there for nothing but the calls of its body?
    fn only_calls(&self, node: &Node<'a>, onward: &Onward<'a>) -> bool {
        let Kind::Try(attempt) = &node.kind else {
            return false;
        };
        let touched = &node.all_binds() | &node.all_changes();
        let mut handled = attempt.handlers.iter().flat_map(|(_, body)| body);
        !(self.gives && attempt.failures_leave)
            && touched.is_disjoint(&onward.live)
            && !handled.any(|inner| inner.has_calls() || any_waits(inner))
    }

    /// What a `try` calls if nothing in it fails.
    fn issued(&mut self, mut attempt: Try<'a>, onward: &mut Onward<'a>) -> Option<Node<'a>> {
        attempt.body.append(&mut attempt.orelse);
        attempt.body = self.block(attempt.body, onward);
        attempt.handlers.clear();
        attempt.decided = false;
        let node = Node::new(Kind::Try(Box::new(attempt)));
        onward.live.extend(node.all_reads());
        node.has_calls().then_some(node)
    }

    fn is_needed(&self, body: &[Node<'a>], onward: &Onward<'a>) -> bool {
        body.iter().any(|inner| {
            let touched = &inner.all_binds() | &inner.all_changes();
            inner.has_calls() || !touched.is_disjoint(&onward.live)
        })
    }

    fn branches(
        &mut self,
        branches: Vec<Branch<'a>>,
        complete: bool,
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
        while pruned.last().is_some_and(|branch| branch.body.is_empty()) {
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

/// Do both only issue what a `try` calls, the first no less than the second?
fn issues_all_of(node: &Node<'_>, other: &Node<'_>) -> bool {
    let issued = |node: &Node<'_>| match &node.kind {
        Kind::Try(attempt) if !attempt.decided => {
            let mut calls = Vec::new();
            node.calls(&mut calls);
            calls.iter().map(|call| call.range).collect()
        }
        _ => HashSet::new(),
    };
    let (all, part) = (issued(node), issued(other));
    !part.is_empty() && part.is_subset(&all)
}

/// A loop whose test nothing in the slice changes, and that no test in it leaves, would never let go: in
/// the program a failure may end it, for which the slice does not wait.
fn never_ends(test: &Names<'_>, body: &[Node<'_>]) -> bool {
    let changes = |node: &Node<'_>| {
        let touched = &node.all_binds() | &node.all_changes();
        !touched.is_disjoint(test)
    };
    let endless = !body.iter().any(changes);
    endless && !body.iter().any(ends_loop)
}

fn ends_loop(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Leave(leave) => *leave != Leave::Continue,
        Kind::For(_) | Kind::While(..) => node.leaves() == Some(Leave::Return),
        Kind::Try(attempt) if attempt.failures_leave => false,
        _ => node.exits || node.blocks().into_iter().flatten().any(ends_loop),
    }
}

/// In a `try` body each call is awaited where it stands, for it may fail there: by the statement that
/// makes it, or else by itself.
fn await_all(nodes: &mut Vec<Node<'_>>, made: &HashSet<TextRange>) {
    nodes.retain(|node| match &node.kind {
        Kind::Call(call) => call.target.is_some() || !made.contains(&call.range),
        _ => true,
    });
    for node in nodes {
        match &mut node.kind {
            Kind::Call(call) => call.wanted = true,
            Kind::If(branches) | Kind::Match(_, branches) => {
                branches
                    .iter_mut()
                    .for_each(|branch| await_all(&mut branch.body, made));
            }
            Kind::For(each) => {
                await_all(&mut each.body, made);
                await_all(&mut each.orelse, made);
            }
            Kind::While(_, body) => await_all(body, made),
            Kind::Try(attempt) => {
                await_all(&mut attempt.body, made);
                await_all(&mut attempt.orelse, made);
            }
            Kind::Same(_)
            | Kind::Results(_)
            | Kind::Settle(_)
            | Kind::Leave(_)
            | Kind::Give(_)
            | Kind::Raise(_) => {}
        }
    }
}

fn made_by(nodes: &[Node<'_>], made: &mut HashSet<TextRange>) {
    for node in nodes {
        made.extend(&node.waits);
        node.blocks()
            .into_iter()
            .for_each(|block| made_by(block, made));
    }
}
