//! Which parts of a slice wait for each other, and which run by themselves: a call must not wait for
//! anything but what it needs, and the tests that decide it.

use std::collections::BTreeSet;

use super::node::{For, Kind, Names, Node};

/// How the nodes of a block are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// In place: tests and what tests need, and what does not wait.
    Inline,
    /// In a coroutine of its own, with others of the same number.
    Apart(usize),
}

/// Names that `node` binds and that something after it in the block, or after the block, needs.
pub(super) fn live_after<'a>(nodes: &[Node<'a>], index: usize, live: &Names<'a>) -> Names<'a> {
    let node = &nodes[index];
    let mut needed = live.clone();
    for later in &nodes[index + 1..] {
        needed.extend(later.exposed());
    }
    let touched = &node.all_binds() | &node.all_changes();
    &touched & &needed
}

/// What the nodes read before they bind it.
pub(super) fn exposed<'a>(nodes: &[Node<'a>]) -> Names<'a> {
    let (mut exposed, mut definite) = (Names::new(), Names::new());
    for node in nodes {
        exposed.extend(node.exposed().difference(&definite));
        definite.extend(node.definite());
    }
    exposed
}

/// What a turn of a loop needs from the turn before.
pub(super) fn carried<'a>(body: &[Node<'a>], header: &Names<'a>) -> Names<'a> {
    let mut bound = Names::new();
    let mut definite = Names::new();
    let mut exposed = header.clone();
    for node in body {
        exposed.extend(node.exposed().difference(&definite));
        bound.extend(node.all_binds());
        bound.extend(node.all_changes());
        definite.extend(node.definite());
    }
    &bound & &exposed
}

/// The same of a loop along items, whose variables each turn has anew.
pub(super) fn carried_by<'a>(each: &For<'a>, header: &Names<'a>) -> Names<'a> {
    let mut names = carried(&each.body, header);
    names.retain(|name| !each.targets.contains(name));
    names
}

/// What is needed at the end of a turn: by what comes after the loop, its `else`, or the next turn.
pub(super) fn live_in<'a>(each: &For<'a>, header: &Names<'a>, live: &Names<'a>) -> Names<'a> {
    let mut names = live | &carried_by(each, header);
    each.orelse
        .iter()
        .for_each(|node| names.extend(node.all_reads()));
    names
}

/// Does running the block in place wait for a call?
fn block_waits<'a>(nodes: &[Node<'a>], live: &Names<'a>, changed: &Names<'a>) -> bool {
    let roles = roles(nodes, live, changed);
    let mut inline = (0..nodes.len()).filter(|&index| roles[index] == Role::Inline);
    inline.any(|index| waits(&nodes[index], &live_after(nodes, index, live), changed))
}

/// Does running the node in place wait for a call, if `live` of what it binds is needed?
pub(super) fn waits<'a>(node: &Node<'a>, live: &Names<'a>, changed: &Names<'a>) -> bool {
    if !node.waits.is_empty() {
        return true;
    }
    match &node.kind {
        Kind::Call(call) => call.wanted,
        Kind::Same(_)
        | Kind::Results(_)
        | Kind::Settle(_)
        | Kind::Leave(_)
        | Kind::Give(_)
        | Kind::Raise(_) => false,
        Kind::If(branches) | Kind::Match(_, branches) => branches
            .iter()
            .any(|branch| block_waits(&branch.body, live, changed)),
        Kind::For(each) => {
            let inside = live_in(each, &node.reads, live);
            block_waits(&each.body, &inside, changed) || block_waits(&each.orelse, live, changed)
        }
        Kind::While(_, body) => {
            let inside = &(live | &carried(body, &node.reads)) | &node.reads;
            block_waits(body, &inside, changed)
        }
        Kind::Try(attempt) if attempt.decided => {
            let mut calls = Vec::new();
            node.calls(&mut calls);
            !calls.is_empty() || any_waits(node)
        }
        Kind::Try(attempt) => block_waits(&attempt.body, live, changed),
    }
}

pub(super) fn any_waits(node: &Node<'_>) -> bool {
    !node.waits.is_empty() || node.blocks().into_iter().flatten().any(any_waits)
}

/// `changed`: names whose objects the slice changes in place, anywhere.
pub(super) fn roles<'a>(nodes: &[Node<'a>], live: &Names<'a>, changed: &Names<'a>) -> Vec<Role> {
    let spine = spine(nodes, live);
    let mut apart: Vec<usize> = Vec::new();
    let mut group: Vec<Option<usize>> = vec![None; nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        if spine[index] {
            continue;
        }
        let joined: BTreeSet<usize> = apart
            .iter()
            .filter(|&&other| depends(node, &nodes[other]))
            .filter_map(|&other| group[other])
            .collect();
        if joined.is_empty() && !waits(node, &live_after(nodes, index, live), changed) {
            continue;
        }
        let number = joined.first().copied().unwrap_or(index);
        for other in &apart {
            if group[*other].is_some_and(|group| joined.contains(&group)) {
                group[*other] = Some(number);
            }
        }
        group[index] = Some(number);
        apart.push(index);
    }
    stay_together(nodes, &mut group, changed);
    group
        .into_iter()
        .map(|group| group.map_or(Role::Inline, Role::Apart))
        .collect()
}

