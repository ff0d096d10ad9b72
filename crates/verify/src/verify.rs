//! Two programs to a certificate.

use std::collections::BTreeMap;

use dice_catalog::Catalog;
use dice_model::Digest;
use serde::{Deserialize, Serialize};

use crate::certificate::{Certificate, Counterexample, Obligation, Verdict};
use crate::functions::{FunctionDescription, describe};
use crate::{Harness, HarnessError};

const TOOL: &str = concat!("dice ", env!("CARGO_PKG_VERSION"));

/// A serial program and one that claims to be as good. Both must be Python: `dice_program::parse`.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    pub serial: &'a str,
    pub distributed: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Plans to run both programs under, at most.
    pub runs: u32,
    /// Other results and latencies, for another seed.
    pub seed: u64,
    /// Texts of inputs that are no images, by name; made up where they are missing.
    pub inputs: BTreeMap<String, String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            runs: 300,
            seed: 0,
            inputs: BTreeMap::new(),
        }
    }
}

#[derive(Serialize)]
struct Question<'a> {
    serial: &'a str,
    distributed: &'a str,
    functions: &'a [FunctionDescription],
    runs: u32,
    seed: u64,
    inputs: &'a BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Runs {
    verdict: Verdict,
    runs: u32,
    skipped: u32,
    counterexample: Option<Counterexample>,
}

/// Proves what can be proved, in a process that runs neither program, then runs both.
pub async fn verify(
    harness: &Harness,
    pair: Pair<'_>,
    catalog: &Catalog,
    options: &Options,
) -> Result<Certificate, HarnessError> {
    let question = Question {
        serial: pair.serial,
        distributed: pair.distributed,
        functions: &describe(catalog),
        runs: options.runs,
        seed: options.seed,
        inputs: &options.inputs,
    };
    let obligations: Vec<Obligation> = harness
        .ask("hermod.testing.verify.proof:prove", &question)
        .await?;
    let runs: Runs = harness
        .ask("hermod.testing.verify:verify", &question)
        .await?;
    Ok(Certificate {
        tool: TOOL.to_owned(),
        verdict: runs.verdict,
        serial: Digest::of(pair.serial.as_bytes()),
        distributed: Digest::of(pair.distributed.as_bytes()),
        catalog: catalog.digest(),
        obligations,
        runs: runs.runs,
        skipped: runs.skipped,
        seed: options.seed,
        counterexample: runs.counterexample,
    })
}
