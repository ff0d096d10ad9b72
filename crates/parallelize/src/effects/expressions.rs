//! Effects of expressions, and which objects their values may share.

use std::collections::{HashMap, HashSet};

use dice_program::CallSites;
use dice_program::ast::{
    Arguments, CmpOp, Comprehension, Expr, ExprAwait, ExprCall, InterpolatedStringElement, Ranged,
    TextRange,
};

use super::{Effects, Module, known};
use crate::dependence::{Bindings, Heap, Node, is_plain};
use crate::functions::{CallEffect, Functions};

/// All module variables that something changes, and all variables of enclosing functions: one object.
const GLOBALS: &str = "<globals>";

pub(crate) struct Walker<'a, 'w> {
    pub(crate) module: &'w Module<'a>,
    pub(crate) functions: &'w Functions,
    pub(crate) sites: &'w CallSites<'a>,
    pub(crate) heap: &'w mut Heap<'a>,
    pub(crate) locals: &'w HashSet<&'a str>,
    pub(crate) bindings: &'w Bindings<'a>,
    /// The function whose statements these are.
    pub(crate) scope: &'a str,
    /// What each comprehension does per item, by the range of its first `for`.
    pub(crate) comprehensions: &'w mut HashMap<TextRange, Effects<'a>>,
    /// Names that comprehensions and lambdas around this expression bind for themselves.
    pub(crate) inner: Vec<&'a str>,
}

