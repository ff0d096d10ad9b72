//! The cost of a call that does nothing, through DiCE-C and through its peers, in the same run.
//!
//! Systems take turns, one at a time, for several rounds; each figure is the median over the rounds, and
//! ratios are taken round by round. The tables in `docs/performance.md` are written from it.

#![allow(clippy::print_stderr, reason = "says what it is doing")]

mod environments;
mod frames;
mod http;
mod load;
mod processes;
mod report;
mod systems;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use crate::load::{Case, Measured};
use crate::report::Results;
use crate::systems::{System, systems};

/// Measures the overhead of a call beside mosec, Ray Serve, LitServe and BentoML
#[derive(Debug, Parser)]
struct Arguments {
    /// The `dice` to measure
    #[arg(long, default_value = "target/release/dice")]
    dice: PathBuf,
    /// Times that each system takes its turn
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Only these systems, by the beginnings of their names
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Write the tables into this file, between its two marks, instead of to stdout
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    processes::adopt_orphans()?;
    let mut terminated = signal(SignalKind::terminate())?;
    // Whatever is running ends with the future that is dropped.
    tokio::select! {
        done = bench(arguments) => done,
        _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted; nothing was written"),
        _ = terminated.recv() => anyhow::bail!("terminated; nothing was written"),
    }
}

async fn bench(arguments: Arguments) -> anyhow::Result<()> {
    let dice = arguments.dice.canonicalize()?;
    let mut results = Results::default();
    let mut ready = Vec::new();
    for system in systems(&dice)? {
        let only = &arguments.only;
        if !only.is_empty() && !only.iter().any(|it| system.name.starts_with(it.as_str())) {
            continue;
        }
        match environments::prepare(&system).await {
            Ok(()) => ready.push(system),
            Err(error) => {
                eprintln!("{}: not measured: {error:#}", system.name);
                results.missing(system.name, format!("{error:#}"));
            }
        }
    }
    for round in 1..=arguments.rounds {
        for system in &ready {
            eprintln!("round {round}: {}", system.name);
            match measure(system, Duration::from_secs_f64(arguments.seconds)).await {
                Ok(measured) => results.add(system.name, measured),
                Err(error) => {
                    eprintln!("{}: {error:#}", system.name);
                    results.missing(system.name, format!("{error:#}"));
                }
            }
        }
    }
    let text = results.text();
    match arguments.write {
        Some(path) => report::write(&path, &text)?,
        None => print(&text),
    }
    Ok(())
}

async fn measure(system: &System, time: Duration) -> anyhow::Result<Vec<(Case, Measured)>> {
    let running = system.start().await?;
    let mut measured = Vec::new();
    for case in Case::all() {
        // The first calls find caches cold and connections closed.
        let warmed = running.load(case, time / 4).await;
        let before = running.cpu();
        let loaded = match warmed {
            Ok(_) => running.load(case, time).await,
            Err(error) => Err(error),
        };
        match loaded {
            Ok(figures) => {
                let cpu = running.cpu().saturating_sub(before);
                measured.push((case, Measured { cpu, ..figures }));
            }
            // It is left out of the table; other cases may go well.
            Err(error) => eprintln!("{}: {case:?}: {error:#}", system.name),
        }
    }
    Ok(measured)
}

#[allow(clippy::print_stdout, reason = "the result")]
fn print(text: &str) {
    println!("{text}");
}
