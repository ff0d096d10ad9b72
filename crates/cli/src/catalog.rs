//! `--catalog FILE`: functions from a file instead of a running system.

use std::path::Path;

use dice_catalog::Catalog;
use dice_server::api::FunctionList;

use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::Failure;

/// The functions of a file of resources.
pub(crate) async fn from_file(file: &Path) -> anyhow::Result<Catalog> {
    let text = tokio::fs::read_to_string(file)
        .await
        .map_err(|error| Failure::usage(format!("--catalog {}: {error}", file.display())))?;
    Catalog::from_resources(&text).map_err(|error| {
        Failure::usage(format!("--catalog {}: {error}", file.display()))
            .hint("a catalog file holds `kind: Function` resources, or a List of them")
            .into()
    })
}

/// The functions on offer.
pub(crate) async fn on_offer(global: &Global) -> anyhow::Result<Catalog> {
    let connection = Connection::look(global).await?;
    let listed = of_engine(&connection).await;
    connection.close().await;
    listed
}

/// The functions of the engine at the other end.
pub(crate) async fn of_engine(connection: &Connection) -> anyhow::Result<Catalog> {
    let listed: FunctionList = connection.client().get("/api/v1/functions").await?;
    Ok(Catalog::from_resources(&listed.to_string())?)
}
