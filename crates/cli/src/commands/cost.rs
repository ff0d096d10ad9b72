//! `dice cost`: what a task or batch cost, and why.

use dice_engine::Trace;
use dice_server::api::CostReport;

use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended};
use crate::show;

/// Explain what a task or batch cost, or costs so far
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true), after_help = "Examples:
  dice cost 12
  dice cost --batch 3 --csv
  dice cost --batch 3 --focus
  dice cost --batch 3 --trace > batch.json

--focus prints the columns of FOCUS 1.2, the FinOps Foundation's cost and usage specification:
docs/cost.md says what stands in them. `dice replay` takes a trace.")]
pub(crate) struct Arguments {
    /// A task's number
    #[arg(group = "what")]
    task: Option<u64>,
    /// A batch's number
    #[arg(long, value_name = "BATCH", group = "what")]
    batch: Option<u64>,
    /// Print one JSON object
    #[arg(long, group = "form")]
    json: bool,
    /// Print what each node was used for, by function and task, as CSV
    #[arg(long, group = "form")]
    csv: bool,
    /// The same as CSV for finance tools
    #[arg(long, group = "form")]
    focus: bool,
    /// Print what ran when and where, to be replayed on other hardware
    #[arg(long, group = "form")]
    trace: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let connection = Connection::look(global).await?;
    let ended = explain(&connection, &arguments).await;
    connection.close().await;
    ended
}

async fn explain(connection: &Connection, arguments: &Arguments) -> Ended {
    let what = match (arguments.task, arguments.batch) {
        (Some(task), _) => format!("/api/v1/tasks/{task}"),
        (None, batch) => format!("/api/v1/batches/{}", batch.unwrap_or_default()),
    };
    if arguments.trace {
        let trace: Trace = connection.client().get(&format!("{what}/trace")).await?;
        super::print_json(&trace)?;
        return Ok(Code::Success);
    }
    let report: CostReport = connection.client().get(&format!("{what}/cost")).await?;
    if arguments.json {
        super::print_json(&report)?;
    } else if arguments.csv {
        show::cost_csv(&report, std::io::stdout())?;
    } else if arguments.focus {
        show::focus_csv(&report, std::io::stdout())?;
    } else {
        anstream::println!("{}", show::cost_report(&report));
    }
    Ok(Code::Success)
}
