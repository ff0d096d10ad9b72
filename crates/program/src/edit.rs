//! Ranged text edits: what is not edited keeps its comments and its formatting, byte for byte.

use crate::ast::{Ranged, TextRange};

/// Replaces `start..end` (byte offsets) by `text`; an insertion when both are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("edit of bytes {start}..{end} overlaps the one before it, which ends at {before}")]
    Overlap {
        start: usize,
        end: usize,
        before: usize,
    },
    #[error("edit of bytes {start}..{end} is not within the source, or splits a character")]
    OutOfBounds { start: usize, end: usize },
}

impl Edit {
    pub fn replace(node: &impl Ranged, text: impl Into<String>) -> Self {
        Self::replace_range(node.range(), text)
    }

    pub fn replace_range(range: TextRange, text: impl Into<String>) -> Self {
        Self {
            start: range.start().to_usize(),
            end: range.end().to_usize(),
            text: text.into(),
        }
    }

    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self {
            start: at,
            end: at,
            text: text.into(),
        }
    }

    pub fn delete(start: usize, end: usize) -> Self {
        Self {
            start,
            end,
            text: String::new(),
        }
    }
}

/// The source with all edits made. Insertions at one place keep the order they are given in and come
/// before a replacement that starts there; edits that overlap are refused.
pub fn apply_edits(source: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.start, edit.end));
    let mut out = String::with_capacity(source.len());
    let mut done = 0;
    for edit in ordered {
        let (start, end) = (edit.start, edit.end);
        if start < done {
            return Err(EditError::Overlap {
                start,
                end,
                before: done,
            });
        }
        let within = start <= end && source.is_char_boundary(start) && source.is_char_boundary(end);
        if !within {
            return Err(EditError::OutOfBounds { start, end });
        }
        out.push_str(&source[done..start]);
        out.push_str(&edit.text);
        done = end;
    }
    out.push_str(&source[done..]);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edits_are_made_in_order_of_place() {
        let edits = [
            Edit {
                start: 4,
                end: 5,
                text: "2".into(),
            },
            Edit::insert(0, "# a\n"),
            Edit::insert(0, "# b\n"),
            Edit::delete(5, 6),
        ];
        assert_eq!(
            apply_edits("x = 1 \n", &edits).as_deref(),
            Ok("# a\n# b\nx = 2\n")
        );
    }

    #[test]
    fn wrong_edits_are_refused() {
        let overlap = [Edit::delete(0, 3), Edit::delete(2, 4)];
        assert!(matches!(
            apply_edits("x = 1", &overlap),
            Err(EditError::Overlap { .. })
        ));
        for edit in [Edit::delete(1, 9), Edit::delete(3, 1), Edit::insert(1, "?")] {
            let refused = apply_edits("é = 1", std::slice::from_ref(&edit));
            assert!(
                matches!(refused, Err(EditError::OutOfBounds { .. })),
                "{edit:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_edits_give_the_source_back(source in "\\PC{0,40}") {
            prop_assert_eq!(apply_edits(&source, &[]), Ok(source));
        }

        #[test]
        fn never_panics(source in "\\PC{0,20}", places in proptest::collection::vec((0usize..30, 0usize..30), 0..6)) {
            let edits: Vec<_> = places.into_iter().map(|(start, end)| Edit::delete(start, end)).collect();
            let _ = apply_edits(&source, &edits);
        }
    }
}
