//! What a program does with results: fields, items, iteration, comparison, truth.

use dice_catalog::{Field, Type};

use super::builtins::{DICT_METHODS, LIST_METHODS, is_text_method};
use super::kind::{Kind, could_be, is_box};
use super::walker::Walker;
use crate::ast::{CmpOp, Expr, ExprAttribute, ExprCall, ExprCompare, ExprSubscript, Ranged};
use crate::diagnostic::Diagnostic;

impl<'a> Walker<'a> {
    /// `value[slice]`.
    pub(super) fn subscript(
        &mut self,
        subscript: &'a ExprSubscript,
        value: &Kind,
        slice: &Kind,
    ) -> Kind {
        self.used_as_value(value, subscript.value.range(), "indexed");
        if let (Kind::Tuple(items), Expr::NumberLiteral(number)) = (value, &*subscript.slice)
            && let crate::ast::Number::Int(index) = &number.value
            && let Some(item) = index.as_usize().and_then(|index| items.get(index))
        {
            return item.clone();
        }
        if subscript.slice.is_slice_expr() {
            return match value {
                Kind::Literal(_) => Kind::TEXT,
                Kind::Tuple(_) => Kind::Unknown,
                other => other.clone(),
            };
        }
        let value_type = match value {
            Kind::List(item) if !matches!(slice, Kind::Literal(_)) => return (**item).clone(),
            other => other.to_type(),
        };
        let key = match (&*subscript.slice, slice) {
            (Expr::StringLiteral(literal), _) => Key::Text(literal.value.to_str()),
            (_, Kind::Value(Type::Integer)) => Key::Index,
            (_, Kind::Literal(_) | Kind::Value(Type::Text)) => Key::SomeText,
            _ => Key::Unknown,
        };
        match indexed(&value_type, key) {
            Ok(kind) => kind,
            Err(wrong) if !self.is_stored(key) => {
                self.report_wrong_index(subscript, &value_type, wrong);
                Kind::Unknown
            }
            Err(_) => Kind::Unknown,
        }
    }

    /// Does the program store this key itself somewhere?
    fn is_stored(&self, key: Key<'_>) -> bool {
        match key {
            Key::Text(key) => self.facts.stores_any_key || self.facts.stored_keys.contains(key),
            _ => false,
        }
    }

    fn report_wrong_index(&mut self, subscript: &ExprSubscript, value: &Type, wrong: WrongIndex) {
        let text = self.parsed.text(&*subscript.value);
        let words = Kind::Value(value.clone()).words();
        let diagnostic = match wrong {
            WrongIndex::NoField(name) => {
                let message = format!("{text} has no field \"{name}\"");
                Diagnostic::error("unknown-field", subscript.slice.range(), message)
                    .hint(fields_hint(value, &name))
            }
            WrongIndex::NeedsField => {
                let message = format!("{text} is {words}: it has fields, not numbered items");
                Diagnostic::error("unknown-field", subscript.slice.range(), message)
                    .hint(fields_hint(value, ""))
            }
            WrongIndex::NeedsItem => {
                let message =
                    format!("{text} is {words}: its items have fields, the list has none");
                Diagnostic::error("list-not-item", subscript.range(), message)
                    .hint(format!("for item in {text}: …"))
            }
            WrongIndex::NotIndexed => {
                let message = format!("{text} is {words}, which cannot be indexed so");
                Diagnostic::error("not-indexable", subscript.range(), message)
            }
        };
        self.report_guarded(diagnostic);
    }

    /// `value.get("field")`.
    pub(super) fn get_call(
        &mut self,
        call: &'a ExprCall,
        receiver: &Kind,
        arguments: &[Kind],
    ) -> Kind {
        let kind = receiver.to_type();
        let Some(Expr::StringLiteral(key)) = call.arguments.args.first() else {
            return Kind::Unknown;
        };
        let name = key.value.to_str();
        let default = arguments.get(1).cloned().unwrap_or(Kind::NULL);
        match field_kind(&kind, name) {
            Some(field) if field.required => Kind::of(field.kind.clone()),
            Some(field) => Kind::of(field.kind.clone()).join(default),
            None if is_closed_record(&kind) && !self.is_stored(Key::Text(name)) => {
                let receiver = match &*call.func {
                    Expr::Attribute(method) => self.parsed.text(&*method.value),
                    other => self.parsed.text(other),
                };
                let message =
                    format!("{receiver} has no field \"{name}\": this is always the default");
                self.report(
                    Diagnostic::warning("unknown-field", key.range(), message)
                        .hint(fields_hint(&kind, name)),
                );
                default
            }
            None => Kind::Unknown,
        }
    }

