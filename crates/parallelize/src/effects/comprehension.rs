//! Effects of comprehensions, in whole and per item.

use dice_program::ast::{Comprehension, Expr, Ranged};

use super::Effects;
use super::walker::Walker;
use crate::dependence::Node;

impl<'a> Walker<'a, '_> {
    pub(super) fn comprehension(
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
            let item = self.item(&generator.iter, items);
            self.enter(super::target_names(&generator.target));
            self.bind_item(&generator.target, &generator.iter, item, effects);
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
}
