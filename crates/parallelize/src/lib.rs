//! Serial text to distributed text, by *issue early, await in place*, with a reason per decision.
//!
//! Pure: text in, text out. What cannot be proved independent stays in order, with a diagnostic.

mod already;
mod decision;
mod dependence;
mod effects;
mod emit;
mod functions;
mod parallelize;
mod plan;
mod reuse;
mod speculation;

pub use decision::{Decision, Diagnostics, Distributed, Options, Outcome};
pub use parallelize::parallelize;
pub use reuse::{Reuse, reuse};
pub use speculation::{Speculation, UnknownSpeculation};