    /// `value.name`, called or not.
    pub(super) fn attribute(&mut self, attribute: &'a ExprAttribute, value: &Kind) -> Kind {
        let name = attribute.attr.as_str();
        if self.dotted(&attribute.value).as_deref() == Some("hermod") {
            self.of_hermod(attribute);
        }
        if matches!(value, Kind::Call { .. } | Kind::Coroutine { .. }) {
            if !CALL_ATTRIBUTES.contains(&name) {
                self.used_as_value(value, attribute.value.range(), &format!("used ({name})"));
            }
            return Kind::Unknown;
        }
        let kind = value.to_type();
        match &kind {
            Type::Image => super::images::attribute(name),
            kind if lacks_attribute(kind, name) => {
                self.report_no_attribute(attribute, kind);
                Kind::Unknown
            }
            _ => Kind::Unknown,
        }
    }

    fn of_hermod(&mut self, attribute: &ExprAttribute) {
        let name = attribute.attr.as_str();
        if name.starts_with("__") || HERMOD.contains(&name) {
            return;
        }
        let message = format!("hermod has no {name}");
        let hint = match dice_catalog::closest(name, HERMOD) {
            Some(closest) => format!("did you mean hermod.{closest}?"),
            None => "functions are called by hermod.call(\"NAME\", …)".to_owned(),
        };
        self.report_guarded(
            Diagnostic::error("no-attribute", attribute.range(), message).hint(hint),
        );
    }

    fn report_no_attribute(&mut self, attribute: &ExprAttribute, kind: &Type) {
        let text = self.parsed.text(&*attribute.value);
        let name = attribute.attr.as_str();
        let words = Kind::Value(kind.clone()).words();
        let message = format!("{text} is {words} and has no .{name}");
        let hint = match kind {
            Type::Record { .. } if field_kind(kind, name).is_some() => {
                format!("{text}[\"{name}\"]")
            }
            Type::Record { .. } => fields_hint(kind, name),
            Type::List(item)
                if name == "get" || field_kind(item, name).is_some() || **item == Type::Image =>
            {
                format!("for item in {text}: …")
            }
            _ => String::new(),
        };
        let code = if matches!(kind, Type::List(_)) {
            "list-not-item"
        } else {
            "no-attribute"
        };
        let mut diagnostic = Diagnostic::error(code, attribute.range(), message);
        diagnostic.hint = (!hint.is_empty()).then_some(hint);
        self.report_guarded(diagnostic);
    }

    /// What iterating `iterable` gives.
    pub(super) fn iterated(&mut self, kind: &Kind, iterable: &'a Expr) -> Kind {
        self.used_as_value(kind, iterable.range(), "iterated");
        match kind.item() {
            Some(item) => item,
            None if matches!(kind, Kind::Value(_)) => {
                let text = self.parsed.text(iterable);
                let message = format!("{text} is {}, which cannot be iterated", kind.words());
                self.report_guarded(Diagnostic::error("not-iterable", iterable.range(), message));
                Kind::Unknown
            }
            None => Kind::Unknown,
        }
    }

    pub(super) fn compare(&mut self, compare: &'a ExprCompare) {
        let mut left = self.kind_of(&compare.left);
        let mut left_expression = &*compare.left;
        for (operator, right_expression) in compare.ops.iter().zip(&compare.comparators) {
            let right = self.kind_of(right_expression);
            // `call is None` is fine: a call may be there or not.
            if !matches!(operator, CmpOp::Is | CmpOp::IsNot) {
                self.used_as_value(&left, left_expression.range(), "compared");
                self.used_as_value(&right, right_expression.range(), "compared");
            }
            if matches!(operator, CmpOp::Eq | CmpOp::NotEq) {
                self.equal(left_expression, &left, right_expression, &right);
                self.equal(right_expression, &right, left_expression, &left);
            }
            left = right;
            left_expression = right_expression;
        }
    }

