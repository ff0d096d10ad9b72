//! `dice demo`: a real photograph, a question, both ways to the answer, and what each cost.

use dice_engine::LanguageModel;

use super::ask;
use crate::arguments::Global;
use crate::connection::{Connection, Purpose};
use crate::exit::{Ended, Failure};
use crate::inputs::InputArgument;

/// Answered from the recording `plates` unless a language model is configured; the output says which.
const QUERY: &str = "Report the colour of every car and read its number plate.";
const INPUT_NAME: &str = "photo.png";

/// Ask about a photograph of parked cars, and compare baseline and distributed run
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dice demo")]
pub(crate) struct Arguments {
    /// Use the recorded answer even if a language model is configured
    #[arg(long)]
    recorded: bool,
    /// Print one JSON object a line, as things happen
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let model = if arguments.recorded {
        LanguageModel::Recorded
    } else {
        LanguageModel::Configured
    };
    let purpose = Purpose {
        language_model: model,
        ..Purpose::default()
    };
    let connection = Connection::open_with(global, purpose).await?;
    let Some(engine) = connection.engine() else {
        connection.close().await;
        return Err(Failure::usage(
            "the demo needs an engine of its own, and one is running already",
        )
        .hint("stop it, or use another folder with --data")
        .into());
    };
    let photo = engine.demo_photograph().await?;
    if !arguments.json {
        anstream::eprintln!("query: {}", QUERY);
        anstream::eprintln!("photograph: {}", photo.display());
    }
    let question = ask::Arguments {
        query: QUERY.to_owned(),
        inputs: vec![InputArgument::new(INPUT_NAME, photo)],
        compare: true,
        deadline: None,
        budget: None,
        save: None,
        json: arguments.json,
    };
    ask::run_on(connection, question).await
}
