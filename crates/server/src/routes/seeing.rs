//! What the engine does at this moment: for Prometheus and for `dice top`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use dice_telemetry::Metrics;

use super::Shared;
use crate::api;

pub(crate) async fn metrics(
    metrics: Arc<Metrics>,
    State(engine): Shared,
) -> impl IntoResponse + use<> {
    let text = metrics.text(&engine.now().await);
    ([(CONTENT_TYPE, dice_telemetry::CONTENT_TYPE)], text)
}

pub(crate) async fn now(State(engine): Shared) -> Json<api::Now> {
    Json(api::Now::from(&engine.now().await))
}
