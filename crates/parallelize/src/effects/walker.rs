//! Effects of expressions, and which objects their values may share.

use std::collections::{BTreeSet, HashMap, HashSet};

use dice_catalog::Type;
use dice_program::CallSites;
use dice_program::ast::{
    CmpOp, Expr, ExprLambda, InterpolatedStringElement, Keyword, Ranged, TextRange,
};

use super::module::Module;
use super::scopes::Scope;
use super::{Effects, GLOBALS};
use crate::dependence::{Bindings, Heap, Node, Types, is_plain};
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
    /// What each comprehension does per item, by the range of its first `for`.
    pub(super) comprehensions: &'w mut HashMap<TextRange, Effects<'a>>,
    /// What tests, iterables and awaited calls do by themselves.
    pub(super) expressions: &'w mut HashMap<TextRange, Effects<'a>>,
    /// Names that comprehensions and lambdas around this expression bind for themselves.
    pub(super) inner: Vec<(&'a str, Node)>,
    pub(super) default_dicts: Vec<Node>,
    /// Are coroutines handed to somebody who awaits them all at once?
    pub(super) spawning: bool,
    /// Names of `async with asyncio.TaskGroup() as group`.
    pub(super) task_groups: HashSet<&'a str>,
    /// Variables that alone hold their object, which was made since the loop around began.
    pub(super) fresh: HashSet<&'a str>,
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

    /// Is the value certainly a number or a text, which nothing can change?
    pub(super) fn is_scalar(&self, expression: &'a Expr) -> bool {
        let types = self.types();
        types
            .of(expression)
            .is_some_and(|kind| is_scalar_type(&kind))
    }

    /// Adding a number to something in place makes a new number: only numbers allow it.
    pub(super) fn is_number(&self, expression: &'a Expr) -> bool {
        let kind = self.types().of(expression);
        !self.module.has_arrays && matches!(kind, Some(Type::Integer | Type::Number))
    }

    /// The same of the items of a container.
    fn holds_scalars(&self, items: &'a Expr) -> bool {
        let item = self.types().of_item(items);
        item.is_some_and(|kind| is_scalar_type(&kind))
    }

    /// What a loop over `items` gives, if that is more than a number or a text.
    pub(super) fn item(&mut self, items: &'a Expr, node: Option<Node>) -> Option<Node> {
        let node = node?;
        match self.holds_scalars(items) {
            true => None,
            false => Some(self.heap.inside(node)),
        }
    }

    /// Binds what a loop over `items` gives; the keys of a dictionary cannot change.
    pub(super) fn bind_item(
        &mut self,
        target: &'a Expr,
        items: &'a Expr,
        item: Option<Node>,
        effects: &mut Effects<'a>,
    ) {
        match target {
            Expr::Tuple(tuple) if tuple.elts.len() == 2 && gives_entries(items) => {
                let value = item.map(|item| self.heap.inside(item));
                self.bind(&tuple.elts[0], None, effects);
                self.bind(&tuple.elts[1], value, effects);
            }
            _ => self.bind(target, item, effects),
        }
    }

    fn types(&self) -> Types<'a, '_> {
        Types {
            bindings: self.bindings,
            module: self.module,
            sites: self.sites,
            functions: self.functions,
            scope: self.scope,
        }
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
                let base = self.value(&attribute.value, effects);
                self.attribute(attribute.attr.as_str(), base, effects)
            }
            Expr::Subscript(subscript) => {
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
            Expr::List(list) => Some(self.display(&list.elts, effects)),
            Expr::Tuple(tuple) => Some(self.display(&tuple.elts, effects)),
            Expr::Set(set) => Some(self.display(&set.elts, effects)),
            Expr::Dict(dict) => {
                let node = self.heap.fresh();
                for item in &dict.items {
                    if let Some(key) = &item.key {
                        self.value(key, effects);
                    }
                    let value = self.value(&item.value, effects);
                    let spread = item.key.is_none();
                    self.put_inside(node, value, spread);
                }
                Some(node)
            }
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
                self.value(&compare.left, effects);
                for (operator, side) in compare.ops.iter().zip(&compare.comparators) {
                    let value = self.value(side, effects);
                    if matches!(operator, CmpOp::In | CmpOp::NotIn) {
                        self.consume(side, value, effects);
                    }
                }
                None
            }
            Expr::FString(text) => {
                for element in text.value.elements() {
                    self.interpolated(element, effects);
                }
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
                for part in [&slice.lower, &slice.upper, &slice.step]
                    .into_iter()
                    .flatten()
                {
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
            Expr::Yield(_) | Expr::YieldFrom(_) | Expr::TString(_) | Expr::IpyEscapeCommand(_) => {
                effects.stay(expression.range(), "A6", "the function is a generator");
                effects.opaque = true;
                None
            }
        }
    }

    fn attribute(
        &mut self,
        name: &'a str,
        base: Option<Node>,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let inside = base.map(|base| self.heap.inside(base));
        if !self.module.is_shared_attribute(name) {
            return inside;
        }
        effects.reads.insert(GLOBALS);
        let globals = self.globals();
        if let Some(inside) = inside {
            self.heap.unify(globals, inside);
        }
        Some(globals)
    }

    /// A function without a name, which holds what it reads.
    fn lambda(&mut self, lambda: &'a ExprLambda, effects: &mut Effects<'a>) -> Node {
        let mut body = Effects::default();
        let node = self.heap.fresh();
        let value = self.called_at_once(lambda, &mut body);
        self.put_inside(node, value, false);
        for name in &body.reads {
            let held = self.heap.name(name);
            self.put_inside(node, Some(held), false);
        }
        effects.include(&body);
        node
    }

    /// The value of a lambda that is called where it stands, and by nobody later.
    pub(super) fn called_at_once(
        &mut self,
        lambda: &'a ExprLambda,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let depth = self.inner.len();
        if let Some(parameters) = &lambda.parameters {
            self.enter(super::parameter_names(parameters));
        }
        let value = self.value(&lambda.body, effects);
        self.inner.truncate(depth);
        value
    }

    /// The value of a keyword argument; `key=` is called at once.
    pub(super) fn keyword(
        &mut self,
        keyword: &'a Keyword,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let name = keyword.arg.as_ref().map(|name| name.as_str());
        match (&keyword.value, name) {
            (Expr::Lambda(lambda), Some("key")) => {
                self.called_at_once(lambda, effects);
                None
            }
            (value, _) => self.value(value, effects),
        }
    }

    /// Names bound from here on by a comprehension or lambda, for itself.
    pub(super) fn enter(&mut self, names: Vec<&'a str>) {
        for name in names {
            let node = self.heap.fresh();
            self.inner.push((name, node));
        }
    }

    pub(super) fn inner_node(&self, name: &str) -> Option<Node> {
        let mut inner = self.inner.iter().rev();
        inner
            .find(|(known, _)| *known == name)
            .map(|(_, node)| *node)
    }

    pub(super) fn meaning(&self, name: &str) -> Meaning {
        if self.inner_node(name).is_some() {
            return Meaning::Inner;
        }
        if self.locals.contains(name) {
            return Meaning::Local;
        }
        let scopes = &self.module.scopes;
        match scopes.owner(self.scope, name) {
            Some(owner) if owner != Scope::MODULE => Meaning::Outer,
            _ if self.module.is_constant(name) => Meaning::Constant,
            _ => Meaning::Global,
        }
    }

    pub(super) fn name(&mut self, name: &'a str, effects: &mut Effects<'a>) -> Option<Node> {
        match self.meaning(name) {
            Meaning::Inner => self.inner_node(name),
            Meaning::Local => {
                effects.reads.insert(name);
                Some(self.heap.name(name))
            }
            Meaning::Outer => {
                effects.reads.insert(name);
                self.outer.insert(name);
                Some(self.heap.name(name))
            }
            Meaning::Constant => None,
            Meaning::Global => {
                effects.reads.insert(GLOBALS);
                Some(self.globals())
            }
        }
    }

    pub(super) fn globals(&mut self) -> Node {
        let node = self.heap.name(GLOBALS);
        self.heap.collapse(node);
        node
    }

    /// Binds the names of a target to (parts of) a value; a subscript or attribute is changed in place.
    pub(super) fn bind(
        &mut self,
        target: &'a Expr,
        value: Option<Node>,
        effects: &mut Effects<'a>,
    ) {
        match target {
            Expr::Name(name) => {
                let name = name.id.as_str();
                let inner = self.inner_node(name);
                let node = inner.unwrap_or_else(|| self.heap.name(name));
                if let Some(value) = value {
                    self.heap.unify(node, value);
                }
                self.bind_name(name, target, effects);
            }
            Expr::Tuple(tuple) => self.bind_parts(&tuple.elts, value, effects),
            Expr::List(list) => self.bind_parts(&list.elts, value, effects),
            Expr::Starred(starred) => {
                let holder = value.map(|value| self.holding(value));
                self.bind(&starred.value, holder, effects);
            }
            Expr::Subscript(subscript) => {
                self.value(&subscript.slice, effects);
                self.change(&subscript.value, value, effects);
            }
            Expr::Attribute(attribute) => self.change(&attribute.value, value, effects),
            _ => {}
        }
    }

    fn bind_name(&mut self, name: &'a str, target: &'a Expr, effects: &mut Effects<'a>) {
        match self.meaning(name) {
            Meaning::Inner => {}
            Meaning::Local => {
                effects.binds.insert(name);
            }
            Meaning::Outer => {
                self.outer.insert(name);
                let node = self.heap.name(name);
                effects.mutates.push(node);
                effects.outer_binds.insert(name);
                let why = format!("`{name}` is a variable of the function around");
                effects.stay(target.range(), "A3", why);
            }
            Meaning::Constant | Meaning::Global => {
                let globals = self.globals();
                effects.mutates.push(globals);
                let why = format!("`{name}` is a variable of the module");
                effects.stay(target.range(), "A3", why);
            }
        }
    }

    fn bind_parts(&mut self, parts: &'a [Expr], value: Option<Node>, effects: &mut Effects<'a>) {
        let inside = value.map(|value| self.heap.inside(value));
        for part in parts {
            self.bind(part, inside, effects);
        }
    }

    fn change(&mut self, owner: &'a Expr, value: Option<Node>, effects: &mut Effects<'a>) {
        match self.value(owner, effects) {
            Some(node) => {
                self.mutate(owner, node, effects);
                self.put_inside(node, value, false);
            }
            None => {
                let globals = self.globals();
                effects.mutates.push(globals);
                effects.reads.insert(GLOBALS);
                self.put_inside(globals, value, false);
                let why = "it changes what the whole program shares";
                effects.stay(owner.range(), "A3", why);
            }
        }
    }

    /// `owner`, whose value is `node`, changes in place.
    pub(super) fn mutate(&self, owner: &'a Expr, node: Node, effects: &mut Effects<'a>) {
        match owner {
            Expr::Name(name) if self.fresh.contains(name.id.as_str()) => {
                effects.own.push((node, name.id.as_str()));
            }
            _ => effects.mutates.push(node),
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

fn is_scalar_type(kind: &Type) -> bool {
    matches!(
        kind,
        Type::Integer | Type::Number | Type::Text | Type::Boolean
    )
}

/// `prices.items()`, sorted or not.
fn gives_entries(items: &Expr) -> bool {
    let Expr::Call(call) = items else {
        return false;
    };
    match &*call.func {
        Expr::Attribute(attribute) => attribute.attr.as_str() == "items",
        Expr::Name(name) if matches!(name.id.as_str(), "sorted" | "list" | "reversed") => {
            call.arguments.args.first().is_some_and(gives_entries)
        }
        _ => false,
    }
}
