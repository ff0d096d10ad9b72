//! Tasks that once ran, call by call: what a trace is turned into.

use std::time::Duration;

use dice_model::FunctionId;

#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Since the start of the run.
    pub arrives: Duration,
    /// Each waits for earlier ones only.
    pub calls: Vec<RecordedCall>,
    /// Of the program itself, after its last call.
    pub rest: Duration,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RecordedCall {
    pub function: FunctionId,
    /// Places of the calls that it waits for.
    pub after: Vec<u32>,
    /// Of the program itself, between the last of them and this call.
    pub program: Duration,
    /// How many times as long as the profile says its lease took.
    pub factor: f64,
}
