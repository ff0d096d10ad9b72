//! What comes of calls: of the catalog's functions, of the program's own, of tasks.

use dice_program::ast::{Expr, ExprCall};

use super::Judge;
use crate::effects::{Receiver, Scope, last_name};

impl<'a> Judge<'a, '_> {
    pub(super) fn is_gather(&self, call: &'a ExprCall, scope: Scope) -> bool {
        self.module.imported(&call.func, scope) == Some(("asyncio", "gather"))
    }

    /// What comes of a call that somebody awaits.
    pub(super) fn outcome(
        &mut self,
        call: &'a ExprCall,
        scope: Scope,
        depth: usize,
        wanted: fn(&mut Self, &'a Expr, Scope, usize) -> bool,
    ) -> bool {
        self.sites.is_hermod_call(&call.func)
            || self.returned(call, scope, true, depth) && self.returns(call, scope, depth, wanted)
    }

    /// What `gather` gives for one of its arguments.
    pub(super) fn gathered(&mut self, value: &'a Expr, scope: Scope, depth: usize) -> bool {
        match value {
            Expr::Call(call) => self.outcome(call, scope, depth, Self::deep),
            Expr::Starred(starred) => match &*starred.value {
                Expr::ListComp(list) => self.gathered(&list.elt, scope, depth),
                Expr::Generator(generator) => self.gathered(&generator.elt, scope, depth),
                _ => false,
            },
            _ => false,
        }
    }

    /// `task.result()`, where `task = group.create_task(…)`.
    pub(super) fn result_of_task(
        &mut self,
        task: &'a Expr,
        scope: Scope,
        depth: usize,
        wanted: fn(&mut Self, &'a Expr, Scope, usize) -> bool,
    ) -> bool {
        let Expr::Name(name) = task else {
            return false;
        };
        let name = name.id.as_str();
        let owner = self.module.scopes.owner(scope, name);
        let Some(values) = owner.and_then(|owner| self.bindings.values_of(owner, name)) else {
            return false;
        };
        values.into_iter().all(|value| match value {
            Expr::Call(call) if last_name(&call.func) == Some("create_task") => {
                match call.arguments.args.first() {
                    Some(Expr::Call(spawned)) => self.outcome(spawned, scope, depth, wanted),
                    _ => false,
                }
            }
            _ => false,
        })
    }

    pub(super) fn returns(
        &mut self,
        call: &'a ExprCall,
        scope: Scope,
        depth: usize,
        wanted: fn(&mut Self, &'a Expr, Scope, usize) -> bool,
    ) -> bool {
        let Some(callee) = self.module.callee(&call.func, scope, self.bindings) else {
            return false;
        };
        callee.targets.into_iter().all(|target| {
            let mut returns = self.bindings.returns(target).iter();
            returns.all(|value| wanted(self, value, target, depth))
        })
    }

    /// Is everything plain that this function of the program returns? `None` is.
    pub(super) fn returned(
        &mut self,
        call: &'a ExprCall,
        scope: Scope,
        is_async: bool,
        depth: usize,
    ) -> bool {
        let Some(callee) = self.module.callee(&call.func, scope, self.bindings) else {
            return false;
        };
        if matches!(callee.receiver, Receiver::Own(_)) {
            return false;
        }
        callee.targets.into_iter().all(|target| {
            let info = self.module.scopes.info(target);
            let returns = self.bindings.returns(target).to_vec();
            info.node.is_some_and(|node| node.is_async == is_async)
                && !info.generator
                && returns
                    .into_iter()
                    .all(|value| self.plain(value, target, depth))
        })
    }
}
