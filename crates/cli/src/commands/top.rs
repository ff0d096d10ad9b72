//! `dice top`: what an engine does at this moment, and again each second.

use std::io::IsTerminal as _;
use std::time::Duration;

use dice_server::api::Now;
use ratatui::crossterm::event::{Event, KeyCode, KeyModifiers, poll, read};

use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended};
use crate::show;

/// Show queues, devices, leases, workers and what they cost, live
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice top
  dice top --server http://127.0.0.1:7460 --every 5
  dice top --once | head

In the live view: q, Esc or Ctrl-C ends it.")]
pub(crate) struct Arguments {
    /// Print one picture as text and end; so it is where the output is not a terminal
    #[arg(long)]
    once: bool,
    /// Seconds between pictures
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    every: f64,
    /// Print one picture as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let connection = Connection::look(global).await?;
    let ended = watch(&connection, &arguments).await;
    connection.close().await;
    ended
}

async fn watch(connection: &Connection, arguments: &Arguments) -> Ended {
    let now = now(connection).await?;
    if arguments.json {
        super::print_json(&now)?;
    } else if arguments.once || !std::io::stdout().is_terminal() {
        anstream::println!("{}", show::top_text(&now, show::width()));
    } else {
        let every = Duration::try_from_secs_f64(arguments.every.max(0.1)).unwrap_or(Duration::MAX);
        return live(connection, now, every).await;
    }
    Ok(Code::Success)
}

async fn now(connection: &Connection) -> anyhow::Result<Now> {
    connection.client().get("/api/v1/now").await
}

async fn live(connection: &Connection, mut seen: Now, every: Duration) -> Ended {
    // Restores the terminal when it is dropped, and before the message of a panic.
    let mut screen = Screen::open()?;
    loop {
        screen
            .0
            .draw(|frame| show::top(&seen, frame.area(), frame.buffer_mut()))?;
        tokio::select! {
            ends = tokio::task::spawn_blocking(move || waits(every)) => {
                if ends?? {
                    return Ok(Code::Success);
                }
            }
            () = connection.interrupted() => return Ok(Code::Success),
        }
        seen = now(connection).await?;
    }
}

/// Until it is time for the next picture; true: somebody wants to leave.
fn waits(every: Duration) -> std::io::Result<bool> {
    let until = std::time::Instant::now() + every;
    loop {
        let left = until.saturating_duration_since(std::time::Instant::now());
        if !poll(left)? {
            return Ok(false);
        }
        match read()? {
            Event::Key(key) => {
                let interrupt = key.modifiers.contains(KeyModifiers::CONTROL);
                let leaves = matches!(key.code, KeyCode::Char('q') | KeyCode::Esc);
                if leaves || (interrupt && key.code == KeyCode::Char('c')) {
                    return Ok(true);
                }
            }
            Event::Resize(..) => return Ok(false),
            _ => {}
        }
    }
}

struct Screen(ratatui::DefaultTerminal);

impl Screen {
    fn open() -> std::io::Result<Self> {
        ratatui::try_init().map(Self)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        ratatui::restore();
    }
}
