//! Bills and comparisons as tables.

use dice_server::api::{Bill, BillLine, ComparisonReport, PriceBookName, Side};

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
    let row = |name: &str, value: fn(&Side) -> String, difference: String| {
        vec![name.to_owned(), value(left), value(right), difference]
    };
    let rows = [
        row("hardware", |side| side.hardware.clone(), String::new()),
        row(
            "calls",
            |side| side.task.calls.len().to_string(),
            String::new(),
        ),
        row(
            "time",
            |side| duration(side.elapsed_ns),
            pace(report.speedup),
        ),
        row(
            "device time",
            |side| duration(side.device_ns),
            String::new(),
        ),
        row(
            "utilisation",
            |side| format!("{:.0} %", side.utilisation * 100.0),
            String::new(),
        ),
        row("cost", side_cost, saved(report)),
    ];
    let lines = table(&["", ">BASELINE", ">DISTRIBUTED", ">"], rows);
    let equal = match &report.difference {
        None => "answers: equal".to_owned(),
        Some(difference) => format!("answers: DIFFERENT: {difference}"),
    };
    let prices = report.baseline.task.bill.as_ref().map(|bill| {
        let book = &bill.price_book;
        format!("prices: {} of {} ({})", book.name, book.date, book.source)
    });
    let mut all = vec![lines, equal];
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

fn side_cost(side: &Side) -> String {
    side.task
        .bill
        .as_ref()
        .map_or_else(|| "not priced".to_owned(), |bill| usd(bill.total_micro_usd))
}

fn pace(speedup: f64) -> String {
    if speedup >= 0.995 || speedup <= 0.0 {
        format!("{speedup:.2}× faster")
    } else {
        format!("{:.2}× slower", 1.0 / speedup)
    }
}

fn saved(report: &ComparisonReport) -> String {
    match report.saving {
        None => String::new(),
        Some(saving) if saving > 0.0 => format!("{:.1} % saved", saving * 100.0),
        Some(saving) if saving > -0.0005 => "nothing saved".to_owned(),
        Some(saving) => format!("nothing saved: {:.1} % more", -saving * 100.0),
    }
}

fn notes(labels: &[String]) -> Vec<String> {
    labels
        .iter()
        .map(|label| format!("note: {label}"))
        .collect()
}
