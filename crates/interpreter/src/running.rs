//! A program that runs: what comes out of it, what goes in, and its end.

use bytes::Bytes;
use dice_model::{Digest, TaskEnd, Value};
use dice_wire::{ClientFrame, ToClient};
use tokio::sync::mpsc;

/// What a program does, in the order in which it does it; stdout and stderr are streams of their own,
/// ordered only within themselves.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Stdout(Bytes),
    Stderr(Bytes),
    /// A call, a cancellation, or that the program has ended and waits for nothing any more.
    Client(ClientFrame),
    /// A piece of an image that has no lineage; all of it comes before the call that names it.
    Blob {
        digest: Digest,
        piece: Bytes,
        last: bool,
    },
    /// A reading of the clock, to be repeated on replay (RUNTIME J5).
    Observed(Value),
    /// `hermod.answer(value)` (V4).
    Answer(Value),
    /// The last event; all output came before it.
    Ended(TaskEnd),
}

/// A running program. Dropping it kills the program.
#[derive(Debug)]
pub struct Running {
    /// Bounded: a program whose events nobody takes waits.
    pub events: mpsc::Receiver<Event>,
    /// Outcomes of its calls.
    pub control: mpsc::Sender<ToClient>,
}
