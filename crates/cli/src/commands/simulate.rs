//! `dice simulate`: what a batch would take and cost on hardware that need not be there.

use std::path::{Path, PathBuf};

use dice_cost::PriceBook;
use dice_engine::{price_book, today};
use dice_plot::Named;
use dice_simulate::paper::Tables;
use dice_simulate::{Detail, Load, Report, Scenario, simulate};

use crate::arguments::Global;
use crate::exit::{Code, Ended, Failure};
use crate::show;

/// Run a scenario on the live scheduler in virtual time
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice simulate scenarios/road-photos.toml --prices hyperstack-2026-11
  dice simulate scenarios/road-photos.toml --times 1,2,4,8 --plot pictures
  dice simulate scenarios/paper/tables.toml --json

A scenario says which nodes there are, how long functions take there and what tasks do:
docs/simulate.md. Everything printed is simulated.")]
pub(crate) struct Arguments {
    /// The scenario, or the paper's tables
    scenario: PathBuf,
    /// Another seed than the file's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The same work with each node so many times: what is cheapest for which deadline
    #[arg(long, value_name = "N,…", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=10_000))]
    times: Vec<u32>,
    /// Draw pictures into this folder, as SVG and PNG
    #[arg(long, value_name = "DIR")]
    plot: Option<PathBuf>,
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
    if arguments.times.is_empty() {
        one_size(arguments, scenario, &book)
    } else {
        several_sizes(arguments, &scenario, &book)
    }
}

fn one_size(arguments: &Arguments, mut scenario: Scenario, book: &PriceBook) -> Ended {
    if arguments.plot.is_some() {
        scenario.detail = Detail::Intervals;
    }
    let outcome = simulate(&scenario).map_err(|error| failed(arguments, error))?;
    let report =
        Report::of(&scenario, &outcome, book, today()).map_err(|error| failed(arguments, error))?;
    if let Some(folder) = &arguments.plot {
        let pictures = dice_plot::outcome(&scenario.name, &Load::of(&outcome));
        write(folder, pictures.map_err(|error| failed(arguments, error))?)?;
    }
    if arguments.json {
        super::print_json(&report)?;
    } else {
        anstream::println!("{}", show::simulation(&report));
    }
    Ok(Code::Success)
}

fn several_sizes(arguments: &Arguments, scenario: &Scenario, book: &PriceBook) -> Ended {
    let sizes = scenario
        .sizes(&arguments.times, book)
        .map_err(|error| failed(arguments, error))?;
    if let Some(folder) = &arguments.plot {
        let pictures = dice_plot::front(&scenario.name, &sizes.choices);
        write(folder, pictures.map_err(|error| failed(arguments, error))?)?;
    }
    if arguments.json {
        super::print_json(&sizes)?;
    } else {
        anstream::println!("{}", show::sizes(&sizes));
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
        .map_err(|error| failed(arguments, error))?;
    if let Some(folder) = &arguments.plot {
        let figures = tables
            .figures(&found.split.fit)
            .map_err(|error| failed(arguments, error))?;
        let pictures = dice_plot::figures(&figures);
        write(folder, pictures.map_err(|error| failed(arguments, error))?)?;
    }
    if arguments.json {
        super::print_json(&found)?;
    } else {
        anstream::print!("{}", found.page(&tables));
    }
    Ok(Code::Success)
}

fn failed(arguments: &Arguments, error: impl std::fmt::Display) -> anyhow::Error {
    let path = arguments.scenario.display();
    Failure::failed(format!("{path}: {error}")).into()
}

/// Each as `NAME.svg` and `NAME.png`.
fn write(folder: &Path, pictures: Vec<Named>) -> anyhow::Result<()> {
    let cannot = |error| Failure::failed(format!("cannot write to {}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(cannot)?;
    for (name, picture) in pictures {
        std::fs::write(folder.join(name).with_extension("svg"), picture.svg()).map_err(cannot)?;
        std::fs::write(folder.join(name).with_extension("png"), picture.png()?).map_err(cannot)?;
    }
    Ok(())
}
