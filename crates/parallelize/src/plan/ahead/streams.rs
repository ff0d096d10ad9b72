//! Lists of results that a slice only walks along: it keeps the calls in them, and awaits each in its turn.
//! So no item waits for the results of others.

use dice_program::ast::{Comprehension, Expr, ExprCall, Ranged, TextRange};

use super::Slicer;
use super::judge::Use;
use super::node::{Call, Kind, Node, Results};
use super::slice::{merge, node};
use crate::effects::target_names;

/// `call` for each turn of `generators`.
pub(super) struct Made<'a> {
    pub(super) call: &'a ExprCall,
    pub(super) generators: &'a [Comprehension],
    /// The generators, in the source.
    tail: TextRange,
}

impl<'a> Slicer<'a, '_> {
    /// `[await hermod.call(…) for …]`, or `await asyncio.gather(*(hermod.call(…) for …))`.
    pub(super) fn made_list(&self, value: &'a Expr) -> Option<Made<'a>> {
        match value {
            Expr::ListComp(list) => {
                let wait = list.elt.as_await_expr()?;
                made(wait.value.as_call_expr()?, &list.generators)
            }
            Expr::Await(wait) => self.gathered(wait.value.as_call_expr()?),
            _ => None,
        }
    }

    /// What `asyncio.gather` awaits all at once, if that is one call many times.
    pub(super) fn gathered(&self, gather: &'a ExprCall) -> Option<Made<'a>> {
        let module = self.program.module;
        if module.imported(&gather.func, self.scope) != Some(("asyncio", "gather"))
            || !gather.arguments.keywords.is_empty()
        {
            return None;
        }
        let [Expr::Starred(starred)] = &*gather.arguments.args else {
            return None;
        };
        let (element, generators) = match &*starred.value {
            Expr::ListComp(list) => (&list.elt, &list.generators),
            Expr::Generator(generator) => (&generator.elt, &generator.generators),
            _ => return None,
        };
        let call = element.as_call_expr()?;
        self.callable(call)?;
        made(call, generators)
    }

    /// `name = […]`, of results of calls.
    pub(super) fn list_of_results(&self, name: &'a str, value: &'a Expr) -> Option<Node<'a>> {
        let made = self.made_list(value)?;
        let function = self.makes(made.call)?;
        let mut needs = Use::default();
        merge(&mut needs, self.judge_list(&made)?);
        let own = needs.waits.iter().all(|wait| *wait == made.call.range());
        if !own || needs.exits || !needs.binds.is_empty() || !self.may_bind(name) {
            return None;
        }
        let results = Results {
            call: Call {
                range: made.call.range(),
                function,
                target: Some(name),
                wanted: true,
            },
            tail: self.code(made.tail),
            streamed: false,
        };
        let mut list = node(Kind::Results(results), needs);
        list.binds.insert(name);
        Some(list)
    }

    /// Variables of the loop that hold the items of a variable: `zip(texts, summaries)`.
    pub(super) fn items_of(&self, iter: &'a Expr, target: &'a Expr) -> Vec<(&'a str, &'a str)> {
        let mut items = Vec::new();
        self.walk_items(iter, target, &mut items);
        items
    }

    fn walk_items(
        &self,
        iter: &'a Expr,
        target: &'a Expr,
        items: &mut Vec<(&'a str, &'a str)>,
    ) -> Option<()> {
        match iter {
            Expr::Name(name) => items.push((name.id.as_str(), target.as_name_expr()?.id.as_str())),
            Expr::Subscript(subscript) if subscript.slice.is_slice_expr() => {
                self.walk_items(&subscript.value, target, items)?;
            }
            Expr::Call(call) if call.arguments.keywords.is_empty() => {
                let name = call.func.as_name_expr()?.id.as_str();
                let own = self.facts.locals.contains(name) || self.program.module.binds(name);
                let parts = target.as_tuple_expr().map(|tuple| tuple.elts.as_slice());
                match (name, &*call.arguments.args, parts) {
                    _ if own => return None,
                    ("reversed", [all], _) => self.walk_items(all, target, items)?,
                    ("enumerate", [all, ..], Some([_, part])) => {
                        self.walk_items(all, part, items)?;
                    }
                    ("zip", lists, Some(parts)) if lists.len() == parts.len() => {
                        for (list, part) in lists.iter().zip(parts) {
                            self.walk_items(list, part, items);
                        }
                    }
                    _ => return None,
                }
            }
            _ => return None,
        }
        Some(())
    }
}

fn made<'a>(call: &'a ExprCall, generators: &'a [Comprehension]) -> Option<Made<'a>> {
    let (first, last) = (generators.first()?, generators.last()?);
    let plain = |generator: &Comprehension| !generator.is_async;
    generators.iter().all(plain).then_some(Made {
        call,
        generators,
        tail: TextRange::new(first.range().start(), last.range().end()),
    })
}

