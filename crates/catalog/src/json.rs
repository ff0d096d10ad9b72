//! Between values and JSON, and JSON text as Python writes it.

use std::io::{self, Write};

use dice_model::Value;
use serde::Serialize as _;
use serde_json::Value as Json;
use serde_json::ser::Formatter;

/// A value for a schema's validator: an image is a string, as `format: binary` says; so are bytes.
pub(crate) fn project(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::Text(text) => Json::String(text.clone()),
        Value::Image(_) => Json::String("an image".to_owned()),
        Value::Bytes(bytes) => Json::String(format!("{} bytes", bytes.len())),
        Value::List(items) => Json::Array(items.iter().map(project).collect()),
        Value::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), project(value)))
                .collect(),
        ),
    }
}

/// Plain JSON as a value; no key of it is a tag. `None` for a number beyond 64 bits.
pub(crate) fn to_value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None if number.is_u64() => return None,
            None => Value::float(number.as_f64()?).ok()?,
        },
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(to_value).collect::<Option<_>>()?),
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, json)| Some((key.clone(), to_value(json)?)));
            Value::Map(entries.collect::<Option<_>>()?)
        }
    })
}

/// JSON on one line with a blank after `,` and `:`, as in the paper's Figure 4.
pub(crate) fn spaced(json: &Json) -> String {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Spaced);
    json.serialize(&mut serializer)
        .expect("JSON can be written to memory");
    String::from_utf8(out).expect("JSON is UTF-8")
}

/// With sorted keys and no blanks: what digests are made of.
pub(crate) fn canonical(json: &Json) -> String {
    sorted(json).to_string()
}

fn sorted(json: &Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(sorted).collect()),
        Json::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries = entries.into_iter();
            Json::Object(
                entries
                    .map(|(key, json)| (key.clone(), sorted(json)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}
