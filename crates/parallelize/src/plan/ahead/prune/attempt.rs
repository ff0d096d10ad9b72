//! `try` in a slice, backward: a failure counts only where something hangs on it.

use std::collections::HashSet;

use dice_program::ast::TextRange;

use super::{Onward, Pruner, is_needed};
use crate::plan::ahead::node::{Kind, Node, Try};
use crate::plan::ahead::threads::any_waits;

impl<'a> Pruner<'a> {
    /// A `try` that fails exactly where the program's does.
    pub(super) fn decided(
        &mut self,
        mut node: Node<'a>,
        onward: &mut Onward<'a>,
    ) -> Option<Node<'a>> {
        let leaves = node.leaves().is_some() && self.goes_on(onward);
        if !(leaves || is_needed(std::slice::from_ref(&node), onward)) {
            return None;
        }
        let only_calls = !leaves && !node.hands_over() && self.only_calls(&node, onward);
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
        Some(node)
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
}

/// Do both only issue what a `try` calls, the first no less than the second?
pub(super) fn issues_all_of(node: &Node<'_>, other: &Node<'_>) -> bool {
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
