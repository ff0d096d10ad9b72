//! One function on offer.

use dice_model::{Digest, Effect, FunctionSpec, Value};
use serde_json::{Value as Json, json};

use crate::assumption::Assumption;
use crate::error::CatalogError;
use crate::json::to_value;
use crate::schema::Schema;
use crate::types::Type;

/// A function with its documentation and schemas. Made by [`crate::Catalog::from_resources`] or
/// [`crate::entries_from_description`].
#[derive(Debug)]
pub struct Entry {
    pub spec: FunctionSpec,
    pub documentation: String,
    pub parameters: Vec<Parameter>,
    /// Of what `await hermod.call(…)` gives: unwrapped once.
    pub result: Type,
    /// Has a form that takes lists.
    pub batched: bool,
    /// Low bits do not depend on batch or device (RUNTIME C2).
    pub exact_numerics: bool,
    /// Of everything a worker must agree with (RUNTIME C1).
    pub description_digest: Digest,
    pub assumptions: Vec<Assumption>,
    pub(crate) parameters_schema: Schema,
    pub(crate) result_schema: Schema,
}

#[derive(Debug)]
pub struct Parameter {
    pub name: String,
    pub kind: Type,
    pub required: bool,
    pub default: Option<Value>,
    /// An object with this one property, to check it alone.
    pub(crate) schema: Schema,
}

/// What both readers of descriptions have found.
pub(crate) struct Parts {
    pub(crate) spec: FunctionSpec,
    pub(crate) documentation: String,
    pub(crate) parameters_schema: Json,
    pub(crate) result_schema: Json,
    pub(crate) batched: bool,
    pub(crate) exact_numerics: bool,
    pub(crate) description_digest: Option<Digest>,
    pub(crate) assumptions: Vec<Assumption>,
}

impl Entry {
    pub(crate) fn new(parts: Parts) -> Result<Self, CatalogError> {
        let name = parts.spec.id.as_str();
        let parameters_schema = Schema::compile(name, "parametersSchema", parts.parameters_schema)?;
        let result_schema = Schema::compile(name, "resultSchema", parts.result_schema)?;
        let mut entry = Self {
            parameters: read_parameters(name, &parameters_schema.json)?,
            result: result_type(&result_schema.json),
            documentation: parts.documentation,
            batched: parts.batched,
            exact_numerics: parts.exact_numerics,
            description_digest: parts.description_digest.unwrap_or_else(|| Digest::of(b"")),
            assumptions: parts.assumptions,
            spec: parts.spec,
            parameters_schema,
            result_schema,
        };
        if parts.description_digest.is_none() {
            entry.description_digest = entry.own_digest();
        }
        Ok(entry)
    }

    /// For descriptions that bring no digest along.
    fn own_digest(&self) -> Digest {
        let described = json!({
            "name": self.name(),
            "documentation": self.documentation,
            "parametersSchema": self.parameters_schema.json,
            "resultSchema": self.result_schema.json,
            "effect": self.spec.effect,
            "state": self.spec.state,
            "idempotent": self.spec.idempotent,
            "resources": self.spec.resources,
            "origin": self.spec.origin,
        });
        Digest::of(crate::json::canonical(&described).as_bytes())
    }

    pub fn name(&self) -> &str {
        self.spec.id.as_str()
    }

    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }

    /// As JSON Schema, with `"python type"` as Figure 4 prints it.
    pub fn parameters_schema(&self) -> &Json {
        &self.parameters_schema.json
    }

    pub fn result_schema(&self) -> &Json {
        &self.result_schema.json
    }

    /// May it be called with parameters that its schema does not list?
    pub fn takes_more_parameters(&self) -> bool {
        let more = self.parameters_schema.json.get("additionalProperties");
        more.is_some_and(|more| more != &Json::Bool(false))
    }

    /// `blip(image: image, question: text) -> BlipAnswer`
    pub fn signature(&self) -> String {
        let parameters = self.parameters.iter().map(|parameter| {
            let default = parameter
                .default
                .as_ref()
                .map(|value| format!(" = {}", value.canonical()));
            let optional = if parameter.required || default.is_some() {
                ""
            } else {
                "?"
            };
            let default = default.unwrap_or_default();
            format!("{}{optional}: {}{default}", parameter.name, parameter.kind)
        });
        let parameters = parameters.collect::<Vec<_>>().join(", ");
        format!("{}({parameters}) -> {}", self.name(), self.result)
    }

    pub(crate) fn result_is_wrapped(&self) -> bool {
        wrapped_result(&self.result_schema.json).is_some()
    }

    /// This entry with an undeclared effect treated as `write` (E1, `--strict-effects`).
    pub(crate) fn strict(&self) -> Result<Self, CatalogError> {
        let mut parts = self.to_parts();
        if let Some(assumption) = parts
            .assumptions
            .iter_mut()
            .find(|it| **it == Assumption::Pure)
        {
            *assumption = Assumption::Write;
            parts.spec.effect = Effect::Write;
        }
        Self::new(parts)
    }

    fn to_parts(&self) -> Parts {
        Parts {
            spec: self.spec.clone(),
            documentation: self.documentation.clone(),
            parameters_schema: self.parameters_schema.json.clone(),
            result_schema: self.result_schema.json.clone(),
            batched: self.batched,
            exact_numerics: self.exact_numerics,
            description_digest: Some(self.description_digest),
            assumptions: self.assumptions.clone(),
        }
    }
}

fn wrapped_result(schema: &Json) -> Option<&Json> {
    schema.get("properties")?.get("result")
}

fn result_type(schema: &Json) -> Type {
    Type::of_schema(wrapped_result(schema).unwrap_or(schema), schema)
}

fn read_parameters(function: &str, schema: &Json) -> Result<Vec<Parameter>, CatalogError> {
    let properties = schema.get("properties").and_then(Json::as_object);
    let properties = properties.expect("a compiled schema has properties");
    let required = schema.get("required").and_then(Json::as_array);
    let parameters = properties.iter().map(|(name, property)| {
        let kind = Type::of_schema(property, schema);
        let default = property.get("default").and_then(to_value);
        Ok(Parameter {
            name: name.clone(),
            required: required.is_some_and(|names| names.contains(&json!(name))),
            default: default.and_then(|value| crate::fit::fit(value, &kind, name).ok()),
            schema: single(function, name, property, schema)?,
            kind,
        })
    });
    parameters.collect()
}

fn single(
    function: &str,
    name: &str,
    property: &Json,
    root: &Json,
) -> Result<Schema, CatalogError> {
    let schema = json!({
        "type": "object",
        "properties": { name: property },
        "$defs": root.get("$defs").cloned().unwrap_or_else(|| json!({})),
    });
    Schema::compile(function, "parametersSchema", schema)
}
