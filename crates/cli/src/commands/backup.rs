//! `dice backup` and `dice restore`: a data folder in one file, and back.

use std::path::PathBuf;

use super::fsck::explained;
use crate::arguments::Global;
use crate::connection::data_folder;
use crate::exit::{Code, Ended, Failure};

/// Copy everything that was accepted into one file; an engine may be running
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dice backup monday.tar")]
pub(crate) struct Backup {
    /// A tar archive, which is replaced if it is there
    file: PathBuf,
}

/// Make a data folder from a backup
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dice restore monday.tar --data restored")]
pub(crate) struct Restore {
    /// What `dice backup` has written
    file: PathBuf,
}

pub(crate) async fn back_up(global: &Global, arguments: Backup) -> Ended {
    refuse_database(global)?;
    let (data, file) = (data_folder(global)?, arguments.file);
    if !data.join("journal.sqlite").exists() {
        let message = format!(
            "{} holds no journal: there is nothing to back up",
            data.display()
        );
        return Err(Failure::usage(message).into());
    }
    let done = tokio::task::spawn_blocking(move || dice_runtime::back_up(&data, &file)).await?;
    done.map_err(explained)?;
    Ok(Code::Success)
}

pub(crate) async fn restore(global: &Global, arguments: Restore) -> Ended {
    refuse_database(global)?;
    let (data, file) = (data_folder(global)?, arguments.file);
    let done = tokio::task::spawn_blocking(move || dice_runtime::restore(&data, &file)).await?;
    done.map_err(explained)?;
    Ok(Code::Success)
}

fn refuse_database(global: &Global) -> anyhow::Result<()> {
    if global.engine.journal.is_some() {
        return Err(
            Failure::usage("this journal is in a database, which has its own backups")
                .hint("copy it with pg_dump first, and then the data folder's blobs/")
                .into(),
        );
    }
    if global.engine.blobs.is_some() {
        return Err(
            Failure::usage("these blobs are in a store, which has its own copies")
                .hint("leave out --blobs to copy the journal and what the data folder has of them")
                .into(),
        );
    }
    Ok(())
}
