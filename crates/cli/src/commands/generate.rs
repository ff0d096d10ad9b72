//! `dice generate`: a sentence to a serial program.

use dice_server::api::{GenerateRequest, Generated};

use super::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended};
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
    /// Print the whole answer as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let connection = Connection::open(global).await?;
    let inputs = inputs::upload(connection.client(), &arguments.inputs).await?;
    let request = GenerateRequest {
        query: arguments.query,
        inputs,
    };
    let generated: anyhow::Result<Generated> =
        connection.client().post("/api/v1/generate", &request).await;
    connection.close().await;
    let generated = generated?;
    if arguments.json {
        super::print_json(&generated)?;
    } else {
        anstream::print!("{}", generated.program);
        anstream::eprintln!("{}: {}", generated.origin, generated.author);
    }
    Ok(Code::Success)
}
