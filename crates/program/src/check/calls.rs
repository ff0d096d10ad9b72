//! Calls of anything: `hermod.call`, the program's own helpers, images, builtins, methods.

use dice_catalog::Type;

use super::builtins;
use super::kind::Kind;
use super::walker::Walker;
use crate::ast::{Expr, ExprAwait, ExprCall, Ranged, StmtFunctionDef, TextRange};
use crate::diagnostic::Diagnostic;

/// The arguments of a call.
#[derive(Default)]
struct Given<'a> {
    positional: Vec<Kind>,
    keywords: Vec<(&'a str, Kind)>,
    /// `*` or `**` is among them: which parameter gets what is not known.
    starred: bool,
}

impl Given<'_> {
    fn keyword(&self, name: &str) -> Option<&Kind> {
        self.keywords
            .iter()
            .find(|(keyword, _)| *keyword == name)
            .map(|(_, kind)| kind)
    }
}

impl<'a> Walker<'a> {
    pub(super) fn call(&mut self, call: &'a ExprCall) -> Kind {
        if self.sites.is_hermod_call(&call.func) {
            return self.hermod_call(call);
        }
        if let Some(name) = self.dotted(&call.func) {
            self.visit(&call.func);
            let given = self.arguments(call, &Kind::Unknown);
            return self.imported_call(call, &name, &given.positional);
        }
        match &*call.func {
            Expr::Name(name) => self.named_call(call, name.id.as_str()),
            Expr::Attribute(method) => {
                let receiver = self.kind_of(&method.value);
                self.attribute(method, &receiver);
                let item = receiver.item().unwrap_or(Kind::Unknown);
                let given = self.arguments(call, &item);
                self.method_call(call, method, &receiver, &given.positional)
            }
            other => {
                self.visit(other);
                self.arguments(call, &Kind::Unknown);
                Kind::Unknown
            }
        }
    }

