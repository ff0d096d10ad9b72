//! `dice simulate`: what a batch would take and cost on hardware that need not be there.

use std::path::PathBuf;

use dice_engine::{price_book, today};
use dice_simulate::paper::Tables;
use dice_simulate::{Report, Scenario};

use crate::arguments::Global;
use crate::exit::{Code, Ended, Failure};
use crate::show;

/// Run a scenario on the live scheduler in virtual time
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice simulate scenarios/road-photos.toml --prices hyperstack-2026-11
  dice simulate scenarios/paper/tables.toml --json

A scenario says which nodes there are, how long functions take there and what tasks do:
docs/simulate.md. Everything printed is simulated.")]
pub(crate) struct Arguments {
    /// The scenario, or the paper's tables
    scenario: PathBuf,
    /// Another seed than the file's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(global: &Global, arguments: &Arguments) -> Ended {
    let path = arguments.scenario.display();
    let text = std::fs::read_to_string(&arguments.scenario)
        .map_err(|error| Failure::usage(format!("cannot read {path}: {error}")))?;
    if Tables::is_one(&text) {
        return tables(&text, arguments);
    }
    let mut scenario =
        Scenario::parse(&text).map_err(|error| Failure::usage(format!("{path}: {error}")))?;
    if let Some(seed) = arguments.seed {
        scenario.seed = seed;
    }
    let book = price_book(global.engine.prices.as_deref())?;
    let report = Report::new(&scenario, &book, today())
        .map_err(|error| Failure::failed(format!("{path}: {error}")))?;
    if arguments.json {
        super::print_json(&report)?;
    } else {
        anstream::println!("{}", show::simulation(&report));
    }
    Ok(Code::Success)
}

fn tables(text: &str, arguments: &Arguments) -> Ended {
    let path = arguments.scenario.display();
    let mut tables =
        Tables::parse(text).map_err(|error| Failure::usage(format!("{path}: {error}")))?;
    if let Some(seed) = arguments.seed {
        tables.seed = seed;
    }
    let found = tables
        .reproduce()
        .map_err(|error| Failure::failed(format!("{path}: {error}")))?;
    if arguments.json {
        super::print_json(&found)?;
    } else {
        anstream::print!("{}", found.page(&tables));
    }
    Ok(Code::Success)
}
