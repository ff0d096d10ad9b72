//! Effects of calls of methods: of the program's classes, of plain data, and functions of modules.

use dice_program::ast::{Expr, ExprCall, Ranged};

use super::callees::is_super;
use super::walker::Walker;
use super::{Effects, known};
use crate::dependence::{Node, is_plain};

impl<'a> Walker<'a, '_> {
    pub(super) fn method_call(
        &mut self,
        call: &'a ExprCall,
        owner: &'a Expr,
        method: &'a str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        if self.module.imported(&call.func, self.scope).is_some() {
            return self.library_call(call, effects);
        }
        if known::is_logging_method(method) && self.is_logger(owner) {
            self.arguments(&call.arguments, effects);
            effects.stay(call.range(), "A3", "writes to the log");
            return None;
        }
        if let Some(callee) = self.callee(&call.func) {
            return match self.is_async(&callee, false) {
                true => self.user_call(call, &callee, effects),
                false => self.unknown_call(call, effects),
            };
        }
        if is_super(owner) && method == "__init__" {
            self.arguments(&call.arguments, effects);
            return None;
        }
        if self.module.defines_method(method) && !self.is_plain_here(owner) {
            return self.unknown_call(call, effects);
        }
        if known::is_fresh_method(method) && !(method == "rotate" && self.module.has_deques) {
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
        if known::is_painting_method(method) || known::is_drawing_method(method) {
            return self.painting_call(call, owner, effects);
        }
        if known::is_mutating_method(method) {
            let called = self.calls_back(call, effects);
            effects.smashes.extend(called);
            let changed = self.mutating_call(call, owner, method, effects);
            return called.or(changed);
        }
        self.unknown_call(call, effects)
    }

    fn is_plain_here(&self, owner: &'a Expr) -> bool {
        is_plain(owner, self.scope, self.bindings, self.module, self.sites)
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

    /// Changes an image; what it is given is copied. A drawing changes the image underneath.
    fn painting_call(
        &mut self,
        call: &'a ExprCall,
        owner: &'a Expr,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let node = self.value(owner, effects);
        self.arguments(&call.arguments, effects);
        let Some(node) = node else {
            return self.unknown_call(call, effects);
        };
        self.mutate(owner, node, effects);
        let underneath = self.heap.inside(node);
        effects.mutates.push(underneath);
        None
    }

    fn mutating_call(
        &mut self,
        call: &'a ExprCall,
        owner: &'a Expr,
        method: &str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let node = self.value(owner, effects);
        let key = usize::from(matches!(method, "setdefault" | "insert"));
        let arguments = call
            .arguments
            .args
            .iter()
            .map(|value| self.value(value, effects));
        let mut values: Vec<Option<Node>> = arguments.collect();
        values.drain(..key.min(values.len()));
        for keyword in &call.arguments.keywords {
            values.push(self.keyword(keyword, effects));
        }
        if known::walks_its_arguments(method) {
            for (value, node) in call.arguments.args.iter().zip(&values) {
                self.consume(value, *node, effects);
            }
        }
        let Some(node) = node else {
            return self.unknown_call(call, effects);
        };
        self.mutate(owner, node, effects);
        let whole = matches!(
            method,
            "append" | "appendleft" | "add" | "insert" | "setdefault" | "pop"
        );
        for value in values {
            self.put_inside(node, value, false);
            self.put_inside(node, value.filter(|_| !whole), true);
        }
        Some(self.heap.inside(node))
    }
}
