//! Plain data all the way down: whatever is taken out of it is plain as well.

use dice_program::ast::{Expr, ExprCall};

use super::{DEEPEST, Judge, holds_plain_type};
use crate::dependence::bindings::Source;
use crate::effects::{Scope, known};

impl<'a> Judge<'a, '_> {
    /// Is it plain data all the way down?
    pub(super) fn deep(&mut self, expression: &'a Expr, scope: Scope, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let depth = depth + 1;
        match expression {
            Expr::Name(name) => self.deep_name(name.id.as_str(), scope, depth),
            Expr::Await(wait) => match &*wait.value {
                Expr::Call(call) if self.is_gather(call, scope) => {
                    let mut given = call.arguments.args.iter();
                    given.all(|value| self.gathered(value, scope, depth))
                }
                Expr::Call(call) => self.outcome(call, scope, depth, Self::deep),
                _ => false,
            },
            Expr::List(list) => self.all_deep(&list.elts, scope, depth),
            Expr::Tuple(tuple) => self.all_deep(&tuple.elts, scope, depth),
            Expr::Set(set) => self.all_deep(&set.elts, scope, depth),
            Expr::Dict(dict) => {
                let mut items = dict.items.iter();
                items.all(|item| self.deep(&item.value, scope, depth))
            }
            Expr::ListComp(list) => self.deep(&list.elt, scope, depth),
            Expr::SetComp(set) => self.deep(&set.elt, scope, depth),
            Expr::DictComp(dict) => self.deep(&dict.value, scope, depth),
            Expr::Subscript(subscript) => self.deep(&subscript.value, scope, depth),
            Expr::Starred(starred) => self.deep(&starred.value, scope, depth),
            Expr::Named(named) => self.deep(&named.value, scope, depth),
            Expr::If(choice) => {
                self.deep(&choice.body, scope, depth) && self.deep(&choice.orelse, scope, depth)
            }
            Expr::BoolOp(operation) => self.all_deep(&operation.values, scope, depth),
            Expr::BinOp(operation) => {
                self.deep(&operation.left, scope, depth)
                    && self.deep(&operation.right, scope, depth)
            }
            Expr::Attribute(attribute) => {
                self.deep_attribute(&attribute.value, attribute.attr.as_str(), scope, depth)
            }
            Expr::Call(call) => self.deep_call(call, scope, depth),
            Expr::FString(_) | Expr::Compare(_) | Expr::UnaryOp(_) => true,
            _ => expression.is_literal_expr(),
        }
    }

    pub(super) fn all_deep(&mut self, values: &'a [Expr], scope: Scope, depth: usize) -> bool {
        values.iter().all(|value| self.deep(value, scope, depth))
    }

    fn deep_attribute(
        &mut self,
        owner: &'a Expr,
        name: &'a str,
        scope: Scope,
        depth: usize,
    ) -> bool {
        if let Some(annotations) = self.fields(owner, name, scope) {
            return annotations.into_iter().all(holds_plain_type);
        }
        let bindings = self.bindings;
        let mut values = bindings
            .stored(name)
            .iter()
            .chain(bindings.held_by_attribute(name));
        self.attribute(owner, name, scope, depth)
            && values
                .all(|(scope, value)| value.is_some_and(|value| self.deep(value, *scope, depth)))
    }

    fn deep_call(&mut self, call: &'a ExprCall, scope: Scope, depth: usize) -> bool {
        let arguments = &call.arguments.args;
        if let Some(library) = self.module.library(&call.func, scope) {
            return match library {
                known::Library::Value | known::Library::Defaults => true,
                known::Library::Draws => false,
                _ => self.all_deep(arguments, scope, depth),
            };
        }
        match &*call.func {
            Expr::Name(name) if self.is_builtin(name.id.as_str(), scope) => {
                let name = name.id.as_str();
                name == "range"
                    || known::is_scalar_builtin(name)
                    || known::is_builtin(name) && self.all_deep(arguments, scope, depth)
            }
            Expr::Attribute(attribute) => match attribute.attr.as_str() {
                "split" | "rsplit" | "splitlines" | "strip" | "lower" | "upper" | "join" => true,
                "result" if arguments.is_empty() => {
                    self.result_of_task(&attribute.value, scope, depth, Self::deep)
                }
                "keys" | "values" | "items" | "copy" | "get" | "most_common" | "pop" => {
                    let given = arguments.get(1..).unwrap_or_default();
                    self.deep(&attribute.value, scope, depth) && self.all_deep(given, scope, depth)
                }
                _ => {
                    self.returned(call, scope, false, depth)
                        && self.returns(call, scope, depth, Self::deep)
                }
            },
            _ => {
                self.returned(call, scope, false, depth)
                    && self.returns(call, scope, depth, Self::deep)
            }
        }
    }

    fn deep_name(&mut self, name: &'a str, scope: Scope, depth: usize) -> bool {
        let owner = self.module.scopes.owner(scope, name).unwrap_or(scope);
        if !self.trusted_deep.insert((owner, name)) {
            return true;
        }
        if let Some(annotation) = self.bindings.annotation(owner, name) {
            return holds_plain_type(annotation);
        }
        let bindings = self.bindings;
        let mut held = bindings.held_by(owner, name).iter();
        if !held.all(|value| value.is_some_and(|value| self.deep(value, owner, depth))) {
            return false;
        }
        let sources = bindings.sources_at(owner, name);
        let given = match bindings
            .parameters(owner)
            .filter(|_| bindings.is_parameter(owner, name))
        {
            Some(parameters) => self.by_callers(name, owner, parameters, |judge, value, scope| {
                judge.deep(value, scope, depth)
            }),
            None => sources.is_some(),
        };
        given
            && sources
                .unwrap_or_default()
                .iter()
                .all(|source| match source {
                    Source::Value(value) | Source::Part(value) | Source::Item(value, _) => {
                        self.deep(value, owner, depth)
                    }
                    Source::Unknown => false,
                })
    }
}
