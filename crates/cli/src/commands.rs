//! The commands, one file each.

mod ask;
mod batch;
mod completions;
mod demo;
mod generate;
mod get;
mod parallelize;
mod run;
mod tasks;
mod up;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::exit::Ended;

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
3 a function or worker failed, 4 budget or deadline."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Where tasks, results and logs are kept
    #[arg(long, global = true, env = "DICE_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Use the engine at this address instead of one of your own
    #[arg(
        long,
        global = true,
        env = "DICE_SERVER",
        value_name = "URL",
        conflicts_with = "data"
    )]
    pub(crate) server: Option<String>,
    #[command(flatten)]
    pub(crate) engine: EngineArguments,
    /// Say what happens (-vv: everything)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// How to set up an engine, where this command has to start one.
#[derive(Debug, Args, Clone, PartialEq, Eq, Default)]
#[command(next_help_heading = "Engine")]
pub(crate) struct EngineArguments {
    /// Functions on offer: a bundled pack (vision_cpu, simulated) or a folder; repeatable
    #[arg(
        long,
        global = true,
        env = "DICE_FUNCTIONS",
        value_name = "PACK|DIR",
        value_delimiter = ','
    )]
    pub(crate) functions: Vec<String>,
    /// Devices to run on: a bundled fleet (local-cpu, paper-pair, …) or a file
    #[arg(long, global = true, env = "DICE_FLEET", value_name = "FLEET|FILE")]
    pub(crate) fleet: Option<String>,
    /// Price book: a bundled one or a file
    #[arg(long, global = true, env = "DICE_PRICES", value_name = "BOOK|FILE")]
    pub(crate) prices: Option<String>,
    /// Tasks that run at once [default: enough to fill every device]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) concurrency: Option<u32>,
    /// Treat functions that declare no effect as `write`
    #[arg(long, global = true)]
    pub(crate) strict_effects: bool,
    /// Survive a power cut too: every result is on disk before it is used
    #[arg(long, global = true)]
    pub(crate) power_durable: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Ask(ask::Arguments),
    #[command(subcommand)]
    Get(get::What),
    Generate(generate::Arguments),
    Parallelize(parallelize::Arguments),
    Run(run::Arguments),
    Batch(batch::Arguments),
    Up(up::Arguments),
    Tasks(tasks::Arguments),
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
        Command::Run(arguments) => run::run(&global, arguments).await,
        Command::Batch(arguments) => batch::run(&global, arguments).await,
        Command::Up(arguments) => up::run(&global, arguments).await,
        Command::Tasks(arguments) => tasks::run(&global, arguments).await,
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
        crate::exit::Failure::usage(format!("{}: {error}", path.display()))
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

fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    anstream::println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}