/// Has the lists hold calls that are only walked along. `outside`: names that have a value before.
pub(super) fn stream<'a>(
    mut nodes: Vec<Node<'a>>,
    outside: impl Fn(&str) -> bool,
) -> Vec<Node<'a>> {
    let mut lists = Vec::new();
    lists_in(&nodes, &mut lists);
    for (list, call) in lists {
        let all = Uses::of(list, &nodes);
        if all.binders == 1 && all.walks.is_some() && !outside(list) {
            let walks = all.walks.unwrap_or_default();
            let apart = |item: &&str| free(&nodes, item);
            if !walks.is_empty() && !walks.iter().any(apart) {
                keep_calls(&mut nodes, list, call);
            }
        }
    }
    drop_issued(nodes)
}

fn lists_in<'a>(nodes: &[Node<'a>], found: &mut Vec<(&'a str, TextRange)>) {
    for node in nodes {
        if let Kind::Results(results) = &node.kind {
            found.extend(results.call.target.map(|list| (list, results.call.range)));
        }
        node.blocks()
            .into_iter()
            .for_each(|block| lists_in(block, found));
    }
}

/// How a list is used.
struct Uses<'a> {
    binders: usize,
    /// Variables of the loops that walk along it; `None`: it is used in other ways too.
    walks: Option<Vec<&'a str>>,
}

impl<'a> Uses<'a> {
    fn of(list: &str, nodes: &[Node<'a>]) -> Self {
        let mut uses = Self {
            binders: 0,
            walks: Some(Vec::new()),
        };
        uses.read(list, nodes);
        uses
    }

    fn read(&mut self, list: &str, nodes: &[Node<'a>]) {
        for node in nodes {
            let loop_variable =
                matches!(&node.kind, Kind::For(each) if each.targets.contains(&list));
            if node.binds.contains(list) {
                self.binders += 1;
            }
            if node.changes.contains(list) || loop_variable {
                self.walks = None;
            }
            if node.reads.contains(list) {
                let item = item_of(list, node);
                match (item, &mut self.walks) {
                    (Some(item), Some(walks)) => walks.push(item),
                    _ => self.walks = None,
                }
            }
            node.blocks()
                .into_iter()
                .for_each(|block| self.read(list, block));
        }
    }
}

/// The variable for the items of `list`, if the node is a loop along it whose body does not bind that.
fn item_of<'a>(list: &str, node: &Node<'a>) -> Option<&'a str> {
    let Kind::For(each) = &node.kind else {
        return None;
    };
    let mut items = each.items.iter().filter(|(of, _)| *of == list);
    let (Some((_, item)), None) = (items.next(), items.next()) else {
        return None;
    };
    let bound = each
        .body
        .iter()
        .any(|inner| inner.all_binds().contains(item));
    let twice = each.targets.iter().filter(|target| *target == item).count() > 1;
    (!bound && !twice && node.waits.is_empty()).then_some(*item)
}

/// Is the name read, or bound, outside of loops whose variable it is?
fn free(nodes: &[Node<'_>], name: &str) -> bool {
    nodes.iter().any(|node| {
        if node.reads.contains(name) {
            return true;
        }
        match &node.kind {
            Kind::For(each) if each.targets.contains(&name) => free(&each.orelse, name),
            _ => {
                let bound = node.binds.contains(name) || node.changes.contains(name);
                bound || node.blocks().into_iter().any(|block| free(block, name))
            }
        }
    })
}

fn keep_calls<'a>(nodes: &mut [Node<'a>], list: &str, call: TextRange) {
    for node in nodes {
        let item = item_of(list, node).filter(|_| node.reads.contains(list));
        match &mut node.kind {
            Kind::Results(results) if results.call.range == call => {
                results.streamed = true;
                node.waits.clear();
            }
            Kind::For(each) => {
                if let Some(item) = item
                    && each
                        .body
                        .iter()
                        .any(|inner| inner.all_reads().contains(item))
                {
                    each.body.insert(0, Node::result_of(item, call));
                }
                keep_calls(&mut each.body, list, call);
                keep_calls(&mut each.orelse, list, call);
            }
            _ => {
                for block in node.blocks_mut() {
                    keep_calls(block, list, call);
                }
            }
        }
    }
}

/// The calls of a list are made where it is: a loop before it that makes them is not needed.
fn drop_issued(nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    let mut made: Vec<Node<'_>> = Vec::new();
    for mut node in nodes {
        for block in node.blocks_mut() {
            *block = drop_issued(std::mem::take(block));
        }
        if let Kind::Results(results) = &node.kind
            && made
                .last()
                .is_some_and(|before| issues_only(before, results.call.range))
        {
            made.pop();
        }
        made.push(node);
    }
    made
}

fn issues_only(node: &Node<'_>, range: TextRange) -> bool {
    match &node.kind {
        Kind::Call(call) => call.range == range && call.target.is_none(),
        Kind::For(_) | Kind::If(_) => {
            let mut inner = node.blocks().into_iter().flatten();
            node.waits.is_empty() && inner.all(|inner| issues_only(inner, range))
        }
        _ => false,
    }
}

/// Names that the generators bind for themselves.
pub(super) fn inner_names(generators: &[Comprehension]) -> impl Iterator<Item = &str> {
    generators
        .iter()
        .flat_map(|generator| target_names(&generator.target))
}
