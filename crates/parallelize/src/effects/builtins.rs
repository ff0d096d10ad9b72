//! Effects of calls of builtins, and of the functions that are given to them.

use dice_program::ast::{Expr, ExprCall};

use super::walker::Walker;
use super::{Effects, known};
use crate::dependence::Node;

impl<'a> Walker<'a, '_> {
    pub(super) fn builtin_call(
        &mut self,
        call: &'a ExprCall,
        name: &'a str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        if known::is_builtin_exception(name) {
            let node = self.heap.fresh();
            for value in self.arguments(&call.arguments, effects) {
                self.put_inside(node, Some(value), false);
            }
            return Some(node);
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
            if !is_scalar_choice(name, call) {
                self.consume(argument, value, effects);
            }
            values.extend(value);
        }
        for keyword in &call.arguments.keywords {
            values.extend(self.keyword(keyword, effects));
        }
        if known::is_scalar_builtin(name) {
            return None;
        }
        let node = self.heap.fresh();
        let chosen = is_scalar_choice(name, call);
        for value in values {
            match chosen {
                true => self.heap.unify(node, value),
                false => self.hold_items(name, node, value),
            }
        }
        Some(node)
    }

    /// `next((… for …), default)`.
    pub(super) fn first_item(
        &mut self,
        call: &'a ExprCall,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let mut own = Effects::default();
        let values = self.arguments(&call.arguments, &mut own);
        if own.awaits {
            return self.unknown_call(call, effects); // no iterator at all
        }
        effects.include(&own);
        let node = self.heap.fresh();
        for value in values {
            let item = self.heap.inside(value);
            self.heap.unify(node, item);
            self.heap.unify(node, value); // the default
        }
        Some(node)
    }

    /// What a container or iterator that a builtin makes holds of its argument.
    fn hold_items(&mut self, builtin: &str, node: Node, value: Node) {
        let item = self.heap.inside(value);
        if known::is_choosing_builtin(builtin) {
            self.heap.unify(node, item);
            return;
        }
        let held = self.heap.inside(node);
        if matches!(builtin, "enumerate" | "zip") {
            let member = self.heap.inside(held);
            self.heap.unify(member, item);
        } else {
            self.heap.unify(held, item);
        }
    }

    /// What a `key=` function does, if that is more than to look at its argument.
    pub(super) fn calls_back(
        &mut self,
        call: &'a ExprCall,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let key = &call.arguments.find_keyword("key")?.value;
        match key {
            Expr::Lambda(_) | Expr::NoneLiteral(_) => None,
            Expr::Attribute(method) => {
                let name = method.attr.as_str();
                let looks = known::is_fresh_method(name) || known::is_looking_method(name);
                (!looks || self.module.defines_method(name))
                    .then(|| self.unknown_call(call, effects))?
            }
            Expr::Call(getter) if known::is_getter(&getter.func) => None,
            Expr::Name(name) => match self.callee(key) {
                Some(callee) if self.is_async(&callee, false) => {
                    self.user_call(call, &callee, effects)
                }
                Some(_) => self.unknown_call(call, effects),
                None => {
                    let name = name.id.as_str();
                    let computes = known::is_scalar_builtin(name)
                        && self.module.scopes.owner(self.scope, name).is_none();
                    match computes {
                        true => None,
                        false => self.unknown_call(call, effects),
                    }
                }
            },
            _ => self.unknown_call(call, effects),
        }
    }
}

/// `max(a, b)` compares its arguments, `max(items)` walks along its one.
fn is_scalar_choice(name: &str, call: &ExprCall) -> bool {
    known::is_choosing_builtin(name) && call.arguments.args.len() > 1 || name == "range"
}
