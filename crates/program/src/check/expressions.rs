//! What an expression gives, and what is wrong inside it.

use super::builtins;
use super::kind::Kind;
use super::walker::Walker;
use crate::ast::visitor::{self, Visitor};
use crate::ast::{Comprehension, Expr, Number, Operator, Ranged, TextRange};
use crate::diagnostic::Diagnostic;

impl<'a> Walker<'a> {
    /// Walks `expression`, reports what is wrong in it, and says what it gives.
    pub(super) fn kind_of(&mut self, expression: &'a Expr) -> Kind {
        match expression {
            Expr::Name(name) => {
                self.defined(name);
                self.names
                    .get(name.id.as_str())
                    .cloned()
                    .unwrap_or(Kind::Unknown)
            }
            Expr::StringLiteral(literal) => Kind::Literal(vec![literal.value.to_str().to_owned()]),
            Expr::NumberLiteral(literal) => match literal.value {
                Number::Int(_) => Kind::INTEGER,
                Number::Float(_) => Kind::NUMBER,
                Number::Complex { .. } => Kind::Unknown,
            },
            Expr::BooleanLiteral(_) => Kind::BOOLEAN,
            Expr::NoneLiteral(_) => Kind::NULL,
            Expr::FString(_) => {
                visitor::walk_expr(&mut Inside(self), expression);
                Kind::TEXT
            }
            Expr::Await(wait) => {
                let awaited = self.kind_of(&wait.value);
                self.awaited(wait, awaited)
            }
            Expr::Call(call) => self.call(call),
            Expr::Attribute(attribute) => {
                let value = self.kind_of(&attribute.value);
                self.attribute(attribute, &value)
            }
            Expr::Subscript(subscript) => {
                let value = self.kind_of(&subscript.value);
                let slice = self.kind_of(&subscript.slice);
                self.subscript(subscript, &value, &slice)
            }
            Expr::BinOp(operation) => {
                let left = self.kind_of(&operation.left);
                let right = self.kind_of(&operation.right);
                self.binary(operation.op, &left, &right, operation.range())
            }
            Expr::BoolOp(operation) => {
                let kinds: Vec<_> = operation
                    .values
                    .iter()
                    .map(|value| self.kind_of(value))
                    .collect();
                kinds
                    .into_iter()
                    .reduce(Kind::join)
                    .unwrap_or(Kind::Unknown)
            }
            Expr::UnaryOp(operation) => {
                let operand = self.kind_of(&operation.operand);
                if operation.op == crate::ast::UnaryOp::Not {
                    self.tested(&operation.operand, &operand);
                    return Kind::BOOLEAN;
                }
                operand
            }
            Expr::Compare(compare) => {
                self.compare(compare);
                Kind::BOOLEAN
            }
            Expr::If(choice) => {
                self.condition(&choice.test);
                let body = self.kind_of(&choice.body);
                body.join(self.kind_of(&choice.orelse))
            }
            Expr::Named(named) => {
                let kind = self.kind_of(&named.value);
                self.bind_target(&named.target, kind.clone());
                kind
            }
            Expr::List(list) => Kind::list(self.joined(&list.elts)),
            Expr::Set(set) => Kind::items(self.joined(&set.elts)),
            Expr::Tuple(tuple) if tuple.elts.iter().any(Expr::is_starred_expr) => {
                Kind::list(self.joined(&tuple.elts))
            }
            Expr::Tuple(tuple) => {
                Kind::Tuple(tuple.elts.iter().map(|item| self.kind_of(item)).collect())
            }
            Expr::ListComp(list) => Kind::list(self.comprehension(&[&list.elt], &list.generators)),
            Expr::SetComp(set) => Kind::items(self.comprehension(&[&set.elt], &set.generators)),
            Expr::Generator(generator) => {
                Kind::items(self.comprehension(&[&generator.elt], &generator.generators))
            }
            Expr::DictComp(dict) => {
                let parts: Vec<&Expr> = dict
                    .key
                    .as_deref()
                    .into_iter()
                    .chain([&*dict.value])
                    .collect();
                self.comprehension(&parts, &dict.generators);
                Kind::Unknown
            }
            Expr::Lambda(lambda) => {
                self.lambda(lambda, &Kind::Unknown);
                Kind::Unknown
            }
            other => {
                visitor::walk_expr(&mut Inside(self), other);
                Kind::Unknown
            }
        }
    }

    fn joined(&mut self, items: &'a [Expr]) -> Kind {
        let kinds: Vec<_> = items
            .iter()
            .map(|item| match item {
                Expr::Starred(starred) => {
                    self.kind_of(&starred.value).item().unwrap_or(Kind::Unknown)
                }
                item => self.kind_of(item),
            })
            .collect();
        kinds
            .into_iter()
            .reduce(Kind::join)
            .unwrap_or(Kind::Unknown)
    }

