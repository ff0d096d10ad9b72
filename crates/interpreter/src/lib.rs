//! Runs programs in a sandbox: a fork server, and per program a process that can reach nothing but
//! its inputs and its calls (RUNTIME S1).

mod interpreter;
mod limits;
mod running;

pub use interpreter::{Interpreter, Options, RunError, StartError};
pub use limits::Limits;
pub use running::{Event, Running};
