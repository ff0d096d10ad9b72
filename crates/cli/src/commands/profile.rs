//! `dice profile`: how long a function takes on a device, and what it holds there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use dice_engine::{Given, OpenError, ProfileError, Profiled, Profiling, ProfilingOptions};
use dice_engine::{Measuring, MeasuringPlan, ProfilingError};
use dice_server::api::FunctionProfile;
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::Global;
use crate::connection::{cache_folder, data_folder};
use crate::exit::{Code, Ended, Failure};
use crate::show;
use crate::steps::Steps;

/// Measure a function on a device: load time, memory, latency by size of batch
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice profile glip
  dice profile glip --input image=street.jpg --input object_name=bus
  dice profile captions --functions ./ours --fleet ours.toml --device A4000 --out ours/profile.toml

The function's own worker is measured, alone on the device: stop engines that use it. The figures are kept in the
data folder, and engines on it choose batches and devices by them: docs/functions.md.")]
pub(crate) struct Arguments {
    /// The function
    function: String,
    /// A device type of the fleet [default: its only one]
    #[arg(long, value_name = "TYPE")]
    device: Option<String>,
    /// What calls are made with, instead of the function's own example; an image is a file
    #[arg(short, long = "input", value_name = "NAME=VALUE|FILE")]
    inputs: Vec<Input>,
    /// Sizes of batches [default: 1, 2, 4… as far as the function goes]
    #[arg(long, value_name = "N,…", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..))]
    batch: Vec<u32>,
    /// Runs of every size, at most; at least 3
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(3..))]
    runs: u32,
    /// Starts of a worker, to measure the load
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    loads: u32,
    /// Begin no further round of runs after so long
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    seconds: u64,
    /// Keep the figures in this profile.toml instead of the data folder's
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// `NAME=VALUE`; a value that is a file's path is the file, for images and bytes.
#[derive(Debug, Clone)]
struct Input {
    name: String,
    value: String,
}

