//! `dice generate`: a sentence to a serial program.

use std::path::{Path, PathBuf};

use dice_engine::LanguageModel;
use dice_server::api::{GenerateRequest, Generated, Problem};

use crate::arguments::Global;
use crate::catalog;
use crate::connection::Connection;
use crate::exit::{Code, Ended, Failure};
use crate::inputs::{self, InputArgument};

/// Write the serial program for a question, and do not run it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  dice generate \"What colour is each car?\" --input photo.jpg > serial.py"
)]
pub(crate) struct Arguments {
    /// The question, in a sentence
    query: String,
    /// A file that the question is about
    #[arg(short, long = "input", value_name = "NAME=FILE")]
    inputs: Vec<InputArgument>,
    /// Functions from this YAML or JSON file instead of those on offer
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// Print the whole answer as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let generated = match &arguments.catalog {
        Some(file) => by_file(file, &arguments).await?,
        None => by_engine(global, &arguments).await?,
    };
    if arguments.json {
        super::print_json(&generated)?;
    } else {
        anstream::print!("{}", generated.program);
        anstream::eprintln!("{}: {}", generated.origin, generated.author);
    }
    Ok(Code::Success)
}

async fn by_engine(global: &Global, arguments: &Arguments) -> anyhow::Result<Generated> {
    let connection = Connection::look(global).await?;
    let inputs = inputs::upload(connection.client(), &arguments.inputs).await?;
    let query = arguments.query.clone();
    let request = GenerateRequest { query, inputs };
    let generated = connection.client().post("/api/v1/generate", &request).await;
    connection.close().await;
    generated
}

/// Without an engine: nothing is described, nothing runs.
async fn by_file(file: &Path, arguments: &Arguments) -> anyhow::Result<Generated> {
    let catalog = catalog::from_file(file).await?;
    let model = dice_engine::language_model(LanguageModel::Configured)?;
    let inputs = arguments
        .inputs
        .iter()
        .map(InputArgument::as_input)
        .collect();
    let written = dice_engine::write_program(&*model, &catalog, &arguments.query, inputs).await;
    let failed = |error| Failure::from(Problem::from(error));
    let written = written.map_err(failed)?;
    let program = dice_engine::program_of(&written).map_err(failed)?;
    Ok(dice_server::convert::generated(&program, &written))
}
