//! The slice as text: coroutines that issue calls, each as soon as it can be.

use dice_program::ast::Ranged;

use super::helpers::Helper;
use super::node::{Call, Code, Kind, Names, Node, Results};
use super::threads::{self, Role, carried, carried_by, live_after, roles, threads};
use crate::emit::{Layout, NewNames, Patches, call_of, reindent, singular, whole};

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
}

/// A call that has been issued, and is awaited where its result is needed.
struct Pending<'a> {
    target: &'a str,
    name: String,
}

/// A block being written.
struct Block<'a, 'n> {
    nodes: Vec<&'n Node<'a>>,
    live: Names<'a>,
    indentation: String,
    pending: Vec<Pending<'a>>,
    text: String,
    /// Is each call awaited at once?
    strict: bool,
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
        let parameters = parameters.join(", ");
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

    fn block(
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
            let line = format!("{}.start({name}({}))", self.early, parameters.join(", "));
            self.line(block, &line);
        }
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

    fn line(&self, block: &mut Block<'a, '_>, text: &str) {
        block.text.push_str(&block.indentation);
        block.text.push_str(text);
        block.text.push('\n');
    }

    fn settle_for(&mut self, block: &mut Block<'a, '_>, names: &Names<'a>) {
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

    fn node(&mut self, block: &mut Block<'a, '_>, index: usize) {
        let node = block.nodes[index];
        let mut needed = node.all_reads();
        needed.extend(node.all_binds());
        if node.leaves().is_some() {
            needed.extend(&block.live);
        }
        self.settle_for(block, &needed);
        let indentation = block.indentation.clone();
        let inner = format!("{indentation}{}", self.unit);
        let owned: Vec<Node<'a>> = match node.blocks().is_empty() {
            true => Vec::new(),
            false => block.nodes.iter().map(|node| (*node).clone()).collect(),
        };
        let live = match owned.is_empty() {
            true => Names::new(),
            false => live_after(&owned, index, &block.live),
        };
        let strict = block.strict;
        match &node.kind {
            Kind::Call(call) => self.write_call(block, index, call),
            Kind::Same(statement) => {
                let text = self.render(&self.code(*statement), &indentation);
                self.line(block, &text);
            }
            Kind::Results(results) => self.write_results(block, results),
            Kind::Settle(name) => self.line(block, &format!("{name} = await {name}")),
            // Where a part of a loop's body runs by itself, leaving that is all there is to leave.
            Kind::Leave(_) if !self.in_loop => self.line(block, "return"),
            Kind::Leave(leave) => self.line(block, leave.word()),
            Kind::Give(None) => self.line(block, "return"),
            Kind::Give(Some(value)) => {
                let value = self.header(value, &indentation);
                self.line(block, &format!("return {value}"));
            }
            Kind::If(branches) => {
                for (position, branch) in branches.iter().enumerate() {
                    let word = if position == 0 { "if" } else { "elif" };
                    let header = match &branch.test {
                        Some(test) => format!("{word} {}:", self.header(test, &indentation)),
                        None => "else:".to_owned(),
                    };
                    self.line(block, &header);
                    let body = self.block(&branch.body, &live, &inner, strict);
                    block.text.push_str(&body);
                }
            }
            Kind::Match(subject, cases) => {
                let subject = self.header(subject, &indentation);
                self.line(block, &format!("match {subject}:"));
                let deeper = format!("{inner}{}", self.unit);
                for case in cases {
                    let pattern = case
                        .test
                        .as_ref()
                        .map_or("_".to_owned(), |test| self.render(test, &inner));
                    block.text.push_str(&format!("{inner}case {pattern}:\n"));
                    let body = self.block(&case.body, &live, &deeper, strict);
                    block.text.push_str(&body);
                }
            }
            Kind::For(each) => {
                let (target, iter) = (
                    self.render(&each.target, &indentation),
                    self.header(&each.iter, &indentation),
                );
                self.line(block, &format!("for {target} in {iter}:"));
                let inside = &live | &carried_by(each, &node.reads);
                let body = self.turns(&each.body, &inside, &inner, strict);
                block.text.push_str(&body);
                if !each.orelse.is_empty() {
                    self.line(block, "else:");
                    let body = self.block(&each.orelse, &live, &inner, strict);
                    block.text.push_str(&body);
                }
            }
            Kind::While(test, body) => {
                let test = self.header(test, &indentation);
                self.line(block, &format!("while {test}:"));
                let inside = &(&live | &carried(body, &node.reads)) | &node.reads;
                let body = self.turns(body, &inside, &inner, strict);
                block.text.push_str(&body);
            }
            Kind::Try(attempt) => {
                self.line(block, "try:");
                let body = self.block(&attempt.body, &live, &inner, attempt.decided);
                block.text.push_str(&body);
                if !attempt.decided {
                    self.line(block, "except Exception:");
                    block.text.push_str(&format!("{inner}pass\n"));
                }
                for (caught, handled) in &attempt.handlers {
                    let caught = self.render(caught, &indentation);
                    self.line(block, &format!("except {caught}:"));
                    let handled = self.block(handled, &live, &inner, strict);
                    block.text.push_str(&handled);
                }
                if !attempt.orelse.is_empty() {
                    self.line(block, "else:");
                    let body = self.block(&attempt.orelse, &live, &inner, strict);
                    block.text.push_str(&body);
                }
            }
        }
    }

