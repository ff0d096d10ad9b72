//! The whole flow, and the facade of every front end: ask, generate, run, batch, compare.

mod ask;
mod batch;
mod call;
mod compare;
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
mod programs;
mod report;
mod run;

pub use ask::{AskEvent, Question, program_of, write_program};
pub use batch::{BatchBill, BatchItem, BatchReport, NewBatchRun};
pub use compare::{CompareEvent, Comparison, Pair, Side, Stage};
pub use dice_scheduler::{Hedge, PolicyName, Scale};
pub use engine::Engine;
pub use error::{EngineError, OpenError};
pub use language_model::choose as language_model;
pub use now::{Now, Rent};
pub use options::{LanguageModel, Options, Scheduling};
pub use prices::{book as price_book, today};
pub use report::{BillLine, BookName, TaskBill, TaskReport};
pub use run::{NewRun, RunEvent, Stream};
