//! Lambdas, and the names that they and comprehensions bind for themselves.

use dice_program::ast::{Expr, ExprLambda, Keyword};

use super::Effects;
use super::walker::Walker;
use crate::dependence::Node;

impl<'a> Walker<'a, '_> {
    /// A function without a name, which holds what it reads.
    pub(super) fn lambda(&mut self, lambda: &'a ExprLambda, effects: &mut Effects<'a>) -> Node {
        let mut body = Effects::default();
        let node = self.heap.fresh();
        let value = self.called_at_once(lambda, &mut body);
        self.put_inside(node, value, false);
        for name in &body.reads {
            let name = name.split('.').next().unwrap_or(name); // of a part, its object
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
        let known = self.entries.len();
        let value = self.value(&lambda.body, effects);
        self.entries.truncate(known); // nobody knows what it is called with
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
}
