//! JSON Schemas as types that a checker of programs can reason with.

use std::fmt;

use serde_json::{Map, Value as Json};

/// What a value may be. Where a schema says more than this can (ranges, patterns), the type is the
/// wider one; the schema itself is checked at run time.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    Any,
    Null,
    Boolean,
    Integer,
    /// Integers are numbers too.
    Number,
    Text,
    Enum(Vec<Json>),
    Image,
    Bytes,
    List(Box<Type>),
    Record {
        name: String,
        fields: Vec<Field>,
        /// May hold fields besides these.
        open: bool,
    },
    Map(Box<Type>),
    Union(Vec<Type>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    pub kind: Type,
    pub required: bool,
}

impl Type {
    /// The type of a schema; `root` holds its `$defs`. A schema within itself is `Any` there.
    pub(crate) fn of_schema(schema: &Json, root: &Json) -> Self {
        Reader {
            root,
            open_refs: Vec::new(),
        }
        .read(schema)
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        match self {
            Self::Record { fields, .. } => fields.iter().find(|field| field.name == name),
            _ => None,
        }
    }
}

/// As a person would say it: `list of BoundingBox`, `text or null`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("anything"),
            Self::Null => f.write_str("null"),
            Self::Boolean => f.write_str("boolean"),
            Self::Integer => f.write_str("integer"),
            Self::Number => f.write_str("number"),
            Self::Text => f.write_str("text"),
            Self::Image => f.write_str("image"),
            Self::Bytes => f.write_str("bytes"),
            Self::Enum(values) => write_joined(f, values, " | "),
            Self::List(item) => write!(f, "list of {item}"),
            Self::Record { name, .. } => f.write_str(name),
            Self::Map(item) if **item == Self::Any => f.write_str("object"),
            Self::Map(item) => write!(f, "object of {item}"),
            Self::Union(kinds) => write_joined(f, kinds, " or "),
        }
    }
}

fn write_joined<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    between: &str,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

struct Reader<'a> {
    root: &'a Json,
    /// References being followed: one of them again is recursion.
    open_refs: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self, schema: &Json) -> Type {
        let Json::Object(schema) = schema else {
            return Type::Any;
        };
        if let Some(Json::String(reference)) = schema.get("$ref") {
            return self.follow(reference);
        }
        if let Some(value) = schema.get("const") {
            return Type::Enum(vec![value.clone()]);
        }
        if let Some(Json::Array(values)) = schema.get("enum") {
            return Type::Enum(values.clone());
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Json::Array(choices)) = schema.get(keyword) {
                return union(choices.iter().map(|choice| self.read(choice)).collect());
            }
        }
        match (schema.get("allOf"), schema.get("type")) {
            (Some(Json::Array(parts)), _) => match parts.as_slice() {
                [only] => self.read(only),
                _ => Type::Any,
            },
            (_, Some(Json::String(kind))) => self.named(kind, schema),
            (_, Some(Json::Array(kinds))) => {
                let kinds = kinds.iter().filter_map(Json::as_str);
                union(kinds.map(|kind| self.named(kind, schema)).collect())
            }
            _ => Type::Any,
        }
    }

    fn follow(&mut self, reference: &str) -> Type {
        let Some(target) = reference
            .strip_prefix('#')
            .and_then(|path| self.root.pointer(path))
        else {
            return Type::Any;
        };
        if self.open_refs.iter().any(|open| open == reference) {
            return Type::Any;
        }
        self.open_refs.push(reference.to_owned());
        let mut found = self.read(target);
        self.open_refs.pop();
        // pydantic's title and the name of the definition differ only for generics.
        if let (Type::Record { name, .. }, Some(last)) = (&mut found, reference.rsplit('/').next())
            && name.is_empty()
        {
            last.clone_into(name);
        }
        found
    }

    fn named(&mut self, kind: &str, schema: &Map<String, Json>) -> Type {
        match kind {
            "null" => Type::Null,
            "boolean" => Type::Boolean,
            "integer" => Type::Integer,
            "number" => Type::Number,
            "string" => text_or_binary(schema),
            "array" => self.list(schema),
            "object" => self.object(schema),
            _ => Type::Any,
        }
    }

    fn list(&mut self, schema: &Map<String, Json>) -> Type {
        let item = match (schema.get("prefixItems"), schema.get("items")) {
            (Some(Json::Array(items)), _) => {
                union(items.iter().map(|item| self.read(item)).collect())
            }
            (_, Some(item)) => self.read(item),
            _ => Type::Any,
        };
        Type::List(Box::new(item))
    }

    fn object(&mut self, schema: &Map<String, Json>) -> Type {
        let more = schema.get("additionalProperties");
        let Some(Json::Object(properties)) = schema.get("properties") else {
            let item = more.map_or(Type::Any, |item| self.read(item));
            return Type::Map(Box::new(item));
        };
        let required = |name: &str| {
            let names = schema.get("required").and_then(Json::as_array);
            names.is_some_and(|names| names.iter().any(|known| known.as_str() == Some(name)))
        };
        let fields = properties.iter().map(|(name, property)| Field {
            name: name.clone(),
            kind: self.read(property),
            required: required(name),
        });
        Type::Record {
            fields: fields.collect(),
            name: schema
                .get("title")
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned(),
            open: more.is_some_and(|more| more != &Json::Bool(false)),
        }
    }
}

