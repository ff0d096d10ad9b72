//! What every command takes: which engine, and how to set one up.

use std::path::PathBuf;

use clap::Args;

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
    /// Log to stderr in this form, with the numbers of tasks and calls; DICE_LOG filters
    #[arg(long, global = true, env = "DICE_LOG_FORMAT", value_name = "FORMAT")]
    pub(crate) log: Option<LogFormat>,
}

/// What a log line looks like: for people, or one JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
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
