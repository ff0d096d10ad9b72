//! The `dice` binary as its users use it, by what they want: find out, write programs, run them,
//! compare, run many, keep an engine, settle tasks. Each test has a data folder of its own; functions
//! are simulated, fifty times as fast as they say.

#![allow(clippy::print_stderr, reason = "a test that skips says so")]

mod asking;
mod batches;
mod comparing;
mod costing;
mod discovery;
mod ending;
mod help;
mod parallelizing;
mod profiling;
mod running;
mod sandbox;
mod seeing;
mod serving;
mod simulating;
mod support;
mod tasks;
mod tracing;
mod upkeep;
mod verifying;
mod workers;
