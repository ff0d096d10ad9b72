//! Programs in a real sandbox: what they can do, and what they cannot.

mod harness;

mod attacks;
mod calls;
mod ends;
mod inputs;
mod limits;
mod start;
