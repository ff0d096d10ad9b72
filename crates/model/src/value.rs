//! Values that calls take and give (RUNTIME V1): JSON's, plus images and bytes.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use indexmap::IndexMap;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Digest;

/// A value of a call's arguments or result (V1): int64, finite floats, no tuples, text keys.
///
/// Serialized as plain JSON or msgpack. An image is `{"$image": {…}}`; bytes are msgpack binary, or
/// `{"$bytes": "<base64>"}` where the format has none; a key of a map that begins with `$` has that
/// `$` doubled, so that no value of a user is taken for one of these.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Value>),
    /// Keeps the order of insertion, as a Python dict does: a program may print it.
    Map(IndexMap<String, Value>),
    Image(ImageHandle),
}

/// An image by lineage (V2): the bytes it came from, and what was done to them since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageHandle {
    /// The original file's bytes.
    pub blob: Digest,
    /// In order; each is a list: the operation's name, then its arguments. `["crop", 1, 2, 30, 40]`.
    #[serde(default)]
    pub operations: Vec<Vec<Value>>,
    /// Version of the set of operations, and so of what their names mean.
    pub version: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error("{0} is not finite; only finite numbers travel")]
    NotFinite(&'static str),
}

impl Value {
    pub fn float(number: f64) -> Result<Self, ValueError> {
        if number.is_finite() {
            Ok(Self::Float(number))
        } else if number.is_nan() {
            Err(ValueError::NotFinite("NaN"))
        } else {
            Err(ValueError::NotFinite("infinity"))
        }
    }

    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Map(
            entries
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect(),
        )
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Map(entries) => entries.get(key),
            _ => None,
        }
    }

    /// What a person would call this: `text`, `list`, `image`…
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) => "integer",
            Self::Float(_) => "number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Map(_) => "object",
            Self::Image(_) => "image",
        }
    }

    /// Calls `visit` for every image in this value, however deep.
    pub fn visit_images<'a>(&'a self, visit: &mut impl FnMut(&'a ImageHandle)) {
        match self {
            Self::Image(handle) => visit(handle),
            Self::List(items) => items.iter().for_each(|item| item.visit_images(visit)),
            Self::Map(entries) => entries.values().for_each(|item| item.visit_images(visit)),
            _ => {}
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(items)
    }
}

const IMAGE: &str = "$image";
const BYTES: &str = "$bytes";

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) if serializer.is_human_readable() => {
                tagged(serializer, BYTES, &BASE64_STANDARD.encode(bytes))
            }
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::Image(handle) => tagged(serializer, IMAGE, handle),
            Self::List(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                items
                    .iter()
                    .try_for_each(|item| sequence.serialize_element(item))?;
                sequence.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    if key.starts_with('$') {
                        map.serialize_entry(&format!("${key}"), value)?;
                    } else {
                        map.serialize_entry(key, value)?;
                    }
                }
                map.end()
            }
        }
    }
}

fn tagged<S: Serializer>(
    serializer: S,
    tag: &str,
    content: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(tag, content)?;
    map.end()
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value, an image or bytes")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        let number = i64::try_from(number)
            .map_err(|_| E::custom(format_args!("{number} does not fit in 64 signed bits")))?;
        Ok(Value::Int(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Value::float(number).map_err(E::custom)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(bytes.to_vec()))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(bytes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::with_capacity(access.size_hint().unwrap_or(0).min(4096));
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut entries = IndexMap::new();
        while let Some(key) = access.next_key::<String>()? {
            match key.as_str() {
                IMAGE => return only_entry(access.next_value().map(Value::Image)?, access),
                BYTES => {
                    let bytes = BASE64_STANDARD.decode(access.next_value::<String>()?);
                    let bytes = bytes.map_err(|_| de::Error::custom("$bytes is not base64"))?;
                    return only_entry(Value::Bytes(bytes), access);
                }
                _ => {}
            }
            let key = unescaped(key).map_err(de::Error::custom)?;
            entries.insert(key, access.next_value()?);
        }
        Ok(Value::Map(entries))
    }
}

/// A tagged map has one entry: a second one would be dropped in silence.
fn only_entry<'de, A: MapAccess<'de>>(value: Value, mut access: A) -> Result<Value, A::Error> {
    match access.next_key::<String>()? {
        None => Ok(value),
        Some(key) => Err(de::Error::custom(format_args!(
            "unexpected {key:?} beside a tag"
        ))),
    }
}

fn unescaped(key: String) -> Result<String, String> {
    match key.strip_prefix('$') {
        None => Ok(key),
        Some(rest) if rest.starts_with('$') => Ok(rest.to_owned()),
        Some(_) => Err(format!(
            "unknown tag {key:?} (a key that begins with $ is written $$)"
        )),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            any::<f64>().prop_filter_map("finite", |f| Value::float(f).ok()),
            "\\PC{0,8}".prop_map(Value::Text),
            proptest::collection::vec(any::<u8>(), 0..9).prop_map(Value::Bytes),
            any::<[u8; 32]>().prop_map(|bytes| Value::Image(ImageHandle {
                blob: Digest::from_bytes(bytes),
                operations: vec![vec!["crop".into(), Value::Int(1)]],
                version: 1,
            })),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
                proptest::collection::vec(("\\$?\\$?[a-z]{0,3}", inner), 0..4).prop_map(Value::map),
            ]
        })
    }

    proptest! {
        #[test]
        fn json_and_msgpack_give_the_value_back(value in any_value()) {
            let json = serde_json::to_string(&value).expect("values are JSON");
            prop_assert_eq!(&serde_json::from_str::<Value>(&json).expect("reads"), &value);
            let packed = rmp_serde::to_vec_named(&value).expect("values are msgpack");
            prop_assert_eq!(&rmp_serde::from_slice::<Value>(&packed).expect("reads"), &value);
        }
    }

    #[test]
    fn what_is_not_a_value_is_refused() {
        for json in [
            "18446744073709551615",
            r#"{"$image": 3}"#,
            r#"{"$huh": 1}"#,
            r#"{"$bytes": "?"}"#,
        ] {
            assert!(serde_json::from_str::<Value>(json).is_err(), "{json}");
        }
        assert!(Value::float(f64::NAN).is_err());
    }
}
