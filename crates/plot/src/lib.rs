//! Simulations as charts, in SVG and PNG. The same data give the same bytes, on any machine: text is set in
//! a font that comes along.
//!
//! [`Lines`] is one or more curves over one axis, [`Bars`] what happened when, a row each. What is drawn
//! of what is in `paper.rs` and `outcome.rs`.

mod bars;
mod frame;
mod lines;
mod outcome;
mod paper;
mod picture;

pub use bars::{Bar, Bars, Row};
pub use lines::{Lines, Mark, Series};
pub use outcome::{front, outcome};
pub use paper::figures;
pub use picture::{Picture, PlotError};

/// A picture and the name of its files, without an ending.
pub type Named = (&'static str, Picture);
