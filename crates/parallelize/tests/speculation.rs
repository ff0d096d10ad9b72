//! Every program of `tests/speculation`, guessing four calls ahead, as snapshots (SEMANTICS E3).

use std::fs;
use std::path::{Path, PathBuf};

use dice_catalog::Catalog;
use dice_parallelize::{Options, parallelize};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

fn catalog() -> Catalog {
    let text = fs::read_to_string(tests().join("programs/catalog.yaml")).expect("it is there");
    Catalog::from_resources(&text).expect("the catalog is right")
}

fn programs() -> Vec<(String, String)> {
    let entries = fs::read_dir(tests().join("speculation")).expect("the folder is there");
    let mut programs: Vec<_> = entries
        .map(|entry| entry.expect("readable").path())
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("readable");
            (name.into_owned(), text)
        })
        .collect();
    programs.sort();
    programs
}

fn guessing(text: &str) -> Options {
    Options {
        speculation: Some(text.parse().expect("a window or a budget")),
        ..Options::default()
    }
}

#[test]
fn programs_guess() {
    for (name, source) in programs() {
        let made = parallelize(&source, &catalog(), &guessing("4")).expect("it is Python");
        let decisions: Vec<String> = made.decisions.iter().map(ToString::to_string).collect();
        let text = format!("{}\n=====\n{}", decisions.join("\n"), made.source);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("guess_{name}"), text);
        });
    }
}

/// Guessing is off unless asked for, and a budget is written down as money.
#[test]
fn a_guess_is_marked_and_must_be_asked_for() {
    for (name, source) in programs() {
        let plain = parallelize(&source, &catalog(), &Options::default()).expect("it is Python");
        assert!(!plain.source.contains("speculate"), "{name}");
        let made = parallelize(&source, &catalog(), &guessing("0.05$")).expect("it is Python");
        let marked = made.source.contains("hermod.ahead(speculate=\"$0.05\")");
        assert_eq!(marked, !name.starts_with("kept_"), "{name}");
    }
}
