//! What an engine does, told to those who watch it: numbers for Prometheus, lines for logs.

mod log;
mod metrics;

pub use log::Log;
pub use metrics::{CONTENT_TYPE, Metrics};
