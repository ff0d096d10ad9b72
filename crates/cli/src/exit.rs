//! Errors to exit codes and hints, in one place (DESIGN §8).

use std::process::ExitCode;

use dice_server::api::Problem;

/// 0 is success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Success = 0,
    /// The program or a check failed.
    Failed = 1,
    /// Bad usage or input.
    Usage = 2,
    /// A function or a worker failed.
    Function = 3,
    /// Budget or deadline.
    Limit = 4,
    /// Ctrl-C, as shells have it.
    Interrupted = 130,
}

/// An error that knows its exit code and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            code: Code::Usage,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self {
            code: Code::Failed,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let code = match problem.status {
            400 | 404 | 409 | 413 | 422 => Code::Usage,
            502 => Code::Function,
            504 => Code::Limit,
            _ => Code::Failed,
        };
        Self {
            code,
            message: problem.detail,
            hint: problem.hint,
        }
    }
}

/// Whoever read stdout has seen enough.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<std::io::Error>();
    error.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// What a command ends with.
pub(crate) type Ended = anyhow::Result<Code>;

pub(crate) fn report(ended: Ended) -> ExitCode {
    let code = match ended {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => Code::Success,
        Err(error) => {
            let failure = error.downcast_ref::<Failure>();
            let mut lines = format!("error: {error}");
            for cause in error.chain().skip(1) {
                lines.push_str(&format!("\n  because: {cause}"));
            }
            if let Some(hint) = failure.and_then(|failure| failure.hint.as_deref()) {
                lines.push_str(&format!("\n  hint: {hint}"));
            }
            anstream::eprintln!("{lines}");
            failure.map_or(Code::Failed, |failure| failure.code)
        }
    };
    ExitCode::from(code as u8)
}
