//! What the measured calls are made with: given, else the function's own example, else its defaults; a
//! picture is drawn where none is given.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use dice_catalog::{Entry, Parameter, Type};
use dice_model::{Digest, ImageHandle, Value};
use serde_json::Value as Json;

use crate::picture;

/// Of the operations on images (docs/protocol.md); no operation is asked for here.
const OPERATIONS: u32 = 1;

/// What a person says a parameter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// As it was typed: JSON where the parameter is no text.
    Text(String),
    /// A file's bytes, for images and bytes.
    File(Bytes),
}

/// Those of one call, with the blobs that they name.
#[derive(Debug, Clone, PartialEq)]
pub struct Arguments {
    pub values: Arc<Value>,
    pub blobs: HashMap<Digest, Bytes>,
    /// For people: `image: drawn, 1280 x 720; object_name: "car"`.
    pub told: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentsError {
    #[error("{function} needs {}, and nobody says what is usual", names.join(" and "))]
    Missing {
        function: String,
        names: Vec<String>,
    },
    #[error("{function} has no parameter {name:?}; it takes {}", known.join(", "))]
    Unknown {
        function: String,
        name: String,
        known: Vec<String>,
    },
    #[error("{name}: not JSON: {problem}")]
    NotJson { name: String, problem: String },
    #[error("{0}")]
    Refused(String),
}

impl Arguments {
    /// `example`: by parameter, as the function's author gave it.
    pub fn choose(
        entry: &Entry,
        example: &Json,
        given: &HashMap<String, Given>,
    ) -> Result<Self, ArgumentsError> {
        let known = || entry.parameters.iter().map(|it| it.name.clone()).collect();
        let mut names = given.keys();
        if let Some(name) = names.find(|name| entry.parameter(name).is_none()) {
            return Err(ArgumentsError::Unknown {
                function: entry.name().to_owned(),
                name: name.clone(),
                known: known(),
            });
        }
        let mut chosen = Chosen::default();
        for parameter in &entry.parameters {
            chosen.choose(entry, parameter, example, given)?;
        }
        chosen.finish(entry)
    }
}

#[derive(Default)]
struct Chosen {
    values: Vec<(String, Value)>,
    blobs: HashMap<Digest, Bytes>,
    told: Vec<String>,
    missing: Vec<String>,
}

impl Chosen {
    fn choose(
        &mut self,
        entry: &Entry,
        parameter: &Parameter,
        example: &Json,
        given: &HashMap<String, Given>,
    ) -> Result<(), ArgumentsError> {
        let name = parameter.name.as_str();
        match given.get(name) {
            Some(Given::File(bytes)) if parameter.kind == Type::Bytes => {
                self.take(name, Value::Bytes(bytes.to_vec()), size(bytes));
            }
            Some(Given::File(bytes)) => self.take_image(name, bytes.clone(), size(bytes)),
            Some(Given::Text(text)) => {
                let value = read(parameter, text)?;
                self.take(name, value, text.clone());
            }
            None => match usual(entry, name, example) {
                Some(json) => {
                    let value = serde_json::from_value(json.clone()).map_err(|error| {
                        ArgumentsError::Refused(format!("the example of {name}: {error}"))
                    })?;
                    self.take(name, value, json.to_string());
                }
                None if parameter.kind == Type::Image && parameter.required => {
                    let told = format!("drawn, {} x {}", picture::WIDTH, picture::HEIGHT);
                    self.take_image(name, picture::drawn(), told);
                }
                None if parameter.required => self.missing.push(name.to_owned()),
                None => {}
            },
        }
        Ok(())
    }

    fn take(&mut self, name: &str, value: Value, told: String) {
        self.values.push((name.to_owned(), value));
        self.told.push(format!("{name}: {told}"));
    }

    fn take_image(&mut self, name: &str, bytes: Bytes, told: String) {
        let blob = Digest::of(&bytes);
        self.blobs.insert(blob, bytes);
        let handle = ImageHandle {
            blob,
            operations: Vec::new(),
            version: OPERATIONS,
        };
        self.take(name, Value::Image(handle), told);
    }

    fn finish(self, entry: &Entry) -> Result<Arguments, ArgumentsError> {
        if !self.missing.is_empty() {
            return Err(ArgumentsError::Missing {
                function: entry.name().to_owned(),
                names: self.missing,
            });
        }
        let values = entry
            .check_arguments(Value::map(self.values))
            .map_err(|error| ArgumentsError::Refused(error.to_string()))?;
        Ok(Arguments {
            values: Arc::new(values),
            blobs: self.blobs,
            told: self.told.join("; "),
        })
    }
}

/// Text as it stands where the parameter may be text; else JSON.
fn read(parameter: &Parameter, text: &str) -> Result<Value, ArgumentsError> {
    let wrong = |problem: String| ArgumentsError::NotJson {
        name: parameter.name.clone(),
        problem,
    };
    if matches!(parameter.kind, Type::Text | Type::Enum(_)) {
        return Ok(Value::from(text));
    }
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(_) if takes_text(&parameter.kind) => Ok(Value::from(text)),
        Err(error) => Err(wrong(error.to_string())),
    }
}

fn takes_text(kind: &Type) -> bool {
    match kind {
        Type::Any | Type::Text => true,
        Type::Union(kinds) => kinds.iter().any(takes_text),
        _ => false,
    }
}

/// The author's example, else the first of the schema's.
fn usual<'a>(entry: &'a Entry, name: &str, example: &'a Json) -> Option<&'a Json> {
    let schema = &entry.parameters_schema()["properties"][name];
    example
        .get(name)
        .or_else(|| schema["examples"].get(0))
        .or_else(|| schema["enum"].get(0))
}

fn size(bytes: &Bytes) -> String {
    format!("a file of {} bytes", bytes.len())
}
