//! The whole flow, and the facade of every front end: ask, generate, run, batch, compare.

mod ask;
mod batch;
mod bounds;
mod call;
mod compare;
mod cost;
mod engine;
mod error;
mod events;
mod guard;
mod hardware;
mod labels;
mod language_model;
mod launcher;
mod now;
mod offer;
mod options;
mod prices;
mod profiling;
mod programs;
mod quote;
mod report;
mod run;

pub use ask::{AskEvent, Question, program_of, write_program};
pub use batch::{BatchItem, BatchReport, NewBatchRun};
pub use compare::{CompareEvent, Comparison, Pair, Side, Stage, first_difference};
pub use cost::{Cause, CostOf, CostReport, Floors, Monolith, Split, TaskCost};
pub use dice_cost::NodeLine;
pub use dice_profile::{
    Given, Plan as MeasuringPlan, ProfilingError, Progress as Measuring, Times,
};
pub use dice_runtime::Bounds;
pub use dice_scheduler::{Hedge, PolicyName, Scale};
pub use dice_simulate::{Range, Trace};
pub use engine::Engine;
pub use error::{EngineError, OpenError, ProfileError};
pub use hardware::fleet;
pub use language_model::choose as language_model;
pub use now::{Now, Rent};
pub use options::{LanguageModel, Options, Scheduling};
pub use prices::{book as price_book, today};
pub use profiling::{Profiled, Profiling, ProfilingOptions, profile_file};
pub use quote::{NeedsSample, Quote, QuoteAnswer, QuoteRequest, Quoted, Verdict};
pub use report::{BillLine, BookName, Invoice, TaskReport};
pub use run::{NewRun, RunEvent, Stream};
