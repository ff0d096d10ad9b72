//! What every command takes: which engine, and how to set one up.

use std::path::PathBuf;

use clap::Args;
use dice_engine::{PolicyName, Scale};
use dice_model::{FunctionId, Tenant};

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
    /// Send traces of what this command's engine does to this OTLP collector, over HTTP
    #[arg(
        long,
        global = true,
        env = "OTEL_EXPORTER_OTLP_ENDPOINT",
        value_name = "URL"
    )]
    pub(crate) otlp: Option<String>,
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
    /// Who goes first, in which batches, where: dice, or fifo (the paper's)
    #[arg(long, global = true, value_name = "POLICY")]
    pub(crate) policy: Option<PolicyName>,
    /// A tenant's part of the devices beside others' 1, as in --weight paying=4; repeatable
    #[arg(long = "weight", global = true, value_name = "TENANT=N")]
    pub(crate) weights: Vec<Weight>,
    /// Run declared-pure calls that take unusually long a second time, for at most so much of all device
    /// time [default: 0, never]
    #[arg(long, global = true, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) hedge: Option<u32>,
    /// Unload copies of models that nobody has used for this long [default: they stay]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(crate) idle: Option<u32>,
    /// Cut calls that execute for longer; ten seconds later their worker is killed [default: 600]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) call_deadline: Option<u32>,
    /// On how many devices a function may be, as in --scale glip=1..4; repeatable
    #[arg(long = "scale", global = true, value_name = "FUNCTION=LEAST..MOST")]
    pub(crate) scales: Vec<FunctionScale>,
    /// Forget ended tasks after so many days, or those of one tenant as in --keep paying=90; repeatable
    /// [default: never]
    #[arg(long, global = true, value_name = "[TENANT=]DAYS")]
    pub(crate) keep: Vec<KeepFor>,
    /// Make every call, also where the result of an equal pure call of an earlier task is remembered
    #[arg(long, global = true)]
    pub(crate) no_memo: bool,
    /// Treat functions that declare no effect as `write`
    #[arg(long, global = true)]
    pub(crate) strict_effects: bool,
    /// Keep tasks and results in this PostgreSQL database [default: a file in the data folder]
    #[arg(
        long,
        global = true,
        env = "DICE_JOURNAL",
        value_name = "URL",
        hide_env_values = true,
        value_parser = postgres_url
    )]
    pub(crate) journal: Option<String>,
    /// Keep programs, inputs and images in this store, s3://BUCKET/PREFIX or file:///FOLDER; the data folder
    /// is its cache [default: the data folder alone]
    #[arg(long, global = true, env = "DICE_BLOBS", value_name = "URL")]
    pub(crate) blobs: Option<String>,
    /// Survive a power cut too: every result is on disk before it is used
    #[arg(long, global = true)]
    pub(crate) power_durable: bool,
}

/// `NAME=N`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Weight {
    pub(crate) tenant: Tenant,
    pub(crate) weight: u32,
}

impl std::str::FromStr for Weight {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = || "give a name and a whole number above 0, as in paying=4".to_owned();
        let (name, weight) = text.split_once('=').ok_or_else(wanted)?;
        let weight = weight.parse().ok().filter(|&weight| weight > 0);
        Ok(Self {
            tenant: crate::commands::tenant(name)?,
            weight: weight.ok_or_else(wanted)?,
        })
    }
}

/// `DAYS` or `TENANT=DAYS`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeepFor {
    /// `None`: everybody who is not named.
    pub(crate) tenant: Option<Tenant>,
    pub(crate) days: u32,
}

impl std::str::FromStr for KeepFor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (tenant, days) = match text.split_once('=') {
            Some((tenant, days)) => (Some(crate::commands::tenant(tenant)?), days),
            None => (None, text),
        };
        let days = days.parse().ok().filter(|&days| days > 0);
        let wanted = "give a whole number of days above 0, as in 30 or paying=90";
        Ok(Self {
            tenant,
            days: days.ok_or(wanted)?,
        })
    }
}

/// `FUNCTION=LEAST..MOST`, of which either may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FunctionScale {
    pub(crate) function: FunctionId,
    pub(crate) scale: Scale,
}

impl std::str::FromStr for FunctionScale {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = || "give a function and numbers of devices, as in glip=1..4".to_owned();
        let number = |text: &str, otherwise: u32| match text {
            "" => Ok(otherwise),
            text => text.parse().map_err(|_| wanted()),
        };
        let (function, range) = text.split_once('=').ok_or_else(wanted)?;
        let (least, most) = range.split_once("..").ok_or_else(wanted)?;
        let (least, most) = (number(least, 0)?, number(most, u32::MAX)?);
        if function.is_empty() || most == 0 || least > most {
            return Err(wanted());
        }
        Ok(Self {
            function: FunctionId::new(function),
            scale: Scale {
                least,
                most,
                ..Scale::default()
            },
        })
    }
}

fn postgres_url(text: &str) -> Result<String, String> {
    let is_one = text.starts_with("postgres://") || text.starts_with("postgresql://");
    let hint = "give an address like postgres://user@host/database";
    is_one
        .then(|| text.to_owned())
        .ok_or_else(|| hint.to_owned())
}
