//! `dice prices`: what is known of what nodes cost.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Subcommand;
use dice_cost::{NodePrice, PriceBook};
use dice_engine::{price_book, today};
use dice_model::{NodeType, PricePerHour};

use crate::exit::{Code, Ended, Failure};
use crate::show;

/// Show, check and compare price books
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  dice prices show hyperstack-2026-11
  dice prices diff hyperstack-2025-03 hyperstack-2026-11")]
pub(crate) enum What {
    /// A price book: a bundled one or a file; without a name the newest bundled one
    #[command(after_help = "Example:
  dice prices show hyperstack-2026-11")]
    Show { book: Option<String> },
    /// Whether a price book file can be used, and what is to be said of its prices today
    #[command(after_help = "Example:
  dice prices check my-prices.toml")]
    Check { file: PathBuf },
    /// What differs between two price books
    #[command(after_help = "Example:
  dice prices diff hyperstack-2025-03 my-prices.toml")]
    Diff { from: String, to: String },
}

pub(crate) fn run(what: &What) -> Ended {
    match what {
        What::Show { book } => {
            let book = price_book(book.as_deref())?;
            anstream::println!("{}", show::price_book(&book, today()));
        }
        What::Check { file } => {
            let path = file.display();
            let text = std::fs::read_to_string(file)
                .map_err(|error| Failure::usage(format!("cannot read {path}: {error}")))?;
            let book = PriceBook::parse(&text)
                .map_err(|error| Failure::usage(format!("{path}: {error}")))?;
            anstream::println!("{}", show::price_book(&book, today()));
        }
        What::Diff { from, to } => {
            let (from, to) = (named(from)?, named(to)?);
            let rows = differences(&from, &to);
            if rows.is_empty() {
                anstream::println!("{} and {} have the same prices", from.name, to.name);
                return Ok(Code::Success);
            }
            let headings = [
                "node type",
                &format!(">{}", from.name),
                &format!(">{}", to.name),
                ">change",
            ];
            anstream::println!("{}", show::table(&headings, rows));
        }
    }
    Ok(Code::Success)
}

/// Without the assumption for this machine, which would be in both.
fn named(name: &str) -> anyhow::Result<PriceBook> {
    match PriceBook::shipped(name) {
        Some(book) => Ok(book),
        None => Ok(price_book(Some(name))?),
    }
}

/// The price, or the spot price.
fn asked(book: &PriceBook, kind: &NodeType, spot: bool) -> Option<PricePerHour> {
    let price: &NodePrice = book.price(kind).ok()?;
    if spot {
        return price.spot.as_ref().map(|spot| spot.price);
    }
    Some(price.price)
}

fn differences(from: &PriceBook, to: &PriceBook) -> Vec<Vec<String>> {
    let kinds: BTreeSet<&NodeType> = from
        .nodes()
        .chain(to.nodes())
        .map(|(kind, _)| kind)
        .collect();
    let rows = kinds
        .into_iter()
        .flat_map(|kind| [(kind, false), (kind, true)])
        .map(|(kind, spot)| (kind, spot, asked(from, kind, spot), asked(to, kind, spot)));
    rows.filter(|(_, _, before, after)| before != after)
        .map(|(kind, spot, before, after)| {
            let usd =
                |price: Option<PricePerHour>| price.map_or("none".to_owned(), show::usd_per_hour);
            let change = before.zip(after).map_or(String::new(), |(before, after)| {
                format!("{:+.1} %", (after.0 as f64 / before.0 as f64 - 1.0) * 100.0)
            });
            let name = if spot {
                format!("{kind} (spot)")
            } else {
                kind.to_string()
            };
            vec![name, usd(before), usd(after), change]
        })
        .collect()
}
