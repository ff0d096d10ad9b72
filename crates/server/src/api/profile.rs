//! What `dice profile --json` prints.

use dice_engine::Profiled;
use serde::Serialize;

/// Figures of one function on one type of device, all measured. Seconds are medians, unless they say
/// otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FunctionProfile {
    pub function: String,
    /// Of the function's file.
    pub version: String,
    pub device: String,
    /// Always `measured`.
    pub label: &'static str,
    pub machine: String,
    /// What the calls were made with, for people.
    pub inputs: String,
    /// From the start of the process until the function is ready.
    pub load: Times,
    /// The most that the worker held.
    pub memory_bytes: u64,
    pub batches: Vec<BatchTimes>,
    /// A size of batch at which calls failed: it and larger ones were not measured.
    pub failed: Option<FailedSize>,
    /// The file that has the figures now.
    pub written: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Times {
    pub seconds: f64,
    /// A tenth of the runs took less.
    pub low_seconds: f64,
    /// A tenth of the runs took more.
    pub high_seconds: f64,
    pub runs: u32,
    /// The runs differed so much that something else must have been busy.
    pub noisy: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BatchTimes {
    pub size: u32,
    #[serde(flatten)]
    pub times: Times,
    pub seconds_per_call: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FailedSize {
    pub size: u32,
    pub message: String,
}

impl FunctionProfile {
    pub fn new(profiled: &Profiled, written: Option<String>) -> Self {
        let (finding, measured) = (&profiled.finding, &profiled.measured);
        let version = finding.figures.version.map(|version| version.to_string());
        let batches = measured.batches.iter().map(|(size, times)| BatchTimes {
            size: *size,
            times: Times::new(times),
            seconds_per_call: times.median().as_secs_f64() / f64::from(*size),
        });
        let failed = measured.failed.as_ref();
        Self {
            function: finding.function.to_string(),
            version: version.unwrap_or_default(),
            device: finding.device.to_string(),
            label: "measured",
            machine: profiled.machine.clone(),
            inputs: profiled.inputs.clone(),
            load: Times::new(&measured.load),
            memory_bytes: measured.memory_bytes,
            batches: batches.collect(),
            failed: failed.map(|(size, message)| FailedSize {
                size: *size,
                message: message.clone(),
            }),
            written,
        }
    }
}

impl Times {
    fn new(times: &dice_engine::Times) -> Self {
        Self {
            seconds: times.median().as_secs_f64(),
            low_seconds: times.low().as_secs_f64(),
            high_seconds: times.high().as_secs_f64(),
            runs: times.runs(),
            noisy: times.is_noisy(),
        }
    }
}
