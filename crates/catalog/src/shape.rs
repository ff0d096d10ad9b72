//! Schemas that say of each part only what kind it is, as nearly all do: values are held against them as
//! they are, without a copy for the validator.
//!
//! A shape may refuse what its schema admits (the validator has the last word, and the words), but never
//! admits what its schema refuses.

use dice_model::Value;
use serde_json::{Map, Value as Json};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Any,
    Null,
    Boolean,
    Integer,
    Number,
    /// To a schema, images and bytes are strings, too.
    Text,
    List(Box<Shape>),
    Object {
        fields: Vec<Field>,
        /// Of those that are not among the fields; `None`: there may be none.
        others: Option<Box<Shape>>,
    },
    Either(Vec<Shape>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    name: String,
    shape: Shape,
    required: bool,
}

/// References within references that are followed: a schema may hold itself.
const DEEPEST: usize = 16;

/// What a schema may say beside its kind and parts: nothing of it refuses anything.
const WORDS: [&str; 9] = [
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "format",
    "python type",
    "$defs",
    "$schema",
];

impl Shape {
    /// `None`: the schema says more than a shape can.
    pub(crate) fn of(schema: &Json) -> Option<Self> {
        Reader { root: schema }.read(schema, 0)
    }

    pub(crate) fn admits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Any, _)
            | (Self::Null, Value::Null)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Integer, Value::Int(_))
            | (Self::Number, Value::Int(_) | Value::Float(_))
            | (Self::Text, Value::Text(_) | Value::Image(_) | Value::Bytes(_)) => true,
            (Self::List(item), Value::List(items)) => items.iter().all(|value| item.admits(value)),
            (Self::Object { fields, others }, Value::Map(entries)) => {
                let has_all = fields
                    .iter()
                    .all(|field| !field.required || entries.contains_key(&field.name));
                has_all
                    && entries.iter().all(|(name, value)| {
                        let field = fields.iter().find(|field| &field.name == name);
                        let shape = field.map(|field| &field.shape).or(others.as_deref());
                        shape.is_some_and(|shape| shape.admits(value))
                    })
            }
            (Self::Either(shapes), value) => shapes.iter().any(|shape| shape.admits(value)),
            _ => false,
        }
    }

    /// Is it an object that needs this property and no other? Then the property's.
    pub(crate) fn only(&self, name: &str) -> Option<&Self> {
        let Self::Object { fields, .. } = self else {
            return None;
        };
        let needs_others = fields
            .iter()
            .any(|field| field.required && field.name != name);
        let field = fields.iter().find(|field| field.name == name)?;
        (!needs_others).then_some(&field.shape)
    }
}

struct Reader<'a> {
    root: &'a Json,
}

