//! What tasks and batches cost, explained.

use axum::Json;
use axum::extract::{Path, State};
use dice_engine::{CostOf, Trace};
use dice_model::{BatchId, TaskId};

use super::Shared;
use crate::api::CostReport;
use crate::convert;
use crate::problem::Failed;

pub(crate) async fn task(
    State(engine): Shared,
    Path(task): Path<u64>,
) -> Result<Json<CostReport>, Failed> {
    let report = engine.cost(CostOf::Task(TaskId(task))).await?;
    Ok(Json(convert::cost_report(&report)))
}

pub(crate) async fn batch(
    State(engine): Shared,
    Path(batch): Path<u64>,
) -> Result<Json<CostReport>, Failed> {
    let report = engine.cost(CostOf::Batch(BatchId(batch))).await?;
    Ok(Json(convert::cost_report(&report)))
}

pub(crate) async fn task_trace(
    State(engine): Shared,
    Path(task): Path<u64>,
) -> Result<Json<Trace>, Failed> {
    Ok(Json(engine.trace(CostOf::Task(TaskId(task))).await?))
}

pub(crate) async fn batch_trace(
    State(engine): Shared,
    Path(batch): Path<u64>,
) -> Result<Json<Trace>, Failed> {
    Ok(Json(engine.trace(CostOf::Batch(BatchId(batch))).await?))
}
