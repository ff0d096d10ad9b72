//! As much Markdown as links need: which there are, and which anchors a page has.

use std::collections::BTreeSet;

/// Targets of `[text](target)`, outside of code.
pub(super) fn links(text: &str) -> impl Iterator<Item = &str> {
    prose(text).flat_map(|line| {
        line.split("](")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once(')')?.0))
    })
}

/// Explicit ones, `<a id="x"></a>`, and those that headings get.
pub(super) fn anchors(text: &str) -> BTreeSet<String> {
    let explicit = prose(text)
        .filter_map(|line| Some(line.strip_prefix("<a id=\"")?.split_once('"')?.0.to_owned()));
    let headings = prose(text)
        .filter(|line| line.starts_with('#'))
        .map(|line| slug(line.trim_start_matches('#').trim()));
    explicit.chain(headings).collect()
}

/// Lines outside of fenced code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// GitHub's: lower case, punctuation gone, hyphens for spaces.
fn slug(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_explicit_ones_and_headings() {
        let text = "<a id=\"j1\"></a>\n### J1. Finished, durable\n```\n# not a heading\n```\n";
        assert_eq!(
            anchors(text),
            BTreeSet::from(["j1".to_owned(), "j1-finished-durable".to_owned()])
        );
    }

    #[test]
    fn links_are_found_outside_of_code() {
        let text = "[a](b.md), [c](#d)\n```python\nx[0](e)\n```\n";
        assert_eq!(links(text).collect::<Vec<_>>(), ["b.md", "#d"]);
    }
}
