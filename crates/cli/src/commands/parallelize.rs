//! `dice parallelize`: a serial program to a distributed one.

use std::path::PathBuf;

use dice_catalog::Catalog;
use dice_server::api::{Decision, FunctionList};

use super::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended, Failure};
use crate::show;

/// Rewrite a serial program so that its calls overlap, with the same answer
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice parallelize program.py > distributed.py
  dice parallelize program.py --explain --catalog functions.yaml")]
pub(crate) struct Arguments {
    /// A Python program (- for standard input)
    program: PathBuf,
    /// Say for each statement what was moved or kept, and why
    #[arg(long)]
    explain: bool,
    /// Functions from this YAML or JSON file instead of those on offer
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// Print program and decisions as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let source = super::read_program(&arguments.program).await?;
    let filename = super::file_name(&arguments.program);
    let catalog = catalog(global, arguments.catalog.as_deref()).await?;
    let options = dice_parallelize::Options {
        strict_effects: global.engine.strict_effects,
    };
    let distributed = match dice_parallelize::parallelize(&source, &catalog, &options) {
        Ok(distributed) => distributed,
        Err(dice_parallelize::Diagnostics(found)) => {
            anstream::eprintln!("{}", show::diagnostics(&found, &source, &filename));
            return Ok(Code::Failed);
        }
    };
    let distributed = dice_server::convert::distributed(&distributed);
    if arguments.json {
        super::print_json(&distributed)?;
        return Ok(Code::Success);
    }
    anstream::print!("{}", distributed.program);
    let decisions = distributed.decisions.into_iter();
    let shown: Vec<Decision> = decisions
        .filter(|decision| arguments.explain || decision.what == "kept")
        .collect();
    if !shown.is_empty() {
        anstream::eprintln!("{}", show::decisions(&shown, &filename));
    }
    Ok(Code::Success)
}

/// The functions of a file, or those on offer.
async fn catalog(global: &Global, file: Option<&std::path::Path>) -> anyhow::Result<Catalog> {
    let text = match file {
        Some(file) => tokio::fs::read_to_string(file)
            .await
            .map_err(|error| Failure::usage(format!("--catalog {}: {error}", file.display())))?,
        None => {
            let connection = Connection::open(global).await?;
            let listed: anyhow::Result<FunctionList> =
                connection.client().get("/api/v1/functions").await;
            connection.close().await;
            listed?.to_string()
        }
    };
    Catalog::from_resources(&text).map_err(|error| {
        let place = file.map_or_else(|| "functions".to_owned(), |file| file.display().to_string());
        Failure::usage(format!("{place}: {error}"))
            .hint("a catalog file holds `kind: Function` resources, or a List of them")
            .into()
    })
}
