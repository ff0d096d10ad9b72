//! What is asked of `hermod.testing` and answered in the sandbox.

mod pairs;
mod questions;
mod support;
