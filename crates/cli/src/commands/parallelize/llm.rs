//! `--with llm`: a language model rewrites, `dice verify` decides about it (SEMANTICS, Verdicts).

use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;

use dice_catalog::Catalog;
use dice_codegen::{DistributeOptions, Judge, JudgeError, Judgement, Rewriting};
use dice_engine::LanguageModel;
use dice_model::Digest;
use dice_verify::{Certificates, Harness, Limits, Pair, Verdict, verify};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::arguments::Global;
use crate::{connection, sandbox, show};

/// In the data folder: a line for each program that a model was asked to rewrite.
const LOG: &str = "rewritings.jsonl";

/// What became of it.
pub(super) struct Written {
    /// `None`: no attempt was accepted, and `note` says why.
    pub(super) program: Option<String>,
    /// For people: who wrote it, what was decided, how often that went well so far.
    pub(super) note: String,
}

/// Errors only if the sandbox cannot start: a model that fails is a reason to take the analysis.
pub(super) async fn rewrite(
    global: &Global,
    catalog: &Catalog,
    serial: &str,
    assume_no_failures: bool,
) -> anyhow::Result<Written> {
    let model = dice_engine::language_model(LanguageModel::Configured)?;
    let data = connection::data_folder(global)?;
    let judge = Verifier {
        harness: sandbox::harness(global, Limits::default()).await?,
        catalog: catalog.clone(),
        certificates: Certificates::of_data_folder(&data),
        last: Mutex::new(None),
    };
    let options = DistributeOptions {
        assume_no_failures,
        ..DistributeOptions::default()
    };
    let asked = dice_codegen::distribute(&*model, &judge, serial, catalog, &options).await;
    let rewriting = match asked {
        Ok(rewriting) => rewriting,
        Err(error) => {
            return Ok(Written {
                program: None,
                note: format!("the language model wrote nothing to compare: {error}"),
            });
        }
    };
    let so_far = Record::of(serial, &model.name(), &rewriting).add_to(&data.join(LOG))?;
    Ok(Written {
        note: note(&rewriting, judge.last(), &so_far),
        program: rewriting.accepted,
    })
}

/// `verdict`: of the last attempt that could be run.
fn note(rewriting: &Rewriting, verdict: Option<Verdict>, so_far: &Acceptance) -> String {
    let last = rewriting.attempts.last();
    let author = last.map(|attempt| attempt.source.label());
    let author = author.unwrap_or_else(|| "a language model".to_owned());
    let attempts = match rewriting.attempts.len() {
        1 => "the first attempt".to_owned(),
        count => format!("attempt {count}"),
    };
    let outcome = match last.and_then(|attempt| attempt.problems.as_ref()) {
        None => {
            let bound = match verdict {
                Some(Verdict::EqualWhenNoCallFails) => {
                    ", though it is equal only when no call fails"
                }
                _ => "",
            };
            format!("written by {author}; {attempts} was compared and accepted{bound} ")
        }
        Some(problems) => {
            format!("what {author} wrote was not accepted, {attempts} because of\n{problems}\n")
        }
    };
    format!(
        "{outcome}({} of {} accepted so far)",
        so_far.accepted, so_far.asked
    )
}

/// `dice verify`, as a judge of what models write.
struct Verifier {
    harness: Harness,
    catalog: Catalog,
    certificates: Certificates,
    /// What was decided last.
    last: Mutex<Option<Verdict>>,
}

impl Judge for Verifier {
    fn judge<'a>(
        &'a self,
        serial: &'a str,
        distributed: &'a str,
    ) -> BoxFuture<'a, Result<Judgement, JudgeError>> {
        self.verdict(serial, distributed).boxed()
    }
}

impl Verifier {
    fn last(&self) -> Option<Verdict> {
        *self.last.lock().expect("nobody panics while writing it")
    }

    async fn verdict(&self, serial: &str, distributed: &str) -> Result<Judgement, JudgeError> {
        let pair = Pair {
            serial,
            distributed,
        };
        let options = dice_verify::Options::default();
        let certificate = verify(&self.harness, pair, &self.catalog, &options).await;
        let certificate = certificate.map_err(|error| JudgeError {
            message: error.to_string(),
            source: Some(Box::new(error)),
        })?;
        if let Err(error) = self.certificates.keep(&certificate) {
            tracing::warn!(%error, "the certificate is not kept");
        }
        *self.last.lock().expect("nobody panics while writing it") = Some(certificate.verdict);
        let counterexample = show::certificate(&certificate, false);
        Ok(match certificate.verdict {
            Verdict::Equal => Judgement::Equal,
            Verdict::EqualWhenNoCallFails => Judgement::EqualWhenNoCallFails { counterexample },
            Verdict::Different => Judgement::Different { counterexample },
        })
    }
}

/// A line of the log, from which the rate of acceptance follows.
#[derive(Serialize, Deserialize)]
struct Record {
    model: String,
    serial: Digest,
    attempts: usize,
    accepted: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Acceptance {
    asked: usize,
    accepted: usize,
}

impl Record {
    fn of(serial: &str, model: &str, rewriting: &Rewriting) -> Self {
        Self {
            model: model.to_owned(),
            serial: Digest::of(serial.as_bytes()),
            attempts: rewriting.attempts.len(),
            accepted: rewriting.accepted.is_some(),
        }
    }

    /// One write of a whole line: commands that run at once do not mix theirs.
    fn add_to(&self, log: &Path) -> anyhow::Result<Acceptance> {
        let line = format!("{}\n", serde_json::to_string(self)?);
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)?;
        file.write_all(line.as_bytes())?;
        let text = std::fs::read_to_string(log)?;
        let records = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Self>(line).ok());
        let same = records.filter(|record| record.model == self.model);
        let accepted: Vec<bool> = same.map(|record| record.accepted).collect();
        Ok(Acceptance {
            asked: accepted.len(),
            accepted: accepted.iter().filter(|accepted| **accepted).count(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_of_one_model() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join(LOG);
        let add = |model: &str, accepted| {
            let record = Record {
                model: model.to_owned(),
                serial: Digest::of(b"serial"),
                attempts: 1,
                accepted,
            };
            let so_far = record.add_to(&log).expect("it can be written");
            (so_far.accepted, so_far.asked)
        };
        assert_eq!(add("a", true), (1, 1));
        assert_eq!(add("b", false), (0, 1));
        assert_eq!(add("a", false), (1, 2));
    }
}
