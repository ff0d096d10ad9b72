//! Request bodies: JSON, or a problem that says what is wrong with it.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, Uri};
use serde::de::DeserializeOwned;

use crate::api::Problem;
use crate::problem::Failed;

/// Like [`Json`], with our kind of error.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failed> {
        let read = Json::<T>::from_request(request, state).await;
        read.map(|Json(body)| Self(body)).map_err(refused)
    }
}

fn refused(rejection: JsonRejection) -> Failed {
    let problem = Problem::new(rejection.status(), rejection.body_text());
    Failed(problem.hint("docs/api.md says what each request takes"))
}

/// For addresses that are not there.
pub(crate) async fn nothing_here(address: Uri) -> Failed {
    let problem = Problem::new(StatusCode::NOT_FOUND, format!("nothing is at {address}"));
    Failed(problem.hint("docs/api.md lists what there is"))
}
