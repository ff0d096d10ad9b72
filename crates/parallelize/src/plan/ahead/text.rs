//! The slice as text: coroutines that issue calls, each as soon as it can be.

use std::collections::HashMap;

use dice_program::ast::{Ranged, TextRange};

use super::helpers::Helper;
use super::node::{Kind, Names, Node};
use super::threads::{self, Role, live_after, roles, threads};
use crate::emit::{Layout, NewNames, Patches};

pub(super) struct Writer<'a, 'p> {
    pub(super) patches: &'p Patches<'a>,
    pub(super) names: &'p mut NewNames,
    pub(super) layout: Layout<'a>,
    /// One level of indentation.
    pub(super) unit: String,
    /// Where the coroutines are defined.
    pub(super) indentation: String,
    /// The name of the scope that work is started in.
    pub(super) early: String,
    /// Variables of the slice's own.
    pub(super) bound: Names<'a>,
    /// Variables whose objects the slice changes in place.
    pub(super) changed: Names<'a>,
    pub(super) definitions: Vec<String>,
    /// Is there a loop around, in the coroutine being written?
    pub(super) in_loop: bool,
    /// Calls that are handed over to the body, and what they are called.
    pub(super) handed: HashMap<TextRange, String>,
}

/// A call that has been issued, and is awaited where its result is needed.
pub(super) struct Pending<'a> {
    pub(super) target: &'a str,
    pub(super) name: String,
}

/// A block being written.
pub(super) struct Block<'a, 'n> {
    pub(super) nodes: Vec<&'n Node<'a>>,
    pub(super) live: Names<'a>,
    pub(super) indentation: String,
    pub(super) pending: Vec<Pending<'a>>,
    pub(super) text: String,
    /// Is each call awaited at once?
    pub(super) strict: bool,
}