    /// What its last part gives, each time.
    fn comprehension(&mut self, parts: &[&'a Expr], generators: &'a [Comprehension]) -> Kind {
        let before = self.names.clone();
        for generator in generators {
            let iterated = self.kind_of(&generator.iter);
            let item = if generator.is_async {
                Kind::Unknown
            } else {
                self.iterated(&iterated, &generator.iter)
            };
            self.bind_target(&generator.target, item);
            generator.ifs.iter().for_each(|test| self.condition(test));
        }
        let kinds: Vec<_> = parts.iter().map(|part| self.kind_of(part)).collect();
        self.names = before;
        kinds.into_iter().next_back().unwrap_or(Kind::Unknown)
    }

    /// `argument`: what each parameter is given, as by `sorted(…, key=lambda car: …)`.
    pub(super) fn lambda(&mut self, lambda: &'a crate::ast::ExprLambda, argument: &Kind) -> Kind {
        let before = self.names.clone();
        for parameter in lambda
            .parameters
            .iter()
            .flat_map(|parameters| parameters.iter())
        {
            parameter
                .default()
                .into_iter()
                .for_each(|default| self.visit(default));
            let opaque = self.facts.opaque.contains(parameter.name().as_str());
            let kind = if opaque {
                Kind::Unknown
            } else {
                argument.clone()
            };
            self.names.insert(parameter.name().to_string(), kind);
        }
        let result = self.kind_of(&lambda.body);
        self.names = before;
        result
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Kind,
        right: &Kind,
        at: TextRange,
    ) -> Kind {
        self.used_as_value(left, at, "computed with");
        self.used_as_value(right, at, "computed with");
        let (left_text, right_text) = (is_text(left), is_text(right));
        if operator == Operator::Add && (left_text != right_text) {
            let other = if left_text { right } else { left };
            if super::results::is_certainly_not_text(other) {
                let message = format!("text and {} cannot be added", other.words());
                let hint = "use an f-string: f\"… {value}\"";
                self.report_guarded(Diagnostic::error("added-to-text", at, message).hint(hint));
            }
        }
        match operator {
            Operator::Add if left_text && right_text => Kind::TEXT,
            Operator::Mod if left_text => Kind::TEXT,
            Operator::Add | Operator::Sub | Operator::Mult
                if *left == Kind::INTEGER && *right == Kind::INTEGER =>
            {
                Kind::INTEGER
            }
            Operator::FloorDiv | Operator::Mod
                if *left == Kind::INTEGER && *right == Kind::INTEGER =>
            {
                Kind::INTEGER
            }
            Operator::Add => match (left, right) {
                (Kind::List(_), Kind::List(_)) => left.clone().join(right.clone()),
                _ => Kind::Unknown,
            },
            _ => Kind::Unknown,
        }
    }

    /// What an annotation of the program says, where it says it plainly.
    pub(super) fn annotated(&self, annotation: &Expr) -> Kind {
        if let Some(name) = self.dotted(annotation) {
            return if name == "PIL.Image.Image" {
                Kind::IMAGE
            } else {
                Kind::Unknown
            };
        }
        match annotation {
            Expr::Name(name) => builtins::annotated(&name.id),
            _ => Kind::Unknown,
        }
    }

    fn defined(&mut self, name: &crate::ast::ExprName) {
        let known = self.facts.binds_any_name
            || self.facts.bound.contains(name.id.as_str())
            || builtins::is_builtin(&name.id);
        if known {
            return;
        }
        let bound = self.facts.bound.iter().map(String::as_str);
        let closest = dice_catalog::closest(&name.id, bound)
            .map(|closest| format!("did you mean {closest}?"));
        let message = format!("{} is not defined", name.id);
        let mut diagnostic = Diagnostic::error("undefined-name", name.range(), message);
        diagnostic.hint = import_hint(&name.id).or(closest);
        self.report_guarded(diagnostic);
    }
}

fn import_hint(name: &str) -> Option<String> {
    match name {
        "Image" => Some("from PIL import Image".to_owned()),
        "hermod" => Some("import hermod".to_owned()),
        "call" => Some("from hermod import call".to_owned()),
        name if builtins::is_standard_module(name) => Some(format!("import {name}")),
        _ => None,
    }
}

fn is_text(kind: &Kind) -> bool {
    matches!(kind, Kind::Literal(_)) || *kind == Kind::TEXT
}

/// The expressions inside one that has no rule of its own, and those that an f-string shows.
struct Inside<'w, 'a>(&'w mut Walker<'a>);

impl<'a> Visitor<'a> for Inside<'_, 'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        self.0.visit(expression);
    }

    fn visit_interpolated_string_element(
        &mut self,
        element: &'a crate::ast::InterpolatedStringElement,
    ) {
        if let Some(shown) = element.as_interpolation() {
            let kind = self.0.kind_of(&shown.expression);
            self.0
                .used_as_value(&kind, shown.expression.range(), "shown");
            shown
                .format_spec
                .iter()
                .flat_map(|spec| spec.elements.iter())
                .for_each(|element| {
                    self.visit_interpolated_string_element(element);
                });
        }
    }
}
