//! What parameters hold: by their annotation, or by what every caller passes.

use dice_program::ast::{Expr, ExprCall, Parameters, StmtFunctionDef};

use super::{Judge, is_plain_type};
use crate::effects::{ClassId, MethodKind, Scope, method_kind};

impl<'a> Judge<'a, '_> {
    /// By its annotation, or by what every caller passes.
    pub(super) fn parameter(
        &mut self,
        name: &'a str,
        scope: Scope,
        parameters: &'a Parameters,
        depth: usize,
    ) -> bool {
        if let Some(annotation) = self.bindings.annotation(scope, name) {
            let rest = parameters.vararg.as_ref();
            return rest.is_some_and(|rest| rest.name.as_str() == name)
                || is_plain_type(annotation);
        }
        self.by_callers(name, scope, parameters, |judge, value, scope| {
            judge.plain(value, scope, depth)
        })
    }

    /// Does everything that callers pass, and the default, satisfy `wanted`?
    pub(super) fn by_callers(
        &mut self,
        name: &'a str,
        scope: Scope,
        parameters: &'a Parameters,
        mut wanted: impl FnMut(&mut Self, &'a Expr, Scope) -> bool,
    ) -> bool {
        let mut places = parameters.posonlyargs.iter().chain(&parameters.args);
        let position = places.position(|one| one.name().as_str() == name);
        let mut all = parameters.iter_non_variadic_params();
        let Some(parameter) = all.find(|one| one.name().as_str() == name) else {
            let rest = parameters.vararg.as_ref();
            return rest.is_some_and(|rest| rest.name.as_str() == name);
        };
        let info = self.module.scopes.info(scope);
        let Some(function) = info.node else {
            return false;
        };
        let called = self.called_as(function, info.class);
        let exposed = called.iter().any(|name| self.bindings.is_exposed(name));
        if exposed
            || !matches!(
                method_kind(function),
                MethodKind::Plain | MethodKind::Static
            )
        {
            return false;
        }
        let default = parameter.default.as_deref();
        let calls = called.iter().flat_map(|name| self.bindings.calls_of(name));
        let calls: Vec<(Scope, &'a ExprCall)> = calls.copied().collect();
        let around = self.module.scopes.parent(scope);
        let is_static = method_kind(function) == MethodKind::Static;
        let shift = usize::from(info.class.is_some() && !is_static);
        let position = position.and_then(|position| position.checked_sub(shift));
        !calls.is_empty()
            && default.is_none_or(|value| wanted(self, value, around))
            && calls.into_iter().all(|(caller, call)| {
                let spread = call.arguments.args.iter().any(Expr::is_starred_expr)
                    || call.arguments.keywords.iter().any(|one| one.arg.is_none());
                let by_name = call
                    .arguments
                    .find_keyword(name)
                    .map(|keyword| &keyword.value);
                let value = by_name.or_else(|| call.arguments.args.get(position?));
                !spread && value.map_or(default.is_some(), |value| wanted(self, value, caller))
            })
    }

    /// Under which names it is called: objects are made by the names of their classes.
    fn called_as(&self, function: &'a StmtFunctionDef, class: Option<ClassId>) -> Vec<&'a str> {
        let name = function.name.as_str();
        let classes = &self.module.classes;
        match class {
            Some(class) if name == "__init__" => {
                let mut names: Vec<&'a str> = classes
                    .with_those_below(class)
                    .map(|class| classes.get(class).node.name.as_str())
                    .collect();
                names.push(name);
                names
            }
            _ => vec![name],
        }
    }
}
