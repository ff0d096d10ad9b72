//! The `kind: Function` resource, in the form of the paper's Figure 4.

use dice_model::{Digest, Effect, FunctionId, FunctionSpec, Origin, Resources};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::assumption::Assumption;
use crate::entry::{Entry, Parts};
use crate::error::CatalogError;
use crate::json::spaced;
use crate::quantity::{parse_bytes, write_bytes};

pub(crate) const API_VERSION: &str = "hermod.nec-labs.com/v1";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    api_version: String,
    kind: String,
    metadata: Metadata,
    #[serde(default, skip_serializing_if = "Spec::is_empty")]
    spec: Spec,
    status: Status,
}

#[derive(Serialize, Deserialize)]
struct Metadata {
    name: String,
}

#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    idempotent: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<SpecResources>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batching: Option<SpecBatching>,
    #[serde(skip_serializing_if = "Option::is_none")]
    concurrency: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    numerics: Option<String>,
}

#[derive(PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SpecResources {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gpu_memory: Option<Quantity>,
}

/// YAML writes `2Gi` as text and `0` as a number.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Quantity {
    Bytes(u64),
    Text(String),
}

#[derive(PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SpecBatching {
    max_batch_size: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    documentation: String,
    parameters_schema: SchemaText,
    result_schema: SchemaText,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    batched: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description_digest: Option<Digest>,
    /// Written for people; never read.
    #[serde(default, skip_deserializing, skip_serializing_if = "Vec::is_empty")]
    assumptions: Vec<&'static str>,
}

/// A schema is a JSON text in Figure 4; a mapping is read too.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SchemaText {
    Text(String),
    Mapping(Json),
}

impl Spec {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Every function of a text of one or more documents.
pub fn read(text: &str) -> Result<Vec<Entry>, CatalogError> {
    let mut entries = Vec::new();
    for (index, document) in serde_yaml_ng::Deserializer::from_str(text).enumerate() {
        match Json::deserialize(document)? {
            Json::Null => {}
            json => read_document(index + 1, json, &mut entries)?,
        }
    }
    Ok(entries)
}

fn read_document(place: usize, json: Json, entries: &mut Vec<Entry>) -> Result<(), CatalogError> {
    let wrong = |problem: String| CatalogError::NotAFunction { place, problem };
    match json.get("kind").and_then(Json::as_str) {
        Some("Function") => {
            let resource = Resource::deserialize(json).map_err(|error| wrong(error.to_string()))?;
            entries.push(resource.into_entry(place)?);
            Ok(())
        }
        Some("List" | "FunctionList") => {
            let items = json.get("items").and_then(Json::as_array).cloned();
            let items = items.ok_or_else(|| wrong("a List without items".to_owned()))?;
            items
                .into_iter()
                .try_for_each(|item| read_document(place, item, entries))
        }
        Some(kind) => Err(wrong(format!("kind is {kind}, not Function or List"))),
        None => Err(wrong("no kind; \"kind: Function\" is needed".to_owned())),
    }
}

impl Resource {
    fn into_entry(self, place: usize) -> Result<Entry, CatalogError> {
        if self.api_version != API_VERSION {
            let problem = format!("apiVersion is {}, not {API_VERSION}", self.api_version);
            return Err(CatalogError::NotAFunction { place, problem });
        }
        let name = self.metadata.name;
        let bad = |field, problem| CatalogError::BadField {
            function: name.clone(),
            field,
            problem,
        };
        let effect = read_effect(self.spec.effect.as_deref())
            .map_err(|problem| bad("spec.effect", problem))?;
        let resources = self
            .spec
            .to_resources()
            .map_err(|problem| bad("spec.resources.gpuMemory", problem))?;
        let parameters_schema = self
            .status
            .parameters_schema
            .parse()
            .map_err(|problem| bad("status.parametersSchema", problem))?;
        let result_schema = self
            .status
            .result_schema
            .parse()
            .map_err(|problem| bad("status.resultSchema", problem))?;
        let effect_assumed = (effect == Effect::AssumedPure).then_some(Assumption::Pure);
        let version_assumed = self.status.version.is_none().then_some(Assumption::Version);
        let mut entry = Entry::new(Parts {
            spec: FunctionSpec {
                id: FunctionId::new(name.as_str()),
                version: self.status.version.unwrap_or_else(|| Digest::of(b"")),
                effect,
                state: self.spec.state,
                idempotent: self.spec.idempotent,
                resources,
                origin: self.spec.origin.unwrap_or_default(),
            },
            documentation: self.status.documentation,
            parameters_schema,
            result_schema,
            batched: self.status.batched,
            exact_numerics: self.spec.numerics.as_deref() == Some("exact"),
            description_digest: self.status.description_digest,
            assumptions: effect_assumed.into_iter().chain(version_assumed).collect(),
        })?;
        if version_assumed.is_some() {
            entry.spec.version = entry.description_digest;
        }
        Ok(entry)
    }
}

fn read_effect(word: Option<&str>) -> Result<Effect, String> {
    match word {
        None => Ok(Effect::AssumedPure),
        Some("pure") => Ok(Effect::Pure),
        Some("read") => Ok(Effect::Read),
        Some("write") => Ok(Effect::Write),
        Some(other) => Err(format!("{other:?} is not pure, read or write")),
    }
}

impl Spec {
    fn to_resources(&self) -> Result<Resources, String> {
        let memory = self
            .resources
            .as_ref()
            .and_then(|resources| resources.gpu_memory.as_ref());
        Ok(Resources {
            gpu_memory_bytes: match memory {
                None => 0,
                Some(Quantity::Bytes(bytes)) => *bytes,
                Some(Quantity::Text(text)) => parse_bytes(text)?,
            },
            max_batch_size: self
                .batching
                .as_ref()
                .map_or(1, |batching| batching.max_batch_size.max(1)),
            concurrency: self.concurrency.unwrap_or(1).max(1),
        })
    }
}

impl SchemaText {
    fn parse(self) -> Result<Json, String> {
        match self {
            Self::Text(text) => {
                serde_json::from_str(&text).map_err(|error| format!("not JSON: {error}"))
            }
            Self::Mapping(json) => Ok(json),
        }
    }
}

impl Entry {
    /// The resource as a JSON object: what the Kubernetes API serves.
    pub fn to_resource(&self) -> Json {
        serde_json::to_value(self.as_resource()).expect("a resource is plain data")
    }

