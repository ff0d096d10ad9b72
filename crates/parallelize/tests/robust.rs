//! Whatever comes in, something sensible comes out: a result or diagnostics, never a panic.

use std::fs;
use std::path::Path;

use dice_catalog::Catalog;
use dice_parallelize::{Options, parallelize};
use proptest::prelude::*;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/programs")
}

fn catalog() -> Catalog {
    let text = fs::read_to_string(folder().join("catalog.yaml")).expect("the catalog is there");
    Catalog::from_resources(&text).expect("the catalog is right")
}

/// Its output is Python, and a fixpoint (O4).
fn survives(source: &str, catalog: &Catalog) {
    let Ok(once) = parallelize(source, catalog, &Options::default()) else {
        return;
    };
    let twice =
        parallelize(&once.source, catalog, &Options::default()).expect("the output is Python");
    assert!(
        !once.changed || once.source == twice.source,
        "not a fixpoint:\n{source}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        survives(&String::from_utf8_lossy(&bytes), &catalog());
    }

    /// A line deleted, doubled, moved or indented otherwise.
    #[test]
    fn any_mutation_of_a_program(which in any::<prop::sample::Index>(), edits in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..5), 1..5)) {
        let mut files: Vec<_> = fs::read_dir(folder()).expect("readable").map(|entry| entry.expect("readable").path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
        files.sort();
        let source = fs::read_to_string(which.get(&files)).expect("readable");
        let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
        for (at, kind) in edits {
            if lines.is_empty() { break; }
            let at = at.index(lines.len());
            match kind {
                0 => { lines.remove(at); }
                1 => lines.insert(at, lines[at].clone()),
                2 => { let other = (at + 1) % lines.len(); lines.swap(at, other); }
                3 => lines[at] = format!("    {}", lines[at]),
                _ => lines[at] = lines[at].replace("    ", "\t"),
            }
        }
        survives(&lines.join("\n"), &catalog());
    }
}

/// Planning stays near linear: ten times the program, at most some thirty times the work.
#[test]
fn long_programs_take_no_more_than_their_length() {
    let catalog = catalog();
    let program = |count: usize| {
        let mut text = "import hermod\n\nasync def main():\n    total = 0\n".to_owned();
        for number in 0..count {
            text.push_str(&format!("    a{number} = await hermod.call(\"price\", item=\"{number}\")\n    for x in [1, 2]:\n        y = await hermod.call(\"price\", item=f\"{{x}}\")\n        total += y\n    print(a{number})\n"));
        }
        text
    };
    let time = |count: usize| {
        let source = program(count);
        let start = std::time::Instant::now();
        assert!(
            parallelize(&source, &catalog, &Options::default())
                .expect("Python")
                .changed
        );
        start.elapsed()
    };
    time(20);
    let (short, long) = (time(40), time(400));
    assert!(long < short * 30, "{short:?} became {long:?}");
}
