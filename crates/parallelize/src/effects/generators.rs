//! What generators of the program hand on.

use dice_program::ast::{ExprYield, ExprYieldFrom};

use super::Effects;
use super::function::RESULT;
use super::walker::Walker;
use crate::dependence::Node;

impl<'a> Walker<'a, '_> {
    pub(super) fn yielded(
        &mut self,
        given: &'a ExprYield,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let value = given.value.as_deref();
        let value = value.and_then(|value| self.value(value, effects));
        self.hand_out(value, false, effects)
    }

    pub(super) fn yielded_from(
        &mut self,
        given: &'a ExprYieldFrom,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let value = self.value(&given.value, effects);
        self.consume(&given.value, value, effects);
        self.hand_out(value, true, effects)
    }

    /// It is part of the result. What a caller sends back is nothing that is known here.
    fn hand_out(
        &mut self,
        value: Option<Node>,
        items: bool,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let result = self.heap.name(RESULT);
        self.put_inside(result, value, items);
        effects.yields = true;
        None
    }
}
