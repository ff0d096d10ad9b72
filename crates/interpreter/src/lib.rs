//! Runs programs in a sandbox: a fork server, and per program a process that can reach nothing but
//! its inputs and its calls (RUNTIME S1).

mod channel;
mod end;
mod interpreter;
mod limits;
mod policy;
mod running;
mod server;

pub use interpreter::{Interpreter, Options, RunError};
pub use limits::Limits;
pub use policy::PolicyError;
pub use running::{Event, Running};
pub use server::StartError;
