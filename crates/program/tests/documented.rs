//! Every code of a diagnostic stands in the page for program authors.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The first argument of each `Diagnostic::error(…)` and `Diagnostic::warning(…)`.
fn codes(source: &str) -> impl Iterator<Item = &str> {
    let makers = ["Diagnostic::error(", "Diagnostic::warning("];
    let after = makers
        .into_iter()
        .flat_map(|maker| source.split(maker).skip(1));
    after.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

#[test]
fn every_code_is_documented() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(crates.join("../docs/write-a-program.md")).unwrap();
    let mut files = Vec::new();
    rust_files(&crates.join("program/src"), &mut files);
    rust_files(&crates.join("codegen/src"), &mut files);
    let sources: Vec<_> = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    let all: BTreeSet<_> = sources.iter().flat_map(|source| codes(source)).collect();
    assert!(all.len() > 25, "the scan finds the codes: {all:?}");
    let missing: Vec<_> = all
        .iter()
        .filter(|code| !page.contains(&format!("`{code}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/write-a-program.md lacks {missing:?}"
    );
}
