//! Price books by name, and the pace of a simulated fleet.

use std::path::Path;

use dice_cost::{Date, PriceBook, TimeScale};
use dice_environments::Fleet;
use dice_model::Timestamp;

use crate::error::OpenError;

/// A bundled book or a file, with the bundled assumption for this machine where it has no price of
/// its own; without a name the newest bundled prices.
pub fn book(name: Option<&str>) -> Result<PriceBook, OpenError> {
    let local = PriceBook::shipped("local");
    let book = match name {
        None => newest(),
        Some(name) => match PriceBook::shipped(name) {
            Some(book) => book,
            None => from_file(name)?,
        },
    };
    Ok(match local {
        Some(local) if local.name != book.name => book.with(&local),
        _ => book,
    })
}

fn newest() -> PriceBook {
    let rented = PriceBook::all_shipped().filter(|book| book.name != "local");
    rented
        .max_by_key(|book| book.date)
        .expect("books are shipped")
}

fn from_file(name: &str) -> Result<PriceBook, OpenError> {
    if !Path::new(name).exists() {
        return Err(OpenError::UnknownPrices {
            name: name.to_owned(),
            known: PriceBook::all_shipped().map(|book| book.name).collect(),
        });
    }
    let text = std::fs::read_to_string(name).map_err(|source| OpenError::Unreadable {
        path: name.into(),
        source,
    })?;
    Ok(PriceBook::parse(&text)?)
}

/// What a simulated second takes here.
pub(crate) fn time_scale(fleet: &Fleet) -> TimeScale {
    let scale = fleet.time_scale.map(|scale| format!("{scale:.9}"));
    scale
        .and_then(|scale| scale.parse().ok())
        .unwrap_or(TimeScale::REAL)
}

pub(crate) fn day_of(time: Timestamp) -> Date {
    Date::from_unix_seconds(time.0 / 1_000_000_000)
}

/// As the wall clock has it.
pub fn today() -> Date {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Date::from_unix_seconds(since.unwrap_or_default().as_secs())
}