    /// A result beside a literal that it can never equal.
    fn equal(&mut self, value: &Expr, kind: &Kind, other: &Expr, other_kind: &Kind) {
        let Kind::Value(kind) = kind else { return };
        let text = self.parsed.text(value);
        match (kind, other_kind) {
            (Type::Enum(values), Kind::Literal(literals)) => {
                let known: Vec<_> = values.iter().filter_map(|value| value.as_str()).collect();
                if let Some(literal) = literals
                    .iter()
                    .find(|literal| !known.contains(&literal.as_str()))
                    && literals.len() == 1
                {
                    let message = format!("{text} is never \"{literal}\"");
                    let hint = match dice_catalog::closest(literal, known.iter().copied()) {
                        Some(closest) => format!("did you mean \"{closest}\"?"),
                        None => format!("it is one of {}", known.join(", ")),
                    };
                    self.report(
                        Diagnostic::warning("never-equal", other.range(), message).hint(hint),
                    );
                }
            }
            (Type::Record { fields, .. }, Kind::Literal(_)) => {
                self.record_beside_literal(text, fields, &Type::Text, other);
            }
            (Type::Record { fields, .. }, Kind::Value(Type::Boolean))
                if other.is_boolean_literal_expr() =>
            {
                self.record_beside_literal(text, fields, &Type::Boolean, other);
            }
            (Type::List(_) | Type::Image, Kind::Literal(_)) => {
                let words = Kind::Value(kind.clone()).words();
                let message = format!("{text} is {words} and never equal to text");
                self.report_guarded(Diagnostic::error("never-equal", other.range(), message));
            }
            _ => {}
        }
    }

    fn record_beside_literal(
        &mut self,
        text: &str,
        fields: &[Field],
        literal: &Type,
        other: &Expr,
    ) {
        let message = format!(
            "{text} is an object and never equal to {}",
            self.parsed.text(other)
        );
        let mut diagnostic = Diagnostic::error("never-equal", other.range(), message);
        let meant = fields.iter().find(|field| could_be(&field.kind, literal));
        diagnostic.hint = meant.map(|field| format!("{text}[\"{}\"]", field.name));
        self.report_guarded(diagnostic);
    }

    /// A test that says the same whatever happened.
    pub(super) fn tested(&mut self, test: &Expr, kind: &Kind) {
        self.used_as_value(kind, test.range(), "tested");
        if let Kind::Value(Type::Record { fields, .. }) = kind
            && let Some(field) = fields.iter().find(|field| field.required)
        {
            let text = self.parsed.text(test);
            let message = format!("{text} is an object, which is always true");
            let hint = format!("{text}[\"{}\"]", field.name);
            self.report(Diagnostic::warning("always-true", test.range(), message).hint(hint));
        }
    }
}

/// Of `hermod.call`'s result before it is awaited (H1).
const CALL_ATTRIBUTES: [&str; 9] = [
    "add_done_callback",
    "cancel",
    "cancelled",
    "close",
    "done",
    "exception",
    "result",
    "send",
    "throw",
];

/// What the package has for programs and for functions; a test compares it with the package.
const HERMOD: [&str; 15] = [
    "BadArguments",
    "Call",
    "CallDeadline",
    "CallError",
    "Context",
    "Failure",
    "FunctionRaised",
    "WorkerLost",
    "ahead",
    "answer",
    "call",
    "context",
    "function",
    "gather",
    "input",
];

#[derive(Clone, Copy)]
enum Key<'a> {
    Text(&'a str),
    SomeText,
    Index,
    Unknown,
}

enum WrongIndex {
    NoField(String),
    NeedsField,
    NeedsItem,
    NotIndexed,
}

