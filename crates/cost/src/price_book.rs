//! Price books: TOML files with a date, and a source for every price.

mod row;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use dice_model::{DeviceType, MicroUsd, NodeType, PricePerHour};
use serde::Deserialize;

use crate::{Date, DateError};
use row::{Row, node_price};

/// Prices as of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceBook {
    pub name: String,
    pub date: Date,
    nodes: BTreeMap<NodeType, NodePrice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodePrice {
    /// Never zero.
    pub price: PricePerHour,
    pub source: String,
    /// Not a price that anybody asks: our assumption, to be labelled wherever it is used.
    pub assumed: bool,
    /// A node is paid for in whole multiples of this…
    pub granularity: Duration,
    /// …and for at least so long, each time it is rented.
    pub minimum: Duration,
    /// Paid for from rent to first use.
    pub start_up: Duration,
    /// `None`: the book says nothing of it, which is not "never taken back".
    pub spot: Option<SpotPrice>,
    /// For each GB (10⁹ bytes) that leaves the node's site; `None`: the book says nothing of it.
    pub egress_per_gb: Option<MicroUsd>,
    /// What is in such a node; empty: the book says nothing of it.
    pub devices: Vec<OfferedDevice>,
    /// Of the book that the row came from: see [`PriceBook::with`].
    pub date: Date,
}

