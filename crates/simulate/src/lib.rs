//! What a batch of tasks would take and cost on hardware that need not be there.
//!
//! A [`Scenario`] says which nodes there are, how long functions take on them and what the tasks do;
//! [`simulate`] lets the **live** scheduler work it off in virtual time, and [`Outcome`] tells how that
//! went. Start reading at `run.rs`. The same scenario and seed give the same outcome, to the nanosecond.

mod front;
mod load;
mod outcome;
pub mod paper;
mod plan;
mod quote;
mod replay;
mod report;
mod run;
mod scenario;
mod staged;
mod trace;
mod work;

pub use front::{Choice, Sizes};
pub use load::Load;
pub use outcome::{DeviceOutcome, Outcome};
pub use quote::{Ask, Estimate, QuoteError, Range};
pub use replay::{Replay, ReplayError, Replayed};
pub use report::{DeviceReport, Prices, Report, ReportError};
pub use run::{SimulationError, simulate};
pub use scenario::{
    Arrivals, CountKey, Detail, Device, Form, Function, Latency, Node, Recorded, RecordedCall,
    Scenario, ScenarioError, Step, Work,
};
pub use staged::{StagedCall, StagedTask};
pub use trace::{
    Changes, Trace, TraceError, TracedCall, TracedDevice, TracedFunction, TracedNode,
    TracedProfile, TracedTask,
};
