//! What documents promise is shown by a test: each rule of the runtime, each row of the table of outcomes.

use std::collections::BTreeSet;

use super::suite::Test;

/// Rules that `python/tests/test_contract.py` looks after, with a table of its own.
const SHOWN_IN_PYTHON: [char; 4] = ['o', 'a', 'e', 'h'];

/// Rules without a test that cites them.
pub(super) fn untested_rules(anchors: &BTreeSet<String>, tests: &[Test]) -> Vec<String> {
    let rules = anchors.iter().filter(|anchor| is_rule(anchor));
    rules
        .map(|rule| rule.to_uppercase())
        .filter(|rule| !tests.iter().any(|test| test.cites(rule)))
        .map(|rule| format!("docs/contract.md: no test cites rule {rule}"))
        .collect()
}

fn is_rule(anchor: &str) -> bool {
    let mut letters = anchor.chars();
    let letter = letters.next().filter(char::is_ascii_lowercase);
    letter.is_some_and(|letter| !SHOWN_IN_PYTHON.contains(&letter))
        && !letters.as_str().is_empty()
        && letters.all(|letter| letter.is_ascii_digit())
}

/// Rows without a test of their own, and tests of rows that are not there.
pub(super) fn outcomes(page: &str, tests: &[Test]) -> Vec<String> {
    let rows: Vec<&str> = rows(page).collect();
    let shown: Vec<&str> = tests.iter().flat_map(Test::outcomes).collect();
    let mut problems = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        if rows[..number].contains(row) {
            problems.push(format!("docs/calls.md: two outcomes are called {row}"));
        }
        if !shown.contains(row) {
            problems.push(format!("docs/calls.md: no test shows outcome {row}"));
        }
    }
    for test in tests {
        let mut named = test.outcomes();
        let unknown = named.by_ref().find(|outcome| !rows.contains(outcome));
        problems.extend(unknown.map(|outcome| {
            format!(
                "docs/calls.md: no outcome {outcome}, which {} shows",
                test.name
            )
        }));
        if test.outcomes().count() > 1 {
            problems.push(format!("{}: a test shows one outcome", test.name));
        }
    }
    problems
}

/// The names in the first column of the tables under "Outcomes".
fn rows(page: &str) -> impl Iterator<Item = &str> {
    let section = page.split("\n## Outcomes\n").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let lines = section.lines().filter_map(|line| line.strip_prefix("| `"));
    lines.filter_map(|rest| Some(rest.split_once('`')?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(name: &str, says: &str) -> Test {
        Test {
            name: name.to_owned(),
            says: says.to_owned(),
        }
    }

    #[test]
    fn a_row_without_a_test_and_a_test_without_a_row_are_found() {
        let page = "# x\n| `a` | not here |\n\n## Outcomes\n\n| row | what |\n|---|---|\n\
                    | `b` | … |\n| `c` | … |\n\n## Next\n| `d` | … |\n";
        let tests = [test("one", "Outcome `b`."), test("two", "Outcome `gone`.")];
        assert_eq!(
            outcomes(page, &tests),
            [
                "docs/calls.md: no test shows outcome c",
                "docs/calls.md: no outcome gone, which two shows"
            ]
        );
    }

    #[test]
    fn a_test_shows_one_outcome() {
        let page = "\n## Outcomes\n| `a` |\n| `b` |\n| `b` |\n";
        let problems = outcomes(page, &[test("both", "Outcome `a`. Outcome `b`.")]);
        assert_eq!(
            problems,
            [
                "docs/calls.md: two outcomes are called b",
                "both: a test shows one outcome"
            ]
        );
    }

    #[test]
    fn a_rule_without_a_test_is_found() {
        let anchors = ["j1", "j12", "p3", "a1", "outcomes", "design-4"];
        let anchors = anchors.map(str::to_owned).into();
        let tests = [test("one", "RUNTIME J12.")];
        assert_eq!(
            untested_rules(&anchors, &tests),
            [
                "docs/contract.md: no test cites rule J1",
                "docs/contract.md: no test cites rule P3"
            ]
        );
    }
}
