//! `dice`: a sentence about your data in, a costed answer out.

mod arguments;
mod catalog;
mod client;
mod commands;
mod connection;
mod exit;
mod inputs;
mod sandbox;
mod show;
mod steps;
mod watchers;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = commands::Arguments::parse();
    start_logging(&arguments.global);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the operating system gives threads");
    let ended = runtime.block_on(commands::run(arguments));
    // What is left are readers of pipes nobody writes to any more; nothing is lost by not waiting.
    runtime.shutdown_background();
    exit::report(ended)
}

/// Logs go to stderr: `-v` and `--log` show what happens, `DICE_LOG` filters as `RUST_LOG` does.
fn start_logging(global: &arguments::Global) {
    let default = match (global.verbose, global.log) {
        (0, None) => "warn",
        (0, Some(_)) | (1, _) => "info,dice_runtime=debug",
        _ => "debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("DICE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match global.log {
        Some(arguments::LogFormat::Json) => subscriber
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .init(),
        _ => subscriber.with_ansi(std::io::stderr().is_terminal()).init(),
    }
}
