//! The frames that workers, programs and the gateway exchange (RUNTIME V3; `docs/protocol.md`).
//!
//! A frame is a 32-bit big-endian length and that many bytes of msgpack: a map with one entry, the
//! frame's kind and its body. Unknown fields are ignored; an unknown kind is an error.

mod client;
mod codec;
mod hello;
mod program;
mod worker;

pub use client::{ClientFrame, Guess, ToClient};
pub use codec::{FrameCodec, FrameError, Framed, framed, packed_bytes};
pub use hello::{Hello, HelloBody, Role, Welcome, WorkerHello};
pub use program::{ProgramEnd, ProgramFrame, ProgramInput, ProgramSpec, ToProgram};
pub use worker::{
    BlobFrame, CallGrant, CallResult, DeviceGrant, Grant, ToBlobs, ToWorker, WorkerFrame,
    WorkerLogLine,
};

/// Version of this protocol. A peer that says another one is refused with a message that names both.
pub const PROTOCOL: u32 = 1;

/// Longest frame, without its length. Larger bodies travel as blobs.
pub const MAX_FRAME_BYTES: usize = 8 << 20;

/// Longest piece of a blob in one frame.
pub const BLOB_CHUNK_BYTES: usize = 1 << 20;
