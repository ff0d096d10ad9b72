//! What `hermod describe FILE` prints (RUNTIME C1).

use dice_model::{Digest, Effect, FunctionId, FunctionSpec, Origin, Resources};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::entry::{Entry, Parts};
use crate::error::CatalogError;

#[derive(Deserialize)]
struct Description {
    file_digest: Digest,
    functions: Vec<Described>,
}

#[derive(Deserialize)]
struct Described {
    name: String,
    documentation: String,
    #[serde(rename = "parametersSchema")]
    parameters_schema: Json,
    #[serde(rename = "resultSchema")]
    result_schema: Json,
    effect: Effect,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    idempotent: bool,
    #[serde(flatten)]
    resources: Resources,
    #[serde(default)]
    origin: Origin,
    #[serde(default)]
    batched: bool,
    #[serde(default)]
    numerics: Option<String>,
    description_digest: Digest,
}

impl Entry {
    /// One function of a description's `functions`; `version` is the file's digest.
    pub fn from_description(described: &Json, version: Digest) -> Result<Self, CatalogError> {
        let described =
            Described::deserialize(described).map_err(|error| not_described(1, &error))?;
        described.into_entry(version)
    }
}

/// All functions of one description, as `hermod describe` prints it.
pub fn entries_from_description(text: &str) -> Result<Vec<Entry>, CatalogError> {
    let description: Description =
        serde_json::from_str(text).map_err(|error| not_described(1, &error))?;
    let version = description.file_digest;
    let functions = description.functions.into_iter();
    functions
        .map(|described| described.into_entry(version))
        .collect()
}

fn not_described(place: usize, error: &serde_json::Error) -> CatalogError {
    CatalogError::NotAFunction {
        place,
        problem: format!("not what `hermod describe` prints: {error}"),
    }
}

impl Described {
    fn into_entry(self, version: Digest) -> Result<Entry, CatalogError> {
        Entry::new(Parts {
            spec: FunctionSpec {
                id: FunctionId::new(self.name),
                version,
                effect: self.effect,
                state: self.state,
                idempotent: self.idempotent,
                resources: self.resources,
                origin: self.origin,
            },
            documentation: self.documentation,
            parameters_schema: self.parameters_schema,
            result_schema: self.result_schema,
            batched: self.batched,
            exact_numerics: self.numerics.as_deref() == Some("exact"),
            description_digest: Some(self.description_digest),
            assumptions: Vec::new(),
        })
    }
}
