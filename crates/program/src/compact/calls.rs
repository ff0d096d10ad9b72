//! Calls: of functions on offer, which are awaited and unwrapped, and of Python's own, which pass shapes on.

use dice_catalog::{Entry, Type};

use super::shape::{Origin, Shape, holds_a_box, of_type};
use super::{Expansion, Objects};
use crate::ast::visitor::{self, Visitor};
use crate::ast::{Expr, ExprAttribute, ExprCall, Ranged};
use crate::diagnostic::Diagnostic;
use crate::edit::Edit;

/// The field that a result stands for, if there is only one that is always there.
pub(super) fn only_field(kind: &Type) -> Option<&dice_catalog::Field> {
    let Type::Record { fields, .. } = kind else {
        return None;
    };
    match fields.as_slice() {
        [only] => Some(only),
        fields => {
            let mut required = fields.iter().filter(|field| field.required);
            required.next().filter(|_| required.next().is_none())
        }
    }
}

impl<'a> Expansion<'a> {
    pub(super) fn called_entry(&self, call: &ExprCall) -> Option<&'a Entry> {
        let name = call.func.as_name_expr()?.id.as_str();
        self.catalog.get(name).map(|entry| &**entry)
    }

    pub(super) fn calls_of_functions(&self, expression: &Expr) -> bool {
        struct Search<'s, 'a>(&'s Expansion<'a>, bool);
        impl<'e> Visitor<'e> for Search<'_, '_> {
            fn visit_expr(&mut self, expression: &'e Expr) {
                if let Expr::Call(call) = expression {
                    self.1 |= self.0.called_entry(call).is_some();
                }
                visitor::walk_expr(self, expression);
            }
        }
        let mut search = Search(self, false);
        search.visit_expr(expression);
        search.1
    }

    /// A call, or one that is awaited already from `awaited_at` on.
    pub(super) fn call(&mut self, call: &'a ExprCall, awaited_at: Option<usize>) -> Shape {
        if let Some(entry) = self.called_entry(call) {
            return self.function(entry, call, awaited_at);
        }
        match &*call.func {
            Expr::Name(name) => self.builtin(name.id.as_str(), call),
            Expr::Attribute(method) => self.method(method, call),
            other => {
                self.shape_of(other);
                self.arguments(call);
                Shape::Unknown
            }
        }
    }

    fn function(
        &mut self,
        entry: &'a Entry,
        call: &'a ExprCall,
        awaited_at: Option<usize>,
    ) -> Shape {
        if let Some(place) = self.no_await {
            let message = format!("{} cannot be called in {place}", entry.name());
            let found = Diagnostic::error("call-in-lambda", call.range(), message);
            self.problem(
                found.hint("call it in a loop of `answer`, and keep what it gives in a list"),
            );
        }
        let start = awaited_at.unwrap_or_else(|| call.start().to_usize());
        let field = only_field(&entry.result);
        let finds = field.is_none() && holds_a_box(&entry.result);
        self.finds_objects |= holds_a_box(&entry.result);
        let opening = self.edits.len();
        let wait = if awaited_at.is_some() { "" } else { "await " };
        self.edits
            .push(Edit::replace(&*call.func, format!("{wait}hermod.call")));
        let inner = call.arguments.start().to_usize() + 1;
        let comma = if call.arguments.is_empty() { "" } else { ", " };
        let name = self.quoted(entry.name());
        self.edits
            .push(Edit::insert(inner, format!("{name}{comma}")));
        let (origin, image) = self.function_arguments(entry, call);
        let end = call.end().to_usize();
        if let Some(field) = field {
            self.edits.insert(opening, Edit::insert(start, "("));
            let name = self.quoted(&field.name);
            let access = if field.required {
                format!(")[{name}]")
            } else {
                format!(").get({name})")
            };
            self.edits.push(Edit::insert(end, access));
            return of_type(field.kind.clone(), &origin);
        }
        if finds
            && self.objects == Objects::WithImages
            && let Some(image) = image
        {
            let text = format!("{}({image}, ", self.names.with_images);
            self.edits.insert(opening, Edit::insert(start, text));
            self.edits.push(Edit::insert(end, ")"));
            self.helpers.with_images = true;
        }
        of_type(entry.result.clone(), &origin)
    }

    /// Where what is found lies, and the image as the expanded program writes it.
    fn function_arguments(
        &mut self,
        entry: &'a Entry,
        call: &'a ExprCall,
    ) -> (Origin, Option<String>) {
        let given = call
            .arguments
            .args
            .iter()
            .enumerate()
            .map(|(position, value)| {
                let parameter = entry.parameters.get(position);
                (parameter, value, true)
            });
        let named = call.arguments.keywords.iter().map(|keyword| {
            let name = keyword.arg.as_ref().map(|name| name.as_str());
            let parameter = name.and_then(|name| entry.parameter(name));
            (parameter, &keyword.value, false)
        });
        let given: Vec<_> = given.chain(named).collect();
        let mut found = (Origin::None, None);
        let mut images = 0;
        for (parameter, value, by_position) in given {
            if let Some(parameter) = parameter.filter(|_| by_position) {
                let at = value.start().to_usize();
                self.edits
                    .push(Edit::insert(at, format!("{}=", parameter.name)));
            }
            let opening = self.edits.len();
            let shape = self.shape_of(value);
            let Some(parameter) = parameter else { continue };
            if parameter.kind == Type::Image {
                images += 1;
                let origin = self.origin_in(value, &shape);
                self.give_image(value, &shape, opening);
                found = (origin, self.written(value, opening));
            } else if shape.is_list()
                && shape.item().is_object()
                && !matches!(parameter.kind, Type::List(_) | Type::Any)
            {
                self.list_given(value, &parameter.name);
            }
        }
        if images > 1 {
            (Origin::Unclear, None)
        } else {
            found
        }
    }

    pub(super) fn list_given(&mut self, value: &Expr, parameter: &str) {
        let message = format!("{parameter} needs one, and this is a list");
        let found = Diagnostic::error("list-not-item", value.range(), message);
        self.problem(
            found.hint("walk over the list with `for`, or choose one with `max`, `min` or `[0]`"),
        );
    }

    fn arguments(&mut self, call: &'a ExprCall) -> Vec<Shape> {
        let shapes = call
            .arguments
            .args
            .iter()
            .map(|argument| self.shape_of(argument))
            .collect();
        for keyword in &call.arguments.keywords {
            self.shape_of(&keyword.value);
        }
        shapes
    }

    /// With `key=lambda one: …`, whose argument is an item.
    fn arguments_with_key(
        &mut self,
        call: &'a ExprCall,
        item: impl Fn(&[Shape]) -> Shape,
    ) -> Vec<Shape> {
        let shapes: Vec<Shape> = call
            .arguments
            .args
            .iter()
            .map(|argument| self.shape_of(argument))
            .collect();
        for keyword in &call.arguments.keywords {
            match &keyword.value {
                Expr::Lambda(lambda) => self.lambda(lambda, item(&shapes)),
                other => drop(self.shape_of(other)),
            }
        }
        shapes
    }

    fn builtin(&mut self, name: &str, call: &'a ExprCall) -> Shape {
        let first = |shapes: &[Shape]| shapes.first().map_or(Shape::Unknown, Shape::item);
        match name {
            "sorted" => Shape::list(first(&self.arguments_with_key(call, first))),
            "max" | "min" => {
                let several = |shapes: &[Shape]| match shapes {
                    [one] => one.item(),
                    several => several.iter().cloned().fold(Shape::Nothing, Shape::join),
                };
                let shapes = self.arguments_with_key(call, several);
                several(&shapes)
            }
            "filter" | "map" => {
                let item = match call.arguments.args.get(1) {
                    Some(list) => self.shape_of(list).item(),
                    None => Shape::Unknown,
                };
                match call.arguments.args.first() {
                    Some(Expr::Lambda(lambda)) => self.lambda(lambda, item.clone()),
                    Some(other) => drop(self.shape_of(other)),
                    None => {}
                }
                Shape::list(if name == "filter" {
                    item
                } else {
                    Shape::Unknown
                })
            }
            _ => {
                let shapes = self.arguments(call);
                match name {
                    "list" | "reversed" | "tuple" | "set" => Shape::list(first(&shapes)),
                    "enumerate" => Shape::list(Shape::Tuple(vec![Shape::NUMBER, first(&shapes)])),
                    "zip" => Shape::list(Shape::Tuple(shapes.iter().map(Shape::item).collect())),
                    "range" => Shape::list(Shape::NUMBER),
                    "len" | "int" | "float" | "round" | "abs" | "sum" => Shape::NUMBER,
                    "str" | "repr" | "input" => Shape::TEXT,
                    "bool" | "any" | "all" | "isinstance" => Shape::BOOLEAN,
                    _ => Shape::Unknown,
                }
            }
        }
    }

    fn method(&mut self, method: &'a ExprAttribute, call: &'a ExprCall) -> Shape {
        let receiver = self.receiver(&method.value);
        let item = receiver.item();
        let shapes = self.arguments_with_key(call, |_| item.clone());
        let given = shapes.first().cloned().unwrap_or(Shape::Unknown);
        let holder = method.value.as_name_expr().map(|name| name.id.as_str());
        match (&receiver, method.attr.as_str()) {
            (Shape::List(_) | Shape::Nothing, "append" | "add") => {
                self.put_into(holder, Shape::list(given))
            }
            (Shape::List(_), "insert") => {
                let item = shapes.get(1).cloned().unwrap_or(Shape::Unknown);
                self.put_into(holder, Shape::list(item))
            }
            (Shape::List(_), "extend") => self.put_into(holder, Shape::list(given.item())),
            (list, "pop" | "popleft") if list.is_list() => item,
            (list, "copy") if list.is_list() => receiver,
            (Shape::Of(Type::Text, _), "split" | "splitlines") => Shape::list(Shape::TEXT),
            (Shape::Of(Type::Text, _), "startswith" | "endswith" | "isdigit") => Shape::BOOLEAN,
            (Shape::Of(Type::Text, _), "find" | "count" | "index") => Shape::NUMBER,
            (Shape::Of(Type::Text, _), _) => Shape::TEXT,
            (Shape::Map(values), "items") => {
                Shape::list(Shape::Tuple(vec![Shape::Unknown, (**values).clone()]))
            }
            (Shape::Map(values), "values") => Shape::list((**values).clone()),
            (Shape::Map(values), "get" | "pop") => (**values).clone(),
            (Shape::Map(values), "setdefault") => {
                let value = shapes.get(1).cloned().unwrap_or(Shape::Nothing);
                self.put_into(holder, Shape::Map(Box::new(value.clone())));
                (**values).clone().join(value)
            }
            (Shape::Of(Type::Image, _), "crop" | "convert" | "resize" | "rotate" | "copy") => {
                Shape::IMAGE
            }
            _ => Shape::Unknown,
        }
    }

    fn put_into(&mut self, holder: Option<&str>, more: Shape) -> Shape {
        if let Some(name) = holder {
            self.scope.widen(name, more);
        }
        Shape::Nothing
    }
}
