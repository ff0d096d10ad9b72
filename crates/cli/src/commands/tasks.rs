//! `dice tasks`: what ran, runs, or hangs in doubt.

use std::time::Duration;

use dice_server::api::{ResolveRequest, Task, TaskList, TaskLogs};

use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended, Failure};
use crate::show;

/// Show and settle tasks
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  dice tasks list\n  dice tasks show 12")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// The newest tasks first
    #[command(after_help = "Example:\n  dice tasks list --limit 100")]
    List {
        /// How many
        #[arg(long, default_value_t = 20)]
        limit: u32,
        /// Only tasks older than this one
        #[arg(long, value_name = "TASK")]
        before: Option<u64>,
    },
    /// One task: output, end, timeline, cost
    #[command(after_help = "Example:\n  dice tasks show 12")]
    Show { task: u64 },
    /// End a task from outside
    #[command(after_help = "Example:\n  dice tasks cancel 12")]
    Cancel { task: u64 },
    /// What its program wrote to stderr, and what functions printed while they executed its calls
    #[command(after_help = "Examples:\n  dice tasks logs 12\n  dice tasks logs 12 --call 3")]
    Logs {
        task: u64,
        /// Only what the function printed in this call
        #[arg(long, value_name = "N")]
        call: Option<u32>,
    },
    /// Say whether an uncertain write happened
    #[command(group = clap::ArgGroup::new("outcome").required(true), after_help = "Examples:
  dice tasks resolve 12 --happened '{\"id\": 7}'
  dice tasks resolve 12 --not-happened")]
    Resolve {
        task: u64,
        /// It happened, and gave this result (JSON)
        #[arg(long, value_name = "RESULT", group = "outcome")]
        happened: Option<String>,
        /// It did not happen; the task makes it again
        #[arg(long, group = "outcome")]
        not_happened: bool,
    },
    /// Delete a task's program, inputs, calls and output
    #[command(after_help = "Example:\n  dice tasks forget 12")]
    Forget { task: u64 },
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    // Only a settled task goes on.
    let connection = match arguments.action {
        Some(Action::Resolve { .. }) => Connection::open(global).await?,
        _ => Connection::look(global).await?,
    };
    let action = arguments.action.unwrap_or(Action::List {
        limit: 20,
        before: None,
    });
    let ended = act(&connection, action, arguments.json).await;
    connection.close().await;
    ended
}

async fn act(connection: &Connection, action: Action, json: bool) -> Ended {
    let client = connection.client();
    match action {
        Action::List { limit, before } => {
            let before = before
                .map(|task| format!("&before={task}"))
                .unwrap_or_default();
            let listed: TaskList = client
                .get(&format!("/api/v1/tasks?limit={limit}{before}"))
                .await?;
            if json {
                super::print_json(&listed)?;
            } else {
                anstream::println!("{}", show::task_table(&listed.tasks));
            }
        }
        Action::Show { task } => {
            let task: Task = client.get(&format!("/api/v1/tasks/{task}")).await?;
            print_task(&task, json)?;
        }
        Action::Cancel { task } => {
            let task: Task = client
                .post(&format!("/api/v1/tasks/{task}/cancel"), &())
                .await?;
            print_task(&task, json)?;
        }
        Action::Logs { task, call } => {
            let logs: TaskLogs = client.get(&format!("/api/v1/tasks/{task}/logs")).await?;
            if json {
                super::print_json(&logs)?;
            } else {
                anstream::print!("{}", show::logs(&logs, call));
            }
        }
        Action::Resolve {
            task,
            happened,
            not_happened: _,
        } => {
            let request = match happened {
                None => ResolveRequest::NotHappened {},
                Some(result) => ResolveRequest::Happened {
                    result: serde_json::from_str(&result).map_err(|error| {
                        Failure::usage(format!("--happened {result}: {error}"))
                            .hint("give the write's result as JSON, as in --happened '{\"id\": 7}'")
                    })?,
                },
            };
            let task: Task = client
                .post(&format!("/api/v1/tasks/{task}/resolve"), &request)
                .await?;
            let Some(task) = settled(connection, task).await? else {
                anstream::eprintln!("interrupted; the task goes on at the next start");
                return Ok(Code::Interrupted);
            };
            print_task(&task, json)?;
            return Ok(super::run::code_of(&task));
        }
        Action::Forget { task } => {
            let _: serde_json::Value = client
                .post(&format!("/api/v1/tasks/{task}/forget"), &())
                .await?;
            anstream::println!("forgot task {task}");
        }
    }
    Ok(Code::Success)
}

/// The task goes on where it hung: here to its next end, lest the engine of this command leaves first.
async fn settled(connection: &Connection, mut task: Task) -> anyhow::Result<Option<Task>> {
    while task.end.is_none() {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(100)) => {}
            () = connection.interrupted() => return Ok(None),
        }
        let path = format!("/api/v1/tasks/{}", task.id);
        task = connection.client().get(&path).await?;
    }
    Ok(Some(task))
}

fn print_task(task: &Task, json: bool) -> anyhow::Result<()> {
    if json {
        super::print_json(task)
    } else {
        anstream::println!("{}", show::task(task));
        Ok(())
    }
}
