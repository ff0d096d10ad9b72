//! ARCHITECTURE.md against the crates: the same names, and dependencies that point up its list only.

use std::path::Path;

use anyhow::Context as _;

use crate::report::Report;
use crate::workspace::{self, Package};

/// Dependencies that only some crates may have, whose absence elsewhere ARCHITECTURE.md promises.
const BORDERS: [(&str, &[&str]); 6] = [
    ("anyhow", &["cli"]),
    ("axum", &["server"]),
    ("clap", &["cli"]),
    ("prometheus-client", &["telemetry"]),
    ("ruff_python_parser", &["program"]),
    ("rusqlite", &["runtime"]),
];

/// A crate and what it depends on, by the names of their folders, and by those of foreign crates (which
/// only its tests may have beside).
#[derive(Debug, PartialEq)]
struct Crate {
    name: String,
    ours: Vec<String>,
    foreign: Vec<String>,
}

pub(crate) fn check(root: &Path) -> anyhow::Result<Report> {
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md"))
        .context("cannot read ARCHITECTURE.md")?;
    let entries = entries(&text);
    let folder = root.join("crates");
    let metadata = workspace::metadata(root, &["--no-deps", "--offline"])?;
    let crates: Vec<Crate> = metadata
        .packages
        .iter()
        .filter_map(|package| read_crate(&folder, package))
        .collect();
    let mut problems = compare_names(&entries, &crates);
    problems.extend(compare_order(&entries, &crates));
    problems.extend(compare_borders(&crates));
    let summary = format!(
        "architecture: {} crates, as in ARCHITECTURE.md",
        crates.len()
    );
    Ok(Report { summary, problems })
}

/// The names in headings of the form ``### `name` ``.
fn entries(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .map(str::to_owned)
        .collect()
}

/// `None`: not in `folder`.
fn read_crate(folder: &Path, package: &Package) -> Option<Crate> {
    let name_in = |path: &Path| {
        let name = path.strip_prefix(folder).ok()?.components().next()?;
        Some(name.as_os_str().to_string_lossy().into_owned())
    };
    let (mut ours, mut foreign) = (Vec::new(), Vec::new());
    for dependency in &package.dependencies {
        match dependency.path.as_deref().and_then(name_in) {
            Some(name) => ours.push(name),
            // A test may look over a border: at the journal's file, say.
            None if dependency.kind.as_deref() == Some("dev") => {}
            None => foreign.push(dependency.name.clone()),
        }
    }
    let name = name_in(&package.manifest_path)?;
    Some(Crate {
        name,
        ours,
        foreign,
    })
}

fn compare_names(entries: &[String], crates: &[Crate]) -> Vec<String> {
    let described = |name: &String| entries.contains(name);
    let exists = |name: &String| crates.iter().any(|one| one.name == *name);
    let undescribed = crates
        .iter()
        .filter(|one| !described(&one.name))
        .map(|one| {
            let name = &one.name;
            format!("crates/{name} has no entry \"### `{name}`\" in ARCHITECTURE.md")
        });
    let gone = entries.iter().filter(|name| !exists(name));
    undescribed
        .chain(gone.map(|name| {
            format!("ARCHITECTURE.md describes `{name}`, but there is no crates/{name}")
        }))
        .collect()
}

fn compare_order(entries: &[String], crates: &[Crate]) -> Vec<String> {
    let place = |name: &String| entries.iter().position(|entry| entry == name);
    let mut problems = Vec::new();
    for one in crates {
        for used in one
            .ours
            .iter()
            .filter(|used| place(used) >= place(&one.name))
        {
            problems.push(format!(
                "`{}` depends on `{used}`, which ARCHITECTURE.md does not list above it",
                one.name
            ));
        }
    }
    problems
}

fn compare_borders(crates: &[Crate]) -> Vec<String> {
    let mut problems = Vec::new();
    for one in crates {
        for (foreign, allowed) in BORDERS {
            if one.foreign.iter().any(|used| used == foreign) && !allowed.contains(&&*one.name) {
                problems.push(format!(
                    "`{}` depends on `{foreign}`, which is for `{}` alone",
                    one.name,
                    allowed.join("`, `")
                ));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name: ours… / foreign…`
    fn read(line: &str) -> Crate {
        let (name, rest) = line.split_once(':').expect("a colon");
        let (ours, foreign) = rest.split_once('/').unwrap_or((rest, ""));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        Crate {
            name: name.to_owned(),
            ours: words(ours),
            foreign: words(foreign),
        }
    }

    fn check_all(architecture: &str, crates: &[&str], expect: &[&str]) {
        let entries = entries(architecture);
        let crates: Vec<Crate> = crates.iter().map(|line| read(line)).collect();
        let mut problems = compare_names(&entries, &crates);
        problems.extend(compare_order(&entries, &crates));
        problems.extend(compare_borders(&crates));
        assert_eq!(problems, expect);
    }

    const LIST: &str = "# A\n### `model`\nNouns.\n\n### `wire`\nFrames, see ### `not this`.\n";

    #[test]
    fn what_is_described_and_in_order_is_fine() {
        check_all(LIST, &["wire: model / serde", "model:"], &[]);
    }

    #[test]
    fn a_crate_without_an_entry_and_an_entry_without_a_crate_are_found() {
        check_all(
            LIST,
            &["model:", "extra:"],
            &[
                "crates/extra has no entry \"### `extra`\" in ARCHITECTURE.md",
                "ARCHITECTURE.md describes `wire`, but there is no crates/wire",
            ],
        );
    }

    #[test]
    fn an_arrow_up_the_list_is_found() {
        check_all(
            LIST,
            &["model: wire", "wire:"],
            &["`model` depends on `wire`, which ARCHITECTURE.md does not list above it"],
        );
    }

    #[test]
    fn a_dependency_beyond_its_border_is_found() {
        check_all(
            LIST,
            &["model: / ruff_python_parser", "wire:"],
            &["`model` depends on `ruff_python_parser`, which is for `program` alone"],
        );
    }

    #[test]
    fn this_repository_is_as_described() {
        let report =
            check(&workspace::root()).expect("cargo metadata and ARCHITECTURE.md are there");
        assert_eq!(report.problems, Vec::<String>::new());
    }
}
