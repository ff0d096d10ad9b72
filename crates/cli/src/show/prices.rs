//! A price book as a table.

use dice_cost::{Date, NodePrice, PriceBook, SpotPrice};
use dice_model::PricePerHour;

use super::{table, usd};

pub(crate) fn price_book(book: &PriceBook, today: Date) -> String {
    let rows = book.nodes().map(|(kind, price)| {
        vec![
            kind.to_string(),
            usd_per_hour(price.price),
            price.spot.as_ref().map_or_else(String::new, spot),
            billed_by(price),
            format!("{} s", price.start_up.as_secs()),
            price
                .egress_per_gb
                .map_or_else(String::new, |amount| usd(amount.0)),
            price.date.to_string(),
            price.source.clone(),
        ]
    });
    let headings = [
        "node type",
        ">an hour",
        ">spot",
        ">billed by",
        ">start-up",
        ">egress a GB",
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

fn spot(spot: &SpotPrice) -> String {
    let hours = spot.mean_life.as_secs_f64() / 3600.0;
    format!("{} (lives {hours:.0} h)", usd_per_hour(spot.price))
}

fn billed_by(price: &NodePrice) -> String {
    let unit = format!("{} s", price.granularity.as_secs());
    match price.minimum.as_secs() {
        0 => unit,
        least => format!("{unit}, at least {least} s"),
    }
}

/// `$2.20`; more digits only where there are any.
pub(crate) fn usd_per_hour(price: PricePerHour) -> String {
    let (dollars, rest) = (price.0 / 1_000_000, price.0 % 1_000_000);
    let digits = format!("{rest:06}");
    let shown = digits.trim_end_matches('0');
    format!("${dollars}.{shown:0<2}")
}
