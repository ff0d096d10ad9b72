//! Slices of the source with edits in them. A line that begins inside a string is marked with NUL, which
//! no Python source may hold, so that moving code never changes a string.

use std::collections::BTreeMap;

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, Ranged, Stmt, TextRange};

const MARK: char = '\0';

/// Replacements made so far, by start. An outer one swallows those inside it.
#[derive(Debug, Clone)]
pub(crate) struct Patches<'a> {
    source: &'a str,
    edits: BTreeMap<usize, (usize, String)>,
    /// Ranges of strings that span lines, in order.
    strings: Vec<(usize, usize)>,
}

impl<'a> Patches<'a> {
    pub(crate) fn new(source: &'a str, body: &'a [Stmt]) -> Self {
        let mut strings = LongStrings {
            source,
            found: Vec::new(),
        };
        strings.visit_body(body);
        strings.found.sort_unstable();
        Self {
            source,
            edits: BTreeMap::new(),
            strings: strings.found,
        }
    }

    /// The source as it is.
    pub(crate) fn without_edits(&self) -> Self {
        Self {
            source: self.source,
            edits: BTreeMap::new(),
            strings: self.strings.clone(),
        }
    }

    pub(crate) fn replace(&mut self, start: usize, end: usize, text: String) {
        let inner: Vec<usize> = self.edits.range(start..end).map(|(at, _)| *at).collect();
        for at in inner {
            self.edits.remove(&at);
        }
        self.edits.insert(start, (end, text));
    }

    pub(crate) fn replace_range(&mut self, range: TextRange, text: String) {
        self.replace(range.start().to_usize(), range.end().to_usize(), text);
    }

    /// The source from `start` to `end`, edits made, lines inside strings marked.
    pub(crate) fn slice(&self, start: usize, end: usize) -> String {
        let mut text = String::with_capacity(end - start);
        let mut at = start;
        for (&from, (to, replacement)) in self.edits.range(start..end) {
            if from < at {
                continue;
            }
            self.copy(at, from, &mut text);
            text.push_str(replacement);
            at = *to;
        }
        if at < end {
            self.copy(at, end, &mut text);
        }
        text
    }

    pub(crate) fn slice_range(&self, range: TextRange) -> String {
        self.slice(range.start().to_usize(), range.end().to_usize())
    }

    /// The source of a range as it was, lines inside strings marked.
    pub(crate) fn original(&self, range: TextRange) -> String {
        let mut text = String::new();
        self.copy(range.start().to_usize(), range.end().to_usize(), &mut text);
        text
    }

    fn copy(&self, start: usize, end: usize, text: &mut String) {
        let mut at = start;
        for line in self.source[start..end].split_inclusive('\n') {
            text.push_str(line);
            at += line.len();
            if line.ends_with('\n') && self.in_string(at) {
                text.push(MARK);
            }
        }
    }

    fn in_string(&self, offset: usize) -> bool {
        let next = self.strings.partition_point(|(start, _)| *start < offset);
        // Strings nest only as f-strings in f-strings; the ranges before may enclose this place.
        self.strings[..next]
            .iter()
            .rev()
            .take(8)
            .any(|(_, end)| offset < *end)
    }

