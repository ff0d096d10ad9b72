//! The paper's way, gated: a model writes the distributed program, and a judge decides about it.
//!
//! One round of repair with the counterexample; then the caller takes the analysis instead.

use std::fmt;

use dice_catalog::Catalog;
use dice_model::Usage;
use dice_program::{CheckOptions, Diagnostic, Severity, check};
use futures::future::BoxFuture;

use crate::extract::{Extracted, extract};
use crate::llm::{Answer, AnswerSource, Llm, LlmError};
use crate::prompt::{distribute_repair_request, distribute_request};

/// Decides whether a distributed program does what its serial form does (SEMANTICS, Verdicts).
pub trait Judge: Send + Sync {
    fn judge<'a>(
        &'a self,
        serial: &'a str,
        distributed: &'a str,
    ) -> BoxFuture<'a, Result<Judgement, JudgeError>>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    Equal,
    /// Equal in all runs in which no call fails; this is one in which a call does.
    EqualWhenNoCallFails {
        counterexample: String,
    },
    Different {
        counterexample: String,
    },
}

/// The judge could not run at all.
#[derive(Debug, thiserror::Error)]
#[error("cannot compare the programs: {message}")]
pub struct JudgeError {
    pub message: String,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

#[derive(Debug, Clone)]
pub struct DistributeOptions {
    /// Accept a program that is equal only when no call fails.
    pub assume_no_failures: bool,
    /// Rounds in which what is wrong goes back to the model.
    pub repair_rounds: u32,
}

impl Default for DistributeOptions {
    fn default() -> Self {
        Self {
            assume_no_failures: false,
            repair_rounds: 1,
        }
    }
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct Rewriting {
    /// `None`: no attempt was accepted.
    pub accepted: Option<String>,
    /// In order, the accepted one last.
    pub attempts: Vec<RewritingAttempt>,
    /// A line for the ledger per answer that cost tokens.
    pub usage: Vec<Usage>,
}

#[derive(Debug, Clone)]
pub struct RewritingAttempt {
    pub source: AnswerSource,
    /// Empty if the answer has none.
    pub program: String,
    /// Why it was not accepted.
    pub problems: Option<Problems>,
}

/// What is wrong with an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problems {
    /// It is no program for these functions.
    Diagnostics(Vec<Diagnostic>),
    /// It does something else than the serial program: a run that shows it.
    Counterexample(String),
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Diagnostics(found) => {
                let messages = found.iter().map(|one| one.message.as_str());
                f.write_str(&messages.collect::<Vec<_>>().join("; "))
            }
            Self::Counterexample(text) => f.write_str(text),
        }
    }
}

/// Asks `llm` for the distributed form of `serial`. Errors if there is no answer or no judge; an answer
/// that is wrong is an attempt that was not accepted.
pub async fn distribute(
    llm: &dyn Llm,
    judge: &dyn Judge,
    serial: &str,
    catalog: &Catalog,
    options: &DistributeOptions,
) -> Result<Rewriting, DistributeError> {
    let mut attempts: Vec<RewritingAttempt> = Vec::new();
    let mut usage = Vec::new();
    let mut ask = distribute_request(serial, catalog);
    loop {
        let answer = match llm.complete(&ask).await {
            Ok(answer) => answer,
            Err(source) => return Err(DistributeError::Llm { source, usage }),
        };
        usage.extend(answer.usage());
        let attempt = attempt(answer, judge, serial, catalog, options);
        let attempt = match attempt.await {
            Ok(attempt) => attempt,
            Err(source) => return Err(DistributeError::Judge { source, usage }),
        };
        let Some(problems) = &attempt.problems else {
            let accepted = Some(attempt.program.clone());
            attempts.push(attempt);
            return Ok(Rewriting {
                accepted,
                attempts,
                usage,
            });
        };
        let round = ask.round + 1;
        ask = distribute_repair_request(serial, catalog, round, &attempt.program, problems);
        attempts.push(attempt);
        if round > options.repair_rounds {
            return Ok(Rewriting {
                accepted: None,
                attempts,
                usage,
            });
        }
    }
}

/// Whoever pays wants to know what was spent before it went wrong.
#[derive(Debug, thiserror::Error)]
pub enum DistributeError {
    #[error("{source}")]
    Llm { source: LlmError, usage: Vec<Usage> },
    #[error("{source}")]
    Judge {
        source: JudgeError,
        usage: Vec<Usage>,
    },
}

impl DistributeError {
    pub fn usage(&self) -> &[Usage] {
        match self {
            Self::Llm { usage, .. } | Self::Judge { usage, .. } => usage,
        }
    }
}

async fn attempt(
    answer: Answer,
    judge: &dyn Judge,
    serial: &str,
    catalog: &Catalog,
    options: &DistributeOptions,
) -> Result<RewritingAttempt, JudgeError> {
    let (program, problems) = match extract(&answer.text) {
        Extracted::Program(program) => {
            let problems = problems(&program, judge, serial, catalog, options).await?;
            (program, problems)
        }
        Extracted::CannotAnswer(_) | Extracted::Nothing => {
            let missing = crate::generate::no_program();
            (String::new(), Some(Problems::Diagnostics(vec![missing])))
        }
    };
    Ok(RewritingAttempt {
        source: answer.source,
        program,
        problems,
    })
}

async fn problems(
    program: &str,
    judge: &dyn Judge,
    serial: &str,
    catalog: &Catalog,
    options: &DistributeOptions,
) -> Result<Option<Problems>, JudgeError> {
    let mut errors = check(program, catalog, &CheckOptions::default());
    errors.retain(|found| found.severity == Severity::Error);
    if !errors.is_empty() {
        return Ok(Some(Problems::Diagnostics(errors)));
    }
    let counterexample = match judge.judge(serial, program).await? {
        Judgement::Equal => None,
        Judgement::EqualWhenNoCallFails { .. } if options.assume_no_failures => None,
        Judgement::EqualWhenNoCallFails { counterexample }
        | Judgement::Different { counterexample } => Some(counterexample),
    };
    Ok(counterexample.map(Problems::Counterexample))
}
