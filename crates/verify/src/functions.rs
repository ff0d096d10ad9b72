//! A catalog as `hermod.testing` reads it: what made-up functions need to know.

use dice_catalog::{Catalog, Entry};
use dice_model::Effect;
use serde::Serialize;
use serde_json::Value as Json;

/// As far as effects, arguments and results go; `Function` of `hermod.testing.functions`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FunctionDescription {
    pub name: String,
    /// `pure` (declared), `assumed` (pure, but nobody declared it: E1), `read` or `write`.
    pub effect: &'static str,
    /// Empty: the one that all functions without a state share.
    pub state: String,
    pub parameters: Json,
    pub result: Json,
}

/// All functions of a catalog, by name.
pub fn describe(catalog: &Catalog) -> Vec<FunctionDescription> {
    catalog.iter().map(describe_entry).collect()
}

fn describe_entry(entry: &Entry) -> FunctionDescription {
    let effect = match entry.spec.effect {
        Effect::AssumedPure => "assumed",
        declared => declared.word(),
    };
    FunctionDescription {
        name: entry.name().to_owned(),
        effect,
        state: entry.spec.state.clone().unwrap_or_default(),
        parameters: entry.parameters_schema().clone(),
        result: entry.result_schema().clone(),
    }
}
