//! Fields of results and of objects.

use dice_catalog::Type;

use super::Expansion;
use super::shape::{Shape, of_type};
use crate::ast::{Expr, ExprAttribute, ExprSubscript, Ranged};
use crate::edit::Edit;

/// What an object has besides its box: how it is computed from `{0}`, the box.
const COMPUTED: [(&str, &str); 7] = [
    ("area", "({0}[@width@] * {0}[@height@])"),
    ("left", "{0}[@x@]"),
    ("top", "{0}[@y@]"),
    ("right", "({0}[@x@] + {0}[@width@])"),
    ("bottom", "({0}[@y@] + {0}[@height@])"),
    ("center_x", "({0}[@x@] + {0}[@width@] / 2)"),
    ("center_y", "({0}[@y@] + {0}[@height@] / 2)"),
];

impl<'a> Expansion<'a> {
    /// What a field is read of: an awaited call is put in parentheses.
    pub(super) fn receiver(&mut self, value: &'a Expr) -> Shape {
        let bare = match value {
            Expr::Call(call) => self
                .called_entry(call)
                .is_some_and(|entry| super::calls::only_field(&entry.result).is_none()),
            _ => false,
        };
        if bare {
            self.edits.push(Edit::insert(value.start().to_usize(), "("));
        }
        let shape = self.shape_of(value);
        if bare {
            self.edits.push(Edit::insert(value.end().to_usize(), ")"));
        }
        shape
    }

    pub(super) fn attribute(&mut self, attribute: &'a ExprAttribute) -> Shape {
        let opening = self.edits.len();
        let receiver = self.receiver(&attribute.value);
        let name = attribute.attr.as_str();
        let from = attribute.value.end().to_usize();
        let until = attribute.end().to_usize();
        let Shape::Of(kind, origin) = &receiver else {
            return Shape::Unknown;
        };
        if let Some(field) = kind.field(name) {
            let quoted = self.quoted(name);
            let text = if field.required {
                format!("[{quoted}]")
            } else {
                format!(".get({quoted})")
            };
            self.edits.push(Edit {
                start: from,
                end: until,
                text,
            });
            return of_type(field.kind.clone(), origin);
        }
        if receiver.is_object()
            && let Some((_, formula)) = COMPUTED.iter().find(|(computed, _)| *computed == name)
            && let Some(object) = self.written(&attribute.value, opening)
        {
            let quote = self.quote().to_string();
            let text = formula.replace("{0}", &object).replace('@', &quote);
            self.edits.truncate(opening);
            self.edits.push(Edit::replace(attribute, text));
            return Shape::NUMBER;
        }
        match kind {
            Type::Image if matches!(name, "width" | "height") => Shape::NUMBER,
            _ if is_plain(kind) => {
                // The only field of a result, which stands for it already.
                self.edits.push(Edit::delete(from, until));
                receiver
            }
            _ => Shape::Unknown,
        }
    }

    pub(super) fn subscript(&mut self, subscript: &'a ExprSubscript) -> Shape {
        let receiver = self.receiver(&subscript.value);
        self.shape_of(&subscript.slice);
        match (&receiver, &*subscript.slice) {
            (list, Expr::Slice(_)) if list.is_list() => receiver,
            (Shape::Of(kind, _), Expr::StringLiteral(_)) if is_plain(kind) => {
                let from = subscript.value.end().to_usize();
                self.edits
                    .push(Edit::delete(from, subscript.end().to_usize()));
                receiver
            }
            (Shape::Of(kind @ Type::Record { .. }, origin), Expr::StringLiteral(name)) => {
                let field = kind.field(name.value.to_str());
                field.map_or(Shape::Unknown, |field| of_type(field.kind.clone(), origin))
            }
            (Shape::Tuple(items), Expr::NumberLiteral(number)) => {
                let position = match &number.value {
                    crate::ast::Number::Int(position) => position.as_usize(),
                    _ => None,
                };
                position
                    .and_then(|at| items.get(at).cloned())
                    .unwrap_or(Shape::Unknown)
            }
            (Shape::Map(values), _) => (**values).clone(),
            (list, _) if list.is_list() => list.item(),
            _ => Shape::Unknown,
        }
    }
}

/// Has neither fields nor items by name.
const fn is_plain(kind: &Type) -> bool {
    matches!(
        kind,
        Type::Text | Type::Boolean | Type::Integer | Type::Number | Type::Enum(_)
    )
}
