//! Input that is parallel already (SEMANTICS O4): calls that somebody else awaits, all at once.

use dice_program::ast::{Expr, ExprCall, Ranged};

use super::Effects;
use super::walker::Walker;
use crate::dependence::Node;

impl<'a> Walker<'a, '_> {
    /// `asyncio.gather(…)`, awaited: what it is given has run once it is over.
    pub(super) fn gathered(
        &mut self,
        call: &'a ExprCall,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let plain = call.arguments.keywords.iter().all(|keyword| {
            let name = keyword.arg.as_ref().map(|name| name.as_str());
            name == Some("return_exceptions")
        });
        if !plain {
            return self.unknown_call(call, effects);
        }
        Some(self.spawned(call, effects))
    }

    /// What the arguments of the call do, each at the same time as the others.
    pub(super) fn spawned(&mut self, call: &'a ExprCall, effects: &mut Effects<'a>) -> Node {
        let mut own = Effects::default();
        let outer = std::mem::replace(&mut self.spawning, true);
        let values = self.arguments(&call.arguments, &mut own);
        self.spawning = outer;
        let apart = own.in_place.is_none()
            && own.changes_nothing()
            && own.exits.is_none()
            && own.written_states.is_empty()
            && !own.opaque;
        if !apart {
            own.opaque = true;
            own.stay(call.range(), "O4", "it runs at the same time as others");
        }
        effects.include(&own);
        let node = self.heap.fresh();
        for value in values {
            self.put_inside(node, Some(value), false);
            self.put_inside(node, Some(value), true);
        }
        node
    }

    /// `hermod.call(…)` or a coroutine of the program, not awaited, where somebody else will await it.
    pub(super) fn spawn(
        &mut self,
        call: &'a ExprCall,
        effects: &mut Effects<'a>,
    ) -> Option<Option<Node>> {
        if !self.spawning {
            return None;
        }
        if self.sites.is_hermod_call(&call.func) {
            return Some(Some(self.hermod_call(call, effects)));
        }
        let callee = self.callee(&call.func)?;
        let coroutine = self.is_async(&callee, true);
        coroutine.then(|| self.user_call(call, &callee, effects))
    }

    /// `asyncio.create_task(…)`, or `create_task` of a task group.
    pub(super) fn is_task(&self, call: &'a ExprCall) -> bool {
        match self.module.imported(&call.func, self.scope) {
            Some(("asyncio", "create_task" | "ensure_future")) => true,
            Some(_) => false,
            None => match &*call.func {
                Expr::Attribute(attribute) if attribute.attr.as_str() == "create_task" => {
                    matches!(&*attribute.value, Expr::Name(name)
                        if self.task_groups.contains(name.id.as_str()))
                }
                _ => false,
            },
        }
    }
}
