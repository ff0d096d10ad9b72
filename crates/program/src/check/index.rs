//! Indexing a value of a known type.

use dice_catalog::Type;

use super::kind::Kind;

#[derive(Clone, Copy)]
pub(super) enum Key<'a> {
    Text(&'a str),
    SomeText,
    Index,
    Unknown,
}

pub(super) enum WrongIndex {
    NoField(String),
    NeedsField,
    NeedsItem,
    NotIndexed,
}

/// What `value[key]` gives; wrong only if it certainly is.
pub(super) fn indexed(kind: &Type, key: Key<'_>) -> Result<Kind, WrongIndex> {
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
