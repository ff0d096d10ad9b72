//! The statements of a slice, as text.

use dice_program::ast::Ranged;

use super::node::{Branch, Call, Code, For, Kind, Names, Node, Results, Try};
use super::text::{Block, Pending, Writer};
use super::threads::{carried, live_after, live_in};
use crate::emit::{call_of, reindent, singular, whole};

/// What surrounds the blocks of a statement.
struct Within<'a> {
    /// What is needed after the statement of what it binds.
    live: Names<'a>,
    /// Of the blocks.
    indentation: String,
    strict: bool,
}

impl<'a> Writer<'a, '_> {
    pub(super) fn node(&mut self, block: &mut Block<'a, '_>, index: usize) {
        let node = block.nodes[index];
        let mut needed = node.all_reads();
        needed.extend(node.all_binds());
        if node.leaves().is_some() {
            needed.extend(&block.live);
        }
        self.settle_for(block, &needed);
        let within = self.within(block, index);
        let indentation = block.indentation.clone();
        match &node.kind {
            Kind::Call(call) => self.write_call(block, index, call),
            Kind::Same(statement) => {
                let text = self.render(&self.code(*statement), &indentation);
                self.line(block, &text);
            }
            Kind::Results(results) => self.write_results(block, results),
            Kind::Settle(name) => {
                let call = node.waits.first().and_then(|call| self.handed.get(call));
                let call = call.map_or(*name, String::as_str);
                self.line(block, &format!("{name} = await {call}"));
            }
            // Where a part of a loop's body runs by itself, leaving that is all there is to leave.
            Kind::Leave(_) if !self.in_loop => self.line(block, "return"),
            Kind::Leave(leave) => self.line(block, leave.word()),
            Kind::Raise(None) => self.line(block, "raise"),
            Kind::Raise(Some(value)) => {
                let value = self.render(value, &indentation);
                self.line(block, &format!("raise {value}"));
            }
            Kind::Give(None) => self.line(block, "return"),
            Kind::Give(Some(value)) => {
                let value = self.header(value, &indentation);
                self.line(block, &format!("return {value}"));
            }
            Kind::If(branches) => self.choices(block, branches, &within),
            Kind::Match(subject, cases) => self.cases(block, subject, cases, &within),
            Kind::For(each) => self.each(block, each, &node.reads, &within),
            Kind::While(test, body) => {
                let test = self.header(test, &indentation);
                self.line(block, &format!("while {test}:"));
                let inside = &(&within.live | &carried(body, &node.reads)) | &node.reads;
                self.turns(block, body, &inside, &within);
            }
            Kind::Try(attempt) => self.attempt(block, attempt, &within),
        }
    }

    fn within(&self, block: &Block<'a, '_>, index: usize) -> Within<'a> {
        let live = match block.nodes[index].blocks().is_empty() {
            true => Names::new(),
            false => {
                let nodes: Vec<Node<'a>> = block.nodes.iter().map(|node| (*node).clone()).collect();
                live_after(&nodes, index, &block.live)
            }
        };
        Within {
            live,
            indentation: format!("{}{}", block.indentation, self.unit),
            strict: block.strict,
        }
    }

    fn inner(&mut self, block: &mut Block<'a, '_>, nodes: &[Node<'a>], within: &Within<'a>) {
        let text = self.block(nodes, &within.live, &within.indentation, within.strict);
        block.text.push_str(&text);
    }

    fn choices(&mut self, block: &mut Block<'a, '_>, branches: &[Branch<'a>], within: &Within<'a>) {
        for (position, branch) in branches.iter().enumerate() {
            let word = if position == 0 { "if" } else { "elif" };
            let header = match &branch.test {
                Some(test) => format!("{word} {}:", self.header(test, &block.indentation)),
                None => "else:".to_owned(),
            };
            self.line(block, &header);
            self.inner(block, &branch.body, within);
        }
    }

    fn cases(
        &mut self,
        block: &mut Block<'a, '_>,
        subject: &Code,
        cases: &[Branch<'a>],
        within: &Within<'a>,
    ) {
        let subject = self.header(subject, &block.indentation);
        self.line(block, &format!("match {subject}:"));
        let indentation = &within.indentation;
        let deeper = format!("{indentation}{}", self.unit);
        for case in cases {
            let pattern = case.test.as_ref();
            let pattern = pattern.map_or("_".to_owned(), |test| self.render(test, indentation));
            block
                .text
                .push_str(&format!("{indentation}case {pattern}:\n"));
            let body = self.block(&case.body, &within.live, &deeper, within.strict);
            block.text.push_str(&body);
        }
    }

    fn each(
        &mut self,
        block: &mut Block<'a, '_>,
        each: &For<'a>,
        header: &Names<'a>,
        within: &Within<'a>,
    ) {
        let target = self.render(&each.target, &block.indentation);
        let iter = self.header(&each.iter, &block.indentation);
        self.line(block, &format!("for {target} in {iter}:"));
        let inside = live_in(each, header, &within.live);
        self.turns(block, &each.body, &inside, within);
        self.otherwise(block, &each.orelse, within);
    }

    fn otherwise(&mut self, block: &mut Block<'a, '_>, nodes: &[Node<'a>], within: &Within<'a>) {
        if !nodes.is_empty() {
            self.line(block, "else:");
            self.inner(block, nodes, within);
        }
    }

    fn attempt(&mut self, block: &mut Block<'a, '_>, attempt: &Try<'a>, within: &Within<'a>) {
        let inner = &within.indentation;
        self.line(block, "try:");
        let body = self.block(&attempt.body, &within.live, inner, attempt.decided);
        block.text.push_str(&body);
        if !attempt.decided {
            self.line(block, "except Exception:");
            block.text.push_str(&format!("{inner}pass\n"));
        }
        for (caught, handled) in &attempt.handlers {
            let caught = self.render(caught, &block.indentation);
            self.line(block, &format!("except {caught}:"));
            self.inner(block, handled, within);
        }
        self.otherwise(block, &attempt.orelse, within);
    }

    /// The body of a loop.
    fn turns(
        &mut self,
        block: &mut Block<'a, '_>,
        body: &[Node<'a>],
        live: &Names<'a>,
        within: &Within<'a>,
    ) {
        let around = std::mem::replace(&mut self.in_loop, true);
        let text = self.block(body, live, &within.indentation, within.strict);
        self.in_loop = around;
        block.text.push_str(&text);
    }

    fn write_call(&mut self, block: &mut Block<'a, '_>, index: usize, call: &Call<'a>) {
        let indentation = block.indentation.clone();
        let text = self.call(call, &indentation);
        if block.nodes[index].handed {
            return self.write_handed(block, call, &text);
        }
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
        if block.strict || at_once || block.nodes[index].exits {
            return self.line(block, &format!("{target} = await {text}"));
        }
        let name = self.names.claim(&format!("{target}_call"));
        let start = self.start_of(&text, &indentation);
        self.line(block, &format!("{name} = {start}"));
        block.pending.push(Pending { target, name });
    }

    /// A call that the body takes from here.
    fn write_handed(&self, block: &mut Block<'a, '_>, call: &Call<'a>, text: &str) {
        let Some(name) = self.handed.get(&call.range).cloned() else {
            return;
        };
        self.line(block, &format!("{name} = {text}"));
        self.line(block, &format!("yield {name}"));
        if call.wanted {
            self.line(block, &format!("await {name}"));
        }
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

    pub(super) fn start_of(&self, call: &str, indentation: &str) -> String {
        let start = format!("{}.start", self.early);
        call_of(&start, &[call], indentation, &self.unit)
    }

    pub(super) fn call(&self, call: &Call<'a>, indentation: &str) -> String {
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
