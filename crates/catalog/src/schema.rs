//! A schema with its compiled validator.

use std::fmt;

use dice_model::Value;
use serde_json::Value as Json;

use crate::error::CatalogError;
use crate::json::project;
use crate::shape::Shape;

/// Compiled once per entry; shared by every check.
pub(crate) struct Schema {
    pub(crate) json: Json,
    validator: jsonschema::Validator,
    /// If it says no more than that.
    shape: Option<Shape>,
}

impl Schema {
    /// `which` names the schema in errors: `parametersSchema` or `resultSchema`.
    pub(crate) fn compile(
        function: &str,
        which: &'static str,
        mut json: Json,
    ) -> Result<Self, CatalogError> {
        let bad = |problem: String| CatalogError::BadSchema {
            function: function.to_owned(),
            which,
            problem,
        };
        rename_python_type(&mut json);
        if !json.get("properties").is_some_and(Json::is_object) {
            return Err(bad("an object with properties is needed".to_owned()));
        }
        let validator = jsonschema::options()
            .should_validate_formats(false)
            .build(&json)
            .map_err(|error| bad(error.to_string()))?;
        Ok(Self {
            shape: Shape::of(&json),
            json,
            validator,
        })
    }

    /// As [`Schema::violation`], of a value.
    pub(crate) fn violation_of(&self, value: &Value) -> Option<(String, String)> {
        match &self.shape {
            Some(shape) if shape.admits(value) => None,
            _ => self.violation(&project(value)),
        }
    }

    /// As [`Schema::violation`], of an object with this one property.
    pub(crate) fn violation_of_only(&self, name: &str, value: &Value) -> Option<(String, String)> {
        let shape = self.shape.as_ref().and_then(|shape| shape.only(name));
        match shape {
            Some(shape) if shape.admits(value) => None,
            _ => {
                let property = (name.to_owned(), project(value));
                self.violation(&Json::Object([property].into_iter().collect()))
            }
        }
    }

    /// The first violation: where (`boxes[0].x`) and what.
    pub(crate) fn violation(&self, instance: &Json) -> Option<(String, String)> {
        let error = self.validator.iter_errors(instance).next()?;
        let field = field_path(instance, error.instance_path().as_str());
        Some((field, shortened(error.to_string())))
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json.fmt(f)
    }
}

/// Figure 4 prints `"python type"`; `python_type` is read too and written as printed there.
fn rename_python_type(json: &mut Json) {
    match json {
        Json::Object(entries) => {
            if entries.get("python_type").is_some_and(Json::is_string) {
                let renamed = std::mem::take(entries).into_iter().map(|(key, value)| {
                    let key = if key == "python_type" {
                        "python type".to_owned()
                    } else {
                        key
                    };
                    (key, value)
                });
                *entries = renamed.collect();
            }
            entries.values_mut().for_each(rename_python_type);
        }
        Json::Array(items) => items.iter_mut().for_each(rename_python_type),
        _ => {}
    }
}

/// `/boxes/0/x` as `boxes[0].x`.
fn field_path(instance: &Json, pointer: &str) -> String {
    let mut at = Some(instance);
    let mut path = String::new();
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        match at {
            Some(Json::Array(items)) => {
                path.push_str(&format!("[{segment}]"));
                at = segment
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| items.get(index));
            }
            other => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&segment);
                at = other.and_then(|json| json.get(&segment));
            }
        }
    }
    path
}

/// A validator's message quotes the offending value, which may be long.
fn shortened(mut message: String) -> String {
    const LONGEST: usize = 300;
    if message.len() > LONGEST {
        let tail = message.ceil_char_boundary(message.len() - LONGEST / 2);
        let head = message.floor_char_boundary(LONGEST / 2);
        message.replace_range(head..tail, " … ");
    }
    message
}
