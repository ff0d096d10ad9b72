//! `dice replay`: what a batch that ran would have taken and cost another way.

use std::path::{Path, PathBuf};

use dice_engine::{Trace, price_book, today};
use dice_simulate::{Changes, Replay};

use crate::arguments::Global;
use crate::exit::{Code, Ended, Failure};
use crate::show;

/// Say what a batch that ran would have taken and cost another way
///
/// The recorded tasks are run again on the live scheduler in virtual time: with nothing changed, which
/// shows how far the simulation is off, and then on --fleet, by --policy, with --concurrency.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice cost --batch 3 --trace > batch.json
  dice replay batch.json --fleet paper-pair --prices hyperstack-2026-11
  dice replay batch.json --policy fifo --concurrency 16 --json")]
pub(crate) struct Arguments {
    /// What `dice cost --trace` printed (- for standard input)
    trace: PathBuf,
    /// Let calls take what profiles say, not what they took: how good the profiles are
    #[arg(long)]
    by_profile: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(global: &Global, arguments: &Arguments) -> Ended {
    let path = arguments.trace.display();
    let text = read(&arguments.trace)
        .map_err(|error| Failure::usage(format!("cannot read {path}: {error}")).hint(HOW))?;
    let wrong = |error: &dyn std::fmt::Display| Failure::usage(format!("{path}: {error}"));
    let trace = Trace::parse(&text).map_err(|error| wrong(&error).hint(HOW))?;
    let book = price_book(global.engine.prices.as_deref())?;
    let (changes, words) =
        changes(global, arguments.by_profile, &trace).map_err(|error| wrong(&error))?;
    let replay = Replay::new(&trace, &changes, &book, today()).map_err(|error| wrong(&error))?;
    let shown = show::replay(&replay, &words);
    if arguments.json {
        super::print_json(&shown)?;
    } else {
        anstream::println!("{shown}");
    }
    Ok(Code::Success)
}

const HOW: &str = "`dice cost --batch N --trace` prints what can be replayed";

fn read(path: &Path) -> std::io::Result<String> {
    if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    }
}

/// What is asked for, and the same in words.
fn changes(
    global: &Global,
    by_profile: bool,
    trace: &Trace,
) -> anyhow::Result<(Changes, Vec<String>)> {
    let engine = &global.engine;
    let mut changes = Changes {
        policy: engine.policy,
        concurrency: engine.concurrency,
        by_profile,
        ..Changes::default()
    };
    let mut words = Vec::new();
    if let Some(name) = &engine.fleet {
        let nodes = dice_engine::fleet(name)?.nodes;
        let nodes: Vec<_> = nodes.into_iter().map(|node| node.spec).collect();
        changes.nodes = Some(trace.loaded(&nodes)?);
        words.push(format!("fleet {name}"));
    }
    words.extend(engine.policy.map(|policy| format!("policy {policy}")));
    let at_once = engine.concurrency;
    words.extend(at_once.map(|tasks| format!("{tasks} tasks at once")));
    Ok((changes, words))
}
