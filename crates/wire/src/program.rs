//! Between the interpreter's host and the process that runs one program in the sandbox.
//!
//! Calls use the client's frames, wrapped; stdout and stderr are pipes beside this connection.

use dice_model::{Digest, InputKind, Value};
use serde::{Deserialize, Serialize};

use crate::worker::binary;
use crate::{ClientFrame, ToClient};

/// From the program's process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgramFrame {
    Client(ClientFrame),
    /// A clock reading or the like that a replay must repeat (RUNTIME J5).
    Observed {
        value: Value,
    },
    /// `hermod.answer(value)` (V4).
    Answer {
        value: Value,
    },
    /// A piece of an image without lineage; all of it comes before the call that names it (V2).
    Blob {
        digest: Digest,
        #[serde(with = "binary")]
        piece: Vec<u8>,
        last: bool,
    },
    /// A result has an image of this blob. Answered by `ToProgram::Blob`s or `ToProgram::Missing`.
    Fetch {
        digest: Digest,
    },
    /// The last frame.
    Ended(ProgramEnd),
}

/// To the program's process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToProgram {
    /// The first frame.
    Run(ProgramSpec),
    Client(ToClient),
    Blob {
        digest: Digest,
        #[serde(with = "binary")]
        piece: Vec<u8>,
        last: bool,
    },
    Missing {
        digest: Digest,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgramSpec {
    pub source: String,
    /// For tracebacks.
    pub filename: String,
    pub inputs: Vec<ProgramInput>,
    /// Seeds `random`, uuid4 (SEMANTICS O2).
    pub seed: u64,
    /// What earlier runs of this task observed, in order; then the clock is read again.
    pub observed: Vec<Value>,
}

/// An input; its bytes are an open file descriptor that the process was started with, in the same order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgramInput {
    pub name: String,
    pub kind: InputKind,
    pub blob: Digest,
}

/// How the program itself ended (SEMANTICS O1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgramEnd {
    Normal {},
    Exit {
        code: i32,
    },
    Exception {
        #[serde(rename = "type")]
        kind: String,
        message: String,
        traceback: String,
        /// It was a `hermod.CallError` of this kind.
        #[serde(default)]
        call_failed: Option<dice_model::FailureKind>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_a_blob_is_binary_and_survives_the_way() {
        let frame = ProgramFrame::Blob {
            digest: Digest::of(b"pixels"),
            piece: b"pixels".to_vec(),
            last: true,
        };
        let packed = rmp_serde::to_vec_named(&frame).expect("frames are msgpack");
        assert!(packed.windows(8).any(|bytes| bytes == b"\xc4\x06pixels"));
        assert_eq!(
            rmp_serde::from_slice::<ProgramFrame>(&packed).expect("reads"),
            frame
        );
    }
}
