//! `--ideal`: what a program could take at best, and what its distributed form does take.

use dice_catalog::Catalog;
use dice_verify::Limits;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::arguments::Global;
use crate::sandbox;

/// Latencies are drawn this often; the draw with the worst ratio is shown.
const DRAWS: u64 = 5;

/// `--latency FUNCTION=SECONDS`
pub(super) fn parse_latency(text: &str) -> Result<(String, f64), String> {
    let (function, seconds) = text
        .split_once('=')
        .ok_or("it looks like FUNCTION=SECONDS")?;
    match seconds.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => Ok((function.to_owned(), seconds)),
        _ => Err(format!("`{seconds}` is no number of seconds")),
    }
}

/// One draw of latencies.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Measured {
    Traced(Comparison),
    /// A construct whose dependences cannot be told exactly.
    Cannot {
        cannot: String,
        line: u32,
    },
}

/// In virtual seconds.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct Comparison {
    pub(crate) serial: f64,
    pub(crate) ideal: f64,
    pub(crate) achieved: f64,
    /// Of what was achieved to the ideal: 1 is perfect.
    pub(crate) ratio: f64,
    /// In the order of the serial program.
    pub(crate) calls: Vec<Call>,
    /// What the distributed program waits for, one after the other.
    pub(crate) path: Vec<Waited>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct Call {
    pub(crate) function: String,
    pub(crate) line: u32,
    pub(crate) start: f64,
    pub(crate) end: f64,
    /// When the distributed program starts it.
    pub(crate) achieved: Option<f64>,
    /// On the longest path.
    pub(crate) critical: bool,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct Waited {
    pub(crate) function: String,
    pub(crate) line: Option<u32>,
    pub(crate) start: f64,
    pub(crate) end: f64,
}

/// The worst of the draws.
pub(super) async fn measure(
    global: &Global,
    catalog: &Catalog,
    serial: &str,
    distributed: &str,
    given: &[(String, f64)],
) -> anyhow::Result<Measured> {
    let usual = super::latencies(catalog, given)?;
    let plans: Vec<_> = (0..DRAWS)
        .map(|seed| json!({"seed": seed, "usual": usual}))
        .collect();
    let question = json!({
        "program": serial,
        "distributed": distributed,
        "functions": dice_verify::describe(catalog),
        "plans": plans,
    });
    let harness = sandbox::harness(global, Limits::default()).await?;
    let answers: Vec<Measured> = harness
        .ask("hermod.testing.questions:ideal", &question)
        .await?;
    let worst = answers
        .into_iter()
        .max_by(|one, other| one.ratio().total_cmp(&other.ratio()));
    Ok(worst.expect("an answer for each draw"))
}

impl Measured {
    fn ratio(&self) -> f64 {
        match self {
            Self::Traced(comparison) => comparison.ratio,
            Self::Cannot { .. } => f64::INFINITY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse_latency;

    #[test]
    fn a_latency_has_a_function_and_seconds() {
        assert_eq!(parse_latency("blip=0.9"), Ok(("blip".to_owned(), 0.9)));
        for wrong in ["blip", "blip=", "blip=fast", "blip=-1", "blip=inf"] {
            assert!(parse_latency(wrong).is_err(), "{wrong}");
        }
    }
}