/// Nodes that decide what runs or hand over calls, and those that they need.
fn spine<'a>(nodes: &[Node<'a>], live: &Names<'a>) -> Vec<bool> {
    let mut needed = live.clone();
    let mut spine = vec![false; nodes.len()];
    for (index, node) in nodes.iter().enumerate().rev() {
        let touched = &node.all_binds() | &node.all_changes();
        spine[index] =
            node.leaves().is_some() || node.hands_over() || !touched.is_disjoint(&needed);
        if spine[index] {
            needed.extend(node.exposed());
        }
    }
    spine
}

fn depends(node: &Node<'_>, on: &Node<'_>) -> bool {
    let touched = &on.all_binds() | &on.all_changes();
    !touched.is_disjoint(&node.exposed())
}

/// A coroutine gets its variables when it is started: what changes after that must not run apart.
fn stay_together<'a>(nodes: &[Node<'a>], group: &mut [Option<usize>], changed: &Names<'a>) {
    let numbers: BTreeSet<usize> = group.iter().flatten().copied().collect();
    for number in numbers {
        let inside = |index: usize, group: &[Option<usize>]| group[index] == Some(number);
        let mut own = Names::new();
        let mut reads = Names::new();
        let mut around: Vec<Names<'a>> = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            if inside(index, group) {
                own.extend(node.all_binds());
                reads.extend(node.exposed());
            } else {
                around.push(node.all_binds());
            }
        }
        let from_outside: Names<'a> = reads.difference(&own).copied().collect();
        let rebound =
            |name: &&'a str| around.iter().filter(|binds| binds.contains(name)).count() > 1;
        let both =
            |name: &&'a str| own.contains(name) && around.iter().any(|binds| binds.contains(name));
        if !from_outside.is_disjoint(changed)
            || from_outside.iter().any(rebound)
            || reads.iter().any(both)
        {
            group
                .iter_mut()
                .filter(|group| **group == Some(number))
                .for_each(|group| *group = None);
        }
    }
}

/// What of a group runs in one coroutine: as few as possible, such that none of its calls waits for
/// another that it does not need.
pub(super) fn threads(nodes: &[&Node<'_>]) -> Vec<Vec<usize>> {
    let closures: Vec<BTreeSet<usize>> = (0..nodes.len())
        .map(|index| closure(nodes, index))
        .collect();
    let mut order: Vec<usize> = (0..nodes.len())
        .filter(|&index| is_work(nodes[index]))
        .collect();
    order.sort_by_key(|&index| {
        (
            std::cmp::Reverse(closures[index].len()),
            std::cmp::Reverse(index),
        )
    });
    let mut chosen: Vec<BTreeSet<usize>> = Vec::new();
    for index in order {
        let served = chosen.iter().any(|thread| {
            thread.contains(&index) && !delayed(nodes, index, &closures[index], thread)
        });
        if !served {
            chosen.push(closures[index].clone());
        }
    }
    chosen.sort();
    chosen
        .into_iter()
        .map(|thread| thread.into_iter().collect())
        .collect()
}

fn is_work(node: &Node<'_>) -> bool {
    node.has_calls() || any_waits(node)
}

/// Does it await anything, and not only start it?
fn awaits(node: &Node<'_>) -> bool {
    let wanted = matches!(&node.kind, Kind::Call(call) if call.wanted);
    wanted || !node.waits.is_empty() || node.blocks().into_iter().flatten().any(awaits)
}

/// The node and all that it needs of the others.
fn closure(nodes: &[&Node<'_>], index: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::from([index]);
    for earlier in (0..index).rev() {
        if found
            .iter()
            .any(|&later| depends(nodes[later], nodes[earlier]))
        {
            found.insert(earlier);
        }
    }
    found
}

/// Does the thread wait for something that the node at `index` does not need, before it comes to it?
fn delayed(
    nodes: &[&Node<'_>],
    index: usize,
    needs: &BTreeSet<usize>,
    thread: &BTreeSet<usize>,
) -> bool {
    thread.range(..index).any(|&other| {
        let first_use = thread
            .range(other + 1..)
            .find(|&&later| depends(nodes[later], nodes[other]));
        let waits = match &nodes[other].kind {
            Kind::Call(call) => call.wanted && first_use.is_some_and(|&later| later < index),
            _ => awaits(nodes[other]),
        };
        waits && !needs.contains(&other)
    })
}
