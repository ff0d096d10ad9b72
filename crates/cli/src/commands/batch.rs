//! `dice batch`: one program over many inputs, resumable.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dice_model::Tenant;
use dice_server::api::{Batch, BatchRequest};
use indicatif::{ProgressBar, ProgressStyle};

use super::work::{Bounds, ReadWork, Work, refuse_what_breaks};
use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended, Failure};
use crate::show;

/// Run one program on many inputs
///
/// Prints each file's name and what the program printed for it, then a summary and the bill.
/// Killed or interrupted, the same command goes on where it stopped: finished calls are not made
/// again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice batch program.py --inputs photos/ --as accident_scene.jpg --concurrency 16
  dice batch program.py --inputs photos/ --as accident_scene.jpg --tasks 1000 --json
  dice batch program.py --inputs photos/ --budget 2.50 --deadline 3600

With --budget or --deadline it is not begun if `dice quote` says that the likely run breaks it, and ended
when it does: exit code 4.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    work: Work,
    #[command(flatten)]
    bounds: Bounds,
    /// Start anew although the same batch is unfinished
    #[arg(long)]
    fresh: bool,
    /// Whose tasks they are: tenants get their shares of the devices (see --weight)
    #[arg(long, value_name = "NAME", value_parser = super::tenant)]
    tenant: Option<Tenant>,
    /// Refuse a program that runs calls side by side and has no certificate of `dice verify`
    #[arg(long)]
    require_verified: bool,
    /// Print the batch as JSON when it has ended
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let work = arguments.work.read().await?;
    super::run::milliseconds(arguments.bounds.deadline)?;
    let connection = Connection::open(global).await?;
    let allowed = match arguments.require_verified {
        true => super::verified::check(global, &connection, &work.program).await,
        false => Ok(()),
    };
    let ended = match allowed {
        Ok(()) => run_batch(&connection, &arguments, &work).await,
        Err(refused) => Err(refused),
    };
    connection.close().await;
    ended
}

async fn run_batch(connection: &Connection, arguments: &Arguments, work: &ReadWork) -> Ended {
    let client = connection.client();
    let uploaded = work.upload(connection).await?;
    let quote = work.quote_request(uploaded.clone(), &arguments.bounds)?;
    refuse_what_breaks(connection, &quote).await?;
    let tasks = uploaded.into_iter().cycle().take(work.tasks).collect();
    let request = BatchRequest {
        program: work.program.clone(),
        filename: work.filename.clone(),
        tasks,
        fresh: arguments.fresh,
        tenant: arguments.tenant.clone(),
        budget_micro_usd: quote.budget_micro_usd,
        deadline_ms: quote.deadline_ms,
    };
    let batch: Batch = client.post("/api/v1/batches", &request).await?;
    if batch.resumed {
        anstream::eprintln!(
            "going on with batch {}, within the bounds it was begun with: {} of {} tasks are done (--fresh starts anew)",
            batch.id,
            batch.done + batch.failed,
            batch.total
        );
    }
    let Some(mut batch) = wait(connection, batch).await? else {
        anstream::eprintln!("interrupted; the same command goes on where it stopped");
        return Ok(Code::Interrupted);
    };
    for (item, file) in batch.items.iter_mut().zip(work.files.iter().cycle()) {
        item.file = Some(file.display().to_string());
    }
    if arguments.json {
        super::print_json(&batch)?;
    } else {
        anstream::println!("{}\n{}", show::answers(&batch), show::batch(&batch));
    }
    Ok(if batch.failed == 0 {
        Code::Success
    } else if batch.at_limit > 0 {
        Code::Limit
    } else {
        Code::Failed
    })
}

/// `None` if interrupted: the batch stays as it is, for the next time.
async fn wait(connection: &Connection, mut batch: Batch) -> anyhow::Result<Option<Batch>> {
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} tasks, {per_sec}, {eta} left  {msg}")
            .expect("the template is valid");
    let bar = ProgressBar::new(batch.total).with_style(style);
    bar.set_position(batch.done + batch.failed);
    bar.reset_eta();
    while !batch.finished {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(200)) => {}
            () = connection.interrupted() => {
                bar.abandon();
                return Ok(None);
            }
        }
        let path = format!("/api/v1/batches/{}?items=false", batch.id);
        batch = connection.client().get(&path).await?;
        bar.set_position(batch.done + batch.failed);
        if batch.failed > 0 {
            bar.set_message(format!("{} failed", batch.failed));
        }
    }
    bar.finish_and_clear();
    Ok(Some(
        connection
            .client()
            .get(&format!("/api/v1/batches/{}", batch.id))
            .await?,
    ))
}

/// In order of their names, so that the same folder is the same batch.
pub(super) fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let read = std::fs::read_dir(folder).map_err(|error| {
        Failure::usage(format!("--inputs {}: {error}", folder.display()))
            .hint("give a folder whose files are the tasks' inputs")
    })?;
    let mut files = Vec::new();
    for entry in read {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(
            Failure::usage(format!("--inputs {}: no files in it", folder.display()))
                .hint("give a folder whose files are the tasks' inputs")
                .into(),
        );
    }
    Ok(files)
}

/// The file that the program's text names, if it is one and only one.
pub(super) fn only_input(program: &str) -> Result<String, Failure> {
    let parsed = dice_program::parse(program);
    match dice_program::file_names(&parsed).as_slice() {
        [name] => Ok((*name).to_owned()),
        [] => Err(Failure::usage("the program names no file")
            .hint("say which name it reads its input under: --as accident_scene.jpg")),
        several => Err(Failure::usage(format!(
            "the program names several files: {}",
            several.join(", ")
        ))
        .hint("say which one the inputs stand for: --as NAME")),
    }
}
