//! What is known of a value of a compact program: its type, and the image that it was found in.

use dice_catalog::Type;
use dice_model::InputKind;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// Anything at all.
    Unknown,
    /// `None`, or an item of a list that is still empty: joins with anything.
    Nothing,
    /// Of a type of the catalog.
    Of(Type, Origin),
    /// Made by the program.
    List(Box<Shape>),
    Tuple(Vec<Shape>),
    /// A dictionary of the program's, by its values.
    Map(Box<Shape>),
}

/// In which image the boxes of a value lie.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Origin {
    None,
    /// In what this expression of the expanded program gives, while its names mean what they mean now.
    In {
        image: String,
        names: Vec<(String, u32)>,
    },
    /// In one of several, or in one that has no name.
    Unclear,
}

impl Shape {
    pub(super) const TEXT: Self = Self::Of(Type::Text, Origin::None);
    pub(super) const NUMBER: Self = Self::Of(Type::Number, Origin::None);
    pub(super) const BOOLEAN: Self = Self::Of(Type::Boolean, Origin::None);
    pub(super) const IMAGE: Self = Self::Of(Type::Image, Origin::None);

    pub(super) fn list(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    pub(super) fn is_image(&self) -> bool {
        matches!(self, Self::Of(Type::Image, _))
    }

    /// A box in an image.
    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Of(kind, _) if is_box(kind))
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self, Self::List(_) | Self::Of(Type::List(_), _))
    }

    /// What iterating gives.
    pub(super) fn item(&self) -> Self {
        match self {
            Self::List(item) => (**item).clone(),
            Self::Of(Type::List(item), origin) => of_type((**item).clone(), origin),
            Self::Of(Type::Text | Type::Record { .. } | Type::Map(_), _) | Self::Map(_) => {
                Self::TEXT
            }
            Self::Tuple(items) => items.iter().cloned().fold(Self::Nothing, Self::join),
            Self::Unknown | Self::Nothing | Self::Of(..) => Self::Unknown,
        }
    }

    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left,
            (Self::Nothing, known) | (known, Self::Nothing) => known,
            (Self::Of(kind, left), Self::Of(other, right)) if kind == other => {
                Self::Of(kind, if left == right { left } else { Origin::Unclear })
            }
            (
                Self::Of(Type::Integer | Type::Number, _),
                Self::Of(Type::Integer | Type::Number, _),
            ) => Self::NUMBER,
            (left, right) if left.is_list() && right.is_list() => {
                Self::list(left.item().join(right.item()))
            }
            (Self::Map(left), Self::Map(right)) => Self::Map(Box::new(left.join(*right))),
            (Self::Tuple(left), Self::Tuple(right)) if left.len() == right.len() => Self::Tuple(
                left.into_iter()
                    .zip(right)
                    .map(|(a, b)| a.join(b))
                    .collect(),
            ),
            _ => Self::Unknown,
        }
    }
}

/// Boxes keep where they are; other values come from nowhere in particular.
pub(super) fn of_type(kind: Type, origin: &Origin) -> Shape {
    match kind {
        Type::Any => Shape::Unknown,
        Type::Null => Shape::Nothing,
        kind if holds_a_box(&kind) => Shape::Of(kind, origin.clone()),
        kind => Shape::Of(kind, Origin::None),
    }
}

pub(super) fn of_input(kind: InputKind) -> Shape {
    match kind {
        InputKind::Image => Shape::IMAGE,
        InputKind::Text => Shape::TEXT,
        InputKind::Bytes => Shape::Of(Type::Bytes, Origin::None),
        InputKind::Json => Shape::Unknown,
        InputKind::Csv => Shape::list(Shape::Map(Box::new(Shape::Unknown))),
    }
}

/// A place in an image.
pub fn is_box(kind: &Type) -> bool {
    ["x", "y", "width", "height"]
        .iter()
        .all(|name| kind.field(name).is_some_and(|field| field.required))
}

pub(super) fn holds_a_box(kind: &Type) -> bool {
    match kind {
        Type::List(item) | Type::Map(item) => holds_a_box(item),
        Type::Union(kinds) => kinds.iter().any(holds_a_box),
        Type::Record { fields, .. } => {
            is_box(kind) || fields.iter().any(|field| holds_a_box(&field.kind))
        }
        _ => false,
    }
}
