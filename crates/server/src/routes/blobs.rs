//! Bytes by digest: a task's inputs go up before the task names them.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use dice_model::Digest;

use super::Shared;
use crate::api::Problem;
use crate::problem::Failed;

pub(crate) async fn put(
    State(engine): Shared,
    Path(digest): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Failed> {
    let expected = parse(&digest)?;
    let found = Digest::of(&body);
    if found != expected {
        let detail = format!("the bytes have the digest {found}, not {expected}");
        return Err(Failed(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            detail,
        )));
    }
    engine.store(body).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn get(
    State(engine): Shared,
    Path(digest): Path<String>,
) -> Result<Response, Failed> {
    let digest = parse(&digest)?;
    match engine.stored(digest).await? {
        Some(bytes) => {
            let headers = [(header::CONTENT_TYPE, "application/octet-stream")];
            Ok((headers, bytes).into_response())
        }
        None => Err(Failed(Problem::new(
            StatusCode::NOT_FOUND,
            format!("no blob {digest}"),
        ))),
    }
}

fn parse(digest: &str) -> Result<Digest, Failed> {
    digest
        .parse()
        .map_err(|error: dice_model::DigestParseError| {
            Failed(Problem::new(StatusCode::BAD_REQUEST, error.to_string()))
        })
}
