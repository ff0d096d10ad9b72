//! Lines and columns of byte offsets.

use ruff_source_file::{LineIndex, OneIndexed};
use ruff_text_size::TextSize;

/// A source's lines. Cheap to make: one pass over the text.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    source: &'a str,
    index: LineIndex,
}

/// Both counted from 1; the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    pub line: usize,
    pub column: usize,
}

impl<'a> Lines<'a> {
    pub fn new(source: &'a str) -> Self {
        Self {
            source,
            index: LineIndex::from_source_text(source),
        }
    }

    /// Where `offset` is; beyond the end, or inside a character, the nearest place before.
    pub fn locate(&self, offset: usize) -> LineColumn {
        let offset = self.source.floor_char_boundary(offset);
        let place = self.index.line_column(size(offset), self.source);
        LineColumn {
            line: place.line.get(),
            column: place.column.get(),
        }
    }

    /// The text of a line, counted from 1, without its line break; `None` past the last.
    pub fn text(&self, line: usize) -> Option<&'a str> {
        let line = OneIndexed::new(line).filter(|line| line.get() <= self.index.line_count())?;
        let range = self.index.line_range(line, self.source);
        Some(
            self.source[range.start().to_usize()..range.end().to_usize()]
                .trim_end_matches(['\n', '\r']),
        )
    }

    /// Offset of the first byte of the line that holds `offset`.
    pub fn start_of_line(&self, offset: usize) -> usize {
        let line = self.index.line_index(size(offset.min(self.source.len())));
        self.index.line_start(line, self.source).to_usize()
    }
}

fn size(offset: usize) -> TextSize {
    u32::try_from(offset).map_or(TextSize::new(u32::MAX), TextSize::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let lines = Lines::new("é = 1\nx = é + 2\n");
        assert_eq!(lines.locate(0), LineColumn { line: 1, column: 1 });
        assert_eq!(lines.locate(1), LineColumn { line: 1, column: 1 });
        assert_eq!(lines.locate(13), LineColumn { line: 2, column: 6 });
        assert_eq!(lines.locate(999).line, 3);
        assert_eq!(lines.text(2), Some("x = é + 2"));
        assert_eq!(lines.text(9), None);
        assert_eq!(lines.start_of_line(13), 7);
    }
}
