//! What tasks will cost, before they run.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use dice_engine::QuoteRequest;
use dice_model::{Cost, MicroUsd};

use super::Shared;
use crate::api;
use crate::body::Body;
use crate::convert;
use crate::problem::Failed;

pub(crate) async fn create(
    State(engine): Shared,
    Body(request): Body<api::QuoteRequest>,
) -> Result<Json<api::QuoteAnswer>, Failed> {
    let whole = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let asked = QuoteRequest {
        source: request.program,
        filename: request.filename,
        inputs: request.inputs,
        tasks: whole(request.tasks),
        sample: request.sample.map(whole),
        budget: request
            .budget_micro_usd
            .map(|amount| Cost::from(MicroUsd(amount))),
        deadline: request.deadline_ms.map(Duration::from_millis),
    };
    Ok(Json(convert::quote_answer(&engine.quote(asked).await?)))
}
