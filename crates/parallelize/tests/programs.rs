//! Every program of `tests/programs`: its distributed text and the decisions, as snapshots.

use std::fs;
use std::path::{Path, PathBuf};

use dice_catalog::Catalog;
use dice_parallelize::{Options, Outcome, parallelize};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/programs")
}

fn catalog() -> Catalog {
    let text = fs::read_to_string(folder().join("catalog.yaml")).expect("the catalog is there");
    Catalog::from_resources(&text).expect("the catalog is right")
}

fn programs() -> Vec<(String, String)> {
    let entries = fs::read_dir(folder()).expect("the folder is there");
    let files = entries.map(|entry| entry.expect("readable").path());
    let mut programs: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .map(|path| {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(&path).expect("readable"))
        })
        .collect();
    programs.sort();
    programs
}

#[test]
fn programs_become_distributed() {
    let catalog = catalog();
    for (name, source) in programs() {
        let distributed =
            parallelize(&source, &catalog, &Options::default()).expect("it is Python");
        let decisions: Vec<String> = distributed
            .decisions
            .iter()
            .map(ToString::to_string)
            .collect();
        let text = if distributed.changed {
            distributed.source.as_str()
        } else {
            "(unchanged)\n"
        };
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name.clone(), format!("{}\n=====\n{text}", decisions.join("\n")));
        });
    }
}

/// The text without its slices: form 4 in reverse.
fn without_slices(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let starts =
        |line: &str| line.trim_start().starts_with("early") && line.contains(".start(look_ahead");
    let Some(at) = lines.iter().position(|line| starts(line)) else {
        return lines.join("\n");
    };
    let depth = |line: &str| line.len() - line.trim_start().len();
    let outer = depth(lines[at - 1]);
    let from = lines[..at - 1]
        .iter()
        .rposition(|line| depth(line) <= outer && !line.trim_start().starts_with("async def"))
        .map_or(0, |above| above + 1);
    let from = from
        + lines[from..at]
            .iter()
            .take_while(|line| depth(line) < outer)
            .count();
    let body = lines[at + 1..]
        .iter()
        .take_while(|line| depth(line) > outer);
    let mut kept: Vec<&str> = lines[..from].to_vec();
    kept.extend(body.clone().map(|line| &line[4..]));
    kept.extend(&lines[at + 1 + body.count()..]);
    without_slices(&kept.join("\n"))
}

/// Every program named `kept_…` keeps something and says why, though calls of it may be made ahead by a
/// slice, without which it is as it was; every other one is transformed.
#[test]
fn what_must_move_moves_and_what_stays_has_a_reason() {
    let catalog = catalog();
    for (name, source) in programs() {
        let distributed =
            parallelize(&source, &catalog, &Options::default()).expect("it is Python");
        if name.starts_with("kept_") {
            assert_eq!(
                without_slices(&distributed.source),
                without_slices(&source),
                "{name}"
            );
            assert!(
                distributed
                    .decisions
                    .iter()
                    .any(|decision| decision.outcome == Outcome::Kept),
                "{name} says why"
            );
        } else {
            assert!(
                distributed.changed,
                "{name} must be transformed: {:#?}",
                distributed.decisions
            );
        }
    }
}

/// O4: what it made comes back byte for byte.
#[test]
fn its_own_output_is_left_alone() {
    let catalog = catalog();
    for (name, source) in programs() {
        let once = parallelize(&source, &catalog, &Options::default()).expect("it is Python");
        let twice =
            parallelize(&once.source, &catalog, &Options::default()).expect("its output is Python");
        assert_eq!(once.source, twice.source, "{name}");
        assert!(!twice.changed || !once.changed, "{name}");
    }
}

/// E1: what declares no effect is assumed pure and says so, or is a write under `--strict-effects`.
#[test]
fn what_declares_no_effect_is_assumed_pure_or_a_write() {
    let source = concat!(
        "import hermod\n\n\nasync def main(image):\n",
        "    label = await hermod.call(\"ocr\", image=image)\n",
        "    text = await hermod.call(\"caption\", image=image)\n",
        "    print(label, text)\n",
    );
    let outcomes = |strict_effects| {
        let mut options = Options::default();
        if strict_effects {
            options.strict_effects = true;
        }
        let made = parallelize(source, &catalog(), &options).expect("it is Python");
        let decisions = made.decisions.iter();
        let outcomes: Vec<_> = decisions.map(|one| (one.outcome, one.rule)).collect();
        (made.changed, outcomes)
    };
    let (changed, assumed) = outcomes(false);
    assert!(changed && assumed.contains(&(Outcome::Assumed, "E1")));
    assert_eq!(outcomes(true), (false, vec![(Outcome::Kept, "E2")]));
}
