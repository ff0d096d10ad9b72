//! What names and attributes mean, and the objects they stand for.

use dice_program::ast::{Expr, ExprAttribute, Ranged};

use super::{Meaning, Walker};
use crate::dependence::Node;
use crate::effects::{Effects, GLOBALS, Scope};

impl<'a> Walker<'a, '_> {
    /// An attribute of an object that its variable always holds is read by a name of its own, `self.seen`:
    /// then others of that object may change meanwhile.
    pub(in crate::effects) fn part(
        &mut self,
        attribute: &'a ExprAttribute,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let Expr::Name(owner) = &*attribute.value else {
            return None;
        };
        let (owner, field) = (owner.id.as_str(), attribute.attr.as_str());
        let text = self.module.source.get(attribute.range().to_std_range())?;
        let steady = self.steady.contains(owner) && self.meaning(owner) == Meaning::Local;
        let apart = self.module.is_stored_alone(field) && !self.module.is_shared_attribute(field);
        let written = text.strip_prefix(owner)?.strip_prefix('.') == Some(field);
        if !steady || !apart || !written || self.is_scalar_name(owner) {
            return None;
        }
        effects.reads.insert(text);
        let node = self.heap.name(owner);
        self.heap.name_part(text, node, field);
        Some(self.heap.field(node, field))
    }

    pub(in crate::effects) fn attribute(
        &mut self,
        name: &'a str,
        base: Option<Node>,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let inside = base.map(|base| match self.module.is_stored_alone(name) {
            true => self.heap.field(base, name),
            false => self.heap.inside(base),
        });
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

    pub(in crate::effects) fn meaning(&self, name: &str) -> Meaning {
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

    pub(in crate::effects) fn name(
        &mut self,
        name: &'a str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        match self.meaning(name) {
            Meaning::Inner => self.inner_node(name),
            Meaning::Local => {
                effects.reads.insert(name);
                match self.is_scalar_name(name) {
                    true => None,
                    false => Some(self.heap.name(name)),
                }
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

    pub(in crate::effects) fn globals(&mut self) -> Node {
        let node = self.heap.name(GLOBALS);
        self.heap.collapse(node);
        node
    }
}
