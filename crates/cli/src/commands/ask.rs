//! `dice ask`: the whole way from a sentence to an answer and its cost.

use std::io::Write as _;
use std::path::PathBuf;

use dice_server::api::{AskEvent, AskRequest, Generated, Stream};
use hyper::Method;

use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended, Failure};
use crate::inputs::{self, InputArgument};
use crate::show;

/// Ask a question about your data
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice ask \"What colour is each car?\" --input photo.jpg
  dice ask \"Read the number plates\" --input scene.jpg=photo.png --compare")]
pub(crate) struct Arguments {
    /// The question, in a sentence
    pub(super) query: String,
    /// A file that the question is about
    #[arg(short, long = "input", value_name = "NAME=FILE")]
    pub(super) inputs: Vec<InputArgument>,
    /// Run the serial program as a monolith too, and compare answers, time and cost
    #[arg(long)]
    pub(super) compare: bool,
    /// Give up after this long
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub(super) deadline: Option<f64>,
    /// End it when what is rented meanwhile has cost so many dollars
    #[arg(long, value_name = "USD", value_parser = super::work::dollars, conflicts_with = "compare")]
    pub(super) budget: Option<i64>,
    /// Write the programs here: serial.py and distributed.py
    #[arg(long, value_name = "DIR")]
    pub(super) save: Option<PathBuf>,
    /// Print one JSON object a line, as things happen
    #[arg(long)]
    pub(super) json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    run_on(Connection::open(global).await?, arguments).await
}

pub(super) async fn run_on(connection: Connection, arguments: Arguments) -> Ended {
    let request = AskRequest {
        query: arguments.query.clone(),
        inputs: inputs::upload(connection.client(), &arguments.inputs).await?,
        compare: arguments.compare,
        deadline_ms: super::run::milliseconds(arguments.deadline)?,
        budget_micro_usd: arguments.budget,
    };
    let client = connection.client();
    let mut events = client
        .events::<AskEvent>(Method::POST, "/api/v1/ask", Some(&request))
        .await?;
    let mut code = Code::Failed;
    loop {
        let event = tokio::select! {
            event = events.next() => event?,
            () = connection.interrupted() => {
                connection.close().await;
                return Ok(Code::Interrupted);
            }
        };
        let Some(event) = event else { break };
        if let Some(folder) = &arguments.save {
            save(folder, &event).await?;
        }
        if arguments.json {
            anstream::println!("{}", serde_json::to_string(&event)?);
        } else {
            show_event(&event)?;
        }
        match event {
            AskEvent::Answered(task) => code = super::run::code_of(&task),
            AskEvent::Compared(report) if !report.equal => code = Code::Failed,
            AskEvent::Compared(report) => code = super::run::code_of(&report.distributed.task),
            AskEvent::Failed(problem) => {
                connection.close().await;
                return Err(Failure::from(problem).into());
            }
            _ => {}
        }
    }
    connection.close().await;
    Ok(code)
}

async fn save(folder: &std::path::Path, event: &AskEvent) -> anyhow::Result<()> {
    let (name, program) = match event {
        AskEvent::Serial(generated) => ("serial.py", &generated.program),
        AskEvent::Distributed(distributed) => ("distributed.py", &distributed.program),
        _ => return Ok(()),
    };
    tokio::fs::create_dir_all(folder).await?;
    Ok(tokio::fs::write(folder.join(name), program).await?)
}

fn show_event(event: &AskEvent) -> anyhow::Result<()> {
    match event {
        AskEvent::Functions { functions } => {
            heading(&format!("functions on offer: {}", functions.join(", ")));
        }
        AskEvent::Serial(generated) => {
            heading(&format!("serial program ({})", author(generated)));
            anstream::println!("{}", generated.program.trim_end());
        }
        AskEvent::Distributed(distributed) if distributed.changed => {
            heading("distributed program");
            anstream::println!("{}", distributed.program.trim_end());
        }
        AskEvent::Distributed(_) => heading("distributed program: the same; nothing can overlap"),
        AskEvent::Running { stage, .. } => heading(&format!("answer of the {stage} program")),
        AskEvent::Output {
            stream: Stream::Stdout,
            text,
            ..
        } => {
            anstream::print!("{text}");
            std::io::stdout().flush()?;
        }
        AskEvent::Output {
            stream: Stream::Stderr,
            text,
            ..
        } => anstream::eprint!("{text}"),
        AskEvent::Compared(report) => {
            heading("timelines (· waiting, █ running)");
            anstream::println!("{}", show::timelines(report));
            heading("cost");
            anstream::println!("{}", show::comparison(report));
        }
        AskEvent::Answered(task) => {
            if let Some(bill) = &task.bill {
                heading("cost");
                anstream::println!("{}", show::bill(bill));
            }
            for label in &task.labels {
                anstream::println!("note: {label}");
            }
            super::run::explain_end(task);
        }
        AskEvent::Failed(_) => {}
    }
    Ok(())
}

fn heading(text: &str) {
    anstream::println!("\n\x1b[1m── {text}\x1b[0m");
}

fn author(generated: &Generated) -> String {
    let Generated {
        origin,
        author,
        rounds,
        ..
    } = generated;
    match rounds {
        1 => format!("{origin}: {author}{}", tokens(generated)),
        _ => format!(
            "{origin}: {author}, after {} repairs{}",
            rounds - 1,
            tokens(generated)
        ),
    }
}

/// What the language model was paid for.
fn tokens(generated: &Generated) -> String {
    let count = generated.prompt_tokens + generated.answer_tokens;
    match generated.micro_usd {
        _ if count == 0 => String::new(),
        None => format!("; {count} tokens"),
        Some(micro_usd) => format!("; {count} tokens, {}", show::usd(micro_usd)),
    }
}
