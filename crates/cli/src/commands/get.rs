//! `dice get functions`: discovery, as `kubectl` prints it.

use clap::ValueEnum;
use dice_server::api::FunctionList;
use serde_json::Value;

use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended};
use crate::show;

/// Show what is on offer
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "Example:\n  dice get functions")]
pub(crate) enum What {
    /// The functions on offer, or one of them
    #[command(
        visible_alias = "function",
        after_help = "Examples:
  dice get functions
  dice get functions glip -o yaml"
    )]
    Functions {
        name: Option<String>,
        #[arg(short, long, value_enum, default_value_t = Format::Table)]
        output: Format,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Table,
    Yaml,
    Json,
}

pub(crate) async fn run(global: &Global, what: What) -> Ended {
    let What::Functions { name, output } = what;
    let connection = Connection::look(global).await?;
    let listed: FunctionList = match &name {
        None => connection.client().get("/api/v1/functions").await?,
        Some(name) => {
            connection
                .client()
                .get(&format!("/api/v1/functions/{name}"))
                .await?
        }
    };
    connection.close().await;
    match output {
        Format::Json => super::print_json(&listed)?,
        Format::Yaml => anstream::print!("{}", serde_yaml_ng::to_string(&listed)?),
        Format::Table => anstream::println!("{}", show::function_table(&items(&listed))),
    }
    Ok(Code::Success)
}

fn items(listed: &Value) -> Vec<Value> {
    match listed.get("items").and_then(Value::as_array) {
        Some(items) => items.clone(),
        None => vec![listed.clone()],
    }
}
