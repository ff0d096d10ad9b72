//! Is a distributed program as good as the serial one? Proofs where rewriting it back gives the serial
//! text, and runs of both, inside the sandbox, against made-up functions that keep to a catalog.

mod certificate;
mod form;
mod functions;
mod harness;
mod store;
mod verify;

pub use certificate::{
    Call, Certificate, Counterexample, Difference, Obligation, ObligationKind, Outcome, Status,
    Verdict,
};
pub use form::runs_ahead;
pub use functions::{FunctionDescription, describe};
pub use harness::{Harness, HarnessError, Limits};
pub use store::Certificates;
pub use verify::{Options, Pair, verify};
