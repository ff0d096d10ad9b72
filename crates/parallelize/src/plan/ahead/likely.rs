//! A slice that does not wait to be told which way to go: tests that hang on results are left out, with
//! all but the likely way.

use super::node::{Branch, Kind, Leave, Names, Node};

/// `gives`: what the slice gives is needed, so the tests that decide it stay.
pub(super) fn likely(nodes: Vec<Node<'_>>, gives: bool) -> Vec<Node<'_>> {
    let mut choosing = Choosing {
        gives,
        ..Choosing::default()
    };
    choosing.block(nodes).0
}

#[derive(Default, Clone)]
struct Choosing<'a> {
    gives: bool,
    /// Variables whose values hang on results of calls.
    late: Names<'a>,
    /// Variables that only tests bind which are left out.
    lost: Names<'a>,
}

/// Does nothing after it in the block run?
type Ended = bool;

impl<'a> Choosing<'a> {
    fn block(&mut self, nodes: Vec<Node<'a>>) -> (Vec<Node<'a>>, Ended) {
        let mut made = Vec::new();
        let ended = nodes.into_iter().any(|node| self.node(node, &mut made));
        (made, ended)
    }

    fn node(&mut self, mut node: Node<'a>, out: &mut Vec<Node<'a>>) -> Ended {
        let late = !node.waits.is_empty() || !node.reads.is_disjoint(&self.late);
        if late || matches!(node.kind, Kind::Call(_)) {
            node.exits = false; // a raise is the less likely way
        }
        let stays = self.gives && node.leaves() == Some(Leave::Return);
        match node.kind {
            Kind::If(branches) if late && !stays => {
                self.lose(&node.binds);
                return self.take_likely(branches, out);
            }
            Kind::Match(_, branches) if late && !stays && node.binds.is_empty() => {
                return self.take_likely(branches, out);
            }
            _ if !node.reads.is_disjoint(&self.lost) => {
                self.lose(&(&node.all_binds() | &node.all_changes()));
                return false;
            }
            Kind::If(branches) => node.kind = Kind::If(self.branches(branches)),
            Kind::Match(subject, branches) => {
                self.note(&node.binds, late);
                node.kind = Kind::Match(subject, self.branches(branches));
            }
            Kind::For(mut each) => {
                self.note(&node.binds, late);
                each.body = self.turns(each.body);
                each.orelse = self.block(each.orelse).0;
                node.kind = Kind::For(each);
            }
            Kind::While(test, body) => node.kind = Kind::While(test, self.turns(body)),
            Kind::Try(mut attempt) => {
                attempt.body = self.block(attempt.body).0;
                node.kind = Kind::Try(attempt);
            }
            Kind::Call(_) | Kind::Results(_) | Kind::Settle(_) => self.note(&node.binds, true),
            Kind::Same(_) => self.note(&(&node.binds | &node.changes), late),
            Kind::Leave(_) | Kind::Give(_) | Kind::Raise(_) => {
                out.push(node);
                return true;
            }
        }
        out.push(node);
        false
    }

    fn take_likely(&mut self, branches: Vec<Branch<'a>>, out: &mut Vec<Node<'a>>) -> Ended {
        for node in branches.iter().flat_map(|branch| &branch.body) {
            // Where another way was right, they have other values.
            self.late.append(&mut node.all_binds());
            self.late.append(&mut node.all_changes());
        }
        let complete = branches.last().is_some_and(|branch| branch.test.is_none());
        let mut ways: Vec<Vec<Node<'a>>> = branches.into_iter().map(|branch| branch.body).collect();
        if !complete {
            ways.push(Vec::new());
        }
        // Of equals, the first.
        let likely = ways.into_iter().rev().max_by_key(|way| weight(way));
        let (mut made, ended) = self.block(likely.unwrap_or_default());
        out.append(&mut made);
        ended
    }

    fn branches(&mut self, branches: Vec<Branch<'a>>) -> Vec<Branch<'a>> {
        let before = self.clone();
        let mut made = Vec::new();
        for branch in branches {
            let mut inside = before.clone();
            let body = inside.block(branch.body).0;
            self.late.append(&mut inside.late);
            self.lost.append(&mut inside.lost);
            made.push(Branch { body, ..branch });
        }
        made
    }

    /// The body of a loop: a turn gets from the one before what that has.
    fn turns(&mut self, body: Vec<Node<'a>>) -> Vec<Node<'a>> {
        loop {
            let before = (self.late.len(), self.lost.len());
            let mut inside = self.clone();
            let made = inside.block(body.clone()).0;
            self.late.append(&mut inside.late);
            self.lost.append(&mut inside.lost);
            if (self.late.len(), self.lost.len()) == before {
                return made;
            }
        }
    }

    fn note(&mut self, names: &Names<'a>, late: bool) {
        self.lost.retain(|name| !names.contains(name));
        match late {
            true => self.late.extend(names),
            false => self.late.retain(|name| !names.contains(name)),
        }
    }

    fn lose(&mut self, names: &Names<'a>) {
        self.lost.extend(names);
    }
}

/// A way that leaves is less likely than one that goes on; then the one that calls more, then the longer.
fn weight(way: &[Node<'_>]) -> (bool, usize, usize) {
    let mut calls = Vec::new();
    way.iter().for_each(|node| node.calls(&mut calls));
    let goes_on = way.iter().all(|node| node.leaves().is_none());
    (goes_on, calls.len(), way.len())
}
