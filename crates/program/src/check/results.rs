//! What a program does with results: fields, items, attributes, iteration.

use dice_catalog::{Field, Type};

use super::builtins::{DICT_METHODS, LIST_METHODS, is_text_method};
use super::index::{Key, WrongIndex, indexed};
use super::kind::{Kind, could_be, is_box};
use super::walker::Walker;
use crate::ast::{Expr, ExprAttribute, ExprCall, ExprSubscript, Ranged};
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
