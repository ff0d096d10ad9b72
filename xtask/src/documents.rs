//! Links in the documents lead somewhere, and to every page; rules and pages that are cited exist; rules and
//! outcomes have tests.

mod citations;
mod markdown;
mod promises;
mod suite;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use self::suite::Test;
use crate::report::Report;
use crate::workspace::{files, shown};

const CONTRACT: &str = "docs/contract.md";
const CALLS: &str = "docs/calls.md";

pub(crate) fn check(root: &Path) -> anyhow::Result<Report> {
    let pages = read(files(root, &["md"])?)?;
    let mut code = read(files(root, &["rs", "py"])?)?;
    // The tests below cite what does not exist.
    code.retain(|path, _| !path.starts_with(root.join("xtask")));
    let contract = pages
        .get(&root.join(CONTRACT))
        .context("docs/contract.md is missing")?;
    let anchors = markdown::anchors(contract);
    let mut problems = dead_links(root, &pages);
    problems.extend(unlinked(root, &pages));
    for (path, text) in pages.iter().chain(&code) {
        let rules = citations::rules(text).filter(|rule| !anchors.contains(&rule.to_lowercase()));
        problems.extend(rules.map(|rule| format!("{}: no rule {rule}", shown(root, path))));
    }
    for (path, text) in &code {
        let missing = citations::pages(text).filter(|page| !root.join(page).exists());
        problems.extend(missing.map(|page| format!("{}: no page {page}", shown(root, path))));
    }
    let tests: Vec<Test> = code
        .iter()
        .flat_map(|(path, text)| tests_in(path, text))
        .collect();
    problems.extend(promises::untested_rules(&anchors, &tests));
    let calls = pages
        .get(&root.join(CALLS))
        .context("docs/calls.md is missing")?;
    problems.extend(promises::outcomes(calls, &tests));
    let pages = pages.len();
    let summary =
        format!("documents: {pages} pages, what they cite exists, what they promise has tests");
    Ok(Report { summary, problems })
}

fn tests_in(path: &Path, text: &str) -> Vec<Test> {
    match path.extension().is_some_and(|ending| ending == "py") {
        true => suite::in_python(text),
        false => suite::in_rust(text),
    }
}

fn read(paths: Vec<PathBuf>) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let read_one = |path: PathBuf| {
        let text = std::fs::read_to_string(&path);
        let text = text.with_context(|| format!("cannot read {}", path.display()))?;
        Ok((path, text))
    };
    paths.into_iter().map(read_one).collect()
}

fn dead_links(root: &Path, pages: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let mut problems = Vec::new();
    for (page, text) in pages {
        for link in markdown::links(text).filter(|link| !link.contains("://")) {
            let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match target {
                "" => page.clone(),
                target => page.with_file_name("").join(target),
            };
            if !leads_somewhere(&target, anchor) {
                problems.push(format!("{}: dead link {link:?}", shown(root, page)));
            }
        }
    }
    problems
}

/// Pages of docs/ that nobody finds. A README is shown with its folder.
fn unlinked(root: &Path, pages: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let targets = pages.iter().flat_map(|(page, text)| {
        markdown::links(text).filter_map(|link| {
            let target = link.split('#').next().filter(|target| !target.is_empty())?;
            page.with_file_name("").join(target).canonicalize().ok()
        })
    });
    let linked: BTreeSet<PathBuf> = targets.collect();
    let found = |page: &Path| page.canonicalize().is_ok_and(|page| linked.contains(&page));
    pages
        .keys()
        .filter(|page| page.starts_with(root.join("docs")) && !page.ends_with("README.md"))
        .filter(|page| !found(page))
        .map(|page| format!("{}: no page links to it", shown(root, page)))
        .collect()
}

fn leads_somewhere(target: &Path, anchor: &str) -> bool {
    match std::fs::read_to_string(target) {
        Ok(text) => anchor.is_empty() || markdown::anchors(&text).contains(anchor),
        Err(_) => anchor.is_empty() && target.exists(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every rule of the contract, by letter and count.
    const RULES: [(char, u8); 11] = [
        ('o', 4),
        ('a', 7),
        ('e', 6),
        ('h', 5),
        ('v', 4),
        ('j', 8),
        ('p', 7),
        ('c', 2),
        ('s', 3),
        ('m', 5),
        ('d', 1),
    ];

    #[test]
    fn the_contract_has_every_rule() {
        let text = std::fs::read_to_string(crate::workspace::root().join(CONTRACT)).expect("there");
        let anchors = markdown::anchors(&text);
        for (letter, count) in RULES {
            for number in 1..=count {
                assert!(
                    anchors.contains(&format!("{letter}{number}")),
                    "{letter}{number}"
                );
            }
        }
    }

    #[test]
    fn dead_links_are_found() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let page = folder.path().join("page.md");
        let text = "# One\n[ok](page.md#one) [ok](#one) [web](https://x.org/#y)\n\
                    [dead](gone.md) [dead](#two)\n```\n[code](nowhere)\n```\n";
        std::fs::write(&page, text).expect("can be written");
        let pages = BTreeMap::from([(page, text.to_owned())]);
        assert_eq!(
            dead_links(folder.path(), &pages),
            [
                "page.md: dead link \"gone.md\"",
                "page.md: dead link \"#two\""
            ]
        );
    }

    #[test]
    fn pages_that_nobody_links_to_are_found() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let docs = folder.path().join("docs");
        std::fs::create_dir(&docs).expect("can be made");
        let texts = [
            (folder.path().join("README.md"), "[found](docs/found.md#x)"),
            (docs.join("found.md"), ""),
            (docs.join("lost.md"), ""),
        ];
        let pages = texts.map(|(path, text)| {
            std::fs::write(&path, text).expect("can be written");
            (path, text.to_owned())
        });
        assert_eq!(
            unlinked(folder.path(), &BTreeMap::from(pages)),
            ["docs/lost.md: no page links to it"]
        );
    }

    #[test]
    fn this_repositorys_documents_hold() {
        let report = check(&crate::workspace::root()).expect("the documents can be read");
        assert_eq!(report.problems, Vec::<String>::new());
    }
}
