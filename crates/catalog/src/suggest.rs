//! "Did you mean …?"

/// The candidate closest to `name`, if any is close enough to be meant: a third of the letters may
/// differ, swapped neighbours count once.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = name.chars().count();
    let longest_distance = (letters / 3).max(1).min(letters.saturating_sub(1));
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= longest_distance && *candidate != name)
        .min()
        .map(|(_, candidate)| candidate)
}

fn distance(left: &str, right: &str) -> usize {
    strsim::damerau_levenshtein(&left.to_lowercase(), &right.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn only_what_could_be_meant_is_suggested() {
        let names = ["glip", "blip", "xvlm", "ocr"];
        let check = |name, expect| assert_eq!(closest(name, names), expect, "{name}");
        check("gilp", Some("glip"));
        check("BLIP", Some("blip"));
        check("xvlmm", Some("xvlm"));
        check("weather", None);
        check("", None);
        assert_eq!(closest("a", ["b"]), None);
        assert_eq!(closest("wdith", ["width", "height"]), Some("width"));
    }
}
