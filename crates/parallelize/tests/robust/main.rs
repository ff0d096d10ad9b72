//! Whatever comes in, something sensible comes out: a result or diagnostics, never a panic.

mod deep;
mod growth;
mod mutate;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dice_catalog::Catalog;
use dice_parallelize::{Options, parallelize};
use proptest::prelude::*;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let path = tests_folder().join("programs/catalog.yaml");
    let text = fs::read_to_string(path).expect("the catalog is there");
    Catalog::from_resources(&text).expect("the catalog is right")
});

/// The programs of all tests, in a fixed order.
static PROGRAMS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut files = Vec::new();
    collect(&tests_folder(), &mut files);
    if let Some(more) = std::env::var_os("DICE_FUZZ_PROGRAMS") {
        collect(Path::new(&more), &mut files);
    }
    files.sort();
    let read = |path: &PathBuf| fs::read_to_string(path).expect("readable");
    files.iter().map(read).collect()
});

fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
}

/// Its output is Python, and a fixpoint (O4).
fn survives(source: &str) {
    let Ok(once) = parallelize(source, &CATALOG, &Options::default()) else {
        return;
    };
    let twice = parallelize(&once.source, &CATALOG, &Options::default());
    let twice = twice.expect("the output is Python");
    assert!(!once.changed || once.source == twice.source, "no fixpoint");
}

#[test]
fn there_are_programs_to_mutate() {
    assert!(PROGRAMS.len() > 100);
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        survives(&text);
    }

    /// Words of Python in any order.
    #[test]
    fn any_words(words in proptest::collection::vec(prop::sample::select(WORDS), 0..60)) {
        survives(&words.join(" "));
        survives(&format!("import hermod\nasync def main():\n    {}\n", words.join(" ")));
    }
}

const WORDS: &[&str] = &[
    "await",
    "async",
    "for",
    "in",
    "if",
    "else",
    ":",
    "\n",
    "\n    ",
    "\n        ",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "x",
    "y",
    "=",
    ":=",
    "hermod",
    ".",
    "call",
    "\"classify\"",
    "text=x",
    ",",
    "*",
    "**",
    "lambda",
    "yield",
    "def",
    "f\"{x}\"",
    "'''",
    "\\\n",
    "#",
    "try:",
    "except",
    "finally:",
    "match",
    "case",
    "_",
    "with",
    "as",
    "return",
    "break",
    "1",
    "é",
    "@",
    "->",
    "class",
    "not",
];
