//! Which coroutines of the program can have a slice.

use std::collections::HashSet;

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, ExprCall, Parameters, Stmt, StmtFunctionDef};

use crate::effects::{Receiver, Scope, all_names, known};
use crate::plan::FunctionPlan;
use crate::plan::ahead::size;

/// A coroutine that is called.
pub(super) struct Found<'a> {
    pub(super) scope: Scope,
    pub(super) function: &'a StmtFunctionDef,
    /// The variable with the object whose method it is.
    pub(super) owner: Option<&'a str>,
}

/// A coroutine of the module, or a method, whose slice can stand in the function that `plan` plans.
pub(super) fn helper<'a>(
    call: &'a ExprCall,
    scope: Scope,
    plan: &FunctionPlan<'a, '_>,
) -> Option<Found<'a>> {
    let (module, around) = (plan.program.module, plan.facts);
    let callee = module.callee(&call.func, scope, plan.program.bindings)?;
    let [called] = callee.targets[..] else {
        return None;
    };
    let owner = match callee.receiver {
        Receiver::None => None,
        Receiver::Object(Expr::Name(owner)) => Some(owner.id.as_str()),
        _ => return None,
    };
    let of_module = module.scopes.parent(called) == Scope::MODULE;
    let function = module.callable(called).filter(|found| found.is_async)?.node;
    let facts = module.facts_of(called)?;
    let names = all_names(&function.body);
    let of_class = module.scopes.info(called).class.is_some() && knows_its_class(function, &names);
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
    (plain && !hidden && !looks && !alone && !rebinds && !of_class).then_some(Found {
        scope: called,
        function,
        owner,
    })
}

/// Does a method use what has a meaning in the body of its class only?
fn knows_its_class(method: &StmtFunctionDef, names: &HashSet<&str>) -> bool {
    #[derive(Default)]
    struct Private(bool);
    impl<'a> Visitor<'a> for Private {
        fn visit_expr(&mut self, expression: &'a Expr) {
            self.0 |= matches!(expression, Expr::Attribute(attribute)
                if attribute.attr.starts_with("__") && !attribute.attr.ends_with("__"));
            visitor::walk_expr(self, expression);
        }
    }
    let mut private = Private::default();
    private.visit_body(&method.body);
    private.0
        || names
            .iter()
            .any(|name| name.starts_with("__") || *name == "super")
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