fn indexed(kind: &Type, key: Key<'_>) -> Result<Kind, WrongIndex> {
    match (kind, key) {
        (Type::Record { open: true, .. } | Type::Any, _) => Ok(Kind::Unknown),
        (Type::Record { .. }, Key::Text(name)) => match kind.field(name) {
            Some(field) => Ok(Kind::of(field.kind.clone())),
            None => Err(WrongIndex::NoField(name.to_owned())),
        },
        (Type::Record { .. }, Key::Index) => Err(WrongIndex::NeedsField),
        (Type::Map(item), _) => Ok(Kind::of((**item).clone())),
        (Type::List(_), Key::Text(_) | Key::SomeText) => Err(WrongIndex::NeedsItem),
        (Type::List(item), _) => Ok(Kind::of((**item).clone())),
        (Type::Text, Key::Text(_) | Key::SomeText) => Err(WrongIndex::NotIndexed),
        (Type::Text, _) => Ok(Kind::TEXT),
        (Type::Union(kinds), key) => union_indexed(kinds, key),
        (Type::Null | Type::Boolean | Type::Integer | Type::Number | Type::Image, _) => {
            Err(WrongIndex::NotIndexed)
        }
        _ => Ok(Kind::Unknown),
    }
}

/// Wrong only if it is wrong for every alternative.
fn union_indexed(kinds: &[Type], key: Key<'_>) -> Result<Kind, WrongIndex> {
    let mut found: Option<Kind> = None;
    let mut wrong = None;
    for kind in kinds.iter().filter(|kind| **kind != Type::Null) {
        match indexed(kind, key) {
            Ok(kind) => {
                found = Some(match found {
                    Some(before) => before.join(kind),
                    None => kind,
                });
            }
            Err(error) => wrong = Some(error),
        }
    }
    match (found, wrong) {
        (None, Some(wrong)) => Err(wrong),
        (found, _) => Ok(found.unwrap_or(Kind::Unknown)),
    }
}

fn field_kind<'t>(kind: &'t Type, name: &str) -> Option<&'t Field> {
    match kind {
        Type::Union(kinds) => match kinds
            .iter()
            .filter(|kind| **kind != Type::Null)
            .collect::<Vec<_>>()
            .as_slice()
        {
            [only] => only.field(name),
            _ => None,
        },
        kind => kind.field(name),
    }
}

fn is_closed_record(kind: &Type) -> bool {
    match kind {
        Type::Record { open, .. } => !open,
        Type::Union(kinds) => kinds
            .iter()
            .all(|kind| *kind == Type::Null || is_closed_record(kind)),
        _ => false,
    }
}

fn fields_hint(kind: &Type, name: &str) -> String {
    let names: Vec<_> = match kind {
        Type::Record { fields, .. } => fields.iter().map(|field| field.name.as_str()).collect(),
        Type::Union(kinds) => {
            return kinds
                .iter()
                .map(|kind| fields_hint(kind, name))
                .next_back()
                .unwrap_or_default();
        }
        _ => Vec::new(),
    };
    match dice_catalog::closest(name, names.iter().copied()) {
        Some(closest) => format!("did you mean \"{closest}\"?"),
        None => format!("it has {}", names.join(", ")),
    }
}

fn lacks_attribute(kind: &Type, name: &str) -> bool {
    if name.starts_with("__") {
        return false;
    }
    match kind {
        Type::Record { .. } | Type::Map(_) => !DICT_METHODS.contains(&name),
        Type::List(_) => !LIST_METHODS.contains(&name),
        Type::Text => !is_text_method(name),
        Type::Null => true,
        Type::Union(kinds) => kinds.iter().all(|kind| lacks_attribute(kind, name)),
        _ => false,
    }
}

/// Adding it to text raises `TypeError`.
pub(super) fn is_certainly_not_text(kind: &Kind) -> bool {
    match kind {
        Kind::List(_) | Kind::Tuple(_) => true,
        Kind::Value(kind) => !could_be(&Type::Text, kind),
        _ => false,
    }
}

/// For hints about crops.
pub(super) fn is_box_kind(kind: &Kind) -> bool {
    matches!(kind, Kind::Value(kind) if is_box(kind))
}

#[cfg(test)]
mod tests {
    use super::HERMOD;

    #[test]
    fn the_package_has_these_names() {
        let package = include_str!("../../../../python/src/hermod/__init__.py");
        let all = package
            .split("__all__ = [")
            .nth(1)
            .and_then(|rest| rest.split(']').next());
        let quoted = all
            .expect("the package says what it has")
            .split('"')
            .skip(1)
            .step_by(2);
        let names: Vec<_> = quoted.filter(|name| !name.starts_with("__")).collect();
        assert_eq!(names, HERMOD);
    }
}
