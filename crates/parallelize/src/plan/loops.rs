//! Form 2: a coroutine per iteration, run ahead of the loop; what others can see stays in its body.

use dice_program::ast::{Expr, Ranged, Stmt, StmtFor};

use super::FunctionPlan;
use super::block::{Block, Item, Kind, last_end};
use super::prefix::Prefix;
use crate::dependence::is_plain;
use crate::effects::Effects;
use crate::emit::reindent;

/// Rule, reason, and what would help.
type Refusal = (&'static str, String, Option<&'static str>);

impl<'a> FunctionPlan<'a, '_> {
    /// A name for a scope that no scope around uses: coroutines ahead may still start work in those.
    pub(crate) fn new_scope(&mut self) -> String {
        match self.loop_scopes.is_empty() {
            true => "early".to_owned(),
            false => self.planner.names.claim("early_inside"),
        }
    }

    pub(crate) fn plan_loop(&mut self, statement: &'a Stmt, each: &'a StmtFor) {
        let outer = self.definite.clone();
        let scope = self.new_scope();
        self.loop_scopes.push(scope);
        let targets = names_of(&each.target);
        self.definite.extend(targets.iter().flatten());
        let mut whole = Effects::default();
        each.body
            .iter()
            .for_each(|inner| whole.include(self.facts.of(inner)));
        let refusal = self.refusal(each, targets.as_deref(), &whole);
        self.in_loop = refusal.is_none();
        let block = self.block(&each.body, each.iter.range().end().to_usize());
        self.definite = outer;
        self.in_loop = false;
        let Some(block) = block else {
            self.loop_scopes.pop();
            return;
        };
        if !self.run_ahead(statement, each, targets, &block, &whole, refusal) {
            self.write(&block);
        }
        self.loop_scopes.pop();
        if !each.orelse.is_empty() {
            self.plan_body(&each.orelse, last_end(&each.body));
        }
    }

    fn run_ahead(
        &mut self,
        statement: &'a Stmt,
        each: &'a StmtFor,
        targets: Option<Vec<&'a str>>,
        block: &Block<'a>,
        whole: &Effects<'a>,
        refusal: Option<Refusal>,
    ) -> bool {
        if !whole.awaits {
            return false;
        }
        if let Some((rule, why, help)) = refusal {
            self.planner.keep(
                each.range(),
                rule,
                format!("the loop stays in order: {why}"),
                help,
            );
            return false;
        }
        let targets = targets.expect("a loop without plain targets is refused");
        let prefix = self.prefix(each, &targets, &block.items, whole);
        if prefix.length > 0 {
            self.write_loop(each, &targets, block, &prefix);
            self.note_loop(statement, block, &prefix);
            return true;
        }
        if let Some(stop) = prefix.stop {
            self.planner.keep(
                stop.range,
                stop.rule,
                format!("the loop stays in order: {}", stop.why),
                None,
            );
        }
        self.write_scope(each, block)
    }

    /// Coroutines started within an iteration need a scope, even if iterations stay in order.
    fn write_scope(&mut self, each: &'a StmtFor, block: &Block<'a>) -> bool {
        if !block
            .items
            .iter()
            .any(|item| matches!(&item.kind, Kind::Issue(issue) if issue.helper))
        {
            return false;
        }
        let body: String = block.items.iter().map(|item| item.text.as_str()).collect();
        self.planner.patches.replace(block.start, block.end, body);
        let start = self.layout.line_start(each.range().start().to_usize());
        let unit = self.unit.clone();
        let inner = reindent(
            &self.planner.patches.slice(start, block.end),
            unit.chars().count() as isize,
            &unit,
        );
        let package = self.planner.package();
        let early = self.loop_scopes.last().cloned().unwrap_or_default();
        let indentation = self.layout.indentation(each);
        self.planner.patches.replace(
            start,
            block.end,
            format!("{indentation}async with {package}.ahead() as {early}:\n{inner}"),
        );
        true
    }

    fn note_loop(&mut self, statement: &'a Stmt, block: &Block<'a>, prefix: &Prefix) {
        self.planner.moved(
            statement.range(),
            "A1",
            "iterations run ahead of the loop; what can be seen stays in its body",
        );
        let rest = &block.items[prefix.length..];
        let waits = rest.iter().any(|item| match item.kind {
            Kind::Statement(inner) => {
                self.facts.of(inner).awaits && !self.is_await_of_issue(inner, block)
            }
            Kind::Issue(_) => true,
        });
        if let (true, Some(stop)) = (waits, &prefix.stop) {
            let why = format!("calls from here on stay in the loop body: {}", stop.why);
            self.planner.keep(stop.range, stop.rule, why, None);
        }
    }

    fn is_await_of_issue(&self, statement: &'a Stmt, block: &Block<'a>) -> bool {
        block.items.iter().any(|item| matches!(&item.kind, Kind::Issue(issue) if statement.range().contains_range(issue.range)))
    }

    /// Why the loop as a whole cannot run ahead.
    fn refusal(
        &self,
        each: &'a StmtFor,
        targets: Option<&[&'a str]>,
        whole: &Effects<'a>,
    ) -> Option<Refusal> {
        let Some(targets) = targets else {
            return Some((
                "A5",
                "its target is not a plain name".into(),
                Some("loop over a plain name"),
            ));
        };
        if each.is_async || !each.orelse.is_empty() {
            return Some(("E3", "it is `async for`, or has an `else`".into(), None));
        }
        if whole.breaks.is_some() {
            return Some((
                "E3",
                "`break` decides whether the next iteration runs".into(),
                Some("filter the list first"),
            ));
        }
        if whole.exits.is_some() {
            let why = "`return`, `raise` or a function that may raise decides whether the next iteration runs";
            return Some(("E3", why.into(), Some("decide after the loop")));
        }
        let program = &self.program;
        if !is_plain(
            &each.iter,
            self.scope,
            program.bindings,
            program.module,
            program.sites,
        ) {
            return Some((
                "A6",
                "its items may not be fixed when it begins".into(),
                Some("annotate the parameter as `list`, or make it a list"),
            ));
        }
        if self.walks_what_changes(each, whole) {
            return Some((
                "A6",
                "it changes what it walks along".into(),
                Some("loop over a copy, collect changes in a new list"),
            ));
        }
        if targets
            .iter()
            .any(|name| self.facts.captured.contains(name))
        {
            return Some(("A3", "a nested function uses its variable".into(), None));
        }
        let unclear = self.read_after_failure(each, whole, targets);
        unclear.map(|name| {
            (
                "A5",
                format!("`{name}` is read outside, after a failure that is caught"),
                Some("use another name outside the loop"),
            )
        })
    }

    /// Does the body change the container itself (not its items)?
    fn walks_what_changes(&self, each: &'a StmtFor, whole: &Effects<'a>) -> bool {
        let mut roots = Vec::new();
        let simple = container_names(&each.iter, &mut roots);
        let heap = &self.facts.heap;
        let changed = self.facts.changed(whole);
        if self.walks_a_copy(&each.iter) {
            return false;
        }
        if whole.own.iter().any(|(_, name)| roots.contains(name)) {
            return true;
        }
        roots.iter().any(|name| {
            let reach = heap.reach_of_name(name);
            let looked_at = if simple {
                &reach[..reach.len().min(1)]
            } else {
                &reach[..]
            };
            looked_at.iter().any(|node| changed.contains(node))
        })
    }

    /// `sorted(prices)`: what happens to `prices` later does not matter.
    fn walks_a_copy(&self, iter: &'a Expr) -> bool {
        let Expr::Call(call) = iter else {
            return false;
        };
        matches!(&*call.func, Expr::Name(name)
            if matches!(name.id.as_str(), "sorted" | "list" | "tuple" | "set" | "range")
                && self.program.module.scopes.owner(self.scope, name.id.as_str()).is_none())
    }

    fn write_loop(
        &mut self,
        each: &'a StmtFor,
        targets: &[&'a str],
        block: &Block<'a>,
        prefix: &Prefix,
    ) {
        let (ahead, rest) = block.items.split_at(prefix.length);
        let noun = noun(targets, &prefix.needed);
        let coroutine = self
            .planner
            .names
            .claim(&format!("{}_{noun}", self.verb(ahead, &prefix.needed)));
        let early = self.loop_scopes.last().cloned().unwrap_or_default();
        let package = self.planner.package();
        let indentation = self.layout.indentation(each);
        let inner = self.layout.indentation(&each.body[0]);
        let (parameter, unpack) = self.parameter(each, targets);
        let gap = if self.starts_block(each) { "" } else { "\n" };
        let mut text = format!("{gap}{indentation}async def {coroutine}({parameter}):\n");
        if let Some(target) = unpack {
            text.push_str(&format!("{inner}{target} = {parameter}\n"));
        }
        text.push_str(&ahead_text(ahead, inner, &prefix.needed));
        let items = self.planner.patches.slice_range(each.iter.range());
        let bound = match prefix.needed.as_slice() {
            [] if self.reads.contains_key("_") => self.planner.names.claim("done"),
            [] => "_".to_owned(),
            needed => needed.join(", "),
        };
        let unit = self.unit.clone();
        text.push_str(&format!(
            "\n{indentation}async with {package}.ahead() as {early}:\n"
        ));
        let header = each.iter.range().end().to_usize();
        let comment = self.header_comment(header, &each.body[0]);
        text.push_str(&format!(
            "{indentation}{unit}async for {bound} in {early}.each({coroutine}, {}):{comment}\n",
            unwrapped(&items, &each.iter)
        ));
        let rest: String = rest.iter().map(|item| item.text.as_str()).collect();
        let rest = if rest.trim().is_empty() {
            format!("{inner}pass\n")
        } else {
            rest
        };
        text.push_str(&reindent(
            rest.trim_start_matches('\n'),
            unit.chars().count() as isize,
            &unit,
        ));
        let start = self.layout.line_start(each.range().start().to_usize());
        self.planner.patches.replace(start, block.end, text);
    }

    /// Is there nothing above but a blank line, a comment or the line that opens the block?
    fn starts_block(&self, each: &StmtFor) -> bool {
        let start = self.layout.line_start(each.range().start().to_usize());
        let above = self.layout.source[..start].trim_end_matches('\n');
        let line = above.rsplit('\n').next().unwrap_or("").trim();
        self.layout.source[..start].ends_with("\n\n")
            || line.ends_with(':')
            || line.starts_with('#')
    }

    fn header_comment(&self, from: usize, first: &Stmt) -> String {
        let line = &self.layout.source[from..self
            .layout
            .line_end(from)
            .min(first.range().start().to_usize())];
        line.find('#')
            .map_or(String::new(), |at| format!("  {}", line[at..].trim_end()))
    }

    /// The coroutine's parameter, and the target to unpack it into.
    fn parameter(&mut self, each: &'a StmtFor, targets: &[&'a str]) -> (String, Option<String>) {
        if let Expr::Name(name) = &*each.target {
            return (name.id.to_string(), None);
        }
        let last = targets.last().copied().unwrap_or("item");
        let wish = match &*each.iter {
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) if name.id.as_str() == "enumerate" => format!("numbered_{last}"),
                Expr::Attribute(attribute) if attribute.attr.as_str() == "items" => {
                    format!("{last}_entry")
                }
                _ => targets.join("_and_"),
            },
            _ => targets.join("_and_"),
        };
        let target = self.planner.patches.slice_range(each.target.range());
        (self.planner.names.claim(&wish), Some(target))
    }

    /// What the coroutine does, in a word.
    fn verb(&self, ahead: &[Item<'a>], needed: &[String]) -> &'static str {
        let text = ahead.iter().rev().find_map(|item| match item.kind {
            Kind::Statement(Stmt::Assign(assign)) => Some(is_text(&assign.value)),
            _ => None,
        });
        match (text, needed) {
            (Some(true), [_]) => "describe",
            (_, []) => "visit",
            (_, [one]) if one.ends_with("_call") => "ask_about",
            _ if ahead.iter().all(|item| matches!(item.kind, Kind::Issue(_))) => "ask_about",
            _ => "look_at",
        }
    }
}

/// The items that run ahead, and what they give back.
fn ahead_text(ahead: &[Item<'_>], indentation: &str, needed: &[String]) -> String {
    let mut text: String = ahead.iter().map(|item| item.text.as_str()).collect();
    text = text.trim_start_matches('\n').to_owned();
    if let ([name], Some(last)) = (needed, ahead.last())
        && matches!(last.kind, Kind::Statement(Stmt::Assign(_)) | Kind::Issue(_))
        && let Some(value) = last.text.strip_prefix(&format!("{indentation}{name} = "))
        && last.text.lines().count() == 1
    {
        text.truncate(text.len() - last.text.len());
        text.push_str(&format!("{indentation}return {value}"));
        return text;
    }
    if !needed.is_empty() {
        let many = ahead.len() > 2 && text.contains("\n\n");
        let gap = if many { "\n" } else { "" };
        text.push_str(&format!("{gap}{indentation}return {}\n", needed.join(", ")));
    }
    text
}

/// A tuple without parentheses needs them as an argument.
fn unwrapped(text: &str, iter: &Expr) -> String {
    match iter {
        Expr::Tuple(tuple) if !tuple.parenthesized => format!("({text})"),
        _ => text.to_owned(),
    }
}

fn is_text(expression: &Expr) -> bool {
    match expression {
        Expr::FString(_) | Expr::StringLiteral(_) => true,
        Expr::BinOp(operation) => is_text(&operation.left) || is_text(&operation.right),
        _ => false,
    }
}

/// What an iteration is about: the last loop variable that is a word.
fn noun(targets: &[&str], needed: &[String]) -> String {
    let word = targets
        .iter()
        .rev()
        .find(|name| name.trim_matches('_').len() > 1)
        .copied();
    word.map(str::to_owned)
        .or_else(|| {
            needed
                .first()
                .map(|name| name.trim_end_matches("_call").to_owned())
        })
        .unwrap_or_else(|| "item".to_owned())
}

/// The names of a target that binds nothing but names.
fn names_of(target: &Expr) -> Option<Vec<&str>> {
    match target {
        Expr::Name(name) => Some(vec![name.id.as_str()]),
        Expr::Tuple(tuple) => {
            let parts: Option<Vec<Vec<&str>>> = tuple.elts.iter().map(names_of).collect();
            Some(parts?.concat())
        }
        _ => None,
    }
}

/// Names of the containers walked along; `true` if only they themselves, not what is in them, matter.
fn container_names<'a>(iter: &'a Expr, roots: &mut Vec<&'a str>) -> bool {
    match iter {
        Expr::Name(name) => {
            roots.push(name.id.as_str());
            true
        }
        Expr::Call(call) => {
            let owner = match &*call.func {
                Expr::Attribute(attribute) => container_names(&attribute.value, roots),
                _ => true,
            };
            let arguments: Vec<bool> = call
                .arguments
                .args
                .iter()
                .map(|value| container_names(value, roots))
                .collect();
            owner && arguments.into_iter().all(|simple| simple)
        }
        _ => {
            let mut names: Vec<&str> = crate::effects::names_in(iter).into_iter().collect();
            names.sort_unstable();
            roots.extend(names);
            iter.is_literal_expr()
        }
    }
}
