//! `dice compare`: two runs beside each other.

pub(crate) mod side;

use std::path::{Path, PathBuf};

use dice_server::api::{Batch, CostReport, Task};
use serde_json::Value;

use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended, Failure};
use crate::show;

pub(crate) use side::Side;

/// Put two runs beside each other: time, cost, causes, answers
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice compare 12 14
  dice compare batch:3 batch:4
  dice compare before.json batch:4 --json

A number is a task; a file is what `dice cost`, `dice batch` or `dice run` printed with --json (only the
last two have answers). Exit code 1 if answers differ.")]
pub(crate) struct Arguments {
    /// What it was before: a task, batch:NUMBER, or a file
    #[arg(value_name = "RUN")]
    left: Source,
    /// What it is now
    #[arg(value_name = "RUN")]
    right: Source,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone)]
enum Source {
    Task(u64),
    Batch(u64),
    File(PathBuf),
}

impl std::str::FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(number) = text.strip_prefix("batch:") {
            let number = number.parse();
            return number
                .map(Self::Batch)
                .map_err(|_| "give a batch by its number, as in batch:3".to_owned());
        }
        Ok(text
            .parse()
            .map_or_else(|_| Self::File(text.into()), Self::Task))
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let sources = [&arguments.left, &arguments.right];
    let all_files = sources
        .iter()
        .all(|source| matches!(source, Source::File(_)));
    let connection = match all_files {
        true => None,
        false => Some(Connection::look(global).await?),
    };
    let sides = both(connection.as_ref(), &arguments).await;
    if let Some(connection) = connection {
        connection.close().await;
    }
    let (left, right) = sides?;
    let compared = show::compared(left, right);
    if arguments.json {
        super::print_json(&compared)?;
    } else {
        anstream::println!("{compared}");
    }
    Ok(if compared.differs() {
        Code::Failed
    } else {
        Code::Success
    })
}

async fn both(
    connection: Option<&Connection>,
    arguments: &Arguments,
) -> anyhow::Result<(Side, Side)> {
    let left = side(connection, &arguments.left).await?;
    Ok((left, side(connection, &arguments.right).await?))
}

async fn side(connection: Option<&Connection>, source: &Source) -> anyhow::Result<Side> {
    let (kind, number) = match source {
        Source::File(path) => return file(path),
        Source::Task(number) => ("tasks", number),
        Source::Batch(number) => ("batches", number),
    };
    let client = connection.expect("numbers are looked up").client();
    let path = format!("/api/v1/{kind}/{number}");
    let cost: CostReport = client.get(&format!("{path}/cost")).await?;
    if matches!(source, Source::Task(_)) {
        let task: Task = client.get(&path).await?;
        Ok(Side::of_report(format!("task {number}"), cost).with_answers([&task.stdout]))
    } else {
        let batch: Batch = client.get(&path).await?;
        let answers = batch.items.iter().map(|item| &item.stdout);
        Ok(Side::of_report(format!("batch {number}"), cost).with_answers(answers))
    }
}

/// Which of the three it is, its fields say.
fn file(path: &Path) -> anyhow::Result<Side> {
    let name = path.display().to_string();
    let wrong = |problem: String| {
        Failure::usage(format!("{name}: {problem}")).hint(
            "give a task's number, batch:NUMBER, or a file with what `dice cost --json` printed",
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let has = |field: &str| value.get(field).is_some();
    let read = if has("direct") {
        serde_json::from_value(value).map(|report| Some(Side::of_report(name.clone(), report)))
    } else if has("items") {
        serde_json::from_value(value).map(|batch| Side::of_batch(name.clone(), &batch))
    } else if has("stdout") {
        serde_json::from_value(value).map(|task| Side::of_task(name.clone(), &task))
    } else {
        return Err(wrong("it is no report of a run".to_owned()).into());
    };
    let side = read.map_err(|error| wrong(error.to_string()))?;
    Ok(side.ok_or_else(|| wrong("it has no bill: it had not ended, or has no price".to_owned()))?)
}
