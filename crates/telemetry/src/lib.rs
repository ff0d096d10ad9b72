//! What an engine does, told to those who watch it: numbers for Prometheus, spans for
//! OpenTelemetry, lines for logs.

mod log;
mod metrics;
mod traces;

pub use log::Log;
pub use metrics::{CONTENT_TYPE, Metrics};
pub use traces::{ExporterError, Traces};