/// Of a node that its provider may take back at any time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpotPrice {
    /// Never zero.
    pub price: PricePerHour,
    /// From rent until it is taken back, on average.
    pub mean_life: Duration,
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedDevice {
    pub kind: DeviceType,
    pub memory_bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum PriceBookError {
    #[error("price book: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("price book {book}: {source}")]
    Date { book: String, source: DateError },
    #[error("price book {book}: {node}: {problem}")]
    Row {
        book: String,
        node: NodeType,
        problem: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("price book {book} has no price for node type {node} (it has: {})", known.join(", "))]
pub struct UnknownNodeType {
    pub book: String,
    pub node: NodeType,
    pub known: Vec<String>,
}

/// Must be shown beside every amount that these prices led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceWarning {
    Stale {
        node: NodeType,
        date: Date,
        days: i64,
    },
    Assumed {
        node: NodeType,
        source: String,
    },
}

/// Prices older than this may have changed.
pub(crate) const STALE_AFTER_DAYS: i64 = 90;

/// The books that come with the program, by name.
const SHIPPED: [&str; 3] = [
    include_str!("../../../prices/hyperstack-2025-03.toml"),
    include_str!("../../../prices/hyperstack-2026-11.toml"),
    include_str!("../../../prices/local.toml"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    name: String,
    date: String,
    #[serde(default)]
    node: Vec<Row>,
}

impl PriceBook {
    pub fn parse(text: &str) -> Result<Self, PriceBookError> {
        let book: Book = toml::from_str(text)?;
        let name = book.name;
        let date = book.date.parse().map_err(|source| PriceBookError::Date {
            book: name.clone(),
            source,
        })?;
        let mut nodes = BTreeMap::new();
        for row in book.node {
            let node = NodeType(row.r#type.clone());
            let wrong = |problem: String| PriceBookError::Row {
                book: name.clone(),
                node: node.clone(),
                problem,
            };
            let price = node_price(row, date).map_err(wrong)?;
            if nodes.insert(node.clone(), price).is_some() {
                return Err(wrong("is there twice".to_owned()));
            }
        }
        Ok(Self { name, date, nodes })
    }

    pub fn shipped(name: &str) -> Option<Self> {
        Self::all_shipped().find(|book| book.name == name)
    }

    pub fn all_shipped() -> impl Iterator<Item = Self> {
        SHIPPED
            .iter()
            .map(|text| Self::parse(text).expect("a test reads every shipped book"))
    }

    /// This book, and the other's rows where this one has none.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        for (node, price) in &other.nodes {
            let entry = self.nodes.entry(node.clone());
            entry.or_insert_with(|| price.clone());
        }
        self.name = format!("{}+{}", self.name, other.name);
        self
    }

    pub fn price(&self, node: &NodeType) -> Result<&NodePrice, UnknownNodeType> {
        self.nodes.get(node).ok_or_else(|| UnknownNodeType {
            book: self.name.clone(),
            node: node.clone(),
            known: self.nodes.keys().map(ToString::to_string).collect(),
        })
    }

    pub fn nodes(&self) -> impl Iterator<Item = (&NodeType, &NodePrice)> {
        self.nodes.iter()
    }

    /// Node types whose devices the book knows.
    pub fn offers(&self) -> BTreeMap<NodeType, Vec<DeviceType>> {
        let known = self
            .nodes
            .iter()
            .filter(|(_, price)| !price.devices.is_empty());
        known
            .map(|(node, price)| {
                let kinds = price.devices.iter().map(|device| device.kind.clone());
                (node.clone(), kinds.collect())
            })
            .collect()
    }

    /// What must be said of this price when it is used on `today`.
    pub fn warnings(&self, node: &NodeType, today: Date) -> Vec<PriceWarning> {
        let Some(price) = self.nodes.get(node) else {
            return Vec::new();
        };
        let days = today.days_since(price.date);
        let stale = (days > STALE_AFTER_DAYS).then(|| PriceWarning::Stale {
            node: node.clone(),
            date: price.date,
            days,
        });
        let assumed = price.assumed.then(|| PriceWarning::Assumed {
            node: node.clone(),
            source: price.source.clone(),
        });
        stale.into_iter().chain(assumed).collect()
    }
}

impl NodePrice {
    /// What is billed of a node that was rented for this long, start-up apart.
    pub fn rounded(&self, held: Duration) -> Duration {
        let least = if held.is_zero() {
            held
        } else {
            held.max(self.minimum)
        };
        let unit = self.granularity.as_nanos().max(1);
        Duration::from_nanos_u128(least.as_nanos().div_ceil(unit) * unit)
    }
}

impl fmt::Display for PriceWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale { node, date, days } => {
                write!(f, "the price of {node} is of {date}, {days} days ago")
            }
            Self::Assumed { node, source } => write!(f, "the price of {node} is {source}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> String {
        let book =
            format!("name = 'b'\ndate = '2026-01-01'\n[[node]]\ntype = 'x'\nsource = 's'\n{text}");
        match PriceBook::parse(&book) {
            Ok(book) => format!("{:?}", book.nodes[&NodeType::from("x")].price),
            Err(error) => error
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        }
    }

    #[test]
    fn prices_are_exact_and_never_zero() {
        let check = |text: &str, expect: &str| {
            let text = format!("usd_per_hour = {text}\nbilling_seconds = 1");
            assert!(row(&text).contains(expect), "{text}: {}", row(&text));
        };
        check("'2.20'", "PricePerHour(2200000)");
        check("'0.000001'", "PricePerHour(1)");
        check("'3'", "PricePerHour(3000000)");
        check("'0'", "b: x: the price is zero");
        check("'2.2000001'", "at most six decimals");
        check("'-1'", "at most six decimals");
        check("'1e3'", "at most six decimals");
        check("'.5'", "at most six decimals");
        check("2.2", "price book: TOML parse error");
    }

    #[test]
    fn rows_are_checked() {
        assert!(row("usd_per_hour = '1'\nbilling_seconds = 0").contains("at least 1"));
        assert!(row("usd_per_hour = '1'").contains("TOML parse error"));
        assert!(row("usd_per_hour = '1'\nbilling_seconds = 1\nspots = 1").contains("TOML"));
        let more = |text: &str| row(&format!("usd_per_hour = '1'\nbilling_seconds = 1\n{text}"));
        let spot = "spot = { usd_per_hour = '0.3', taken_back_after_hours = ";
        assert!(
            more(&format!("{spot}0, source = 's' }}")).contains("spot: taken_back_after_hours")
        );
        assert!(more("egress_usd_per_gb = '-1'").contains("egress_usd_per_gb must be"));
        let devices = "devices = [{ type = 'A', memory = '16 GB' }]";
        assert!(more(devices).contains("A: memory must be like \"16Gi\""));
        let twice = "usd_per_hour = '1'\nbilling_seconds = 1\n[[node]]\ntype = 'x'\nsource = 's'\n\
                     usd_per_hour = '1'\nbilling_seconds = 1";
        assert!(row(twice).contains("twice"));
    }

    #[test]
    fn what_is_billed_is_rounded_up_and_at_least_the_minimum() {
        let text = "name = 'b'\ndate = '2026-01-01'\n[[node]]\ntype = 'x'\nsource = 's'\n\
            usd_per_hour = '1'\nbilling_seconds = 7\nminimum_seconds = 60\n\
            egress_usd_per_gb = '0.09'\ndevices = [{ type = 'A', count = 2, memory = '16Gi' }]\n\
            spot = { usd_per_hour = '0.3', taken_back_after_hours = 20, source = 's' }";
        let book = PriceBook::parse(text).expect("a book");
        let price = book.price(&"x".into()).expect("it is there");
        for (held, billed) in [(0, 0), (1, 63), (60, 63), (64, 70)] {
            let rounded = price.rounded(Duration::from_secs(held));
            assert_eq!(rounded, Duration::from_secs(billed), "{held}");
        }
        assert_eq!(price.egress_per_gb, Some(MicroUsd(90_000)));
        assert_eq!(price.devices.len(), 2);
        assert_eq!(price.devices[0].memory_bytes, 16 << 30);
        let spot = price.spot.as_ref().expect("a spot price");
        assert_eq!(spot.price, PricePerHour(300_000));
        assert_eq!(spot.mean_life, Duration::from_secs(20 * 3600));
        assert_eq!(book.offers()[&"x".into()], ["A".into(), "A".into()]);
    }

    #[test]
    fn shipped_books_are_right_and_named_as_their_files() {
        let names: Vec<String> = PriceBook::all_shipped().map(|book| book.name).collect();
        assert_eq!(names, ["hyperstack-2025-03", "hyperstack-2026-11", "local"]);
        let paper = PriceBook::shipped("hyperstack-2025-03").expect("shipped");
        let a100 = paper
            .price(&"a100-80g".into())
            .expect("the paper's big node");
        assert_eq!(a100.price, PricePerHour(2_200_000));
    }

    #[test]
    fn an_unknown_node_type_names_those_that_are_known() {
        let paper = PriceBook::shipped("hyperstack-2025-03").expect("shipped");
        let error = paper.price(&"h100".into()).expect_err("not in the paper");
        assert_eq!(
            error.to_string(),
            "price book hyperstack-2025-03 has no price for node type h100 \
             (it has: a100-80g, a6000-a4000)"
        );
    }

    #[test]
    fn old_and_assumed_prices_are_said_to_be_so() {
        let local = PriceBook::shipped("local").expect("shipped");
        let paper = PriceBook::shipped("hyperstack-2025-03").expect("shipped");
        let both = local.with(&paper);
        let check = |node: &str, today: &str, expect: &[&str]| {
            let today = today.parse().expect("a date");
            let warnings = both.warnings(&node.into(), today);
            let texts: Vec<String> = warnings.iter().map(ToString::to_string).collect();
            assert_eq!(texts, expect);
        };
        check("a100-80g", "2025-05-30", &[]);
        check(
            "a100-80g",
            "2025-05-31",
            &["the price of a100-80g is of 2025-03-01, 91 days ago"],
        );
        let assumed = "the price of local-cpu is assumed: \
                       about what two cores with 8 GB cost as a cloud machine";
        check("local-cpu", "2026-11-24", &[assumed]);
    }
}
