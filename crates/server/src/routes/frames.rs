//! `GET /hermod`: from HTTP to frames (`docs/protocol.md`).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper_util::rt::TokioIo;

use super::Shared;

pub(crate) async fn upgrade(State(engine): Shared, mut request: Request) -> Response {
    if !asks_for_frames(request.headers()) {
        let body = "this address speaks frames: send `Connection: Upgrade` and `Upgrade: hermod`\n";
        return (
            StatusCode::UPGRADE_REQUIRED,
            [(header::UPGRADE, "hermod")],
            body,
        )
            .into_response();
    }
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        match upgraded.await {
            Ok(io) => {
                if let Err(error) = engine.runtime().attach(TokioIo::new(io)).await {
                    tracing::debug!(%error, "a connection ended");
                }
            }
            Err(error) => tracing::debug!(%error, "a peer left before its upgrade"),
        }
    });
    let headers = [(header::CONNECTION, "Upgrade"), (header::UPGRADE, "hermod")];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

fn asks_for_frames(headers: &HeaderMap) -> bool {
    let asked = headers
        .get(header::UPGRADE)
        .and_then(|value| value.to_str().ok());
    asked.is_some_and(|asked| asked.eq_ignore_ascii_case("hermod"))
}
