//! `dice plan`: what to rent for a given work.

use std::path::PathBuf;
use std::time::Duration;

use dice_cost::{Plan, PlanError, Terms};
use dice_engine::{price_book, today};
use dice_simulate::{Outcome, Scenario, simulate};

use crate::arguments::Global;
use crate::exit::{Code, Ended, Failure};
use crate::show;

/// Where the simulation of a plan ends too late it is made again for so much less time.
const TIGHTER: f64 = 0.9;
const TRIES: u32 = 5;

/// Say what to rent for a work: node types, how many, and which functions stay where
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice plan --workload scenarios/road-photos.toml --prices hyperstack-2026-11
  dice plan --workload scenarios/road-photos.toml --prices my-prices.toml --deadline 600 --spot

A workload is a scenario (docs/simulate.md) whose nodes do not count. The plan is tried out on the live
scheduler in virtual time, and both figures are shown.")]
pub(crate) struct Arguments {
    /// The work: functions and tasks
    #[arg(long, value_name = "FILE")]
    workload: PathBuf,
    /// Within so many seconds
    #[arg(long, value_name = "SECONDS")]
    deadline: Option<f64>,
    /// Rent nodes that may be taken back where that is cheaper on average
    #[arg(long)]
    spot: bool,
    /// That a solver may take for each of about a dozen choices
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    time_limit: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(global: &Global, arguments: &Arguments) -> Ended {
    let path = arguments.workload.display();
    let text = std::fs::read_to_string(&arguments.workload)
        .map_err(|error| Failure::usage(format!("cannot read {path}: {error}")))?;
    let scenario = Scenario::parse_workload(&text)
        .map_err(|error| Failure::usage(format!("{path}: {error}")))?;
    let book = price_book(global.engine.prices.as_deref())?;
    let milliseconds = super::run::milliseconds(arguments.deadline)?;
    let terms = Terms {
        deadline: milliseconds.map(Duration::from_millis),
        spot: arguments.spot,
        time_limit: Duration::from_secs(arguments.time_limit.into()),
    };
    let (plan, outcome) = planned(&scenario, &book, terms)?;
    let kinds = plan.counts().into_keys().map(|(kind, _)| kind);
    let warnings: Vec<String> = kinds
        .flat_map(|kind| book.warnings(&kind, today()))
        .map(|warning| warning.to_string())
        .collect();
    let report = show::plan(&scenario, &plan, &outcome, &book, warnings);
    if arguments.json {
        super::print_json(&report)?;
    } else {
        anstream::println!("{report}");
    }
    Ok(Code::Success)
}

/// A plan that keeps its deadline when it is simulated too.
fn planned(
    scenario: &Scenario,
    book: &dice_cost::PriceBook,
    terms: Terms,
) -> anyhow::Result<(Plan, Outcome)> {
    let work = scenario.workload();
    let mut tighter = terms;
    let mut last = None;
    for _ in 0..TRIES {
        let plan = Plan::new(&work, book, &tighter)
            .map_err(|error| Failure::usage(error.to_string()).hint(hint(&error)))?;
        let outcome = scenario
            .on(&plan, book)
            .checked()
            .map_err(|error| Failure::usage(error.to_string()))
            .and_then(|tried| {
                simulate(&tried).map_err(|error| Failure::failed(error.to_string()))
            })?;
        if terms
            .deadline
            .is_none_or(|deadline| outcome.makespan <= deadline)
        {
            return Ok((plan, outcome));
        }
        last = Some(outcome.makespan);
        tighter.deadline = tighter.deadline.map(|deadline| deadline.mul_f64(TIGHTER));
    }
    let took = last.unwrap_or_default().as_secs_f64();
    let failure = Failure {
        code: Code::Limit,
        message: format!(
            "no plan keeps the deadline when it is simulated: the last took {took:.1} s"
        ),
        hint: Some(LONGER.to_owned()),
    };
    Err(failure.into())
}

const LONGER: &str = "give it a longer --deadline, or a price book with faster node types";

fn hint(error: &PlanError) -> &'static str {
    match error {
        PlanError::TooSoon { .. } | PlanError::NoPlan(_) => LONGER,
        PlanError::NoSpot { .. } => {
            "leave out --spot, or give rows spot = { usd_per_hour = …, taken_back_after_hours = …, source = … }"
        }
        _ => {
            "give a price book whose rows have devices = [{ type = …, memory = … }], of types that the \
             workload has times for"
        }
    }
}
