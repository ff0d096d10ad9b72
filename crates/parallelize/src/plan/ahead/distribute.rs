//! A loop that carries something from turn to turn is walked twice: first issuing what no turn needs from
//! the one before, then in order.

use super::node::{For, Kind, Leave, Names, Node};
use super::threads::{carried, carried_by, live_after, live_in, waits};

pub(super) fn distribute<'a>(
    nodes: Vec<Node<'a>>,
    live: &Names<'a>,
    changed: &Names<'a>,
) -> Vec<Node<'a>> {
    let mut made = Vec::new();
    for index in 0..nodes.len() {
        let needed = live_after(&nodes, index, live);
        if let Kind::For(each) = &nodes[index].kind
            && turns_wait(&nodes[index], &needed, changed)
            && let Some(body) = independent(each, &nodes[index].reads)
        {
            let ahead = For {
                body,
                orelse: Vec::new(),
                ..(**each).clone()
            };
            let mut node = nodes[index].clone();
            node.kind = Kind::For(Box::new(ahead));
            made.push(node);
        }
        made.push(inside(nodes[index].clone(), &needed, changed));
    }
    drop_made(made)
}

/// Do its turns wait for calls? What it walks along is there before the first.
fn turns_wait<'a>(node: &Node<'a>, live: &Names<'a>, changed: &Names<'a>) -> bool {
    let mut turns = node.clone();
    turns.waits.clear();
    waits(&turns, live, changed)
}

fn inside<'a>(mut node: Node<'a>, live: &Names<'a>, changed: &Names<'a>) -> Node<'a> {
    match &mut node.kind {
        Kind::If(branches) | Kind::Match(_, branches) => {
            for branch in branches {
                branch.body = distribute(std::mem::take(&mut branch.body), live, changed);
            }
        }
        Kind::For(each) => {
            let within = live_in(each, &node.reads, live);
            each.body = distribute(std::mem::take(&mut each.body), &within, changed);
            each.orelse = distribute(std::mem::take(&mut each.orelse), live, changed);
        }
        Kind::While(_, body) => {
            let within = &(live | &carried(body, &node.reads)) | &node.reads;
            *body = distribute(std::mem::take(body), &within, changed);
        }
        Kind::Call(_)
        | Kind::Same(_)
        | Kind::Results(_)
        | Kind::Settle(_)
        | Kind::Try(_)
        | Kind::Leave(_)
        | Kind::Give(_)
        | Kind::Raise(_) => {}
    }
    node
}

/// The calls of a turn that need nothing from the turn before, if a turn is not left on a test.
fn independent<'a>(each: &For<'a>, header: &Names<'a>) -> Option<Vec<Node<'a>>> {
    let body = &each.body;
    let walked_changes = body
        .iter()
        .any(|node| !node.all_changes().is_disjoint(header));
    if walked_changes {
        return None; // the items are not what they were when the loop began
    }
    let mut tainted = carried_by(each, header);
    let mut kept = Vec::new();
    if body
        .iter()
        .any(|node| node.leaves() > Some(Leave::Continue))
    {
        return None;
    }
    for node in body {
        if node.leaves().is_some() {
            break;
        }
        let touched = &node.all_binds() | &node.all_changes();
        let free = node.exposed().is_disjoint(&tainted) && touched.is_disjoint(&tainted);
        match free {
            true => kept.push(node.clone()),
            false => tainted.extend(touched),
        }
    }
    let kept = super::prune::prune(kept, false);
    kept.iter().any(Node::has_calls).then_some(kept)
}

/// Calls that a statement right after them makes itself.
fn drop_made(nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    let made: Vec<_> = nodes
        .iter()
        .filter_map(|node| match node.waits.as_slice() {
            [one] => Some(*one),
            _ => None,
        })
        .collect();
    let mut nodes = nodes;
    nodes.retain(|node| match &node.kind {
        Kind::Call(call) => call.target.is_some() || !made.contains(&call.range),
        _ => true,
    });
    nodes
}
