//! Errors of the engine to `application/problem+json`, in one place.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dice_codegen::{GenerateError, LlmError};
use dice_engine::EngineError;
use dice_model::{CallFailure, FailureKind};
use dice_parallelize::Diagnostics;
use dice_program::Lines;
use dice_runtime::RequestError;

use crate::api::Problem;

/// A queue that is full moves; how fast depends on what is called.
const RETRY_AFTER_S: &str = "1";

/// An error on its way out.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) Problem);

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status: status.as_u16(),
            title: status.canonical_reason().unwrap_or("error").to_owned(),
            detail: detail.into(),
            hint: None,
        }
    }

    pub(crate) fn from_failure(function: &str, failure: &CallFailure) -> Self {
        let status = match failure.kind {
            FailureKind::BadArguments => StatusCode::UNPROCESSABLE_ENTITY,
            FailureKind::Raised | FailureKind::WorkerLost => StatusCode::BAD_GATEWAY,
            FailureKind::Deadline => StatusCode::GATEWAY_TIMEOUT,
        };
        Self::new(status, format!("{function}: {failure}"))
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, headers, Json(self.0)).into_response();
        if status == StatusCode::TOO_MANY_REQUESTS {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        response
    }
}

impl<E: Into<Problem>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let status = match &error {
            EngineError::Generate(GenerateError::Llm(LlmError::NotRecorded(_)))
            | EngineError::Generate(GenerateError::EmptyQuery | GenerateError::NoFunctions)
            | EngineError::Parallelize { .. }
            | EngineError::CannotQuote(_)
            | EngineError::SampleFailed(_)
            | EngineError::WritesCannotBeCompared(_) => StatusCode::UNPROCESSABLE_ENTITY,
            EngineError::Generate(GenerateError::Llm(_)) => StatusCode::BAD_GATEWAY,
            EngineError::Request(RequestError::NoTask(_)) | EngineError::NoBatch(_) => {
                StatusCode::NOT_FOUND
            }
            EngineError::Request(RequestError::InputMissing { .. }) => StatusCode::BAD_REQUEST,
            EngineError::Request(RequestError::Busy { .. } | RequestError::Full { .. }) => {
                StatusCode::TOO_MANY_REQUESTS
            }
            EngineError::Request(RequestError::Stopping) | EngineError::CallNotMade => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            EngineError::Resolve(_)
            | EngineError::StillRunning(_)
            | EngineError::NotEnded(_)
            | EngineError::NothingRan => StatusCode::CONFLICT,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let problem = Self::new(status, explained(&error));
        match hint(&error) {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }
}

/// With the diagnostics, where a program was refused.
fn explained(error: &EngineError) -> String {
    let mut text = with_causes(error);
    let refused = match error {
        EngineError::Generate(GenerateError::NotValid {
            program,
            diagnostics,
            ..
        }) => {
            text.push_str(&format!("\n\n{program}\n"));
            Some((program.as_str(), diagnostics))
        }
        EngineError::Parallelize {
            program,
            diagnostics: Diagnostics(diagnostics),
        } => Some((program.as_str(), diagnostics)),
        _ => None,
    };
    if let Some((program, diagnostics)) = refused {
        let lines = Lines::new(program);
        for diagnostic in diagnostics {
            text.push('\n');
            text.push_str(&diagnostic.to_line("program.py", &lines));
        }
    }
    text
}

fn hint(error: &EngineError) -> Option<&'static str> {
    Some(match error {
        EngineError::Generate(GenerateError::Llm(LlmError::NotRecorded(_))) => {
            "or write the program yourself and use `dice run`"
        }
        EngineError::Generate(GenerateError::NotValid { .. }) => {
            "try again, word the question otherwise, or use a stronger model"
        }
        EngineError::WritesCannotBeCompared(_) => "run it without --compare",
        EngineError::Request(RequestError::Busy { .. } | RequestError::Full { .. }) => {
            "send it again after the seconds that Retry-After says; `dice top` shows what is waited for"
        }
        EngineError::Request(RequestError::NoTask(_)) => "`dice tasks list` shows the tasks",
        _ => return None,
    })
}

/// An error and its causes, in one line.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_cannot_be_read_is_the_callers_mistake() {
        let program = "import hermod\nfor x in\n".to_owned();
        let diagnostics = Diagnostics(dice_program::parse(&program).diagnostics);
        let problem = Problem::from(EngineError::Parallelize {
            program,
            diagnostics,
        });
        assert_eq!(problem.status, 422);
        assert!(
            problem.detail.contains("program.py:2:"),
            "{}",
            problem.detail
        );
    }
}
