//! What people see: tables, timelines, diagnostics. Pure text from API objects, snapshot-tested.

mod certificate;
mod compared;
mod cost;
mod cost_csv;
mod cost_report;
mod diagnostics;
mod explained;
mod functions;
mod ideal;
mod logs;
mod money;
mod perfetto;
mod plan;
mod prices;
mod profile;
mod quote;
mod replay;
mod simulation;
mod table;
mod tasks;
mod timeline;
mod top;

pub(crate) use certificate::certificate;
pub(crate) use compared::compared;
pub(crate) use cost::{bill, comparison};
pub(crate) use cost_csv::{cost_csv, focus_csv};
pub(crate) use cost_report::{cost_line, cost_report};
pub(crate) use diagnostics::{decisions, diagnostics};
pub(crate) use explained::explained;
pub(crate) use functions::function_table;
pub(crate) use ideal::ideal;
pub(crate) use logs::logs;
pub(crate) use money::{duration, usd};
pub(crate) use perfetto::perfetto;
pub(crate) use plan::plan;
pub(crate) use prices::{price_book, usd_per_hour};
pub(crate) use profile::profile;
pub(crate) use quote::{needs_sample, quote};
pub(crate) use replay::replay;
pub(crate) use simulation::{simulation, sizes};
pub(crate) use table::table;
pub(crate) use tasks::{answers, batch, end, task, task_table};
pub(crate) use timeline::{elapsed, timeline, timelines};
pub(crate) use top::{top, top_text};

/// Columns to draw in; 100 where the output is not a terminal.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    columns.unwrap_or(100).clamp(60, 160)
}
