//! Values that are certainly numbers or texts: nothing can change them, so they share nothing.

use dice_catalog::Type;
use dice_program::ast::Expr;

use super::walker::Walker;
use crate::dependence::{Node, Types};

impl<'a> Walker<'a, '_> {
    /// Is the value certainly a number or a text, which nothing can change?
    pub(super) fn is_scalar(&self, expression: &'a Expr) -> bool {
        let types = self.types();
        types
            .of(expression)
            .is_some_and(|kind| is_scalar_type(&kind))
    }

    /// Does the variable only ever hold numbers or texts?
    pub(super) fn is_scalar_name(&mut self, name: &'a str) -> bool {
        if let Some(known) = self.scalar_names.get(name) {
            return *known;
        }
        let kind = self.types().of_name(name);
        let scalar = kind.is_some_and(|kind| is_scalar_type(&kind));
        self.scalar_names.insert(name, scalar);
        scalar
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

    fn types(&self) -> Types<'a, '_> {
        Types {
            bindings: self.bindings,
            module: self.module,
            sites: self.sites,
            functions: self.functions,
            scope: self.scope,
        }
    }
}

fn is_scalar_type(kind: &Type) -> bool {
    matches!(
        kind,
        Type::Integer | Type::Number | Type::Text | Type::Boolean
    )
}
