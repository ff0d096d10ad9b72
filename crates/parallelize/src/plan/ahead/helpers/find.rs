//! Which coroutines of the program can have a slice.

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, ExprCall, Parameters, Stmt, StmtFunctionDef};

use crate::effects::{Scope, all_names, known};
use crate::plan::FunctionPlan;
use crate::plan::ahead::size;

/// A coroutine of the module whose slice can stand in the function that `around` is about.
pub(super) fn helper<'a>(
    call: &'a ExprCall,
    scope: Scope,
    plan: &FunctionPlan<'a, '_>,
) -> Option<(Scope, &'a StmtFunctionDef)> {
    let (module, around) = (plan.program.module, plan.facts);
    let name = call.func.as_name_expr()?.id.as_str();
    let called = module.scopes.function_named(scope, name)?;
    let of_module = module.scopes.owner(scope, name) == Some(Scope::MODULE);
    let function = module.callable(called).filter(|found| found.is_async)?.node;
    let facts = module.facts_of(called)?;
    let names = all_names(&function.body);
    let hidden = names.iter().any(|name| {
        !facts.locals.contains(name)
            && (around.locals.contains(name) || around.outer.contains(name))
    });
    let looks = names
        .iter()
        .any(|name| known::looks_at_itself(name) || *name == "inspect");
    let alone = module.is_watched(called) || module.scopes.info(called).generator;
    let rebinds = !facts.whole.outer_binds.is_empty();
    let written = plan.layout.is_plain(&function.body) && size::is_small(&function.body);
    let plain = of_module && is_plain(&function.parameters) && written;
    (plain && !hidden && !looks && !alone && !rebinds).then_some((called, function))
}

/// Parameters by place or name, with defaults that anybody can write down once more.
fn is_plain(parameters: &Parameters) -> bool {
    let rest = parameters.vararg.is_some() || parameters.kwarg.is_some();
    let by_one_way = !parameters.posonlyargs.is_empty() || !parameters.kwonlyargs.is_empty();
    let literal = |default: &Expr| default.is_literal_expr();
    let mut defaults = parameters
        .args
        .iter()
        .filter_map(|one| one.default.as_deref());
    !rest && !by_one_way && defaults.all(literal)
}

/// Awaited calls of names, those of nested functions left out.
#[derive(Default)]
pub(super) struct Awaited<'a>(pub(super) Vec<&'a ExprCall>);

impl<'a> Visitor<'a> for Awaited<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            visitor::walk_stmt(self, statement);
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Await(wait) = expression
            && let Expr::Call(call) = &*wait.value
        {
            self.0.push(call);
        }
        visitor::walk_expr(self, expression);
    }
}
