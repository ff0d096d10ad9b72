//! Effects of expressions, and which objects their values may share.

mod names;

use std::collections::{BTreeSet, HashMap, HashSet};

use dice_program::CallSites;
use dice_program::ast::{
    CmpOp, Expr, ExprCompare, ExprDict, ExprSubscript, InterpolatedStringElement, Ranged, TextRange,
};

use super::Effects;
use super::entries::Entry;
use super::module::Module;
use super::scopes::Scope;
use crate::dependence::{Bindings, Heap, Node, is_plain};
use crate::functions::Functions;

pub(super) struct Walker<'a, 'w> {
    pub(super) module: &'w Module<'a>,
    pub(super) functions: &'w Functions,
    pub(super) sites: &'w CallSites<'a>,
    pub(super) heap: &'w mut Heap<'a>,
    pub(super) locals: &'w HashSet<&'a str>,
    /// Variables of functions around that were met.
    pub(super) outer: &'w mut BTreeSet<&'a str>,
    pub(super) bindings: &'w Bindings<'a>,
    /// The function whose statements these are.
    pub(super) scope: Scope,
    /// Parameters that always hold what they were given: of these objects, attributes are read one by one.
    pub(super) steady: HashSet<&'a str>,
    /// What each comprehension does per item, by the range of its first `for`.
    pub(super) comprehensions: &'w mut HashMap<TextRange, Effects<'a>>,
    /// What tests, iterables and awaited calls do by themselves.
    pub(super) expressions: &'w mut HashMap<TextRange, Effects<'a>>,
    /// Calls of functions of the program.
    pub(super) entries: &'w mut Vec<Entry>,
    /// Names that comprehensions and lambdas around this expression bind for themselves.
    pub(super) inner: Vec<(&'a str, Node)>,
    pub(super) default_dicts: Vec<Node>,
    /// Are coroutines handed to somebody who awaits them all at once?
    pub(super) spawning: bool,
    /// Names of `async with asyncio.TaskGroup() as group`.
    pub(super) task_groups: HashSet<&'a str>,
    /// Variables that alone hold their object, which was made since the loop around began.
    pub(super) fresh: HashSet<&'a str>,
    /// Does the variable only ever hold numbers or texts?
    pub(super) scalar_names: HashMap<&'a str, bool>,
}

/// What a name means where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Bound by a comprehension or lambda around.
    Inner,
    Local,
    /// A variable of a function around.
    Outer,
    /// Always the same, unchanging thing: a function, a class, a constant, a builtin.
    Constant,
    /// A variable of the module.
    Global,
}

