//! `--explain`: what a program waits for before and after, what guesses would gain, and which results the
//! runtime may give again.

use std::collections::BTreeMap;

use dice_catalog::Catalog;
use dice_parallelize::{Reuse, Speculation};
use dice_verify::Limits;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::latencies;
use crate::arguments::Global;
use crate::sandbox;

/// What a call takes that nobody says anything about.
const UNIT_SECONDS: f64 = 1.0;
/// Of made-up results; the more, the better the mean of what guesses gain.
const RUNS: u64 = 5;
/// What speculation is tried with where it is off.
const WINDOW: &str = "4";

/// The texts that there are of one program.
pub(super) struct Texts<'a> {
    pub(super) serial: &'a str,
    /// What is printed.
    pub(super) distributed: &'a str,
    /// By analysis, without guesses.
    pub(super) plain: &'a str,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Explained {
    /// Seconds a call that were given; all others take [`UNIT_SECONDS`].
    pub(crate) latencies: BTreeMap<String, f64>,
    /// Of `--speculate`, as it is or would be given.
    pub(crate) speculate: String,
    /// The distributed program guesses.
    pub(crate) speculating: bool,
    pub(crate) paths: Paths,
    pub(crate) reuse: Vec<Reuse>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Paths {
    Measured {
        before: Path,
        after: Path,
        /// `None`: there is nothing to guess.
        speculation: Option<Gain>,
        /// How the program ends with made-up results.
        end: String,
    },
    Cannot {
        cannot: String,
    },
}

/// The calls that are waited for one after the other.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct Path {
    pub(crate) seconds: f64,
    pub(crate) waits: Vec<Wait>,
}

/// All of them that one line of the serial program makes.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct Wait {
    pub(crate) line: u32,
    pub(crate) function: String,
    pub(crate) calls: u32,
    pub(crate) seconds: f64,
}

/// In the mean of the runs.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct Gain {
    pub(crate) without: f64,
    pub(crate) guessing: f64,
    pub(crate) in_vain: f64,
    pub(crate) most_in_vain: u32,
}

/// Runs all texts with made-up functions. Where that cannot be done, the answer says why.
pub(super) async fn explain(
    global: &Global,
    catalog: &Catalog,
    texts: Texts<'_>,
    speculation: Option<Speculation>,
    given: &[(String, f64)],
) -> anyhow::Result<Explained> {
    let latencies = latencies(catalog, given)?;
    let speculate = speculation.unwrap_or_else(|| WINDOW.parse().expect("a window"));
    let guessing = guessing(global, catalog, &texts, speculate);
    let plans: Vec<_> = (0..RUNS)
        .map(|seed| json!({"seed": seed, "usual": latencies, "otherwise": UNIT_SECONDS}))
        .collect();
    let question = json!({
        "serial": texts.serial,
        "distributed": texts.distributed,
        "plain": texts.plain,
        "guessing": guessing,
        "functions": dice_verify::describe(catalog),
        "plans": plans,
    });
    let paths = match sandbox::harness(global, Limits::default()).await {
        Err(error) => Paths::Cannot {
            cannot: format!("{error:#}"),
        },
        Ok(harness) => {
            let asked = harness.ask("hermod.testing.explain:explain", &question);
            asked.await.unwrap_or_else(|error| Paths::Cannot {
                cannot: error.to_string(),
            })
        }
    };
    Ok(Explained {
        latencies,
        speculate: speculate.to_string(),
        speculating: speculation.is_some(),
        paths,
        reuse: dice_parallelize::reuse(texts.serial, catalog),
    })
}

/// The program with guesses; `None` if it is no other.
fn guessing(
    global: &Global,
    catalog: &Catalog,
    texts: &Texts<'_>,
    speculation: Speculation,
) -> Option<String> {
    let options = dice_parallelize::Options {
        strict_effects: global.engine.strict_effects,
        speculation: Some(speculation),
    };
    let made = dice_parallelize::parallelize(texts.serial, catalog, &options).ok()?;
    (made.source != texts.plain).then_some(made.source)
}
