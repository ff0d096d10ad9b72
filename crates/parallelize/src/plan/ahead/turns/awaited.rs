//! Which calls the generator waits for before it goes on. Those it hands over: it must go on from the same
//! outcome as the loop in place, and a call that failed is made anew when it is asked for again (E5).

use std::collections::HashSet;

use dice_program::ast::TextRange;

use super::super::node::{Kind, Names, Node};
use super::super::threads::{Role, carried, live_after, live_in, roles};

/// The calls that are awaited in the generator itself, and not in coroutines that it starts.
pub(super) fn awaited(nodes: &[Node<'_>]) -> HashSet<TextRange> {
    let mut changed = Names::new();
    nodes
        .iter()
        .for_each(|node| changed.extend(node.all_changes()));
    let mut reader = Reader {
        changed,
        found: HashSet::new(),
    };
    reader.block(nodes, &Names::new(), false);
    reader.found
}

struct Reader<'a> {
    /// Variables whose objects the generator changes in place.
    changed: Names<'a>,
    found: HashSet<TextRange>,
}

impl<'a> Reader<'a> {
    /// `strict`: each call is awaited at once.
    fn block(&mut self, nodes: &[Node<'a>], live: &Names<'a>, strict: bool) {
        let roles = match strict {
            true => vec![Role::Inline; nodes.len()],
            false => roles(nodes, live, &self.changed),
        };
        for (index, node) in nodes.iter().enumerate() {
            if roles[index] == Role::Inline {
                self.node(node, &live_after(nodes, index, live), strict);
            }
        }
    }

    fn node(&mut self, node: &Node<'a>, live: &Names<'a>, strict: bool) {
        self.found.extend(&node.waits);
        match &node.kind {
            Kind::Call(call) if call.wanted => {
                self.found.insert(call.range);
            }
            Kind::For(each) => {
                self.block(&each.body, &live_in(each, &node.reads, live), strict);
                self.block(&each.orelse, live, strict);
            }
            Kind::While(_, body) => {
                let inside = &(live | &carried(body, &node.reads)) | &node.reads;
                self.block(body, &inside, strict);
            }
            Kind::Try(attempt) => {
                self.block(&attempt.body, live, attempt.decided);
                let handlers = attempt.handlers.iter().map(|(_, body)| body);
                for body in handlers.chain([&attempt.orelse]) {
                    self.block(body, live, strict);
                }
            }
            _ => {
                for body in node.blocks() {
                    self.block(body, live, strict);
                }
            }
        }
    }
}