    /// What `dice get functions NAME -o yaml` prints.
    pub fn to_yaml(&self) -> String {
        serde_yaml_ng::to_string(&self.as_resource()).expect("a resource is plain data")
    }

    fn as_resource(&self) -> Resource {
        Resource {
            api_version: API_VERSION.to_owned(),
            kind: "Function".to_owned(),
            metadata: Metadata {
                name: self.name().to_owned(),
            },
            spec: self.as_spec(),
            status: Status {
                documentation: self.documentation.clone(),
                parameters_schema: SchemaText::Text(spaced(self.parameters_schema())),
                result_schema: SchemaText::Text(spaced(self.result_schema())),
                batched: self.batched,
                version: self
                    .declared(Assumption::Version)
                    .then_some(self.spec.version),
                description_digest: Some(self.description_digest),
                assumptions: self.assumptions.iter().map(|it| it.text()).collect(),
            },
        }
    }

    fn declared(&self, assumption: Assumption) -> bool {
        !self.assumptions.contains(&assumption)
    }

    fn as_spec(&self) -> Spec {
        let declared = self.declared(Assumption::Pure) && self.declared(Assumption::Write);
        let resources = &self.spec.resources;
        let memory = resources.gpu_memory_bytes;
        Spec {
            effect: declared.then(|| self.spec.effect.word().to_owned()),
            state: self.spec.state.clone(),
            idempotent: self.spec.idempotent,
            resources: (memory > 0).then(|| SpecResources {
                gpu_memory: Some(Quantity::Text(write_bytes(memory))),
            }),
            batching: (resources.max_batch_size > 1).then_some(SpecBatching {
                max_batch_size: resources.max_batch_size,
            }),
            concurrency: (resources.concurrency > 1).then_some(resources.concurrency),
            origin: (self.spec.origin != Origin::Real).then_some(self.spec.origin),
            numerics: self.exact_numerics.then(|| "exact".to_owned()),
        }
    }
}
