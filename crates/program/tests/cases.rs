//! Correct programs have no errors; and no program, however broken, makes the check panic.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use dice_catalog::Catalog;
use dice_model::InputKind;
use dice_program::{CheckOptions, Input, Lines, check};
use proptest::prelude::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn catalog() -> Catalog {
    let text = std::fs::read_to_string(root().join("tests/cases/functions.yaml")).unwrap();
    Catalog::from_resources(&text).unwrap()
}

fn options(input: &str) -> CheckOptions {
    let input = Input {
        name: input.to_owned(),
        kind: InputKind::Image,
    };
    CheckOptions {
        inputs: Some(vec![input]),
    }
}

fn programs(folder: &Path) -> Vec<(PathBuf, String)> {
    let Ok(files) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = files.map(|file| file.unwrap().path());
    let python = paths.filter(|path| path.extension().is_some_and(|ending| ending == "py"));
    python
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect()
}

fn check_clean(path: &Path, source: &str, input: &str) {
    let found = check(source, &catalog(), &options(input));
    let lines = Lines::new(source);
    let found: Vec<_> = found
        .iter()
        .map(|found| found.to_line(&path.display().to_string(), &lines))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn our_cases_are_clean() {
    let programs = programs(&root().join("tests/cases"));
    assert!(programs.len() >= 4);
    for (path, source) in programs {
        check_clean(&path, &source, "street.jpg");
    }
}

#[test]
fn programs_of_the_parallelizer_are_clean() {
    let folder = root().join("tests/programs");
    let text = std::fs::read_to_string(folder.join("catalog.yaml")).unwrap();
    let catalog = Catalog::from_resources(&text).unwrap();
    for (path, source) in programs(&folder) {
        let found = check(&source, &catalog, &CheckOptions::default());
        let lines = Lines::new(&source);
        let errors = found
            .iter()
            .filter(|found| found.severity == dice_program::Severity::Error);
        let errors: Vec<_> = errors
            .map(|found| found.to_line(&path.display().to_string(), &lines))
            .collect();
        // One of them is about a name that nobody binds.
        let unbound = path.ends_with("kept_hermod_is_not_imported.py");
        assert_eq!(errors.is_empty(), !unbound, "{}", errors.join("\n"));
    }
}

#[test]
fn the_papers_figures_are_clean() {
    let programs = programs(&root().join("../shared/cases"));
    if programs.is_empty() {
        eprintln!("SKIPPED: the paper's figures are not here");
    }
    for (path, source) in programs {
        check_clean(&path, &source, "accident_scene.jpg");
    }
}

/// A program with pieces of it cut out, doubled or put elsewhere.
fn mutated() -> impl Strategy<Value = String> {
    let seeds: Vec<String> = programs(&root().join("tests/cases"))
        .into_iter()
        .map(|(_, source)| source)
        .collect();
    let cut = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0..3u8,
    );
    (
        prop::sample::select(seeds),
        prop::collection::vec(cut, 1..6),
    )
        .prop_map(|(mut source, cuts)| {
            for (from, length, what) in cuts {
                let start = source.floor_char_boundary(from.index(source.len().max(1)));
                let end = source.floor_char_boundary((start + length.index(40)).min(source.len()));
                let piece = source[start..end].to_owned();
                match what {
                    0 => source.replace_range(start..end, ""),
                    1 => source.insert_str(start, &piece),
                    _ => {
                        source.replace_range(start..end, "");
                        let middle = source.floor_char_boundary(source.len() / 2);
                        source.insert_str(middle, &piece);
                    }
                }
            }
            source
        })
}

/// A program as a compact one, whatever comes of it: what does expand is Python again.
fn expand_anything(source: &str) {
    let compact = source
        .replace("async def main(", "def answer(")
        .replace("await hermod.call(\"glip\", ", "glip(")
        .replace("await hermod.call(\"blip\", ", "blip(")
        .replace("await ", "");
    for inputs in [vec![], options("street.jpg").inputs.unwrap()] {
        if let Ok(program) = dice_program::compact::expand(&compact, &catalog(), &inputs) {
            let parsed = dice_program::parse(&program);
            assert!(parsed.is_valid(), "{program}\n{:?}", parsed.diagnostics);
        }
    }
}

fn check_ranges(source: &str) {
    expand_anything(source);
    for found in check(source, &catalog(), &options("street.jpg")) {
        assert!(
            found.start <= found.end && found.end <= source.len(),
            "{found:?}"
        );
        assert!(
            source.is_char_boundary(found.start) && source.is_char_boundary(found.end),
            "{found:?}"
        );
    }
}

/// As deep as is let through: the walk must fit on the stack of a thread (2 MiB).
#[test]
fn deep_programs_do_not_overflow() {
    for (open, middle, close) in [
        ("a.", "a", ""),
        ("1+", "1", ""),
        ("(", "1", ")"),
        ("[", "", "]"),
        ("f(x=", "1", ")"),
        ("not ", "1", ""),
        ("x[", "1", "]"),
        ("1 if a else ", "1", ""),
        ("lambda: ", "1", ""),
        ("{'a': ", "1", "}"),
        ("a < ", "1", ""),
        ("hermod.call('a', b=", "1", ")"),
        ("[x for x in ", "y", "]"),
        ("await ", "x", ""),
        ("f'{", "1", "}'"),
    ] {
        for depth in [60, 130, 190, 250, 390, 1000] {
            let source = format!(
                "import hermod\nx = {}{middle}{}\n",
                open.repeat(depth),
                close.repeat(depth)
            );
            check_ranges(&source);
        }
    }
    let nested: String = (0..99)
        .map(|level| format!("{}if x:\n", " ".repeat(level)))
        .collect();
    check_ranges(&format!("{nested}{}pass\n", " ".repeat(99)));
    let functions: String = (0..99)
        .map(|level| format!("{}def f():\n", " ".repeat(level)))
        .collect();
    check_ranges(&format!("{functions}{}pass\n", " ".repeat(99)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn mutated_programs_do_not_panic(source in mutated()) {
        check_ranges(&source);
    }

    #[test]
    fn any_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check_ranges(&String::from_utf8_lossy(&bytes));
    }
}