impl<'a> Walker<'a, '_> {
    /// Adds the effects of evaluating `expression`; gives the node of its value, `None` if that is
    /// immutable and holds nothing.
    pub(crate) fn value(
        &mut self,
        expression: &'a Expr,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        match expression {
            Expr::Name(name) => self.name(name.id.as_str(), effects),
            Expr::Await(wait) => self.awaited(wait, effects),
            Expr::Call(call) => self.call(call, effects),
            Expr::Attribute(attribute) => {
                let base = self.value(&attribute.value, effects)?;
                Some(self.heap.inside(base))
            }
            Expr::Subscript(subscript) => {
                let base = self.value(&subscript.value, effects);
                self.value(&subscript.slice, effects);
                if self.module.has_default_dicts {
                    self.consume(&subscript.value, base, effects);
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
            Expr::Lambda(lambda) => {
                let depth = self.inner.len();
                if let Some(parameters) = &lambda.parameters {
                    self.inner.extend(super::parameter_names(parameters));
                }
                let node = self.heap.fresh();
                let value = self.value(&lambda.body, effects);
                self.put_inside(node, value, false);
                self.inner.truncate(depth);
                Some(node)
            }
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

    fn name(&mut self, name: &'a str, effects: &mut Effects<'a>) -> Option<Node> {
        if self.inner.contains(&name) {
            return Some(self.heap.name(name));
        }
        if self.locals.contains(name) {
            effects.reads.insert(name);
            return Some(self.heap.name(name));
        }
        if self.module.is_constant(name) {
            return None;
        }
        effects.reads.insert(GLOBALS);
        Some(self.globals())
    }

    fn globals(&mut self) -> Node {
        let node = self.heap.name(GLOBALS);
        self.heap.collapse(node);
        node
    }

    /// Binds the names of a target to (parts of) a value; a subscript or attribute is changed in place.
    pub(crate) fn bind(
        &mut self,
        target: &'a Expr,
        value: Option<Node>,
        effects: &mut Effects<'a>,
    ) {
        match target {
            Expr::Name(name) => {
                let name = name.id.as_str();
                let node = self.heap.name(name);
                if let Some(value) = value {
                    self.heap.unify(node, value);
                }
                if self.inner.contains(&name) {
                    return;
                }
                if self.locals.contains(name) {
                    effects.binds.insert(name);
                } else {
                    let globals = self.globals();
                    effects.mutates.push(globals);
                    effects.stay(
                        target.range(),
                        "A3",
                        format!("`{name}` is a variable of the module"),
                    );
                }
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

    fn bind_parts(&mut self, parts: &'a [Expr], value: Option<Node>, effects: &mut Effects<'a>) {
        let inside = value.map(|value| self.heap.inside(value));
        for part in parts {
            self.bind(part, inside, effects);
        }
    }

    fn change(&mut self, owner: &'a Expr, value: Option<Node>, effects: &mut Effects<'a>) {
        if let Some(node) = self.value(owner, effects) {
            effects.mutates.push(node);
            self.put_inside(node, value, false);
        }
    }

    /// A new object that holds what is in `inside`.
    fn holding(&mut self, inside: Node) -> Node {
        let node = self.heap.fresh();
        let held = self.heap.inside(node);
        self.heap.unify(held, inside);
        node
    }

    /// `spread`: not the value itself but what it holds.
    fn put_inside(&mut self, node: Node, value: Option<Node>, spread: bool) {
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
    pub(crate) fn consume(
        &mut self,
        items: &'a Expr,
        node: Option<Node>,
        effects: &mut Effects<'a>,
    ) {
        let inner = matches!(items, Expr::Name(name) if self.inner.contains(&name.id.as_str()));
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

    fn comprehension(
        &mut self,
        generators: &'a [Comprehension],
        parts: &[&'a Expr],
        effects: &mut Effects<'a>,
    ) -> Node {
        let depth = self.inner.len();
        let mut own = Effects::default();
        for (index, generator) in generators.iter().enumerate() {
            let around = if index == 0 { &mut *effects } else { &mut own };
            let items = self.value(&generator.iter, around);
            self.consume(&generator.iter, items, around);
            let effects = &mut own;
            let item = items.map(|items| self.heap.inside(items));
            self.inner.extend(super::target_names(&generator.target));
            self.bind(&generator.target, item, effects);
            for test in &generator.ifs {
                self.value(test, effects);
            }
            if generator.is_async {
                effects.awaits = true;
                effects.opaque = true;
                effects.stay(
                    generator.range(),
                    "A6",
                    "items come from an asynchronous iterator",
                );
            }
        }
        let node = self.heap.fresh();
        for part in parts {
            let value = self.value(part, &mut own);
            self.put_inside(node, value, false);
        }
        self.inner.truncate(depth);
        effects.include(&own);
        if let Some(first) = generators.first() {
            self.comprehensions.insert(first.range(), own);
        }
        node
    }

    fn awaited(&mut self, wait: &'a ExprAwait, effects: &mut Effects<'a>) -> Option<Node> {
        effects.awaits = true;
        let Expr::Call(call) = &*wait.value else {
            self.value(&wait.value, effects);
            effects.opaque = true;
            effects.stay(wait.range(), "A3", "awaits something that is not a call");
            return Some(self.heap.fresh());
        };
        if self.sites.is_hermod_call(&call.func) {
            return Some(self.hermod_call(call, effects));
        }
        if let Expr::Name(name) = &*call.func
            && let Some(function) = self.module.function(name.id.as_str())
            && function.is_async
            && !self.is_bound(name.id.as_str())
        {
            return self.user_call(call, name.id.as_str(), effects);
        }
        self.unknown_call(call, effects)
    }

    /// Arguments are copied and results are fresh trees: nothing is shared (H1, E6).
    fn hermod_call(&mut self, call: &'a ExprCall, effects: &mut Effects<'a>) -> Node {
        self.arguments(&call.arguments, effects);
        let function = call_function(call);
        let named = function.unwrap_or("?");
        match self.functions.effect(function) {
            CallEffect::Pure => {}
            CallEffect::Read(state) => {
                effects.read_states.insert(state);
            }
            CallEffect::Write(state) => {
                effects.written_states.insert(state);
                effects.stay(call.range(), "E2", format!("`{named}` writes"));
            }
            CallEffect::Unknown => {
                effects.opaque = true;
                effects.stay(
                    call.range(),
                    "E1",
                    format!("the catalog does not say what `{named}` does"),
                );
            }
        }
        self.heap.fresh()
    }

    /// What methods of plain data walk along: all of their arguments.
    fn consumed_arguments(
        &mut self,
        arguments: &'a Arguments,
        effects: &mut Effects<'a>,
    ) -> Vec<Node> {
        let values = arguments
            .args
            .iter()
            .chain(arguments.keywords.iter().map(|keyword| &keyword.value));
        let mut nodes = Vec::new();
        for value in values {
            let node = self.value(value, effects);
            self.consume(value, node, effects);
            nodes.extend(node);
        }
        nodes
    }

    fn arguments(&mut self, arguments: &'a Arguments, effects: &mut Effects<'a>) -> Vec<Node> {
        let values = arguments
            .args
            .iter()
            .chain(arguments.keywords.iter().map(|keyword| &keyword.value));
        values
            .filter_map(|value| self.value(value, effects))
            .collect()
    }

    fn is_bound(&self, name: &str) -> bool {
        self.inner.contains(&name) || self.locals.contains(name)
    }

    fn call(&mut self, call: &'a ExprCall, effects: &mut Effects<'a>) -> Option<Node> {
        match &*call.func {
            Expr::Name(name) if !self.is_bound(name.id.as_str()) => {
                self.named_call(call, name.id.as_str(), effects)
            }
            Expr::Attribute(attribute) => {
                self.method_call(call, &attribute.value, attribute.attr.as_str(), effects)
            }
            _ => self.unknown_call(call, effects),
        }
    }

    fn named_call(
        &mut self,
        call: &'a ExprCall,
        name: &'a str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        if name == "print" && !self.module.binds(name) {
            self.arguments(&call.arguments, effects);
            effects.stay(call.range(), "A3", "prints");
            return None;
        }
        if let Some(function) = self.module.function(name) {
            return if function.is_async {
                self.unknown_call(call, effects)
            } else {
                self.user_call(call, name, effects)
            };
        }
        if self.module.is_record(name) {
            let node = self.heap.fresh();
            for value in self.arguments(&call.arguments, effects) {
                self.put_inside(node, Some(value), false);
            }
            return Some(node);
        }
        if self.module.binds(name) || !known::is_builtin(name) {
            return self.unknown_call(call, effects);
        }
        if known::is_scalar_builtin(name) && !known::walks_its_argument(name) {
            self.arguments(&call.arguments, effects);
            return None;
        }
        if let Some(node) = self.calls_back(call, effects) {
            return Some(node);
        }
        let mut values = Vec::new();
        for argument in &call.arguments.args {
            let value = self.value(argument, effects);
            if !self.is_scalar_choice(name, call) {
                self.consume(argument, value, effects);
            }
            values.extend(value);
        }
        for keyword in &call.arguments.keywords {
            values.extend(self.value(&keyword.value, effects));
        }
        if known::is_scalar_builtin(name) {
            return None;
        }
        let node = self.heap.fresh();
        for value in values {
            let item = self.heap.inside(value);
            let held = self.heap.inside(node);
            if known::is_choosing_builtin(name) {
                self.heap.unify(node, item);
                self.heap.unify(node, value);
            } else if matches!(name, "enumerate" | "zip") {
                let member = self.heap.inside(held);
                self.heap.unify(member, item);
            } else {
                self.heap.unify(held, item);
            }
        }
        Some(node)
    }

    /// What a `key=` function does, if that is more than to look at its argument.
    fn calls_back(&mut self, call: &'a ExprCall, effects: &mut Effects<'a>) -> Option<Node> {
        let key = &call.arguments.find_keyword("key")?.value;
        match key {
            Expr::Lambda(_) | Expr::NoneLiteral(_) => None,
            Expr::Attribute(method) => {
                let name = method.attr.as_str();
                let looks = known::is_fresh_method(name) || known::is_looking_method(name);
                (!looks || self.module.defines_method(name))
                    .then(|| self.unknown_call(call, effects))?
            }
            Expr::Name(name) if !self.is_bound(name.id.as_str()) => {
                let name = name.id.as_str();
                match self.module.function(name) {
                    Some(function) if !function.is_async => self.user_call(call, name, effects),
                    None if known::is_scalar_builtin(name) && !self.module.binds(name) => None,
                    _ => self.unknown_call(call, effects),
                }
            }
            _ => self.unknown_call(call, effects),
        }
    }

    /// Functions of modules may be given functions: `re.sub(pattern, function, text)`.
    fn may_call_back(&self, call: &'a ExprCall, module: &str, function: &str) -> bool {
        let plain = |value| is_plain(value, self.scope, self.bindings, self.module, self.sites);
        match (module, function) {
            ("re", "sub") => {
                let given = call.arguments.args.get(1);
                let keywords = &call.arguments.keywords;
                !given.is_some_and(plain) || !keywords.iter().all(|one| plain(&one.value))
            }
            ("json", _) => call.arguments.keywords.iter().any(|keyword| {
                let name = keyword.arg.as_ref().map(|name| name.as_str());
                !matches!(
                    name,
                    Some("indent" | "sort_keys" | "ensure_ascii" | "separators")
                )
            }),
            _ => false,
        }
    }

    /// `max(a, b)` compares its arguments, `max(items)` walks along its one.
    fn is_scalar_choice(&self, name: &str, call: &ExprCall) -> bool {
        known::is_choosing_builtin(name) && call.arguments.args.len() > 1 || name == "range"
    }

    fn method_call(
        &mut self,
        call: &'a ExprCall,
        owner: &'a Expr,
        method: &'a str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        if let Expr::Name(module) = owner
            && !self.is_bound(module.id.as_str())
            && self.module.imports(module.id.as_str())
        {
            if !known::is_module_function(module.id.as_str(), method)
                || self.may_call_back(call, module.id.as_str(), method)
            {
                return self.unknown_call(call, effects);
            }
            let values = self.arguments(&call.arguments, effects);
            return Some(values.into_iter().fold(self.heap.fresh(), |node, value| {
                self.put_inside(node, Some(value), true);
                node
            }));
        }
        if self.module.defines_method(method) {
            return self.unknown_call(call, effects);
        }
        if known::is_fresh_method(method) {
            self.value(owner, effects);
            match known::walks_its_arguments(method) {
                true => self.consumed_arguments(&call.arguments, effects),
                false => self.arguments(&call.arguments, effects),
            };
            return Some(self.heap.fresh());
        }
        if known::is_looking_method(method) {
            return self.looking_call(call, owner, method, effects);
        }
        if known::is_mutating_method(method) {
            if let Some(node) = self.calls_back(call, effects) {
                effects.smashes.push(node);
                return Some(node);
            }
            return self.mutating_call(call, owner, method, effects);
        }
        self.unknown_call(call, effects)
    }

    fn looking_call(
        &mut self,
        call: &'a ExprCall,
        owner: &'a Expr,
        method: &str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let owner = self.value(owner, effects);
        let values = match known::walks_its_arguments(method) {
            true => self.consumed_arguments(&call.arguments, effects),
            false => self.arguments(&call.arguments, effects),
        };
        let node = self.heap.fresh();
        let Some(owner) = owner else {
            return Some(node);
        };
        let inside = self.heap.inside(owner);
        if method == "get" {
            self.heap.unify(node, inside);
            for value in values {
                self.heap.unify(node, value);
            }
            return Some(node);
        }
        match method {
            // Views are alive: who changes the dictionary changes what they show.
            "keys" | "values" => self.heap.unify(node, owner),
            "items" => {
                let member = self.heap.inside(node);
                self.heap.unify(member, owner);
            }
            _ => {
                let held = self.heap.inside(node);
                self.heap.unify(held, inside);
            }
        }
        for value in values {
            self.put_inside(node, Some(value), true);
        }
        Some(node)
    }

    fn mutating_call(
        &mut self,
        call: &'a ExprCall,
        owner: &'a Expr,
        method: &str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let owner = self.value(owner, effects);
        let key = usize::from(matches!(method, "setdefault" | "insert"));
        let arguments = call
            .arguments
            .args
            .iter()
            .map(|value| self.value(value, effects));
        let mut values: Vec<Option<Node>> = arguments.collect();
        values.drain(..key.min(values.len()));
        for keyword in &call.arguments.keywords {
            values.push(self.value(&keyword.value, effects));
        }
        if known::walks_its_arguments(method) {
            for (value, node) in call.arguments.args.iter().zip(&values) {
                self.consume(value, *node, effects);
            }
        }
        let owner = owner?;
        effects.mutates.push(owner);
        let whole = matches!(
            method,
            "append" | "appendleft" | "add" | "insert" | "setdefault" | "pop"
        );
        for value in values {
            self.put_inside(owner, value, false);
            self.put_inside(owner, value.filter(|_| !whole), true);
        }
        Some(self.heap.inside(owner))
    }

    fn user_call(
        &mut self,
        call: &'a ExprCall,
        name: &'a str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let values = self.arguments(&call.arguments, effects);
        let summary = self.module.summary(name);
        effects
            .read_states
            .extend(summary.read_states.iter().cloned());
        effects
            .written_states
            .extend(summary.written_states.iter().cloned());
        effects.opaque |= summary.opaque;
        if summary.exits {
            effects.exits.get_or_insert(call.range());
            effects.raises = true;
        }
        if let Some(why) = &summary.in_place {
            effects.stay(call.range(), summary.rule, format!("`{name}` {why}"));
        }
        if summary.touches_globals {
            effects.reads.insert(GLOBALS);
        }
        let node = self.heap.fresh();
        for value in values {
            self.heap.unify(node, value);
        }
        if summary.touches_globals {
            let globals = self.globals();
            self.heap.unify(node, globals);
        }
        self.heap.collapse(node);
        if summary.mutates {
            effects.smashes.push(node);
        }
        Some(node)
    }

    fn unknown_call(&mut self, call: &'a ExprCall, effects: &mut Effects<'a>) -> Option<Node> {
        let node = self.heap.fresh();
        let owner = self.value(&call.func, effects);
        if let Expr::Attribute(attribute) = &*call.func
            && let Some(owner) = self.value(&attribute.value, effects)
        {
            self.heap.unify(node, owner);
        }
        for value in self
            .arguments(&call.arguments, effects)
            .into_iter()
            .chain(owner)
        {
            self.heap.unify(node, value);
        }
        let globals = self.globals();
        self.heap.collapse(node);
        effects.smashes.extend([node, globals]);
        effects.opaque = true;
        let name = callee_name(&call.func);
        if matches!(name, "exit" | "_exit" | "quit" | "abort") {
            effects.exits.get_or_insert(call.range());
            effects.raises = true;
        }
        if known::looks_at_itself(name) {
            effects.stay(
                call.range(),
                "A7",
                format!("`{name}` looks at the code around it"),
            );
        } else {
            effects.stay(
                call.range(),
                "A3",
                format!("nothing is known about `{name}`"),
            );
        }
        Some(node)
    }
}

fn callee_name(callee: &Expr) -> &str {
    match callee {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "this call",
    }
}

/// The literal function name of a `hermod.call`, if it has one.
pub(crate) fn call_function(call: &ExprCall) -> Option<&str> {
    match call.arguments.args.first() {
        Some(Expr::StringLiteral(name)) => Some(name.value.to_str()),
        _ => None,
    }
}
