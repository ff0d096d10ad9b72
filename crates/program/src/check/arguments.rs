//! The arguments of `hermod.call`: names, literals against the schema, kinds against the types.

use dice_catalog::{ArgumentProblem, Entry, Parameter, Type};
use dice_model::Value;

use super::kind::{Kind, could_be, is_box};
use super::walker::Walker;
use crate::ast::{Expr, ExprCall, Keyword, Number, Ranged, UnaryOp};
use crate::diagnostic::Diagnostic;

impl<'a> Walker<'a> {
    pub(super) fn hermod_call(&mut self, call: &'a ExprCall) -> Kind {
        let arguments = &call.arguments;
        let name_argument = arguments.args.first();
        let mut given: Vec<(&'a Keyword, Kind)> = Vec::new();
        for argument in &arguments.args {
            self.visit(argument);
        }
        for keyword in &arguments.keywords {
            let kind = self.kind_of(&keyword.value);
            given.push((keyword, kind));
        }
        let function = match name_argument {
            Some(Expr::StringLiteral(literal)) => literal.value.to_str(),
            Some(Expr::Starred(_)) => return unknown_call("?"),
            Some(other) => return self.named_at_run_time(other),
            None => {
                let message = "hermod.call needs the function's name first";
                let hint = "hermod.call(\"NAME\", parameter=value)";
                self.report(Diagnostic::error("no-function", call.range(), message).hint(hint));
                return unknown_call("?");
            }
        };
        let Some(entry) = self.catalog.get(function) else {
            self.unknown_function(function, name_argument.expect("it was just looked at"));
            return unknown_call(function);
        };
        self.positional(entry, call);
        let more = given.iter().any(|(keyword, _)| keyword.arg.is_none());
        for (keyword, kind) in &given {
            if let Some(name) = keyword.arg.as_deref() {
                self.argument(entry, name, keyword, kind);
            }
        }
        if !more && arguments.args.len() == 1 {
            self.missing(entry, call);
        }
        Kind::Call {
            function: function.to_owned(),
            result: entry.result.clone(),
        }
    }

    /// A name that is not a literal is checked when it runs; the only values it can have may be known.
    fn named_at_run_time(&mut self, name: &'a Expr) -> Kind {
        let known = match self.kind_of(name) {
            Kind::Literal(values) => values,
            _ => Vec::new(),
        };
        for function in &known {
            if self.catalog.get(function).is_none() {
                self.unknown_function(function, name);
            }
        }
        let message =
            "which function is called is only known when it runs: its arguments are not checked";
        self.report(
            Diagnostic::warning("dynamic-function", name.range(), message)
                .hint("write the name as a literal"),
        );
        unknown_call("?")
    }

    fn unknown_function(&mut self, name: &str, at: &Expr) {
        let offered = self.catalog.names().collect::<Vec<_>>().join(", ");
        let hint = match self.catalog.closest(name) {
            Some(closest) => format!("did you mean \"{closest}\"? on offer: {offered}"),
            None => format!("on offer: {offered}"),
        };
        let message = format!("there is no function \"{name}\"");
        self.report(Diagnostic::error("unknown-function", at.range(), message).hint(hint));
    }

    fn positional(&mut self, entry: &Entry, call: &ExprCall) {
        let mut extra = call
            .arguments
            .args
            .iter()
            .skip(1)
            .filter(|argument| !argument.is_starred_expr());
        let Some(argument) = extra.next() else { return };
        let message = format!("{} takes its arguments by keyword", entry.name());
        let hint = match entry.parameters.first() {
            Some(first) => format!("{}={}", first.name, self.parsed.text(argument)),
            None => "it takes none".to_owned(),
        };
        self.report(Diagnostic::error("positional-argument", argument.range(), message).hint(hint));
    }

    fn missing(&mut self, entry: &Entry, call: &ExprCall) {
        let given = |parameter: &&Parameter| call.arguments.find_keyword(&parameter.name).is_some();
        let missing = entry
            .parameters
            .iter()
            .filter(|parameter| parameter.required && !given(parameter));
        let missing: Vec<_> = missing.map(|parameter| parameter.name.as_str()).collect();
        if !missing.is_empty() {
            let message = format!("{} needs {}", entry.name(), missing.join(" and "));
            self.report(
                Diagnostic::error("missing-argument", call.range(), message)
                    .hint(entry.signature()),
            );
        }
    }

    fn argument(&mut self, entry: &Entry, name: &str, keyword: &'a Keyword, kind: &Kind) {
        let Some(parameter) = entry.parameter(name) else {
            if !entry.takes_more_parameters() {
                self.unknown_parameter(entry, name, keyword);
            }
            return;
        };
        if matches!(kind, Kind::Call { .. } | Kind::Coroutine { .. }) {
            let how = format!("given to {} as {name}", entry.name());
            self.used_as_value(kind, keyword.value.range(), &how);
            return;
        }
        let literals = match (literal(&keyword.value), kind) {
            (Some(value), _) => vec![value],
            (None, Kind::Literal(texts)) => texts
                .iter()
                .map(|text| Value::from(text.as_str()))
                .collect(),
            _ => Vec::new(),
        };
        if literals.is_empty() {
            self.kind_of_argument(entry, parameter, keyword, kind);
        }
        for value in literals {
            if let Err(problem) = entry.check_argument(name, &value) {
                self.bad_literal(entry, parameter, keyword, &problem);
            }
        }
    }

    fn unknown_parameter(&mut self, entry: &Entry, name: &str, keyword: &Keyword) {
        let at = keyword.arg.as_ref().map_or(keyword.range(), Ranged::range);
        let names = entry
            .parameters
            .iter()
            .map(|parameter| parameter.name.as_str());
        let hint = match dice_catalog::closest(name, names) {
            Some(closest) => format!("did you mean {closest}?"),
            None => entry.signature(),
        };
        let message = format!("{} has no parameter {name}", entry.name());
        self.report(Diagnostic::error("unknown-argument", at, message).hint(hint));
    }

    fn bad_literal(
        &mut self,
        entry: &Entry,
        parameter: &Parameter,
        keyword: &Keyword,
        problem: &ArgumentProblem,
    ) {
        let message = format!("{}: {problem}", entry.name());
        let mut diagnostic = Diagnostic::error("bad-argument", keyword.value.range(), message);
        if parameter.kind == Type::Image && keyword.value.is_string_literal_expr() {
            diagnostic =
                diagnostic.hint(format!("Image.open({})", self.parsed.text(&keyword.value)));
        }
        self.report(diagnostic);
    }

    fn kind_of_argument(
        &mut self,
        entry: &Entry,
        parameter: &Parameter,
        keyword: &Keyword,
        kind: &Kind,
    ) {
        let have = kind.to_type();
        if could_be(&parameter.kind, &have) {
            return;
        }
        let message = format!(
            "{}: {} needs {}, and this is {}",
            entry.name(),
            parameter.name,
            super::kind::with_article(&parameter.kind),
            kind.words()
        );
        let mut diagnostic =
            Diagnostic::error("wrong-argument-type", keyword.value.range(), message);
        diagnostic.hint = hint_for(&parameter.kind, &have, self.parsed.text(&keyword.value));
        self.report(diagnostic);
    }
}

fn unknown_call(function: &str) -> Kind {
    Kind::Call {
        function: function.to_owned(),
        result: Type::Any,
    }
}

/// How to get what is needed from what there is.
fn hint_for(need: &Type, have: &Type, text: &str) -> Option<String> {
    match (need, have) {
        (Type::Image, have) if is_box(have) => Some(format!(
            "crop it out: image.crop(({text}[\"x\"], {text}[\"y\"], {text}[\"x\"] + {text}[\"width\"], {text}[\"y\"] + {text}[\"height\"]))"
        )),
        (Type::Image, Type::Text) => Some(format!("Image.open({text})")),
        (need, Type::List(item)) if could_be(need, item) || is_box(item) => {
            Some(format!("it takes one: for item in {text}: …"))
        }
        (need, Type::Record { fields, .. }) => {
            let field = fields
                .iter()
                .find(|field| field.required && could_be(need, &field.kind))?;
            Some(format!("{text}[\"{}\"]", field.name))
        }
        (Type::Text, Type::Integer | Type::Number) => Some(format!("str({text})")),
        _ => None,
    }
}

/// The value of a literal, if it is one all through.
fn literal(expression: &Expr) -> Option<Value> {
    match expression {
        Expr::StringLiteral(literal) => Some(Value::from(literal.value.to_str())),
        Expr::BooleanLiteral(literal) => Some(Value::Bool(literal.value)),
        Expr::NoneLiteral(_) => Some(Value::Null),
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(number) => number.as_i64().map(Value::Int),
            Number::Float(number) => Value::float(*number).ok(),
            Number::Complex { .. } => None,
        },
        Expr::UnaryOp(operation) if operation.op == UnaryOp::USub => {
            match literal(&operation.operand)? {
                Value::Int(number) => Some(Value::Int(-number)),
                Value::Float(number) => Some(Value::Float(-number)),
                _ => None,
            }
        }
        Expr::List(list) => list
            .elts
            .iter()
            .map(literal)
            .collect::<Option<_>>()
            .map(Value::List),
        Expr::Tuple(tuple) => tuple
            .elts
            .iter()
            .map(literal)
            .collect::<Option<_>>()
            .map(Value::List),
        Expr::Dict(dict) => {
            let entries = dict.items.iter().map(|item| match item.key.as_ref()? {
                Expr::StringLiteral(key) => {
                    Some((key.value.to_str().to_owned(), literal(&item.value)?))
                }
                _ => None,
            });
            entries.collect::<Option<_>>().map(Value::Map)
        }
        _ => None,
    }
}
