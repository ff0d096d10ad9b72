//! What is simulated: nodes, functions by profile, and tasks. Read from a TOML file.

mod check;
mod loaded;
mod recorded;
mod sizes;

use std::collections::BTreeMap;
use std::time::Duration;

use dice_model::{DeviceType, Effect, FunctionId, NodeType};
use dice_scheduler::PolicyName;
use serde::Deserialize;

pub use recorded::{Recorded, RecordedCall};
pub(crate) use sizes::GIB;

/// Everything that decides how a simulation goes. The file's form is told in `docs/simulate.md`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub name: String,
    #[serde(default)]
    pub seed: u64,
    #[serde(default, deserialize_with = "policy")]
    pub policy: PolicyName,
    /// Tasks that run at once (RUNTIME P7).
    pub concurrency: u32,
    /// How much of the run is kept beside its sums.
    #[serde(default)]
    pub detail: Detail,
    #[serde(rename = "node", default)]
    pub nodes: Vec<Node>,
    #[serde(rename = "function")]
    pub functions: Vec<Function>,
    pub work: Work,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    /// Sums only: for a million tasks.
    #[default]
    Sums,
    /// Every lease and load, and when each task ran.
    Intervals,
}

/// Nodes of one type, all alike.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    pub r#type: NodeType,
    #[serde(default = "one")]
    pub count: u32,
    /// From the start of the run until the node is there.
    #[serde(default, deserialize_with = "seconds")]
    pub start_up_seconds: Duration,
    pub devices: Vec<Device>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    pub r#type: DeviceType,
    #[serde(default = "one")]
    pub count: u32,
    /// What functions may fill of it.
    pub memory_gib: f64,
    /// Functions that are loaded when the node joins: their load time is not part of the run.
    #[serde(default)]
    pub holds: Vec<FunctionId>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    pub name: FunctionId,
    #[serde(default = "pure")]
    pub effect: Effect,
    pub memory_gib: f64,
    #[serde(default = "one")]
    pub max_batch_size: u32,
    /// Each call takes between `1 - spread` and `1 + spread` times as long, evenly drawn; a batch, as
    /// long as its calls on average.
    #[serde(default)]
    pub spread: f64,
    /// How long it takes, by device type: there must be one wherever it fits.
    pub latency: BTreeMap<DeviceType, Latency>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    #[serde(default, deserialize_with = "seconds")]
    pub load_seconds: Duration,
    /// Of a whole batch, by its size; between sizes linear. Starts with size 1.
    #[serde(deserialize_with = "batches")]
    pub batches: Vec<(u32, Duration)>,
}

/// What the tasks do, and when they come.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub tasks: u64,
    #[serde(default)]
    pub form: Form,
    /// That a task's program takes for itself, before its first call.
    #[serde(default, deserialize_with = "seconds")]
    pub program_seconds: Duration,
    /// How many inputs have how many of something: `car = { 2 = 6, 3 = 10 }`. A task draws its input.
    #[serde(default)]
    pub counts: BTreeMap<String, BTreeMap<CountKey, u32>>,
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
    #[serde(default)]
    pub arrivals: Arrivals,
    /// Tasks as they once ran, in place of all of the above but their number.
    #[serde(skip)]
    pub recorded: Vec<Recorded>,
}

/// TOML keys are text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct CountKey(pub u32);

/// Calls of one task that may overlap; they wait for all calls of the step before.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Once for each of these, a name of [`Work::counts`].
    pub each: Option<String>,
    pub calls: Vec<FunctionId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Each call waits for the one before it.
    Serial,
    #[default]
    Distributed,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrivals {
    /// All at the start.
    #[default]
    Batch,
    /// At random moments, so many a second on average.
    Poisson(f64),
}

/// What is wrong with a scenario, and where.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    #[error("scenario: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("scenario {name}: {problem}")]
    Wrong { name: String, problem: String },
}

impl Scenario {
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let scenario: Self = toml::from_str(text)?;
        scenario.checked()
    }

    /// Whose nodes do not count, and need not be there: work to be planned for.
    pub fn parse_workload(text: &str) -> Result<Self, ScenarioError> {
        let scenario: Self = toml::from_str(text)?;
        scenario.check_work()?;
        Ok(scenario)
    }

    /// For one that was put together elsewhere.
    pub fn checked(self) -> Result<Self, ScenarioError> {
        self.check()?;
        Ok(self)
    }
}

const fn one() -> u32 {
    1
}

const fn pure() -> Effect {
    Effect::Pure
}

fn policy<'de, D: serde::Deserializer<'de>>(from: D) -> Result<PolicyName, D::Error> {
    let name = String::deserialize(from)?;
    name.parse().map_err(serde::de::Error::custom)
}

fn seconds<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    duration(f64::deserialize(from)?)
}

fn duration<E: serde::de::Error>(seconds: f64) -> Result<Duration, E> {
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        E::custom(format!(
            "{seconds} seconds: must be finite and not negative"
        ))
    })
}

fn batches<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<(u32, Duration)>, D::Error> {
    let pairs = Vec::<(u32, f64)>::deserialize(from)?.into_iter();
    pairs
        .map(|(size, seconds)| Ok((size, duration(seconds)?)))
        .collect()
}

impl TryFrom<String> for CountKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let count = text.parse();
        count
            .map(Self)
            .map_err(|_| format!("{text:?}: how many must be a whole number"))
    }
}
