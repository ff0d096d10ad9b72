//! Every object of the API, defined once: what the server answers and what `--json` prints.
//!
//! Times are whole nanoseconds since the Unix epoch, or since the task's start where the name says
//! `offset`; money is whole µ$. Fields are only ever added.

mod batch;
mod comparison;
mod cost;
mod now;
mod problem;
mod profile;
mod program;
mod quote;
mod task;

pub use batch::{Batch, BatchItem, BatchRequest};
pub use comparison::{ComparisonEvent, ComparisonReport, ComparisonRequest, Side};
pub use cost::{
    Bill, BillLine, CostEntry, CostReport, Floors, Monolith, NodeCost, PriceBookName, Split,
    SplitCause, TaskCost,
};
pub use now::{Device, Function, Lease, Model, Nodes, Now, Pool, Worker};
pub use problem::Problem;
pub use profile::{BatchTimes, FailedSize, FunctionProfile, Times};
pub use program::{
    AskEvent, AskRequest, Decision, Diagnostic, Distributed, GenerateRequest, Generated,
    ParallelizeRequest,
};
pub use quote::{NeedsSample, Quote, QuoteAnswer, QuoteRequest, Quoted, Range, SampleCall};
pub use task::{
    CallLog, CallResult, CallSpan, ResolveRequest, Stream, Task, TaskEvent, TaskList, TaskLogs,
    TaskRequest, TaskResults,
};

/// Functions on offer, as a Kubernetes `List` of `kind: Function` resources (DESIGN §5).
pub type FunctionList = serde_json::Value;