impl FromStr for Input {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() => Ok(Self {
                name: name.to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("expected NAME=VALUE, as in object_name=car or image=photo.jpg".to_owned()),
        }
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    if global.server.is_some() {
        let failure = Failure::usage("--server: a function is measured where its device is");
        return Err(failure
            .hint("run dice profile there, without --server")
            .into());
    }
    let data = data_folder(global)?;
    let profiling = open(global, &arguments).await?;
    warn_of_an_engine(&data).await;
    let file = match &arguments.out {
        Some(file) => file.clone(),
        None => dice_engine::profile_file(&data),
    };
    let given = given(&profiling, &arguments.inputs)?;
    let plan = plan(&profiling, &arguments);
    let bar = bar();
    let measuring = profiling.measure(&given, &plan, |progress| show_progress(&bar, progress));
    let profiled = tokio::select! {
        profiled = measuring => profiled.map_err(explained)?,
        // Dropping the measurement ends its worker.
        () = interrupted() => {
            bar.finish_and_clear();
            anstream::eprintln!("stopped; nothing was written");
            return Ok(Code::Interrupted);
        }
    };
    bar.finish_and_clear();
    keep(&profiled, &file)?;
    let written = file.display().to_string();
    if arguments.json {
        super::print_json(&FunctionProfile::new(&profiled, Some(written)))?;
    } else {
        anstream::println!(
            "{}",
            show::profile(&FunctionProfile::new(&profiled, Some(written)))
        );
    }
    Ok(Code::Success)
}

async fn open(global: &Global, arguments: &Arguments) -> anyhow::Result<Profiling> {
    let steps = Steps::start(global.verbose > 0);
    let mut options = ProfilingOptions::new(cache_folder()?, &arguments.function);
    if !global.engine.functions.is_empty() {
        options.packs.clone_from(&global.engine.functions);
    }
    if let Some(fleet) = &global.engine.fleet {
        options.fleet.clone_from(fleet);
    }
    options.device.clone_from(&arguments.device);
    options.on_step = steps.listener();
    let profiling = Profiling::open(options).await.map_err(explained);
    steps.finish();
    profiling
}

/// Its workers would be measured along.
async fn warn_of_an_engine(data: &Path) {
    let socket = dice_server::socket_path(data);
    if tokio::net::UnixStream::connect(&socket).await.is_ok() {
        anstream::eprintln!(
            "warning: an engine runs on {}: what its workers do falls into the figures",
            data.display()
        );
    }
}

fn given(profiling: &Profiling, inputs: &[Input]) -> anyhow::Result<HashMap<String, Given>> {
    let mut given = HashMap::new();
    for Input { name, value } in inputs {
        let one = if profiling.wants_a_file(name) {
            let bytes = std::fs::read(value).map_err(|error| {
                Failure::usage(format!("--input {name}={value}: {error}"))
                    .hint("give the path of a file that exists and can be read")
            })?;
            Given::File(bytes.into())
        } else {
            Given::Text(value.clone())
        };
        if given.insert(name.clone(), one).is_some() {
            return Err(Failure::usage(format!("--input {name}: given twice")).into());
        }
    }
    Ok(given)
}

fn plan(profiling: &Profiling, arguments: &Arguments) -> MeasuringPlan {
    let mut sizes = MeasuringPlan::sizes_of(profiling.entry());
    if !arguments.batch.is_empty() {
        sizes.clone_from(&arguments.batch);
        // Whoever reads the figures takes it that they begin there.
        sizes.push(1);
        sizes.sort_unstable();
        sizes.dedup();
    }
    MeasuringPlan {
        loads: arguments.loads,
        sizes,
        runs: arguments.runs,
        time: Duration::from_secs(arguments.seconds),
    }
}

fn keep(profiled: &Profiled, file: &Path) -> anyhow::Result<()> {
    profiled.finding.keep(file).map_err(|error| {
        Failure::failed(dice_server::with_causes(&error))
            .hint("name another file with --out")
            .into()
    })
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
    let bar = ProgressBar::new_spinner().with_style(style.expect("the template is valid"));
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn show_progress(bar: &ProgressBar, progress: Measuring) {
    bar.set_message(match progress {
        Measuring::Load { number, of } => format!("start {number} of {of}"),
        Measuring::WarmUp { size } => format!("warming up with batches of {size}"),
        Measuring::Round { number, of } => format!("round {number} of at most {of}"),
    });
}

async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Errors that a person can mend say how.
fn explained(error: ProfileError) -> anyhow::Error {
    let told = dice_server::with_causes(&error);
    match &error {
        ProfileError::Open(OpenError::UnknownPack { .. } | OpenError::EmptyPack { .. }) => {
            Failure::usage(told)
                .hint("give --functions a bundled pack's name, or a folder of function files")
        }
        ProfileError::Open(_) | ProfileError::Measure(ProfilingError::Listen(_)) => {
            Failure::failed(told)
        }
        ProfileError::UnknownFunction {
            suggestion: Some(name),
            ..
        } => Failure::usage(told).hint(format!("did you mean {name}?")),
        ProfileError::UnknownFunction { known, .. } => Failure::usage(told).hint(format!(
            "on offer are {}; others come with --functions PACK|DIR",
            known.join(", ")
        )),
        ProfileError::WhichDevice { known } => {
            Failure::usage(told).hint(format!("choose one, as in --device {}", known[0]))
        }
        ProfileError::UnknownDevice { .. } | ProfileError::SimulatedFleet { .. } => {
            Failure::usage(told).hint("give --fleet the file of a fleet that this machine is in")
        }
        ProfileError::Arguments(_) => Failure::usage(told).hint(
            "give values with --input NAME=VALUE, or an example with @hermod.function(example={…})",
        ),
        ProfileError::Measure(ProfilingError::Writes { .. } | ProfilingError::Simulated { .. }) => {
            Failure::usage(told).hint("give its figures by hand, as in docs/functions.md")
        }
        ProfileError::Measure(_) => Failure {
            code: Code::Function,
            message: told,
            hint: Some(
                "dice run with a program of one call shows whether the function works".to_owned(),
            ),
        },
    }
    .into()
}
