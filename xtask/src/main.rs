//! Repository chores that are too long for a Makefile recipe: `cargo xtask CHORE`.

mod advisories;
mod architecture;
mod documents;
mod licences;
mod report;
mod workspace;

use std::process::ExitCode;

use crate::report::Report;

const USAGE: &str = "\
usage: cargo xtask CHORE

  architecture               crates/ and their dependencies are as ARCHITECTURE.md says
  documents                  links in *.md lead somewhere, cited rules and pages exist
  licences [SITE_PACKAGES…]  every crate's licence is allowed by deny.toml; so is that of every
                             package of these Python environments
  advisories [--required]    known vulnerabilities, by cargo-deny and uv; where they or their
                             databases are missing, says so (and fails, with --required)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = workspace::root();
    let outcome = match words.as_slice() {
        ["architecture"] => architecture::check(&root),
        ["documents"] => documents::check(&root),
        ["licences", environments @ ..] => licences::check(&root, environments),
        ["advisories"] => advisories::check(&root, advisories::Missing::Tell),
        ["advisories", "--required"] => advisories::check(&root, advisories::Missing::Fail),
        _ => {
            report::complain(USAGE);
            return ExitCode::from(2);
        }
    };
    finish(outcome)
}

fn finish(outcome: anyhow::Result<Report>) -> ExitCode {
    match outcome {
        Ok(report) if report.problems.is_empty() => {
            report::tell(&report.summary);
            ExitCode::SUCCESS
        }
        Ok(report) => {
            for problem in &report.problems {
                report::complain(&format!("error: {problem}"));
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            report::complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
