//! Is a distributed program as good as the serial one? Runs both, inside the sandbox, against made-up
//! functions that keep to a catalog's schemas.

mod functions;
mod harness;

pub use functions::{FunctionDescription, describe};
pub use harness::{Harness, HarnessError, Limits};