impl<'a> Walker<'a, '_> {
    /// Like `value`, and remembers what this expression does by itself.
    pub(super) fn noted(
        &mut self,
        expression: &'a Expr,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let mut own = Effects::default();
        let value = self.value(expression, &mut own);
        effects.include(&own);
        self.expressions.insert(expression.range(), own);
        value
    }

    /// Adds the effects of evaluating `expression`; gives the node of its value, `None` if that is
    /// immutable and holds nothing.
    pub(super) fn value(
        &mut self,
        expression: &'a Expr,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let node = self.node_of(expression, effects);
        let may_be_scalar = matches!(
            expression,
            Expr::Subscript(_) | Expr::Await(_) | Expr::Attribute(_) | Expr::BinOp(_)
        );
        node.filter(|_| !may_be_scalar || !self.is_scalar(expression))
    }

    fn node_of(&mut self, expression: &'a Expr, effects: &mut Effects<'a>) -> Option<Node> {
        match expression {
            Expr::Name(name) => self.name(name.id.as_str(), effects),
            Expr::Await(wait) => {
                let mut own = Effects::default();
                let value = self.awaited(wait, &mut own);
                effects.include(&own);
                self.expressions.insert(wait.range(), own);
                value
            }
            Expr::Call(call) => self.call(call, effects),
            Expr::Attribute(attribute) => {
                if let Some(value) = self.part(attribute, effects) {
                    return Some(value);
                }
                let base = self.value(&attribute.value, effects);
                self.attribute(attribute.attr.as_str(), base, effects)
            }
            Expr::Subscript(subscript) => self.subscript(subscript, effects),
            Expr::List(list) => Some(self.display(&list.elts, effects)),
            Expr::Tuple(tuple) => Some(self.display(&tuple.elts, effects)),
            Expr::Set(set) => Some(self.display(&set.elts, effects)),
            Expr::Dict(dict) => Some(self.dictionary(dict, effects)),
            Expr::BoolOp(operation) => self.any_of(operation.values.iter(), effects),
            Expr::If(choice) => {
                self.value(&choice.test, effects);
                self.any_of([&*choice.body, &*choice.orelse].into_iter(), effects)
            }
            Expr::BinOp(operation) => {
                let node = self.heap.fresh();
                for side in [&*operation.left, &*operation.right] {
                    let value = self.value(side, effects);
                    self.put_inside(node, value, true);
                }
                Some(node)
            }
            Expr::UnaryOp(operation) => {
                self.value(&operation.operand, effects);
                None
            }
            Expr::Compare(compare) => {
                self.compare(compare, effects);
                None
            }
            Expr::FString(text) => {
                let elements = text.value.elements();
                elements.for_each(|element| self.interpolated(element, effects));
                None
            }
            Expr::Named(named) => {
                let value = self.value(&named.value, effects);
                self.bind(&named.target, value, effects);
                value
            }
            Expr::Starred(starred) => {
                let value = self.value(&starred.value, effects);
                self.consume(&starred.value, value, effects);
                value
            }
            Expr::Slice(slice) => {
                let parts = [&slice.lower, &slice.upper, &slice.step];
                for part in parts.into_iter().flatten() {
                    self.value(part, effects);
                }
                None
            }
            Expr::ListComp(list) => {
                Some(self.comprehension(&list.generators, &[&list.elt], effects))
            }
            Expr::SetComp(set) => Some(self.comprehension(&set.generators, &[&set.elt], effects)),
            Expr::Generator(generator) => {
                Some(self.comprehension(&generator.generators, &[&generator.elt], effects))
            }
            Expr::DictComp(dict) => {
                let mut parts: Vec<&'a Expr> = vec![&dict.value];
                parts.extend(dict.key.as_deref());
                Some(self.comprehension(&dict.generators, &parts, effects))
            }
            Expr::Lambda(lambda) => Some(self.lambda(lambda, effects)),
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => None,
            Expr::Yield(given) => self.yielded(given, effects),
            Expr::YieldFrom(given) => self.yielded_from(given, effects),
            Expr::TString(_) | Expr::IpyEscapeCommand(_) => {
                effects.stay(expression.range(), "A7", "it is not understood");
                effects.opaque = true;
                None
            }
        }
    }

    /// A new object that holds what is in `inside`.
    pub(super) fn holding(&mut self, inside: Node) -> Node {
        let node = self.heap.fresh();
        let held = self.heap.inside(node);
        self.heap.unify(held, inside);
        node
    }

    /// `spread`: not the value itself but what it holds.
    pub(super) fn put_inside(&mut self, node: Node, value: Option<Node>, spread: bool) {
        let Some(value) = value else { return };
        let held = self.heap.inside(node);
        let value = if spread {
            self.heap.inside(value)
        } else {
            value
        };
        self.heap.unify(held, value);
    }

    /// Walking along what may be an iterator uses it up: that is a change (A3, A6).
    pub(super) fn consume(
        &mut self,
        items: &'a Expr,
        node: Option<Node>,
        effects: &mut Effects<'a>,
    ) {
        // The iterables of a generator are walked along where it stands, and nobody else has it.
        let inner = items.is_generator_expr()
            || matches!(items, Expr::Name(name) if self.inner_node(name.id.as_str()).is_some());
        if inner || is_plain(items, self.scope, self.bindings, self.module, self.sites) {
            return;
        }
        effects.mutates.extend(node);
    }

    fn display(&mut self, elements: &'a [Expr], effects: &mut Effects<'a>) -> Node {
        let node = self.heap.fresh();
        for element in elements {
            let value = self.value(element, effects);
            self.put_inside(node, value, matches!(element, Expr::Starred(_)));
        }
        node
    }

    fn subscript(
        &mut self,
        subscript: &'a ExprSubscript,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let base = self.value(&subscript.value, effects);
        self.value(&subscript.slice, effects);
        if self.module.has_default_dicts {
            effects.lookups.extend(base);
        }
        let inside = self.heap.inside(base?);
        match *subscript.slice {
            Expr::Slice(_) => Some(self.holding(inside)),
            _ => Some(inside),
        }
    }

    fn dictionary(&mut self, dict: &'a ExprDict, effects: &mut Effects<'a>) -> Node {
        let node = self.heap.fresh();
        for item in &dict.items {
            if let Some(key) = &item.key {
                self.value(key, effects);
            }
            let value = self.value(&item.value, effects);
            let spread = item.key.is_none();
            self.put_inside(node, value, spread);
        }
        node
    }

    fn compare(&mut self, compare: &'a ExprCompare, effects: &mut Effects<'a>) {
        self.value(&compare.left, effects);
        for (operator, side) in compare.ops.iter().zip(&compare.comparators) {
            let value = self.value(side, effects);
            if matches!(operator, CmpOp::In | CmpOp::NotIn) {
                self.consume(side, value, effects);
            }
        }
    }

    fn any_of(
        &mut self,
        values: impl Iterator<Item = &'a Expr>,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let mut node = None;
        for value in values {
            let value = self.value(value, effects);
            node = match (node, value) {
                (Some(a), Some(b)) => {
                    self.heap.unify(a, b);
                    Some(a)
                }
                (a, b) => a.or(b),
            };
        }
        node
    }

    fn interpolated(&mut self, element: &'a InterpolatedStringElement, effects: &mut Effects<'a>) {
        if let InterpolatedStringElement::Interpolation(part) = element {
            self.value(&part.expression, effects);
            for nested in part
                .format_spec
                .iter()
                .flat_map(|spec| spec.elements.iter())
            {
                self.interpolated(nested, effects);
            }
        }
    }
}
