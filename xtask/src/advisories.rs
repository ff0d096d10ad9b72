//! Known vulnerabilities. The list of them is a git repository elsewhere, so this check can be impossible;
//! then it says so, and never that all is well.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::bail;

use crate::report::Report;

/// What to do where the check cannot be made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Missing {
    Tell,
    Fail,
}

pub(crate) fn check(root: &Path, missing: Missing) -> anyhow::Result<Report> {
    let deny = |arguments: &[&str]| {
        let mut command = Command::new("cargo-deny");
        command.args(arguments).current_dir(root);
        command
    };
    if !works(deny(&["--version"])) {
        return unchecked(
            "cargo-deny is not installed (cargo install --locked cargo-deny)",
            missing,
        );
    }
    if !works(deny(&["fetch", "db"])) {
        return unchecked("the advisory database cannot be fetched", missing);
    }
    let found = deny(&["check", "--disable-fetch", "advisories"]).status()?;
    let problems = match found.success() {
        true => vec![],
        false => vec!["cargo-deny found advisories, see above".to_owned()],
    };
    let summary = "advisories: none for our crates".to_owned();
    Ok(Report { summary, problems })
}

fn works(mut command: Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn unchecked(why: &str, missing: Missing) -> anyhow::Result<Report> {
    let summary = format!("advisories: NOT CHECKED: {why}");
    match missing {
        Missing::Tell => Ok(Report {
            summary,
            problems: vec![],
        }),
        Missing::Fail => bail!(summary),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_checked_is_never_called_fine() {
        let report = unchecked("no database", Missing::Tell).expect("only told");
        assert_eq!(report.summary, "advisories: NOT CHECKED: no database");
        let error = unchecked("no database", Missing::Fail)
            .err()
            .expect("fails");
        assert_eq!(error.to_string(), "advisories: NOT CHECKED: no database");
    }
}
