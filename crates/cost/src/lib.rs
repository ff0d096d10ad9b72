//! What was used, times what it costs: price book, bill, comparison. Pure arithmetic on integers.
//!
//! `docs/cost.md` says what each line means. `bill.rs` is where intervals become money.

mod bill;
mod comparison;
mod date;
mod entry;
mod floor;
mod line;
mod loaded;
mod observed;
mod plan;
mod price_book;
mod time_scale;
mod timeline;

pub use bill::{
    Bill, BillError, DeviceTime, Direct, FunctionShare, NodeLine, TaskShare, TaskSpan, Window,
};
pub use comparison::{Comparison, ComparisonLine, Label, Run, Saving};
pub use date::{Date, DateError};
pub use entry::{Entry, Purpose};
pub use floor::{Floor, FloorError, FloorWork, fleet_floor, market_floor};
pub use line::{LanguageModelLine, Line};
pub use loaded::Loaded;
pub use observed::{BatchTimes, Observed, ObservedLease, Place};
pub use plan::{
    FunctionTimes, Plan, PlanError, PlannedDevice, PlannedFunction, PlannedNode, Resident,
    SpotCost, Status, Terms, Workload,
};
pub use price_book::{
    NodePrice, OfferedDevice, PriceBook, PriceBookError, PriceWarning, SpotPrice, UnknownNodeType,
};
pub use time_scale::{TimeScale, TimeScaleError};
pub use timeline::device_prices;
