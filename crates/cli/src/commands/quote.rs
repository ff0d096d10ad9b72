//! `dice quote`: what a batch will cost, before it runs.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use dice_model::TaskInput;
use dice_server::api::{NeedsSample, Quote, QuoteAnswer, QuoteRequest};

use super::batch::{files, only_input};
use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended, Failure};
use crate::{inputs, show};

/// Say what a batch will take and cost, before it runs
///
/// Learns from tasks of the same program that ran before. Where there are none it says what running
/// some of them costs, and runs them if told to.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice quote program.py --inputs photos/ --tasks 1000
  dice quote program.py --inputs photos/ --tasks 1000 --sample 12 --budget 2.50 --deadline 3600

Exit code 4 if the budget or the deadline will not be kept.")]
pub(crate) struct Arguments {
    /// A Python program
    program: PathBuf,
    /// A folder; each file in it is the input of one task
    #[arg(long, value_name = "DIR")]
    inputs: PathBuf,
    /// The name that the program reads its input under [default: the only file it names]
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
    /// This many tasks, taking the files in turn [default: one per file]
    #[arg(long, value_name = "N")]
    tasks: Option<usize>,
    /// At most so many dollars
    #[arg(long, value_name = "USD", value_parser = dollars)]
    budget: Option<i64>,
    /// Within so many seconds
    #[arg(long, value_name = "SECONDS")]
    deadline: Option<f64>,
    /// Run so many tasks to learn from, if too few ran before; this is paid for
    #[arg(long, value_name = "N")]
    sample: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let program = super::read_program(&arguments.program).await?;
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => only_input(&program)?,
    };
    let files = files(&arguments.inputs)?;
    let count = arguments.tasks.unwrap_or(files.len());
    if count == 0 || arguments.sample == Some(0) {
        return Err(Failure::usage("a quote is for at least one task, from at least one").into());
    }
    let deadline_ms = super::run::milliseconds(arguments.deadline)?;
    let connection = Connection::open(global).await?;
    let mut uploaded: Vec<Vec<TaskInput>> = Vec::with_capacity(files.len());
    for file in files.iter().take(count) {
        let input = inputs::upload_file(connection.client(), &name, file).await?;
        uploaded.push(vec![input]);
    }
    let request = QuoteRequest {
        program,
        filename: super::file_name(&arguments.program),
        inputs: uploaded,
        tasks: count as u64,
        sample: arguments.sample,
        budget_micro_usd: arguments.budget,
        deadline_ms,
    };
    let ended = ask(&connection, request, arguments.json).await;
    connection.close().await;
    ended
}

async fn ask(connection: &Connection, mut request: QuoteRequest, json: bool) -> Ended {
    loop {
        let answer = tokio::select! {
            answer = connection.client().post("/api/v1/quotes", &request) => answer?,
            () = connection.interrupted() => return Ok(Code::Interrupted),
        };
        match answer {
            QuoteAnswer::Quote(quote) => return told(&quote, json),
            QuoteAnswer::NeedsSample(needed) => {
                if !agreed(&needed)? {
                    let hint = format!("run them with --sample {}", needed.tasks);
                    let refused = Failure::usage("no quote: too few tasks of this program ran yet");
                    return Err(refused.hint(hint).into());
                }
                request.sample = Some(needed.tasks);
            }
        }
    }
}

fn told(quote: &Quote, json: bool) -> Ended {
    if json {
        super::print_json(quote)?;
    } else {
        anstream::println!("{}", show::quote(quote));
    }
    Ok(if quote.refused.is_empty() {
        Code::Success
    } else {
        Code::Limit
    })
}

/// Shows what a sample would cost, and asks where somebody can answer.
fn agreed(needed: &NeedsSample) -> std::io::Result<bool> {
    anstream::eprintln!("{}", show::needs_sample(needed));
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    anstream::eprint!("run {} tasks now? [y/N] ", needed.tasks);
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Whole µ$.
fn dollars(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text}: not dollars; expected an amount like 2.50");
    let amount: f64 = text.trim_start_matches('$').parse().map_err(|_| wrong())?;
    if !(amount > 0.0 && amount < 1e12) {
        return Err(wrong());
    }
    Ok((amount * 1e6).round() as i64)
}
