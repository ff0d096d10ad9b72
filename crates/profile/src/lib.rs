//! Measures a function: how long its worker takes to be ready, what it holds, how long batches take.
//!
//! The worker is the one that serves calls, and what it is told is what a gateway tells it; only there
//! is nobody else on the device, and the sizes of batches are chosen here.

mod arguments;
mod blobs;
mod error;
mod gateway;
mod measure;
mod picture;
mod session;
mod statistics;

pub use arguments::{Arguments, ArgumentsError, Given};
pub use error::ProfilingError;
pub use measure::{Measured, Plan, Progress, Subject, measure};
pub use statistics::Times;
