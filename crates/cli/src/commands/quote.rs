//! `dice quote`: what a batch will cost, before it runs.

use std::io::{IsTerminal as _, Write as _};

use dice_server::api::{NeedsSample, Quote, QuoteAnswer, QuoteRequest};

use super::work::{Bounds, Work};
use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended, Failure};
use crate::show;

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
    #[command(flatten)]
    work: Work,
    #[command(flatten)]
    bounds: Bounds,
    /// Run so many tasks to learn from, if too few ran before; this is paid for
    #[arg(long, value_name = "N")]
    sample: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    if arguments.sample == Some(0) {
        return Err(Failure::usage("--sample 0: a quote is from at least one task").into());
    }
    let work = arguments.work.read().await?;
    super::run::milliseconds(arguments.bounds.deadline)?;
    let connection = Connection::open(global).await?;
    let inputs = work.upload(&connection).await?;
    let request = QuoteRequest {
        sample: arguments.sample,
        ..work.quote_request(inputs, &arguments.bounds)?
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