impl Reader<'_> {
    fn read(&self, schema: &Json, depth: usize) -> Option<Shape> {
        let Json::Object(schema) = schema else {
            return (schema == &Json::Bool(true)).then_some(Shape::Any);
        };
        let says = |known: &[&str]| {
            let mut words = schema.keys().map(String::as_str);
            words.all(|word| WORDS.contains(&word) || known.contains(&word))
        };
        if let Some(Json::String(reference)) = schema.get("$ref") {
            let target = self.root.pointer(reference.strip_prefix('#')?)?;
            return (says(&["$ref"]) && depth < DEEPEST)
                .then(|| self.read(target, depth + 1))
                .flatten();
        }
        if let Some(Json::Array(choices)) = schema.get("anyOf") {
            let shapes = choices.iter().map(|choice| self.read(choice, depth));
            return says(&["anyOf"])
                .then(|| shapes.collect::<Option<_>>().map(Shape::Either))
                .flatten();
        }
        let kind = match schema.get("type") {
            Some(Json::String(kind)) => kind.as_str(),
            None if says(&[]) => return Some(Shape::Any),
            _ => return None,
        };
        match kind {
            "null" if says(&["type"]) => Some(Shape::Null),
            "boolean" if says(&["type"]) => Some(Shape::Boolean),
            "integer" if says(&["type"]) => Some(Shape::Integer),
            "number" if says(&["type"]) => Some(Shape::Number),
            "string" if says(&["type"]) => Some(Shape::Text),
            "array" if says(&["type", "items"]) => {
                let item = schema.get("items");
                let item = item.map_or(Some(Shape::Any), |item| self.read(item, depth))?;
                Some(Shape::List(Box::new(item)))
            }
            "object" if says(&["type", "properties", "required", "additionalProperties"]) => {
                self.object(schema, depth)
            }
            _ => None,
        }
    }

    fn object(&self, schema: &Map<String, Json>, depth: usize) -> Option<Shape> {
        let required: Vec<&str> = match schema.get("required") {
            None => Vec::new(),
            Some(Json::Array(names)) => names.iter().map(Json::as_str).collect::<Option<_>>()?,
            Some(_) => return None,
        };
        let mut fields = Vec::new();
        for (name, property) in schema
            .get("properties")
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
        {
            fields.push(Field {
                name: name.clone(),
                shape: self.read(property, depth)?,
                required: required.contains(&name.as_str()),
            });
        }
        let is_listed = |name: &&str| fields.iter().any(|field| field.name == **name);
        if !required.iter().all(is_listed) {
            return None;
        }
        let others = match schema.get("additionalProperties") {
            Some(Json::Bool(false)) => None,
            Some(others) => Some(Box::new(self.read(others, depth)?)),
            None => Some(Box::new(Shape::Any)),
        };
        Some(Shape::Object { fields, others })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{project, to_value};
    use proptest::prelude::*;
    use serde_json::json;

    /// Small schemas, most of them ones that a shape can say.
    fn any_schema() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(json!({})),
            Just(json!({"type": "string", "title": "T"})),
            Just(json!({"type": "integer"})),
            Just(json!({"type": "number", "minimum": 0})),
            Just(json!({"type": "number", "default": 1})),
            Just(json!({"enum": ["a", 1]})),
            Just(json!({"type": "null"})),
            Just(json!({"$ref": "#/$defs/n"})),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            let more = prop_oneof![Just(json!(false)), Just(json!(true)), inner.clone()];
            prop_oneof![
                inner
                    .clone()
                    .prop_map(|item| json!({"type": "array", "items": item})),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"anyOf": [a, b]})),
                (inner.clone(), inner, more).prop_map(|(a, b, more)| json!({
                    "type": "object",
                    "properties": {"a": a, "b": b},
                    "required": ["a"],
                    "additionalProperties": more,
                })),
            ]
        })
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            Just(json!(true)),
            (-1_i64..3).prop_map(|number| json!(number)),
            Just(json!(1.5)),
            Just(json!("a")),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Json::Array),
                proptest::collection::vec(("[abc]", inner), 0..3)
                    .prop_map(|entries| Json::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_a_shape_admits_its_schema_admits(schema in any_schema(), json in any_json()) {
            let mut schema = schema;
            schema["$defs"] = json!({"n": {"type": "integer"}});
            let value = to_value(&json).expect("small numbers");
            if Shape::of(&schema).is_some_and(|shape| shape.admits(&value)) {
                let validator = jsonschema::validator_for(&schema).expect("a schema");
                prop_assert!(validator.is_valid(&project(&value)), "{schema} {json}");
            }
        }
    }

    #[test]
    fn what_pydantic_writes_is_a_shape() {
        let schema = json!({
            "$defs": {"Box": {"title": "Box", "type": "object", "required": ["x"],
                "properties": {"x": {"type": "number", "title": "X"}}}},
            "type": "object",
            "title": "Result",
            "properties": {"result": {"type": "array", "items": {"$ref": "#/$defs/Box"}}},
            "required": ["result"],
        });
        let shape = Shape::of(&schema).expect("it says no more than kinds");
        let result = shape.only("result").expect("its only property");
        let boxes = |x| to_value(&json!([{"x": x}])).expect("a value");
        assert!(result.admits(&boxes(json!(1))));
        assert!(!result.admits(&boxes(json!("1"))));
    }

    #[test]
    fn what_says_more_is_none() {
        for schema in [
            json!({"type": "string", "pattern": "a"}),
            json!({"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}}),
            json!({"type": "array", "items": true, "maxItems": 3}),
        ] {
            assert_eq!(Shape::of(&schema), None, "{schema}");
        }
    }
}
