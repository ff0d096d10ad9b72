//! A price book as a table.

use dice_cost::{Date, PriceBook};
use dice_model::PricePerHour;

use super::table;

pub(crate) fn price_book(book: &PriceBook, today: Date) -> String {
    let rows = book.nodes().map(|(kind, price)| {
        vec![
            kind.to_string(),
            usd_per_hour(price.price),
            format!("{} s", price.granularity.as_secs()),
            format!("{} s", price.start_up.as_secs()),
            price.date.to_string(),
            price.source.clone(),
        ]
    });
    let headings = [
        "node type",
        ">an hour",
        ">billed by",
        ">start-up",
        "as of",
        "source",
    ];
    let table = table(&headings, rows);
    let warnings = book
        .nodes()
        .flat_map(|(kind, _)| book.warnings(kind, today));
    let warnings: String = warnings
        .map(|warning| format!("\nnote: {warning}"))
        .collect();
    format!("{}\n\n{table}\n{warnings}", book.name)
}

/// `$2.20`; more digits only where there are any.
pub(crate) fn usd_per_hour(price: PricePerHour) -> String {
    let (dollars, rest) = (price.0 / 1_000_000, price.0 % 1_000_000);
    let digits = format!("{rest:06}");
    let shown = digits.trim_end_matches('0');
    format!("${dollars}.{shown:0<2}")
}
