//! Checks of a call's arguments and result against the schemas (RUNTIME V1).

use dice_model::Value;
use serde_json::json;

use crate::entry::Entry;
use crate::fit::{Misfit, fit};
use crate::json::project;
use crate::suggest::closest;

/// Names the function and the field: `blip: question: 3 is not of type "string"`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{function}: {problem}")]
pub struct ArgumentError {
    pub function: String,
    /// Without the function's name: what `CallFailure::message` holds.
    pub problem: ArgumentProblem,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentProblem {
    #[error("arguments are {0}, not an object")]
    NotAnObject(&'static str),
    #[error("no parameter {name:?}; {}", meant(suggestion.as_deref(), known))]
    Unknown {
        name: String,
        suggestion: Option<String>,
        known: Vec<String>,
    },
    #[error("{name}: missing")]
    Missing { name: String },
    #[error("{field}: {problem}")]
    Invalid { field: String, problem: String },
}

/// A function gave what its own result schema refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{function}: {field}: {problem}")]
pub struct ResultError {
    pub function: String,
    /// `result[0].x`.
    pub field: String,
    pub problem: String,
}

fn meant(suggestion: Option<&str>, known: &[String]) -> String {
    match suggestion {
        Some(name) => format!("did you mean {name:?}?"),
        None if known.is_empty() => "it takes none".to_owned(),
        None => format!("it takes {}", known.join(", ")),
    }
}

impl Entry {
    /// The arguments with defaults filled in and integers made floats where the schema says
    /// `number`, or the first thing that is wrong with them.
    pub fn check_arguments(&self, arguments: Value) -> Result<Value, ArgumentError> {
        self.checked_arguments(arguments)
            .map_err(|problem| ArgumentError {
                function: self.name().to_owned(),
                problem,
            })
    }

    fn checked_arguments(&self, arguments: Value) -> Result<Value, ArgumentProblem> {
        let Value::Map(mut given) = arguments else {
            return Err(ArgumentProblem::NotAnObject(arguments.kind()));
        };
        if !self.takes_more_parameters() {
            for name in given.keys() {
                if self.parameter(name).is_none() {
                    return Err(self.unknown_parameter(name));
                }
            }
        }
        for parameter in &self.parameters {
            let name = &parameter.name;
            match &parameter.default {
                _ if given.contains_key(name) => {}
                Some(default) => {
                    given.insert(name.clone(), default.clone());
                }
                None if parameter.required => {
                    return Err(ArgumentProblem::Missing { name: name.clone() });
                }
                None => {}
            }
        }
        for (name, value) in &mut given {
            if let Some(parameter) = self.parameter(name) {
                *value = fit(std::mem::take(value), &parameter.kind, name)?;
            }
        }
        let fitted = Value::Map(given);
        match self.parameters_schema.violation_of(&fitted) {
            Some((field, problem)) => Err(ArgumentProblem::Invalid { field, problem }),
            None => Ok(fitted),
        }
    }

    fn unknown_parameter(&self, name: &str) -> ArgumentProblem {
        let known: Vec<String> = self
            .parameters
            .iter()
            .map(|known| known.name.clone())
            .collect();
        ArgumentProblem::Unknown {
            name: name.to_owned(),
            suggestion: closest(name, known.iter().map(String::as_str)).map(str::to_owned),
            known,
        }
    }

    /// Checks one argument alone, as a literal of a program is before anything runs.
    pub fn check_argument(&self, name: &str, value: &Value) -> Result<(), ArgumentProblem> {
        let Some(parameter) = self.parameter(name) else {
            return Err(self.unknown_parameter(name));
        };
        let fitted = fit(value.clone(), &parameter.kind, name)?;
        match parameter
            .schema
            .violation(&json!({ name: project(&fitted) }))
        {
            Some((field, problem)) => Err(ArgumentProblem::Invalid { field, problem }),
            None => Ok(()),
        }
    }

    /// The result as the program gets it, unwrapped (DESIGN §4), or what is wrong with it.
    pub fn check_result(&self, result: Value) -> Result<Value, ResultError> {
        let refuse = |field: String, problem: String| ResultError {
            function: self.name().to_owned(),
            field,
            problem,
        };
        let fitted = fit(result, &self.result, "result")
            .map_err(|misfit| refuse(misfit.path, misfit.problem))?;
        let violation = if self.result_is_wrapped() {
            self.result_schema.violation_of_only("result", &fitted)
        } else {
            self.result_schema.violation_of(&fitted)
        };
        match violation {
            Some((field, problem)) if field.is_empty() => Err(refuse("result".to_owned(), problem)),
            Some((field, problem)) => Err(refuse(field, problem)),
            None => Ok(fitted),
        }
    }
}

impl From<Misfit> for ArgumentProblem {
    fn from(misfit: Misfit) -> Self {
        Self::Invalid {
            field: misfit.path,
            problem: misfit.problem,
        }
    }
}