    /// The replacement that swallows what stands at `offset`: from where, to where, and its text.
    pub(crate) fn covering(&self, offset: usize) -> Option<(usize, usize, &str)> {
        let (&from, (to, text)) = self.edits.range(..=offset).next_back()?;
        (offset < *to).then_some((from, *to, text.as_str()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }
}

struct LongStrings<'a> {
    source: &'a str,
    found: Vec<(usize, usize)>,
}

impl<'a> LongStrings<'a> {
    fn note(&mut self, part: &impl Ranged) {
        let (start, end) = (
            part.range().start().to_usize(),
            part.range().end().to_usize(),
        );
        if self.source[start..end].contains('\n') {
            self.found.push((start, end));
        }
    }
}

impl<'a> Visitor<'a> for LongStrings<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::StringLiteral(text) => text.value.iter().for_each(|part| self.note(part)),
            Expr::BytesLiteral(bytes) => bytes.value.iter().for_each(|part| self.note(part)),
            Expr::FString(text) => {
                for part in text.value.iter() {
                    self.note(part);
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }
}

/// Moves every line that does not begin inside a string by `by` columns, or by `unit` if that is tabs.
pub(crate) fn reindent(text: &str, by: isize, unit: &str) -> String {
    let mut moved = String::with_capacity(text.len() + 64);
    for line in text.split_inclusive('\n') {
        if line.starts_with(MARK) || line.trim().is_empty() {
            moved.push_str(line);
        } else if by >= 0 {
            let width = unit.chars().count().max(1);
            let (whole, rest) = (by as usize / width, by as usize % width);
            moved.push_str(&unit.repeat(whole));
            moved.push_str(&" ".repeat(rest));
            moved.push_str(line);
        } else {
            let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
            moved.push_str(&line[blank.min(by.unsigned_abs())..]);
        }
    }
    moved
}

/// `function(…)`, with its arguments on lines of their own if one of them breaks over lines.
pub(crate) fn call_of(function: &str, arguments: &[&str], indentation: &str, unit: &str) -> String {
    if !arguments.iter().any(|argument| argument.contains('\n')) {
        return format!("{function}({})", arguments.join(", "));
    }
    let comma = if arguments.len() > 1 { "," } else { "" };
    let line = |argument: &&str| {
        let moved = reindent(argument, unit.chars().count() as isize, unit);
        let moved = moved.trim_start_matches([' ', '\t']);
        format!("{indentation}{unit}{moved}{comma}\n")
    };
    let lines: String = arguments.iter().map(line).collect();
    format!("{function}(\n{lines}{indentation})")
}

/// Where statements stand in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout<'a> {
    pub(crate) source: &'a str,
}

impl<'a> Layout<'a> {
    pub(crate) fn line_start(&self, offset: usize) -> usize {
        self.source[..offset].rfind('\n').map_or(0, |at| at + 1)
    }

    /// Past the line break of the line that holds `offset`.
    pub(crate) fn line_end(&self, offset: usize) -> usize {
        self.source[offset..]
            .find('\n')
            .map_or(self.source.len(), |at| offset + at + 1)
    }

    pub(crate) fn indentation(&self, statement: &impl Ranged) -> &'a str {
        let start = statement.range().start().to_usize();
        &self.source[self.line_start(start)..start]
    }

    /// Does each statement have its lines to itself?
    pub(crate) fn is_plain(&self, statements: &[Stmt]) -> bool {
        let mut indentation = None;
        statements.iter().all(|statement| {
            let end = statement.range().end().to_usize();
            let after = self.source[end..self.line_end(end)].trim();
            let before = self.indentation(statement);
            let same = *indentation.get_or_insert(before) == before;
            same && before.chars().all(|c| c == ' ' || c == '\t')
                && (after.is_empty() || after.starts_with('#'))
        })
    }

    /// Start of the comments and blank lines right above a statement, not above `floor`.
    pub(crate) fn trivia_start(&self, statement: &impl Ranged, floor: usize) -> usize {
        let mut start = self.line_start(statement.range().start().to_usize());
        while start > floor {
            let above = self.line_start(start - 1);
            let line = self.source[above..start].trim();
            if above < floor || !(line.is_empty() || line.starts_with('#')) {
                break;
            }
            start = above;
        }
        start
    }
}

/// The text of an expression that stood in brackets: where it breaks over lines by itself, it needs some of
/// its own.
pub(crate) fn whole(text: String) -> String {
    let alone = format!("_ = {}\n", text.replace(MARK, ""));
    let breaks = text.contains('\n') && !dice_program::parse(&alone).is_valid();
    match breaks {
        true => format!("({text})"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_not_moved() {
        let source = "x = f('''a\n  b''',\n      c)\n";
        let parsed = dice_program::parse(source);
        let patches = Patches::new(source, parsed.body());
        let moved = reindent(&patches.slice(0, source.len()), 4, "    ").replace(MARK, "");
        assert_eq!(moved, "    x = f('''a\n  b''',\n          c)\n");
    }
}
