//! Bills and comparisons as tables.

use std::time::Duration;

use dice_cost::{Comparison, Run};
use dice_model::{Cost, MicroUsd};
use dice_server::api::{Bill, BillLine, ComparisonReport, PriceBookName, Side};

use super::compared::comparison_rows;
use super::cost_report::{floors, split};
use super::quote::quoted;
use super::{duration, table, usd};

pub(crate) fn bill(bill: &Bill) -> String {
    let lines = bill_lines(&bill.lines, bill.total_micro_usd, &bill.price_book);
    let said = bill.quoted.map(|said| quoted(&said, bill.total_micro_usd));
    let more = bill.floors.as_ref().map(floors).into_iter().chain(said);
    std::iter::once(lines)
        .chain(more)
        .collect::<Vec<_>>()
        .join("\n")
}

pub(super) fn bill_lines(lines: &[BillLine], total_micro_usd: i64, book: &PriceBookName) -> String {
    let rows = lines.iter().map(|line| {
        let time = if line.device_ns > 0 {
            duration(line.device_ns)
        } else {
            String::new()
        };
        vec![line.name.clone(), time, usd(line.micro_usd)]
    });
    let total = vec!["total".to_owned(), String::new(), usd(total_micro_usd)];
    let lines = table(&["COST", ">DEVICE TIME", ">USD"], rows.chain([total]));
    format!(
        "{lines}\nprices: {} of {} ({})",
        book.name, book.date, book.source
    )
}

pub(crate) fn comparison(report: &ComparisonReport) -> String {
    let (left, right) = (&report.baseline, &report.distributed);
    let row = |name: &str, value: fn(&Side) -> String| {
        vec![name.to_owned(), value(left), value(right), String::new()]
    };
    let rows = [
        row("hardware", |side| side.hardware.clone()),
        row("calls", |side| side.task.calls.len().to_string()),
    ];
    let figures = Comparison {
        baseline: figures(left),
        distributed: figures(right),
        labels: Vec::new(),
    };
    let rows = rows.into_iter().chain(comparison_rows(&figures));
    let lines = table(&["", ">BASELINE", ">DISTRIBUTED", ">"], rows);
    let priced = left.task.bill.is_some() && right.task.bill.is_some();
    let saving = match priced {
        true => figures.saving().to_string(),
        false => "a side is not priced: no saving can be named".to_owned(),
    };
    let gain = format!("{}, {saving}", pace(report.speedup));
    let equal = match &report.difference {
        None => "answers: equal".to_owned(),
        Some(difference) => format!("answers: DIFFERENT: {difference}"),
    };
    let prices = report.baseline.task.bill.as_ref().map(|bill| {
        let book = &bill.price_book;
        format!("prices: {} of {} ({})", book.name, book.date, book.source)
    });
    let mut all = vec![lines, gain, equal];
    all.extend(prices);
    let bill = report.distributed.task.bill.as_ref();
    all.extend(bill.and_then(|bill| bill.floors.as_ref()).map(floors));
    match (&report.split, &report.split_missing) {
        (Some(shown), _) => all.push(format!("\n{}\n", split(shown))),
        (None, Some(reason)) => all.push(format!("no split of the saving: {reason}")),
        (None, None) => {}
    }
    all.extend(notes(&report.labels));
    all.join("\n")
}

/// A side without a bill cost nothing that is known.
fn figures(side: &Side) -> Run {
    let bill = side.task.bill.as_ref();
    Run {
        time: Duration::from_nanos(side.elapsed_ns),
        device_time: Duration::from_nanos(side.device_ns),
        held: Duration::from_nanos(side.rented_ns),
        execute: Duration::from_nanos(side.execute_ns),
        cost: bill.map_or(Cost::ZERO, |bill| MicroUsd(bill.total_micro_usd).into()),
    }
}

fn pace(speedup: f64) -> String {
    if speedup >= 0.995 || speedup <= 0.0 {
        format!("{speedup:.2}× faster")
    } else {
        format!("{:.2}× slower", 1.0 / speedup)
    }
}

fn notes(labels: &[String]) -> Vec<String> {
    labels
        .iter()
        .map(|label| format!("note: {label}"))
        .collect()
}
