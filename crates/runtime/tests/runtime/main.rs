//! The runtime with scripted programs and workers, over its real frames and its real journal.

mod connections;
mod guesses;
mod memo;
mod resuming;
mod retention;
mod singles;
mod support;
mod tasks;