/// `format: binary` is an image or bytes by its `python type`; without one it may be either.
fn text_or_binary(schema: &Map<String, Json>) -> Type {
    if schema.get("format").and_then(Json::as_str) != Some("binary") {
        return Type::Text;
    }
    match schema.get("python type").and_then(Json::as_str) {
        Some(python) if python.contains("Image") => Type::Image,
        Some(_) => Type::Bytes,
        None => Type::Union(vec![Type::Image, Type::Bytes]),
    }
}

/// Flat, without repetitions; one alternative is itself.
fn union(kinds: Vec<Type>) -> Type {
    let mut flat: Vec<Type> = Vec::new();
    for kind in kinds {
        let parts = match kind {
            Type::Union(parts) => parts,
            other => vec![other],
        };
        for part in parts {
            if part == Type::Any {
                return Type::Any;
            }
            if !flat.contains(&part) {
                flat.push(part);
            }
        }
    }
    match flat.len() {
        0 => Type::Any,
        1 => flat.remove(0),
        _ => Type::Union(flat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(schema: &str, expect: &str) {
        let schema: Json = serde_json::from_str(schema).expect("test schema is JSON");
        assert_eq!(
            Type::of_schema(&schema, &schema).to_string(),
            expect,
            "{schema}"
        );
    }

    #[test]
    fn schemas_become_types() {
        check(r#"{"type": "string"}"#, "text");
        check(
            r#"{"type": "string", "format": "binary", "python type": "PIL.Image.Image"}"#,
            "image",
        );
        check(
            r#"{"type": "string", "format": "binary", "python type": "bytes"}"#,
            "bytes",
        );
        check(
            r#"{"type": "string", "format": "binary"}"#,
            "image or bytes",
        );
        check(
            r#"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#,
            "text or null",
        );
        check(r#"{"type": ["integer", "null"]}"#, "integer or null");
        check(r#"{"enum": ["red", "blue"]}"#, r#""red" | "blue""#);
        check(r#"{"const": 3}"#, "3");
        check(
            r#"{"type": "array", "items": {"type": "number"}}"#,
            "list of number",
        );
        check(r#"{"type": "array"}"#, "list of anything");
        check(
            r#"{"type": "object", "additionalProperties": {"type": "boolean"}}"#,
            "object of boolean",
        );
        check(r#"{"type": "object"}"#, "object");
        check(
            r##"{"allOf": [{"$ref": "#/$defs/Box"}], "$defs": {"Box": {"type": "object", "properties": {}}}}"##,
            "Box",
        );
        check("true", "anything");
        check(r#"{"$ref": "http://elsewhere/"}"#, "anything");
    }

    #[test]
    fn recursive_schemas_end() {
        check(
            r##"{"$ref": "#/$defs/Tree", "$defs": {"Tree": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}}"##,
            "list of anything",
        );
    }
}
