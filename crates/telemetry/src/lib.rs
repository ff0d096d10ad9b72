//! What an engine does, told to those who watch it: numbers for Prometheus, spans for OpenTelemetry.

mod metrics;

pub use metrics::{CONTENT_TYPE, Metrics};
