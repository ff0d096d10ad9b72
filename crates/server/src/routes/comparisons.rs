//! The monolith beside the distributed run.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use dice_engine::Pair;
use futures::Stream;

use super::Shared;
use crate::api::{ComparisonEvent, ComparisonRequest};
use crate::body::Body;
use crate::convert;
use crate::events::from_flow;

pub(crate) async fn create(
    State(engine): Shared,
    Body(request): Body<ComparisonRequest>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let pair = Pair {
        serial: request.serial,
        distributed: request.distributed,
        filename: request.filename,
        inputs: request.inputs,
    };
    from_flow(
        move |events| async move { engine.compare(pair, events).await.map(drop) },
        convert::comparison_event,
        ComparisonEvent::Failed,
    )
}
