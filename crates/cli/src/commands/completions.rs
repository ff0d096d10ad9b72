//! `dice completions`: for your shell.

use std::io::Write as _;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::exit::{Code, Ended};

/// Print completions for your shell
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  dice completions bash > ~/.local/share/bash-completion/completions/dice"
)]
pub(crate) struct Arguments {
    shell: Shell,
}

pub(crate) fn run(arguments: Arguments) -> Ended {
    let mut command = super::Arguments::command();
    // Into memory first: the generator panics where its reader has gone.
    let mut completions = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "dice", &mut completions);
    std::io::stdout().write_all(&completions)?;
    Ok(Code::Success)
}
