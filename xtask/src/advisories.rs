//! Known vulnerabilities of crates (cargo-deny) and of the SDK's Python packages (uv audit). The lists of
//! them are elsewhere, so a check can be impossible; then it says so, and never that all is well.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::bail;

use crate::report::{self, Report};

/// What to do where a check cannot be made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Missing {
    Tell,
    Fail,
}

#[derive(Debug, PartialEq)]
enum Checked {
    NoneKnown,
    Found { shown: String },
    Not { why: &'static str },
}

/// The programs that look things up, each with its first arguments.
struct Tools {
    cargo_deny: Vec<OsString>,
    uv: Vec<OsString>,
}

pub(crate) fn check(root: &Path, missing: Missing) -> anyhow::Result<Report> {
    let own_uv = root.join(".tools/bin/uv");
    let uv = match own_uv.exists() {
        true => own_uv.into(),
        false => "uv".into(),
    };
    let tools = Tools {
        cargo_deny: vec!["cargo-deny".into()],
        uv: vec![uv],
    };
    let checked = [
        ("crates", crates(root, &tools)),
        ("Python packages", python(root, &tools)),
    ];
    summarise(&checked, missing)
}

fn crates(root: &Path, tools: &Tools) -> Checked {
    let deny = |arguments: &[&str]| run(&tools.cargo_deny, arguments, root);
    if deny(&["--version"]).is_none() {
        return Checked::Not {
            why: "cargo-deny is not installed (cargo install --locked cargo-deny)",
        };
    }
    if !deny(&["fetch", "db"]).is_some_and(|output| output.status.success()) {
        return Checked::Not {
            why: "the advisory database cannot be fetched",
        };
    }
    match deny(&["check", "--disable-fetch", "advisories"]) {
        Some(output) if output.status.success() => Checked::NoneKnown,
        Some(output) => Checked::Found {
            shown: said(&output),
        },
        None => Checked::Not {
            why: "cargo-deny went away",
        },
    }
}

fn python(root: &Path, tools: &Tools) -> Checked {
    let arguments = ["audit", "--frozen", "--project", "python"];
    match run(&tools.uv, &arguments, root) {
        None => Checked::Not {
            why: "uv is not installed (make test puts it into .tools)",
        },
        Some(output) if output.status.success() => Checked::NoneKnown,
        // Vulnerabilities go to stdout; what kept it from looking goes to stderr.
        Some(output) if !output.stdout.is_empty() => Checked::Found {
            shown: said(&output),
        },
        Some(_) => Checked::Not {
            why: "uv audit could not ask osv.dev, or python/uv.lock is missing",
        },
    }
}

/// `None`: there is no such program.
fn run(tool: &[OsString], arguments: &[&str], root: &Path) -> Option<Output> {
    let (program, first) = tool.split_first().expect("a tool has a name");
    let mut command = Command::new(program);
    command.args(first).args(arguments).current_dir(root);
    command.stdin(Stdio::null()).output().ok()
}

fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).trim_end().to_owned()
}

fn summarise(checked: &[(&str, Checked)], missing: Missing) -> anyhow::Result<Report> {
    let (mut lines, mut problems, mut complete) = (Vec::new(), Vec::new(), true);
    for (what, checked) in checked {
        match checked {
            Checked::NoneKnown => lines.push(format!("advisories: none known for our {what}")),
            Checked::Found { shown } => {
                report::complain(shown);
                problems.push(format!("there are advisories for our {what}, see above"));
            }
            Checked::Not { why } => {
                complete = false;
                lines.push(format!("advisories: {what} NOT CHECKED: {why}"));
            }
        }
    }
    let summary = lines.join("\n");
    if missing == Missing::Fail && !complete {
        bail!(summary);
    }
    Ok(Report { summary, problems })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks with tools that are shell scripts; `None`: not installed.
    fn check_with(cargo_deny: Option<&str>, uv: Option<&str>) -> (Checked, Checked) {
        let tool = |script: Option<&str>| match script {
            None => vec!["/no/such/tool".into()],
            Some(script) => ["sh", "-c", script, "tool"].map(OsString::from).into(),
        };
        let tools = Tools {
            cargo_deny: tool(cargo_deny),
            uv: tool(uv),
        };
        let folder = Path::new("/");
        (crates(folder, &tools), python(folder, &tools))
    }

    #[test]
    fn tools_that_find_nothing() {
        let checked = check_with(Some("exit 0"), Some("exit 0"));
        assert_eq!(checked, (Checked::NoneKnown, Checked::NoneKnown));
    }

    #[test]
    fn tools_that_find_something() {
        let script = "if [ $1 = check ] || [ $1 = audit ]; then echo bad; exit 1; fi";
        let bad = || Checked::Found {
            shown: "bad".to_owned(),
        };
        assert_eq!(check_with(Some(script), Some(script)), (bad(), bad()));
    }

    #[test]
    fn tools_that_cannot_look() {
        let no_database = "if [ $1 = fetch ]; then exit 1; fi";
        for (cargo_deny, uv) in [
            (None, None),
            (Some(no_database), Some("echo no network >&2; exit 2")),
        ] {
            let (crates, python) = check_with(cargo_deny, uv);
            assert!(matches!(crates, Checked::Not { .. }), "{crates:?}");
            assert!(matches!(python, Checked::Not { .. }), "{python:?}");
        }
    }

    #[test]
    fn what_was_not_checked_is_never_called_fine() {
        let not = || [("crates", Checked::Not { why: "no database" })];
        let report = summarise(&not(), Missing::Tell).expect("only told");
        let expect = "advisories: crates NOT CHECKED: no database";
        assert_eq!(report.summary, expect);
        let error = summarise(&not(), Missing::Fail).err().expect("fails");
        assert_eq!(error.to_string(), expect);
    }
}
