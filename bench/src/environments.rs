//! Each peer in an environment of its own, kept in the user's cache.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use tokio::process::Command;

use crate::systems::System;

const PYTHON: &str = "3.11";

/// Where a peer's environment is.
pub(crate) fn folder(requirement: &str) -> anyhow::Result<PathBuf> {
    let cache = match std::env::var_os("DICE_CACHE") {
        Some(cache) => PathBuf::from(cache),
        None => std::env::home_dir()
            .context("no home folder")?
            .join(".cache/dice"),
    };
    let name = requirement.replace(['[', ']', '=', '/'], "-");
    Ok(cache.join("bench").join(name))
}

/// Installs what is not there yet; DiCE-C's own functions need nothing.
pub(crate) async fn prepare(system: &System) -> anyhow::Result<()> {
    let Some(requirement) = system.requirement else {
        return Ok(());
    };
    let folder = folder(requirement)?;
    let done = folder.join("installed");
    if done.exists() {
        return Ok(());
    }
    eprintln!("installing {requirement}");
    let path = folder.to_string_lossy().into_owned();
    uv(&["venv", "--quiet", "--clear", "--python", PYTHON, &path]).await?;
    let python = folder.join("bin/python").to_string_lossy().into_owned();
    uv(&[
        "pip",
        "install",
        "--quiet",
        "--python",
        &python,
        requirement,
    ])
    .await?;
    Ok(std::fs::write(done, "")?)
}

async fn uv(arguments: &[&str]) -> anyhow::Result<()> {
    let uv = std::env::var_os("DICE_UV").unwrap_or_else(|| "uv".into());
    let mut command = Command::new(&uv);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = command.output().await;
    let output = output.with_context(|| format!("cannot run {}", uv.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or("uv failed").to_owned();
    ensure!(output.status.success(), "{last}");
    Ok(())
}
