//! What binding a target does: names are bound, subscripts and attributes change their owner.

use dice_program::ast::{Expr, ExprAttribute, Ranged};

use super::walker::{Meaning, Walker};
use super::{Effects, GLOBALS};
use crate::dependence::Node;

impl<'a> Walker<'a, '_> {
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
            Expr::Attribute(attribute) => {
                let field = attribute.attr.as_str();
                match self.module.is_stored_alone(field) && !self.module.is_shared_attribute(field)
                {
                    true => self.store(&attribute.value, field, value, effects),
                    false => {
                        self.change(&attribute.value, value, effects);
                        self.change_of_class(attribute, value, effects);
                    }
                }
            }
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

    /// An attribute gets another value: nothing else of its object changes.
    fn store(
        &mut self,
        owner: &'a Expr,
        field: &'a str,
        value: Option<Node>,
        effects: &mut Effects<'a>,
    ) {
        match self.value(owner, effects) {
            Some(node) => {
                // Of one that keeps nothing apart, the object changes: not what is inside, which others hold.
                let changed = match self.heap.is_one(node) {
                    true => node,
                    false => self.heap.place(node, field),
                };
                self.mutate(owner, changed, effects);
                if let Some(value) = value {
                    let held = self.heap.field(node, field);
                    self.heap.unify(held, value);
                }
            }
            None => self.change_shared(owner, value, effects),
        }
    }

    /// Whoever is not `self` may be the class, which shares the attribute with all its objects.
    fn change_of_class(
        &mut self,
        attribute: &'a ExprAttribute,
        value: Option<Node>,
        effects: &mut Effects<'a>,
    ) {
        let own = matches!(&*attribute.value, Expr::Name(name) if name.id == "self");
        if !own && self.module.is_shared_attribute(attribute.attr.as_str()) {
            let globals = self.globals();
            effects.mutates.push(globals);
            effects.reads.insert(GLOBALS);
            self.put_inside(globals, value, false);
        }
    }

    fn change(&mut self, owner: &'a Expr, value: Option<Node>, effects: &mut Effects<'a>) {
        match self.value(owner, effects) {
            Some(node) => {
                self.mutate(owner, node, effects);
                self.put_inside(node, value, false);
            }
            None => self.change_shared(owner, value, effects),
        }
    }

    fn change_shared(&mut self, owner: &'a Expr, value: Option<Node>, effects: &mut Effects<'a>) {
        let globals = self.globals();
        effects.mutates.push(globals);
        effects.reads.insert(GLOBALS);
        self.put_inside(globals, value, false);
        let why = "it changes what the whole program shares";
        effects.stay(owner.range(), "A3", why);
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