impl<'a> Writer<'a, '_> {
    /// Defines a coroutine that does what `nodes` do; gives its name.
    pub(super) fn coroutine(
        &mut self,
        wish: &str,
        parameters: &[&'a str],
        nodes: &[&Node<'a>],
    ) -> String {
        let name = self.names.claim(wish);
        let inner = format!("{}{}", self.indentation, self.unit);
        let around = std::mem::replace(&mut self.in_loop, false);
        let body = self.sequence(nodes, &inner);
        self.in_loop = around;
        let parameters = self.spelled(parameters);
        let text = format!(
            "{}async def {name}({parameters}):\n{body}",
            self.indentation
        );
        self.definitions.push(text);
        name
    }

    /// The slice as a whole.
    pub(super) fn whole(
        &mut self,
        wish: &str,
        parameters: &[&'a str],
        nodes: &[Node<'a>],
    ) -> String {
        let live = Names::new();
        let roles = roles(nodes, &live, &self.changed);
        let all: Vec<&Node<'a>> = nodes.iter().collect();
        let waits_in_place = (0..nodes.len()).any(|index| {
            let needed = live_after(nodes, index, &live);
            roles[index] == Role::Inline && threads::waits(&nodes[index], &needed, &self.changed)
        });
        if !waits_in_place && threads(&all).len() <= 1 {
            return self.coroutine(wish, parameters, &all);
        }
        let name = self.names.claim(wish);
        let inner = format!("{}{}", self.indentation, self.unit);
        let body = self.block(nodes, &live, &inner, false);
        let parameters = parameters.join(", ");
        let text = format!(
            "{}async def {name}({parameters}):\n{body}",
            self.indentation
        );
        self.definitions.push(text);
        name
    }

    /// A generator that does what `nodes` do, and yields the calls that it hands over.
    pub(super) fn generator(&mut self, parameters: &[&'a str], nodes: &[Node<'a>]) -> String {
        let mut calls = Vec::new();
        nodes.iter().for_each(|node| node.calls(&mut calls));
        let handed = calls
            .iter()
            .find(|call| self.handed.contains_key(&call.range));
        let word = handed.map_or("look", |call| call.function);
        let name = self.names.claim(&format!("{word}_ahead"));
        let inner = format!("{}{}", self.indentation, self.unit);
        let body = self.block(nodes, &Names::new(), &inner, false);
        let parameters = parameters.join(", ");
        let text = format!(
            "{}async def {name}({parameters}):\n{body}",
            self.indentation
        );
        self.definitions.push(text);
        name
    }

    /// The slice of a helper.
    pub(super) fn helper(&mut self, helper: &Helper<'a>, nodes: &[Node<'a>]) {
        let inner = format!("{}{}", self.indentation, self.unit);
        let body = self.block(nodes, &Names::new(), &inner, false);
        let parameters: Vec<String> = helper
            .function
            .parameters
            .args
            .iter()
            .map(|one| match &one.default {
                Some(default) => {
                    let default = self.patches.slice_range(default.range());
                    format!("{}={default}", one.parameter.name)
                }
                None => one.parameter.name.to_string(),
            })
            .collect();
        let text = format!(
            "{}async def {}({}):\n{body}",
            self.indentation,
            helper.name,
            parameters.join(", ")
        );
        self.definitions.push(text);
    }

    fn sequence(&mut self, nodes: &[&Node<'a>], indentation: &str) -> String {
        let mut block = Block {
            nodes: nodes.to_vec(),
            live: Names::new(),
            indentation: indentation.to_owned(),
            pending: Vec::new(),
            text: String::new(),
            strict: false,
        };
        for index in 0..nodes.len() {
            self.node(&mut block, index);
        }
        block.text
    }

    pub(super) fn block(
        &mut self,
        nodes: &[Node<'a>],
        live: &Names<'a>,
        indentation: &str,
        strict: bool,
    ) -> String {
        let roles = match strict {
            true => vec![Role::Inline; nodes.len()],
            false => roles(nodes, live, &self.changed),
        };
        let groups = groups(nodes, &roles);
        let mut block = Block {
            nodes: nodes.iter().collect(),
            live: live.clone(),
            indentation: indentation.to_owned(),
            pending: Vec::new(),
            text: String::new(),
            strict,
        };
        for (index, role) in roles.iter().enumerate() {
            self.start_groups(&mut block, index, &groups);
            match role {
                Role::Inline => self.node(&mut block, index),
                Role::Apart(_) => self.start_before_group(&mut block, index, &groups),
            }
        }
        self.start_groups(&mut block, nodes.len(), &groups);
        let needed = live.clone();
        self.settle(&mut block, |name| needed.contains(name));
        if block.text.is_empty() {
            block.text = format!("{indentation}pass\n");
        }
        block.text
    }

    fn start_groups(&mut self, block: &mut Block<'a, '_>, place: usize, groups: &[Group]) {
        for group in groups.iter().filter(|group| group.place == place) {
            self.start_group(block, &group.members);
        }
    }

    /// A call that could be made before its coroutine has all that it needs.
    fn start_before_group(&mut self, block: &mut Block<'a, '_>, index: usize, groups: &[Group]) {
        let node = block.nodes[index];
        let Kind::Call(call) = &node.kind else { return };
        let Some(group) = groups.iter().find(|group| group.members.contains(&index)) else {
            return;
        };
        let mut earlier = group.members.iter().take_while(|&&member| member < index);
        let waits =
            earlier.any(|&member| !block.nodes[member].all_binds().is_disjoint(&node.reads));
        if group.place > index + 1 && !waits {
            self.settle_for(block, &node.reads);
            let text = self.call(call, &block.indentation.clone());
            let line = self.start_of(&text, &block.indentation);
            self.line(block, &line);
        }
    }

    fn start_group(&mut self, block: &mut Block<'a, '_>, members: &[usize]) {
        let nodes: Vec<&Node<'a>> = members.iter().map(|&member| block.nodes[member]).collect();
        for thread in threads(&nodes) {
            let nodes: Vec<&Node<'a>> = thread.iter().map(|&index| nodes[index]).collect();
            let parameters = self.parameters(&nodes);
            let reads: Names<'a> = parameters.iter().copied().collect();
            self.settle_for(block, &reads);
            if let [
                Node {
                    kind: Kind::Call(call),
                    ..
                },
            ] = nodes.as_slice()
            {
                let text = self.call(call, &block.indentation.clone());
                let line = self.start_of(&text, &block.indentation);
                self.line(block, &line);
                continue;
            }
            let wish = wish(&nodes);
            let name = self.coroutine(&wish, &parameters, &nodes);
            let arguments = self.spelled(&parameters);
            let line = format!("{}.start({name}({arguments}))", self.early);
            self.line(block, &line);
        }
    }

    /// Variables as they are called: a call that is handed over has a name of its own.
    fn spelled(&self, names: &[&'a str]) -> String {
        let handed = |name: &str| {
            let mut handed = self.handed.iter();
            handed.find(|(call, _)| &self.layout.source[call.to_std_range()] == name)
        };
        let spelled = names.iter().map(|name| match handed(name) {
            Some((_, word)) => word.as_str(),
            None => name,
        });
        spelled.collect::<Vec<_>>().join(", ")
    }

    /// The slice's own variables that these need from outside.
    fn parameters(&self, nodes: &[&Node<'a>]) -> Vec<&'a str> {
        let mut own = Names::new();
        let mut needed = Names::new();
        for node in nodes {
            needed.extend(node.exposed().difference(&own));
            own.extend(node.definite());
        }
        needed.intersection(&self.bound).copied().collect()
    }

    pub(super) fn line(&self, block: &mut Block<'a, '_>, text: &str) {
        block.text.push_str(&block.indentation);
        block.text.push_str(text);
        block.text.push('\n');
    }

    pub(super) fn settle_for(&mut self, block: &mut Block<'a, '_>, names: &Names<'a>) {
        self.settle(block, |name| names.contains(name));
    }

    /// Awaits pending calls whose results are needed now.
    fn settle(&mut self, block: &mut Block<'a, '_>, needed: impl Fn(&str) -> bool) {
        let pending = std::mem::take(&mut block.pending);
        for one in pending {
            if needed(one.target) {
                self.line(block, &format!("{} = await {}", one.target, one.name));
            } else {
                block.pending.push(one);
            }
        }
    }
}

/// Nodes that run apart from the block, and where they are started.
struct Group {
    members: Vec<usize>,
    /// Before the node of this index.
    place: usize,
}

/// A group is started when the tests in front of it are decided, and what it needs is there.
fn groups(nodes: &[Node<'_>], roles: &[Role]) -> Vec<Group> {
    let mut groups: Vec<(usize, Group)> = Vec::new();
    for (index, role) in roles.iter().enumerate() {
        let Role::Apart(number) = *role else { continue };
        let needed = nodes[index].all_reads();
        let before = (0..index).rev().find(|&earlier| {
            let touched = &nodes[earlier].all_binds() | &nodes[earlier].all_changes();
            roles[earlier] == Role::Inline
                && (nodes[earlier].leaves().is_some() || !touched.is_disjoint(&needed))
        });
        let place = before.map_or(0, |earlier| earlier + 1);
        match groups.iter_mut().find(|(other, _)| *other == number) {
            Some((_, group)) => {
                group.members.push(index);
                group.place = group.place.max(place);
            }
            None => groups.push((
                number,
                Group {
                    members: vec![index],
                    place: place.max(index),
                },
            )),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// A name for what a coroutine does: after the last function that it calls.
pub(super) fn wish(nodes: &[&Node<'_>]) -> String {
    let mut calls = Vec::new();
    nodes.iter().for_each(|node| node.calls(&mut calls));
    let last = calls.last().map_or("look", |call| call.function);
    format!("{last}_ahead")
}