    /// The body of a loop.
    fn turns(
        &mut self,
        body: &[Node<'a>],
        live: &Names<'a>,
        indentation: &str,
        strict: bool,
    ) -> String {
        let around = std::mem::replace(&mut self.in_loop, true);
        let text = self.block(body, live, indentation, strict);
        self.in_loop = around;
        text
    }

    fn write_call(&mut self, block: &mut Block<'a, '_>, index: usize, call: &Call<'a>) {
        let indentation = block.indentation.clone();
        let text = self.call(call, &indentation);
        let Some(target) = call.target.filter(|_| call.wanted) else {
            let line = match call.wanted {
                true => format!("await {text}"),
                false => self.start_of(&text, &indentation),
            };
            return self.line(block, &line);
        };
        let next = block.nodes.get(index + 1);
        let at_once =
            next.is_none_or(|next| next.all_reads().contains(target) || next.leaves().is_some());
        if block.strict || at_once {
            return self.line(block, &format!("{target} = await {text}"));
        }
        let name = self.names.claim(&format!("{target}_call"));
        let start = self.start_of(&text, &indentation);
        self.line(block, &format!("{name} = {start}"));
        block.pending.push(Pending { target, name });
    }

    /// The calls of a list, and the list of what they give, if they are not awaited one by one.
    fn write_results(&mut self, block: &mut Block<'a, '_>, results: &Results<'a>) {
        let indentation = block.indentation.clone();
        let Some(list) = results.call.target else {
            return;
        };
        let call = self.start_of(&self.call(&results.call, &indentation), &indentation);
        let tail = self.render(&results.tail, &indentation);
        let calls = match results.streamed {
            true => list.to_owned(),
            false => {
                let one = singular(list).unwrap_or_else(|| list.to_owned());
                self.names.claim(&format!("{one}_calls"))
            }
        };
        self.line(block, &format!("{calls} = [{call} {tail}]"));
        if !results.streamed {
            self.line(block, &format!("{list} = [await call for call in {calls}]"));
        }
    }

    fn start_of(&self, call: &str, indentation: &str) -> String {
        let start = format!("{}.start", self.early);
        call_of(&start, &[call], indentation, &self.unit)
    }

    fn call(&self, call: &Call<'a>, indentation: &str) -> String {
        let line = self.layout.line_start(call.range.start().to_usize());
        let text = &self.layout.source[line..];
        let code = Code {
            text: self.patches.slice_range(call.range),
            column: text.len() - text.trim_start_matches([' ', '\t']).len(),
        };
        self.render(&code, indentation)
    }

    fn code(&self, statement: &impl Ranged) -> Code {
        Code {
            text: self.patches.slice_range(statement.range()),
            column: self.layout.indentation(statement).len(),
        }
    }

    /// A test or iterable, which must not break over lines by itself.
    fn header(&self, code: &Code, indentation: &str) -> String {
        whole(self.render(code, indentation))
    }

    fn render(&self, code: &Code, indentation: &str) -> String {
        let shift = indentation.len() as isize - code.column as isize;
        match code.text.split_once('\n') {
            Some((first, rest)) => whole(format!("{first}\n{}", reindent(rest, shift, " "))),
            None => code.text.clone(),
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
fn wish(nodes: &[&Node<'_>]) -> String {
    let mut calls = Vec::new();
    nodes.iter().for_each(|node| node.calls(&mut calls));
    let last = calls.last().map_or("look", |call| call.function);
    format!("{last}_ahead")
}
