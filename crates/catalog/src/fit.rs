//! Fits a value to a type: integers become floats where the type is `number`; images and bytes are
//! told from text, which a JSON Schema cannot do (all three are strings to it).

use dice_model::Value;

use crate::types::Type;

/// Where a value cannot be, and why.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) path: String,
    pub(crate) problem: String,
}

/// Other misfits than those of images and bytes are left to the schema.
pub(crate) fn fit(value: Value, kind: &Type, path: &str) -> Result<Value, Misfit> {
    match (kind, value) {
        (Type::Number, Value::Int(number)) => Ok(as_float(number)),
        (Type::List(item), Value::List(items)) => {
            let items = items.into_iter().enumerate();
            let fitted = items.map(|(index, value)| fit(value, item, &format!("{path}[{index}]")));
            Ok(Value::List(fitted.collect::<Result<_, _>>()?))
        }
        (Type::Map(item), Value::Map(entries)) => {
            let fitted = entries.into_iter().map(|(key, value)| {
                let value = fit(value, item, &inside(path, &key))?;
                Ok((key, value))
            });
            Ok(Value::Map(fitted.collect::<Result<_, _>>()?))
        }
        (Type::Record { fields, .. }, Value::Map(entries)) => {
            let fitted = entries.into_iter().map(|(key, value)| {
                let field = fields.iter().find(|field| field.name == key);
                let kind = field.map_or(&Type::Any, |field| &field.kind);
                let value = fit(value, kind, &inside(path, &key))?;
                Ok((key, value))
            });
            Ok(Value::Map(fitted.collect::<Result<_, _>>()?))
        }
        (Type::Union(kinds), value) => match kinds.iter().find(|kind| could_be(kind, &value)) {
            Some(kind) => fit(value, kind, path),
            None if needs_care(&value) || !kinds.iter().any(schema_knows) => {
                Err(misfit(&value, kind, path))
            }
            None => Ok(value),
        },
        (kind, value) => match (kind, &value) {
            (Type::Any, _) | (Type::Image, Value::Image(_)) | (Type::Bytes, Value::Bytes(_)) => {
                Ok(value)
            }
            (Type::Image | Type::Bytes, _) => Err(misfit(&value, kind, path)),
            (_, value_ref) if needs_care(value_ref) => Err(misfit(&value, kind, path)),
            _ => Ok(value),
        },
    }
}

/// `number` is a float to a program, whichever way it was written (RUNTIME V1).
#[expect(clippy::cast_precision_loss, reason = "as Python's float(int) does")]
fn as_float(number: i64) -> Value {
    Value::Float(number as f64)
}

const fn needs_care(value: &Value) -> bool {
    matches!(value, Value::Image(_) | Value::Bytes(_))
}

/// Can a schema itself refuse what is not of this type?
const fn schema_knows(kind: &Type) -> bool {
    !matches!(kind, Type::Image | Type::Bytes)
}

fn could_be(kind: &Type, value: &Value) -> bool {
    match (kind, value) {
        (Type::Any, _)
        | (Type::Null, Value::Null)
        | (Type::Boolean, Value::Bool(_))
        | (Type::Integer, Value::Int(_))
        | (Type::Number, Value::Int(_) | Value::Float(_))
        | (Type::Text, Value::Text(_))
        | (Type::Image, Value::Image(_))
        | (Type::Bytes, Value::Bytes(_))
        | (Type::Map(_), Value::Map(_)) => true,
        (Type::Enum(values), value) => values.contains(&crate::json::project(value)),
        (Type::List(item), Value::List(items)) => items.iter().all(|value| could_be(item, value)),
        (Type::Record { fields, .. }, Value::Map(entries)) => {
            fields.iter().all(|field| match entries.get(&field.name) {
                Some(value) => could_be(&field.kind, value),
                None => !field.required,
            })
        }
        (Type::Union(kinds), value) => kinds.iter().any(|kind| could_be(kind, value)),
        _ => false,
    }
}

fn misfit(value: &Value, kind: &Type, path: &str) -> Misfit {
    let value = match value {
        Value::Text(text) if text.chars().count() <= 40 => format!("the text {text:?}"),
        Value::Image(_) => "an image".to_owned(),
        Value::List(_) => "a list".to_owned(),
        other => other.kind().to_owned(),
    };
    Misfit {
        path: path.to_owned(),
        problem: format!("{value} where {kind} is needed"),
    }
}

fn inside(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
