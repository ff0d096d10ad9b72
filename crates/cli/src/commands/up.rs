//! `dice up`: an engine that stays.

use std::net::SocketAddr;

use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended};

/// Keep an engine running for other commands and programs
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice up
  dice up --functions ./functions --listen 127.0.0.1:7460
  HERMOD_URL=http://127.0.0.1:7460 python program.py")]
pub(crate) struct Arguments {
    /// Listen on this TCP address too (loopback only)
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:7460")]
    listen: SocketAddr,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let connection = Connection::serve(global, arguments.listen).await?;
    if let (Some(address), Some(socket), Some(engine)) = (
        connection.listening(),
        connection.socket(),
        connection.engine(),
    ) {
        anstream::println!("HERMOD_URL=http://{address}");
        anstream::println!("HERMOD_URL=unix://{}", socket.display());
        anstream::println!("page: http://{address}/");
        let names: Vec<&str> = engine.catalog().names().collect();
        anstream::println!("functions: {}", names.join(", "));
    }
    anstream::println!("stop it with Ctrl-C; unfinished tasks go on at the next start");
    connection.interrupted().await;
    anstream::eprintln!("stopping");
    connection.close().await;
    Ok(Code::Success)
}
