//! HTTP over the engine, and the upgrade to frames. Every object of the API is defined in [`api`].

pub mod api;
mod body;
pub mod convert;
mod events;
mod listen;
mod origin;
mod problem;
mod routes;

pub use listen::{ListenError, Listening, Options, socket_path};
pub use problem::with_causes;
