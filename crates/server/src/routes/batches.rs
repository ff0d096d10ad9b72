//! Batches: many tasks of one program.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use dice_engine::{Bounds, NewBatchRun};
use dice_model::{BatchId, MicroUsd};
use serde::Deserialize;

use super::Shared;
use crate::api::{Batch, BatchRequest};
use crate::body::Body;
use crate::convert;
use crate::problem::Failed;

pub(crate) async fn create(
    State(engine): Shared,
    Body(request): Body<BatchRequest>,
) -> Result<Json<Batch>, Failed> {
    let batch = NewBatchRun {
        source: request.program,
        filename: request.filename,
        tasks: request.tasks,
        fresh: request.fresh,
        tenant: request.tenant.unwrap_or_default(),
        bounds: Bounds {
            budget: request.budget_micro_usd.map(MicroUsd),
            deadline: request.deadline_ms.map(Duration::from_millis),
        },
    };
    let (batch, resumed) = engine.batch(batch).await?;
    Ok(Json(convert::batch(
        &engine.batch_report(batch, false).await?,
        resumed,
    )))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Detail {
    #[serde(default = "yes")]
    items: bool,
}

const fn yes() -> bool {
    true
}

pub(crate) async fn one(
    State(engine): Shared,
    Path(batch): Path<u64>,
    Query(detail): Query<Detail>,
) -> Result<Json<Batch>, Failed> {
    let report = engine.batch_report(BatchId(batch), detail.items).await?;
    Ok(Json(convert::batch(&report, false)))
}
