//! Functions on offer, and single calls for everybody who does not speak frames (RUNTIME V3).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use dice_model::Value;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::json;

use super::Shared;
use crate::api::{FunctionList, Problem};
use crate::body::Body;
use crate::problem::Failed;

/// What this engine is.
#[derive(Debug, Serialize)]
pub(crate) struct EngineStatus {
    version: &'static str,
    process: u32,
    functions: usize,
    fleet: String,
}

pub(crate) async fn engine(State(engine): Shared) -> Json<EngineStatus> {
    Json(EngineStatus {
        version: env!("CARGO_PKG_VERSION"),
        process: std::process::id(),
        functions: engine.catalog().len(),
        fleet: engine.hardware(),
    })
}

pub(crate) async fn list(State(engine): Shared) -> Json<FunctionList> {
    let items: Vec<_> = engine
        .catalog()
        .iter()
        .map(|entry| entry.to_resource())
        .collect();
    Json(json!({"apiVersion": "v1", "kind": "List", "metadata": {}, "items": items}))
}

pub(crate) async fn one(
    State(engine): Shared,
    Path(name): Path<String>,
) -> Result<Json<FunctionList>, Failed> {
    match engine.catalog().get(&name) {
        Some(entry) => Ok(Json(entry.to_resource())),
        None => {
            let problem = Problem::new(StatusCode::NOT_FOUND, format!("no function {name}"));
            let problem = match engine.catalog().closest(&name) {
                Some(closest) => problem.hint(format!("did you mean {closest}?")),
                None => problem.hint("`dice get functions` lists those on offer"),
            };
            Err(Failed(problem))
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct CallAnswer {
    result: Value,
}

/// The arguments by name; answers `{"result": …}`, or a problem that says what the call ended with.
pub(crate) async fn call(
    State(engine): Shared,
    Path(name): Path<String>,
    Body(arguments): Body<IndexMap<String, Value>>,
) -> Result<Json<CallAnswer>, Failed> {
    match engine.call(&name, Value::Map(arguments)).await? {
        Ok(result) => Ok(Json(CallAnswer { result })),
        Err(failure) => Err(Failed(Problem::from_failure(&name, &failure))),
    }
}
