//! Coroutines of the program that can be started early.

use std::collections::BTreeSet;

use dice_program::ast::{Expr, ExprCall, Parameters};

use crate::effects::{GLOBALS, Receiver, Scope};
use crate::functions::State;
use crate::plan::FunctionPlan;

impl<'a> FunctionPlan<'a, '_> {
    /// A coroutine of the program that only computes and makes pure or read calls; with what it reads
    /// besides its arguments. Calling it with wrong arguments would raise at once, so its parameters
    /// must be as plain as the call.
    pub(super) fn helper(
        &self,
        call: &'a ExprCall,
        reads: &mut BTreeSet<&'a str>,
    ) -> Option<BTreeSet<State>> {
        let module = self.program.module;
        let callee = module.callee(&call.func, self.scope, self.program.bindings)?;
        let bound = match callee.receiver {
            Receiver::None => 0,
            Receiver::Class => 1,
            Receiver::Object(Expr::Name(owner)) => {
                let owner = owner.id.as_str();
                let known = self.definite.contains(owner) || self.facts.outer.contains(owner);
                reads.insert(owner);
                known.then_some(1)?
            }
            Receiver::Object(_) | Receiver::Own(_) => return None,
        };
        if let Expr::Name(name) = &*call.func {
            let name = name.id.as_str();
            let local = self.facts.locals.contains(name);
            if local {
                reads.insert(name);
            }
            let outer = module.scopes.owner(self.scope, name) != Some(Scope::MODULE);
            let there = match local {
                true => self.definite.contains(name),
                false => outer || module.is_bound_early(name),
            };
            there.then_some(())?;
        }
        let mut states = BTreeSet::new();
        for target in &callee.targets {
            let function = module.callable(*target)?;
            let summary = module.summary_of(*target);
            let ahead = summary.in_place.is_none()
                && !summary.mutates
                && !summary.opaque
                && summary.written_states.is_empty();
            let usable = function.is_async && ahead && fits(call, &function.node.parameters, bound);
            usable.then_some(())?;
            if summary.touches_globals {
                reads.insert(GLOBALS);
            }
            for name in &summary.outer_reads {
                let local = self.facts.locals.contains(name);
                (!local || self.definite.contains(name)).then_some(())?;
                reads.insert(name);
            }
            states.extend(summary.read_states.iter().cloned());
        }
        Some(states)
    }
}

/// Does the call pass each parameter once, by place or by name? `bound` of them are passed already.
fn fits(call: &ExprCall, parameters: &Parameters, bound: usize) -> bool {
    let arguments = &call.arguments;
    let places: Vec<&str> = parameters
        .posonlyargs
        .iter()
        .chain(&parameters.args)
        .map(|one| one.name().as_str())
        .collect();
    let filled = bound + arguments.args.len();
    if filled > places.len() || arguments.args.iter().any(Expr::is_starred_expr) {
        return false;
    }
    let mut named = Vec::new();
    for keyword in &arguments.keywords {
        let Some(name) = keyword.arg.as_ref().map(|name| name.as_str()) else {
            return false;
        };
        let known = parameters
            .args
            .iter()
            .chain(&parameters.kwonlyargs)
            .any(|one| one.name().as_str() == name);
        if !known || places[..filled].contains(&name) {
            return false;
        }
        named.push(name);
    }
    parameters.iter_non_variadic_params().all(|one| {
        let name = one.name().as_str();
        let placed = places[..filled].contains(&name);
        placed || named.contains(&name) || one.default.is_some()
    })
}
