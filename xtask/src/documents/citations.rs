//! What code and documents cite without linking to it: rules of the contract, and pages.

/// `J1` of `RUNTIME J1`, `E4` of `SEMANTICS E4`; text after the part that is no rule's number is prose.
pub(super) fn rules(text: &str) -> impl Iterator<Item = &str> {
    let parts = ["SEMANTICS ", "RUNTIME "].into_iter();
    let after = parts.flat_map(|part| text.split(part).skip(1));
    after
        .map(|rest| beginning(rest, char::is_alphanumeric))
        .filter(|word| is_rule(word))
}

fn is_rule(word: &str) -> bool {
    let number = word.strip_prefix(|letter: char| letter.is_ascii_uppercase());
    number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// `docs/protocol.md`, from the root of the repository.
pub(super) fn pages(text: &str) -> impl Iterator<Item = &str> {
    let places = text.match_indices("docs/").map(|(place, _)| &text[place..]);
    places
        .map(|rest| {
            beginning(rest, |letter| {
                letter.is_ascii_alphanumeric() || "-/.".contains(letter)
            })
        })
        .filter(|page| page.ends_with(".md"))
}

fn beginning(text: &str, belongs: fn(char) -> bool) -> &str {
    let end = text.find(|letter| !belongs(letter)).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_found_and_prose_is_not() {
        let text = "(SEMANTICS E4), RUNTIME J1; RUNTIME is a part, SEMANTICS O1";
        assert_eq!(rules(text).collect::<Vec<_>>(), ["E4", "O1", "J1"]);
    }

    #[test]
    fn pages_are_found() {
        let text = "see `docs/contract.md#a1` and docs/adr/; docs/README.md, too";
        assert_eq!(
            pages(text).collect::<Vec<_>>(),
            ["docs/contract.md", "docs/README.md"]
        );
    }
}