    /// Walks the arguments. A `key=lambda …` among them is given the items of the first argument, or
    /// of the `receiver`.
    fn arguments(&mut self, call: &'a ExprCall, receiver_item: &Kind) -> Given<'a> {
        let mut given = Given::default();
        for argument in &call.arguments.args {
            let kind = self.kind_of(argument);
            let starred = argument.is_starred_expr();
            given.starred |= starred;
            given
                .positional
                .push(if starred { Kind::Unknown } else { kind });
        }
        let item = match given.positional.first() {
            Some(first) if *receiver_item == Kind::Unknown => first.item().unwrap_or(Kind::Unknown),
            _ => receiver_item.clone(),
        };
        for keyword in &call.arguments.keywords {
            let name = keyword.arg.as_deref();
            let kind = match (&keyword.value, name) {
                (Expr::Lambda(lambda), Some("key")) => {
                    self.lambda(lambda, &item);
                    Kind::Unknown
                }
                (value, _) => self.kind_of(value),
            };
            given.starred |= name.is_none();
            given.keywords.extend(name.map(|name| (name, kind)));
        }
        given
    }

    fn named_call(&mut self, call: &'a ExprCall, name: &str) -> Kind {
        self.visit(&call.func);
        if let Some(helper) = self.helper(name) {
            return self.helper_call(call, helper);
        }
        let given = self.arguments(call, &Kind::Unknown).positional;
        if self.facts.bound.contains(name) {
            return Kind::Unknown;
        }
        match name {
            "open" => return self.open_call(call, &given),
            "print" | "len" | "sorted" | "enumerate" | "sum" | "max" | "min" | "list" | "str"
            | "int" | "float" => {
                for (kind, argument) in given.iter().zip(&call.arguments.args) {
                    self.used_as_value(kind, argument.range(), &format!("given to {name}()"));
                }
            }
            _ => {}
        }
        builtins::result(name, &given)
    }

    fn helper_call(&mut self, call: &'a ExprCall, helper: &'a StmtFunctionDef) -> Kind {
        let name = helper.name.as_str();
        let given = self.arguments(call, &Kind::Unknown);
        for (index, parameter) in helper.parameters.iter_non_variadic_params().enumerate() {
            let named = parameter.name().as_str();
            let kind = match (
                given.starred,
                given.positional.get(index),
                given.keyword(named),
            ) {
                (true, ..) => Kind::Unknown,
                (_, Some(kind), _) | (_, _, Some(kind)) => kind.clone(),
                _ => match parameter.default() {
                    Some(Expr::NoneLiteral(_)) => Kind::NULL,
                    Some(Expr::StringLiteral(text)) => {
                        Kind::Literal(vec![text.value.to_str().to_owned()])
                    }
                    Some(_) => Kind::Unknown,
                    None => continue,
                },
            };
            self.learn_given(name, named, kind);
        }
        if super::facts::is_generator(helper) {
            return Kind::Unknown;
        }
        let result = self.result_of(name);
        if helper.is_async {
            Kind::Coroutine {
                function: name.to_owned(),
                result: Box::new(result),
            }
        } else {
            result
        }
    }

    fn imported_call(&mut self, call: &'a ExprCall, name: &str, arguments: &[Kind]) -> Kind {
        match name {
            "PIL.Image.open" => self.image_open(call, arguments),
            "hermod.input" => {
                self.input_named(call, arguments);
                Kind::Unknown
            }
            "PIL.Image.new" => Kind::IMAGE,
            "asyncio.run" => match arguments.first() {
                Some(Kind::Coroutine { result, .. }) => (**result).clone(),
                Some(Kind::Call { result, .. }) => Kind::of(result.clone()),
                _ => Kind::Unknown,
            },
            _ => Kind::Unknown,
        }
    }

    fn method_call(
        &mut self,
        call: &'a ExprCall,
        method: &'a crate::ast::ExprAttribute,
        receiver: &Kind,
        arguments: &[Kind],
    ) -> Kind {
        match receiver {
            Kind::Value(Type::Image) => self.image_method(call, &method.attr, arguments),
            Kind::Value(Type::Record { .. } | Type::Union(_)) if method.attr.as_str() == "get" => {
                self.get_call(call, receiver, arguments)
            }
            _ => builtins::method_result(receiver, &method.attr),
        }
    }

    /// `await value`.
    pub(super) fn awaited(&mut self, wait: &'a ExprAwait, awaited: Kind) -> Kind {
        self.await_allowed(wait.range());
        match awaited {
            Kind::Call { result, .. } => Kind::of(result),
            Kind::Coroutine { result, .. } => *result,
            Kind::Unknown | Kind::Value(Type::Any) => Kind::Unknown,
            other => {
                let message = format!("{} cannot be awaited", other.words());
                let hint = "only calls and coroutines are awaited, and their results only once";
                self.report(
                    Diagnostic::error("await-of-value", wait.value.range(), message).hint(hint),
                );
                other
            }
        }
    }

    fn await_allowed(&mut self, at: TextRange) {
        let place = match &self.function {
            Some(function) if function.is_async => return,
            Some(_) => "a function that is not async",
            None => "the module itself",
        };
        let message = format!("`await` in {place}");
        let hint = "put it in an `async def`, started by asyncio.run(…)";
        self.report(Diagnostic::error("await-outside-async", at, message).hint(hint));
    }

    /// A call's or coroutine's result is wanted, but it was not awaited.
    pub(super) fn used_as_value(&mut self, kind: &Kind, at: TextRange, how: &str) {
        let (what, function) = match kind {
            Kind::Call { function, .. } => ("call", function),
            Kind::Coroutine { function, .. } => ("coroutine", function),
            _ => return,
        };
        let message = format!("the {what} of {function} is {how} without being awaited");
        self.report(
            Diagnostic::error("missing-await", at, message).hint("write `await` before the call"),
        );
    }
}
