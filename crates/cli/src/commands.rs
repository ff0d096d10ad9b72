//! The commands, one file each.

mod ask;
mod backup;
mod batch;
pub(crate) mod compare;
mod completions;
mod cost;
mod demo;
mod fsck;
mod generate;
mod get;
pub(crate) mod parallelize;
mod plan;
mod prices;
mod profile;
mod quote;
mod replay;
mod run;
mod simulate;
mod tasks;
mod top;
mod up;
mod verified;
mod verify;
mod work;

use std::io::Write as _;

use clap::{Parser, Subcommand};

use dice_model::Tenant;

use crate::arguments::Global;
use crate::exit::{Ended, Failure};

/// A sentence about your data in, a costed answer out.
#[derive(Debug, Parser)]
#[command(
    name = "dice",
    version,
    propagate_version = true,
    after_help = "Examples:
  dice ask \"What colour is each car?\" --input photo.jpg --compare
  dice get functions
  dice run program.py --input accident_scene.jpg=photo.png
  dice batch program.py --inputs photos/ --concurrency 16

Exit codes: 0 ok, 1 the program or a check failed, 2 bad usage or input,
3 a function or worker failed, 4 budget or deadline, 130 interrupted."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Ask(ask::Arguments),
    #[command(subcommand)]
    Get(get::What),
    Generate(generate::Arguments),
    Parallelize(parallelize::Arguments),
    Verify(verify::Arguments),
    Run(run::Arguments),
    Batch(batch::Arguments),
    Quote(quote::Arguments),
    Cost(cost::Arguments),
    Compare(compare::Arguments),
    Up(up::Arguments),
    Tasks(tasks::Arguments),
    Fsck(fsck::Arguments),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Top(top::Arguments),
    Profile(profile::Arguments),
    Simulate(simulate::Arguments),
    Replay(replay::Arguments),
    Plan(plan::Arguments),
    #[command(subcommand)]
    Prices(prices::What),
    Demo(demo::Arguments),
    Completions(completions::Arguments),
}

pub(crate) async fn run(arguments: Arguments) -> Ended {
    let Arguments { global, command } = arguments;
    match command {
        Command::Ask(arguments) => ask::run(&global, arguments).await,
        Command::Get(what) => get::run(&global, what).await,
        Command::Generate(arguments) => generate::run(&global, arguments).await,
        Command::Parallelize(arguments) => parallelize::run(&global, arguments).await,
        Command::Verify(arguments) => verify::run(&global, arguments).await,
        Command::Run(arguments) => run::run(&global, arguments).await,
        Command::Batch(arguments) => batch::run(&global, arguments).await,
        Command::Quote(arguments) => quote::run(&global, arguments).await,
        Command::Cost(arguments) => cost::run(&global, arguments).await,
        Command::Compare(arguments) => compare::run(&global, arguments).await,
        Command::Up(arguments) => up::run(&global, arguments).await,
        Command::Tasks(arguments) => tasks::run(&global, arguments).await,
        Command::Fsck(arguments) => fsck::run(&global, arguments).await,
        Command::Backup(arguments) => backup::back_up(&global, arguments).await,
        Command::Restore(arguments) => backup::restore(&global, arguments).await,
        Command::Top(arguments) => top::run(&global, arguments).await,
        Command::Profile(arguments) => profile::run(&global, arguments).await,
        Command::Simulate(arguments) => simulate::run(&global, &arguments),
        Command::Replay(arguments) => replay::run(&global, &arguments),
        Command::Plan(arguments) => plan::run(&global, &arguments),
        Command::Prices(what) => prices::run(&what),
        Command::Demo(arguments) => demo::run(&global, arguments).await,
        Command::Completions(arguments) => completions::run(arguments),
    }
}

/// Reads a program; `-` is standard input.
async fn read_program(path: &std::path::Path) -> anyhow::Result<String> {
    let read = if path.as_os_str() == "-" {
        tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin())).await?
    } else {
        tokio::fs::read_to_string(path).await
    };
    read.map_err(|error| {
        if error.kind() == std::io::ErrorKind::InvalidData {
            return Failure::usage(format!("{}: not UTF-8", path.display()))
                .hint("a program is UTF-8 text")
                .into();
        }
        Failure::usage(format!("{}: {error}", path.display()))
            .hint("give the path of a Python program, or - for standard input")
            .into()
    })
}

/// The last part of a path, for tracebacks.
fn file_name(path: &std::path::Path) -> String {
    path.file_name().map_or_else(
        || "program.py".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// A reader that has seen enough (`| head`) is an error that nobody is told of.
fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

/// A tenant's name as it is given.
pub(crate) fn tenant(name: &str) -> Result<Tenant, String> {
    if name.trim().is_empty() {
        return Err("a tenant has a name".to_owned());
    }
    Ok(Tenant::new(name))
}
