//! From a sentence to programs, and the whole way.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use dice_engine::Question;
use dice_model::MicroUsd;
use futures::Stream;

use super::Shared;
use crate::api::{
    AskEvent, AskRequest, Distributed, GenerateRequest, Generated, ParallelizeRequest,
};
use crate::body::Body;
use crate::convert;
use crate::events::from_flow;
use crate::problem::Failed;

pub(crate) async fn generate(
    State(engine): Shared,
    Body(request): Body<GenerateRequest>,
) -> Result<Json<Generated>, Failed> {
    let generated = engine.generate(&request.query, &request.inputs).await?;
    let program = dice_engine::program_of(&generated)?;
    Ok(Json(convert::generated(&program, &generated)))
}

pub(crate) async fn parallelize(
    State(engine): Shared,
    Body(request): Body<ParallelizeRequest>,
) -> Result<Json<Distributed>, Failed> {
    Ok(Json(convert::distributed(
        &engine.parallelize(&request.program)?,
    )))
}

pub(crate) async fn ask(
    State(engine): Shared,
    Body(request): Body<AskRequest>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let question = Question {
        query: request.query,
        inputs: request.inputs,
        compare: request.compare,
        deadline: request.deadline_ms.map(Duration::from_millis),
        budget: request.budget_micro_usd.map(MicroUsd),
    };
    from_flow(
        move |events| async move { engine.ask(question, events).await },
        convert::ask_event,
        AskEvent::Failed,
    )
}
