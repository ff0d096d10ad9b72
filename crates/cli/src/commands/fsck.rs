//! `dice fsck`: is everything there that was accepted, and is it what it was?

use std::time::Duration;

use dice_runtime::{BlobsPlace, Health, JournalPlace, Options, UpkeepError};
use serde::Serialize;

use crate::arguments::Global;
use crate::connection::data_folder;
use crate::exit::{Code, Ended, Failure};

/// Check journal and blobs; no engine may be running
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice fsck
  dice fsck --sweep --grace-hours 48

Exit codes: 0 all is well, 1 something is missing or damaged.")]
pub(crate) struct Arguments {
    /// Remove blobs that no task needs
    #[arg(long)]
    sweep: bool,
    /// How long such a blob is kept after it came
    #[arg(long, value_name = "N", default_value_t = 24, requires = "sweep")]
    grace_hours: u64,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    tasks: u64,
    entries: u64,
    blobs: u64,
    unused_blobs: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    swept: Option<Swept>,
    problems: Vec<Problem>,
}

#[derive(Debug, Serialize)]
struct Swept {
    blobs: u64,
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct Problem {
    place: String,
    problem: String,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let options = options(global)?;
    let hours = Duration::from_secs(arguments.grace_hours.saturating_mul(3600));
    let grace = arguments.sweep.then_some(hours);
    let health = dice_runtime::check(&options, grace).await;
    let health = health.map_err(explained)?;
    let is_well = health.problems.is_empty();
    let report = report(health);
    if arguments.json {
        super::print_json(&report)?;
    } else {
        print(&report);
    }
    if !is_well && arguments.sweep {
        anstream::eprintln!("nothing was swept: first mend or restore what is damaged");
    }
    Ok(if is_well { Code::Success } else { Code::Failed })
}

fn report(health: Health) -> Report {
    let unused_blobs = health.unused_blobs() as u64;
    let problems = health.problems.into_iter().map(|problem| Problem {
        place: problem.place,
        problem: problem.what,
    });
    Report {
        tasks: health.tasks,
        entries: health.entries,
        blobs: health.blobs,
        unused_blobs,
        swept: health.swept.map(|swept| Swept {
            blobs: swept.blobs,
            bytes: swept.bytes,
        }),
        problems: problems.collect(),
    }
}

fn print(report: &Report) {
    for Problem { place, problem } in &report.problems {
        anstream::println!("{place}: {problem}");
    }
    anstream::println!(
        "{} tasks, {} entries, {} blobs ({} unused): {}",
        report.tasks,
        report.entries,
        report.blobs,
        report.unused_blobs,
        match report.problems.len() {
            0 => "all is well".to_owned(),
            1 => "1 problem".to_owned(),
            count => format!("{count} problems"),
        }
    );
    if let Some(swept) = &report.swept {
        anstream::println!("swept {} blobs, {} bytes", swept.blobs, swept.bytes);
    }
}

fn options(global: &Global) -> anyhow::Result<Options> {
    let mut options = Options::new(data_folder(global)?);
    if let Some(url) = &global.engine.journal {
        options.journal = JournalPlace::Postgres(url.clone());
    }
    if let Some(url) = &global.engine.blobs {
        options.blobs = BlobsPlace::store(url);
    }
    Ok(options)
}

/// For the commands that want the folder for themselves.
pub(super) fn explained(error: UpkeepError) -> anyhow::Error {
    let failure = Failure::usage(error.to_string());
    match error {
        UpkeepError::Folder(dice_runtime::DataFolderError::InUse { .. }) => {
            failure.hint("stop the engine first").into()
        }
        UpkeepError::NotEmpty(_) => failure.hint("name an empty folder with --data").into(),
        _ => Failure::failed(error.to_string()).into(),
    }
}
