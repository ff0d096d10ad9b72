//! Bytes by digest: a task's inputs go up before the task names them. A piece is in memory at a time.

use axum::RequestExt as _;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use dice_engine::EngineError;
use dice_model::Digest;
use dice_runtime::BlobError;
use futures::TryStreamExt as _;
use tokio_util::io::{ReaderStream, StreamReader};

use super::Shared;
use crate::api::Problem;
use crate::problem::Failed;

pub(crate) async fn put(
    State(engine): Shared,
    Path(digest): Path<String>,
    request: Request,
) -> Result<StatusCode, Failed> {
    let digest = parse(&digest)?;
    let body = request.into_limited_body().into_data_stream();
    let body = StreamReader::new(body.map_err(std::io::Error::other));
    match engine.store(body, digest).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(EngineError::Blob(error @ BlobError::OtherBytes { .. })) => Err(Failed(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            error.to_string(),
        ))),
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn get(
    State(engine): Shared,
    Path(digest): Path<String>,
) -> Result<Response, Failed> {
    let digest = parse(&digest)?;
    match engine.stored(digest).await? {
        Some(file) => {
            let headers = [(header::CONTENT_TYPE, "application/octet-stream")];
            Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
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
