//! What is answered where.

mod batches;
mod blobs;
mod comparisons;
mod costs;
mod frames;
mod functions;
mod page;
mod programs;
mod quotes;
mod seeing;
mod tasks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post, put};
use dice_engine::Engine;
use dice_telemetry::Metrics;

use crate::body::nothing_here;
use crate::origin::no_other_pages;

/// Inputs are uploaded whole; larger ones belong into object storage.
const MOST_BODY_BYTES: usize = 1 << 30;

pub(crate) type Shared = axum::extract::State<Arc<Engine>>;

pub(crate) fn router(engine: Arc<Engine>, metrics: Arc<Metrics>) -> Router {
    let api = Router::new()
        .route("/engine", get(functions::engine))
        .route("/now", get(seeing::now))
        .route("/functions", get(functions::list))
        .route("/functions/{name}", get(functions::one))
        .route("/functions/{name}/calls", post(functions::call))
        .route("/blobs/{digest}", put(blobs::put).get(blobs::get))
        .route("/generate", post(programs::generate))
        .route("/parallelize", post(programs::parallelize))
        .route("/ask", post(programs::ask))
        .route("/comparisons", post(comparisons::create))
        .route("/quotes", post(quotes::create))
        .route("/tasks", get(tasks::list).post(tasks::create))
        .route("/tasks/{task}", get(tasks::one))
        .route("/tasks/{task}/events", get(tasks::events))
        .route("/tasks/{task}/logs", get(tasks::logs))
        .route("/tasks/{task}/results", get(tasks::results))
        .route("/tasks/{task}/cost", get(costs::task))
        .route("/tasks/{task}/trace", get(costs::task_trace))
        .route("/tasks/{task}/cancel", post(tasks::cancel))
        .route("/tasks/{task}/resolve", post(tasks::resolve))
        .route("/tasks/{task}/forget", post(tasks::forget))
        .route("/batches", post(batches::create))
        .route("/batches/{batch}", get(batches::one))
        .route("/batches/{batch}/cost", get(costs::batch))
        .route("/batches/{batch}/trace", get(costs::batch_trace));
    Router::new()
        .nest("/api/v1", api)
        .route("/hermod", get(frames::upgrade))
        .route(
            "/metrics",
            get(move |engine| seeing::metrics(Arc::clone(&metrics), engine)),
        )
        .route("/", get(page::index))
        .route("/assets/{file}", get(page::asset))
        .fallback(nothing_here)
        .layer(axum::middleware::from_fn(no_other_pages))
        .layer(axum::middleware::map_response(page::never_guessed))
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .with_state(engine)
}
