//! What is known of a value before the program runs.

use dice_catalog::Type;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// Nothing: whatever is done with it is silent.
    Unknown,
    Value(Type),
    /// One of these texts, written in the program.
    Literal(Vec<String>),
    /// A list made by the program.
    List(Box<Kind>),
    /// What gives these when iterated, and is no list: a set, a range, a generator.
    Items(Box<Kind>),
    Tuple(Vec<Kind>),
    /// Of `hermod.call`, not awaited yet.
    Call {
        function: String,
        result: Type,
    },
    /// Of one of the program's own `async def`, not awaited yet.
    Coroutine {
        function: String,
        result: Box<Kind>,
    },
}

/// Beyond this many alternatives nothing useful is known.
const MOST_ALTERNATIVES: usize = 8;

impl Kind {
    pub(super) const TEXT: Self = Self::Value(Type::Text);
    pub(super) const INTEGER: Self = Self::Value(Type::Integer);
    pub(super) const NUMBER: Self = Self::Value(Type::Number);
    pub(super) const BOOLEAN: Self = Self::Value(Type::Boolean);
    pub(super) const NULL: Self = Self::Value(Type::Null);
    pub(super) const IMAGE: Self = Self::Value(Type::Image);

    pub(super) fn list(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    pub(super) fn items(item: Self) -> Self {
        Self::Items(Box::new(item))
    }

    /// `Any` is nothing known.
    pub(super) fn of(kind: Type) -> Self {
        match kind {
            Type::Any => Self::Unknown,
            known => Self::Value(known),
        }
    }

    /// As a type of the catalog; `Any` where that knows less.
    pub(super) fn to_type(&self) -> Type {
        match self {
            Self::Value(kind) => kind.clone(),
            Self::Literal(_) => Type::Text,
            Self::List(item) => Type::List(Box::new(item.to_type())),
            Self::Tuple(_) => Type::List(Box::new(Type::Any)),
            Self::Unknown | Self::Items(_) | Self::Call { .. } | Self::Coroutine { .. } => {
                Type::Any
            }
        }
    }

    /// What holds if the value is one or the other.
    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left,
            (Self::Literal(mut left), Self::Literal(right)) => {
                left.extend(right);
                left.sort();
                left.dedup();
                Self::Literal(left)
            }
            (Self::List(left), Self::List(right)) => Self::list(left.join(*right)),
            (left, right) => match (left.to_type(), right.to_type()) {
                (Type::Any, _) | (_, Type::Any) => Self::Unknown,
                (left, right) => Self::alternatives(left, right),
            },
        }
    }

    fn alternatives(left: Type, right: Type) -> Self {
        let mut all = parts(left);
        for part in parts(right) {
            if !all.contains(&part) {
                all.push(part);
            }
        }
        match all.len() {
            1 => Self::Value(all.remove(0)),
            count if count <= MOST_ALTERNATIVES => Self::Value(Type::Union(all)),
            _ => Self::Unknown,
        }
    }

    /// What iterating gives; `None` if it certainly cannot be iterated.
    pub(super) fn item(&self) -> Option<Self> {
        match self {
            Self::List(item) | Self::Items(item) => Some((**item).clone()),
            Self::Tuple(items) => {
                let first = items.first().cloned().unwrap_or(Self::Unknown);
                Some(
                    items[items.len().min(1)..]
                        .iter()
                        .cloned()
                        .fold(first, Self::join),
                )
            }
            Self::Literal(_) => Some(Self::TEXT),
            Self::Value(kind) => item_of(kind),
            Self::Unknown => Some(Self::Unknown),
            Self::Call { .. } | Self::Coroutine { .. } => None,
        }
    }

    /// For messages: `list of BoundingBox`, `text`.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Call { function, .. } => format!("a call of {function} that is not awaited"),
            Self::Coroutine { function, .. } => format!("a coroutine of {function}"),
            other => with_article(&other.to_type()),
        }
    }
}

fn parts(kind: Type) -> Vec<Type> {
    match kind {
        Type::Union(parts) => parts,
        other => vec![other],
    }
}

fn item_of(kind: &Type) -> Option<Kind> {
    match kind {
        Type::List(item) => Some(Kind::of((**item).clone())),
        Type::Record { .. } | Type::Map(_) | Type::Text => Some(Kind::TEXT),
        Type::Bytes => Some(Kind::INTEGER),
        Type::Any => Some(Kind::Unknown),
        Type::Enum(values) => values
            .iter()
            .any(|value| value.is_string())
            .then_some(Kind::TEXT),
        Type::Union(kinds) => kinds.iter().filter_map(item_of).reduce(Kind::join),
        Type::Null | Type::Boolean | Type::Integer | Type::Number | Type::Image => None,
    }
}

/// How a message calls a value of this type.
pub(super) fn with_article(kind: &Type) -> String {
    match kind {
        Type::Null => "None".to_owned(),
        Type::Boolean => "a boolean".to_owned(),
        Type::Integer => "an integer".to_owned(),
        Type::Number => "a number".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Image => "an image".to_owned(),
        Type::Bytes => "bytes".to_owned(),
        Type::List(item) if **item == Type::Any => "a list".to_owned(),
        Type::List(_) => format!("a {kind}"),
        Type::Record { name, .. } if is_box(kind) => format!("a box ({name})"),
        Type::Record { .. } | Type::Map(_) => format!("an object ({kind})"),
        Type::Any | Type::Enum(_) | Type::Union(_) => kind.to_string(),
    }
}

/// A place in an image rather than the image itself.
pub(super) fn is_box(kind: &Type) -> bool {
    ["x", "y", "width", "height"]
        .iter()
        .all(|name| kind.field(name).is_some())
}

/// Could a value of type `have` be given where `need` is asked for? `false` only if it certainly
/// could not.
pub(super) fn could_be(need: &Type, have: &Type) -> bool {
    match (need, have) {
        (Type::Any, _) | (_, Type::Any) => true,
        (_, Type::Union(kinds)) => kinds.iter().any(|have| could_be(need, have)),
        (Type::Union(kinds), _) => kinds.iter().any(|need| could_be(need, have)),
        (Type::Enum(values), Type::Enum(others)) => {
            values.iter().any(|value| others.contains(value))
        }
        (Type::Enum(values), have) => values.iter().any(|value| could_be(have, &type_of(value))),
        (need, Type::Enum(values)) => values.iter().any(|value| could_be(need, &type_of(value))),
        (Type::Integer | Type::Number, Type::Integer | Type::Number) => true,
        (Type::List(need), Type::List(have)) => could_be(need, have),
        (Type::Record { .. } | Type::Map(_), Type::Record { .. } | Type::Map(_)) => true,
        (need, have) => need == have,
    }
}

fn type_of(value: &serde_json::Value) -> Type {
    use serde_json::Value as Json;
    match value {
        Json::Null => Type::Null,
        Json::Bool(_) => Type::Boolean,
        Json::Number(_) => Type::Number,
        Json::String(_) => Type::Text,
        Json::Array(_) => Type::List(Box::new(Type::Any)),
        Json::Object(_) => Type::Map(Box::new(Type::Any)),
    }
}
