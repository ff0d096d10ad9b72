//! Tasks: made, followed, cancelled, settled.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, Sse};
use dice_engine::NewRun;
use dice_model::{MicroUsd, ProgramForm, TaskId, Value};
use dice_runtime::{Resolution, TaskFilter};
use futures::{Stream, StreamExt as _};
use serde::Deserialize;

use super::Shared;
use crate::api::{
    CallLog, Problem, ResolveRequest, Task, TaskList, TaskLogs, TaskRequest, TaskResults,
};
use crate::body::Body;
use crate::convert;
use crate::events::sse;
use crate::problem::Failed;

/// Tasks in one page, at most.
const PAGE: usize = 1000;

#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    #[serde(default)]
    limit: Option<usize>,
    #[serde(default)]
    before: Option<u64>,
}

pub(crate) async fn list(
    State(engine): Shared,
    Query(page): Query<Page>,
) -> Result<Json<TaskList>, Failed> {
    let limit = page.limit.unwrap_or(100).clamp(1, PAGE);
    let filter = TaskFilter {
        before: page.before.map(TaskId),
        limit,
        ..TaskFilter::default()
    };
    let reports = engine.reports(filter).await?;
    let next = (reports.len() == limit).then(|| reports.last().map(|last| last.record.id.0));
    let tasks = reports.iter().map(convert::task).collect();
    Ok(Json(TaskList {
        tasks,
        next: next.flatten(),
    }))
}

pub(crate) async fn create(
    State(engine): Shared,
    Body(request): Body<TaskRequest>,
) -> Result<(StatusCode, Json<Task>), Failed> {
    let run = NewRun {
        source: request.program,
        filename: request.filename,
        form: ProgramForm::Distributed,
        inputs: request.inputs,
        tenant: request.tenant.unwrap_or_default(),
        deadline: request.deadline_ms.map(Duration::from_millis),
        budget: request.budget_micro_usd.map(MicroUsd),
        memo: true,
    };
    let task = engine.submit(run).await?;
    Ok((StatusCode::CREATED, show(&engine, task).await?))
}

pub(crate) async fn one(
    State(engine): Shared,
    Path(task): Path<u64>,
) -> Result<Json<Task>, Failed> {
    show(&engine, TaskId(task)).await
}

pub(crate) async fn events(
    State(engine): Shared,
    Path(task): Path<u64>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failed> {
    let events = engine.follow(TaskId(task)).await?;
    Ok(sse(events.map(convert::run_event)))
}

pub(crate) async fn logs(
    State(engine): Shared,
    Path(task): Path<u64>,
) -> Result<Json<TaskLogs>, Failed> {
    let report = engine.report(TaskId(task)).await?;
    let logged = engine.runtime().logged(TaskId(task)).await;
    let logged = logged.map_err(dice_engine::EngineError::from)?;
    let calls = logged.into_iter().map(|log| CallLog {
        call: log.call,
        function: log.function.to_string(),
        at: log.at.0,
        text: log.text,
    });
    Ok(Json(TaskLogs {
        task,
        stderr: report.stderr,
        calls: calls.collect(),
    }))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    /// Only calls of this function.
    #[serde(default)]
    function: Option<String>,
    /// Only this call.
    #[serde(default)]
    call: Option<u32>,
    #[serde(default)]
    after: Option<u32>,
}

pub(crate) async fn results(
    State(engine): Shared,
    Path(task): Path<u64>,
    Query(which): Query<Which>,
) -> Result<Json<TaskResults>, Failed> {
    engine.report(TaskId(task)).await?;
    let results = engine.runtime().results(TaskId(task)).await;
    let results = results.map_err(dice_engine::EngineError::from)?;
    let wanted = results.into_iter().filter(|result| {
        let function = which.function.as_deref();
        function.is_none_or(|function| result.function.as_str() == function)
            && which.call.is_none_or(|call| result.call == call)
            && which.after.is_none_or(|after| result.call > after)
    });
    let mut results: Vec<_> = wanted.take(PAGE + 1).map(convert::call_result).collect();
    let more = results.len() > PAGE;
    results.truncate(PAGE);
    let next = results.last().map(|last| last.call).filter(|_| more);
    Ok(Json(TaskResults {
        task,
        results,
        next,
    }))
}

pub(crate) async fn cancel(
    State(engine): Shared,
    Path(task): Path<u64>,
) -> Result<Json<Task>, Failed> {
    engine.cancel(TaskId(task)).await?;
    show(&engine, TaskId(task)).await
}

pub(crate) async fn resolve(
    State(engine): Shared,
    Path(task): Path<u64>,
    Body(request): Body<ResolveRequest>,
) -> Result<Json<Task>, Failed> {
    let resolution = match request {
        ResolveRequest::NotHappened {} => Resolution::NotHappened,
        ResolveRequest::Happened { result } => {
            let value: Value = serde_json::from_value(result).map_err(|error| {
                Failed(Problem::new(
                    StatusCode::BAD_REQUEST,
                    format!("result: {error}"),
                ))
            })?;
            Resolution::Happened(value)
        }
    };
    engine.resolve(TaskId(task), resolution).await?;
    show(&engine, TaskId(task)).await
}

pub(crate) async fn forget(
    State(engine): Shared,
    Path(task): Path<u64>,
) -> Result<Json<serde_json::Value>, Failed> {
    engine.forget(TaskId(task)).await?;
    Ok(Json(serde_json::json!({"forgotten": task})))
}

async fn show(engine: &dice_engine::Engine, task: TaskId) -> Result<Json<Task>, Failed> {
    Ok(Json(convert::task(&engine.report(task).await?)))
}
