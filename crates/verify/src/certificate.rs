//! What a verdict says, and what it rests on: the object of `dice verify --json`.

use std::collections::BTreeMap;

use dice_model::Digest;
use serde::{Deserialize, Serialize};

/// Of one pair of programs and one catalog. Every field is documented in `docs/verify.md`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// `dice` and its version.
    pub tool: String,
    pub verdict: Verdict,
    /// Of the serial program's text.
    pub serial: Digest,
    /// Of the distributed program's text.
    pub distributed: Digest,
    /// Of the functions that both call.
    pub catalog: Digest,
    pub obligations: Vec<Obligation>,
    /// Plans that both programs ran under.
    pub runs: u32,
    /// Of these, plans under which the serial program does not end, or takes too deep a recursion.
    pub skipped: u32,
    pub seed: u64,
    pub counterexample: Option<Counterexample>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Equal,
    EqualWhenNoCallFails,
    Different,
}

impl Verdict {
    pub const fn text(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::EqualWhenNoCallFails => "equal when no call fails",
            Self::Different => "different",
        }
    }
}

/// Something that must hold for the two to be equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// Where it arises, in the distributed program; 0: in all of it.
    pub line: u32,
    pub kind: ObligationKind,
    pub status: Status,
    /// SEMANTICS's number.
    pub rule: String,
    pub what: String,
    /// For what is only tested: what stands in the way of a proof.
    pub why: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObligationKind {
    /// Rewriting the distributed program back gives the serial one.
    Text,
    /// A loop's iterations run ahead of it.
    Loop,
    /// A call is issued before its place.
    Call,
    /// What a function's author has left open.
    Function,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Proved,
    Tested,
    Assumed,
}

impl Status {
    pub const fn text(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Tested => "tested only",
            Self::Assumed => "assumed",
        }
    }
}

/// The smallest run that was found in which the two differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counterexample {
    pub differences: Vec<Difference>,
    /// By name; the text of those that are no images.
    pub inputs: BTreeMap<String, Option<String>>,
    pub calls: Vec<Call>,
    pub serial: Outcome,
    /// `None`: it does not end.
    pub distributed: Option<Outcome>,
}

/// Which rule is broken, by what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub rule: String,
    pub what: String,
}

/// A call and what the made-up function made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// `serial`, or `distributed` for a call that only that one makes.
    pub program: String,
    /// Of that program's text.
    pub line: u32,
    /// As Python would write it.
    pub call: String,
    /// In virtual time.
    pub seconds: f64,
    pub fails: bool,
    pub result: serde_json::Value,
}

/// What can be observed of a run (SEMANTICS O1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    pub end: String,
    pub writes: Vec<String>,
}
