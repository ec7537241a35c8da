//! What is marked on a page, as the source that it was drawn from.
//!
//! A row knows where its text begins in the source; within the row, what is seen is followed
//! through the source, over the marks that are not seen. Never marks a frame: bars, bullets and
//! indents are no text.

use super::Markdown;
use crate::app::marked::Unit;
use crate::domain::ask::paragraphs;
use crate::view::wrap::columns;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A cell of a page: its row and its column.
pub(crate) type Place = (usize, u16);

/// Marks of Markdown that may stand on both sides of a piece of text.
const AROUND: [char; 4] = ['*', '_', '`', '~'];

impl Markdown {
    /// The source of what is seen from one cell to another, both taken in.
    pub(crate) fn source_between(&self, from: Place, to: Place) -> Range<usize> {
        let (first, last) = (from.min(to), from.max(to));
        let start = self.source_at(first, Side::Before);
        let end = self.source_at(last, Side::Behind).max(start);
        self.with_marks(start..end)
    }

    /// Two cells with the words or paragraphs that they stand in, first and last cell.
    pub(crate) fn spread(&self, from: Place, to: Place, by: Unit) -> (Place, Place) {
        let (first, last) = (from.min(to), from.max(to));
        match by {
            Unit::Cell => (first, last),
            Unit::Word => (self.word_at(first).0, self.word_at(last).1),
            Unit::Paragraph => (self.paragraph_at(first).0, self.paragraph_at(last).1),
        }
    }

    /// The first and the last cell of the word at a cell. A word that goes on in the next row is cut
    /// there, as it is seen.
    fn word_at(&self, (row, column): Place) -> (Place, Place) {
        let text = self.lines.get(row).map(ToString::to_string);
        let mut start = 0;
        for word in text.iter().flat_map(|text| text.split_word_bounds()) {
            let end = start + columns(word);
            if end > usize::from(column) {
                return ((row, start as u16), (row, (end - 1) as u16));
            }
            start = end;
        }
        ((row, column), (row, column))
    }

    /// The first and the last cell of the paragraph at a cell.
    fn paragraph_at(&self, place: Place) -> (Place, Place) {
        let Some(origin) = self.origins.get(place.0) else {
            return (place, place);
        };
        let mut all = paragraphs(&self.source).into_iter();
        let Some(found) = all.find(|part| origin.source < part.end) else {
            return (place, place);
        };
        let rows = self.rows_of(found);
        if !rows.contains(&place.0) {
            return (place, place);
        }
        ((rows.start, 0), (rows.end - 1, u16::MAX))
    }

    /// The rows that show a stretch of the source, without blank ones at their ends.
    pub(crate) fn rows_of(&self, source: Range<usize>) -> Range<usize> {
        let seen = |row: &usize| {
            let line = self.lines.get(*row);
            line.is_some_and(|line| {
                line.spans
                    .iter()
                    .any(|span| !span.content.trim().is_empty())
            })
        };
        let within = |row: &usize| {
            let at = self.origins[*row].source;
            at + 1 >= source.start.max(1) && at < source.end
        };
        let mut rows = (0..self.origins.len()).filter(|row| within(row) && seen(row));
        let first = rows.next().unwrap_or(0);
        let last = rows.next_back().unwrap_or(first);
        first..last + 1
    }

    /// The columns of a row that are marked: of its text, and never of its frame.
    pub(crate) fn marked_columns(&self, row: usize, from: Place, to: Place) -> Range<u16> {
        let (first, last) = (from.min(to), from.max(to));
        let Some((line, origin)) = self.lines.get(row).zip(self.origins.get(row)) else {
            return 0..0;
        };
        let text = line
            .spans
            .iter()
            .map(|span| columns(&span.content))
            .sum::<usize>() as u16;
        let frame = (origin.frames as u16).min(text);
        if row < first.0 || row > last.0 {
            return 0..0;
        }
        let start = if row == first.0 {
            first.1.clamp(frame, text)
        } else {
            frame
        };
        let end = if row == last.0 {
            last.1.saturating_add(1).clamp(start, text)
        } else {
            text
        };
        start..end
    }

    /// The byte of the source that a cell shows, or the one behind it.
    fn source_at(&self, (row, column): Place, side: Side) -> usize {
        let Some((line, origin)) = self.lines.get(row).zip(self.origins.get(row)) else {
            return self.source.len();
        };
        let end = self.origins[row..].iter().map(|next| next.source);
        let end = end.filter(|next| *next > origin.source).min();
        let end = end.unwrap_or(self.source.len());
        // A tab that became blanks may have led into the middle of a character.
        let mut at = origin.source.min(end);
        while !self.source.is_char_boundary(at) {
            at -= 1;
        }
        let mut behind = at;
        let (mut reached, column) = (0, usize::from(column));
        let text: String = line.spans.iter().map(|span| &*span.content).collect();
        for cluster in text.graphemes(true) {
            let here = reached;
            reached += columns(cluster);
            if here < origin.frames {
                continue;
            }
            if here > column {
                break;
            }
            let rest = self.source.get(behind..end).unwrap_or_default();
            let found = if cluster.trim().is_empty() {
                // A blank is one where a blank stands, and never looked for.
                rest.starts_with(char::is_whitespace).then_some(0)
            } else {
                rest.find(cluster)
            };
            match found {
                Some(ahead) => {
                    at = behind + ahead;
                    let length = if cluster.trim().is_empty() {
                        rest.chars().next().map_or(0, char::len_utf8)
                    } else {
                        cluster.len()
                    };
                    behind = at + length;
                }
                None => at = behind,
            }
        }
        match side {
            Side::Before if reached <= column => behind,
            Side::Before => at,
            Side::Behind => behind,
        }
    }

    /// The range with the marks that belong to it: those of the line's start, and those that stand
    /// on both sides of it.
    fn with_marks(&self, range: Range<usize>) -> Range<usize> {
        let Some(inside) = self.source.get(range.clone()).filter(|it| !it.is_empty()) else {
            return range.start..range.start;
        };
        let mut range = range.start..range.start + inside.trim_end_matches('\n').len();
        let before = &self.source[..range.start];
        let after = &self.source[range.end..];
        let opening = before.len() - before.trim_end_matches(AROUND).len();
        let closing = after.len() - after.trim_start_matches(AROUND).len();
        if opening == closing {
            range.start -= opening;
            range.end += closing;
        }
        let line = super::place::line_start(&self.source, range.start);
        let lead = &self.source[line..range.start];
        let marks = |c: char| c.is_whitespace() || "#>-+*[]x.)".contains(c) || c.is_ascii_digit();
        if lead.chars().all(marks) && lead.len() < 24 {
            range.start = line;
        }
        range
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    Behind,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::style::Styles;
    use proptest::prelude::*;

    fn page(source: &str, width: u16) -> Markdown {
        let mut page = Markdown::new();
        page.update(source, width, Styles::PLAIN);
        page
    }

    /// The source of some words as they are seen on a page.
    fn marked(source: &str, width: u16, words: &str) -> String {
        let page = page(source, width);
        let shown: Vec<String> = page
            .lines(0..page.height())
            .map(ToString::to_string)
            .collect();
        let (row, at) = shown
            .iter()
            .enumerate()
            .find_map(|(row, line)| Some((row, line.find(words)?)))
            .unwrap_or_else(|| panic!("{words:?} in {shown:?}"));
        let from = columns(&shown[row][..at]) as u16;
        let to = from + columns(words) as u16 - 1;
        let range = page.source_between((row, from), (row, to));
        source[range].to_owned()
    }

    #[test]
    fn what_is_marked_is_copied_as_it_was_written() {
        for (source, words, copied) in [
            ("plain text here", "text", "text"),
            ("a **bold** word", "bold", "**bold**"),
            ("a **bold** word", "a bold", "a **bold"),
            ("a **bold** word", "bold word", "bold** word"),
            ("# Title\n\ntext", "Title", "# Title"),
            ("- one\n- two", "two", "- two"),
            ("> said", "said", "> said"),
            ("see [this](http://a.b) now", "this", "this"),
            ("see [this](http://a.b) now", "now", "now"),
            ("```\nlet x = 1;\n```", "x = 1", "x = 1"),
            ("| a | b |\n|---|---|\n| c | d |", "c", "c"),
            ("日本 **語** x", "語", "**語**"),
            ("one two three four", "three", "three"),
        ] {
            assert_eq!(marked(source, 40, words), copied, "{source:?} {words:?}");
        }
        assert_eq!(marked("one two three four five", 10, "four"), "four");
        assert_eq!(marked("> one two three\n> four five", 10, "five"), "five");
    }

    #[test]
    fn from_the_first_cell_to_the_last_is_all_of_it() {
        let source = "# Title\n\nSome *text* here.\n\n- one\n- two\n\n```rust\nlet x;\n```\n";
        let page = page(source, 30);
        let range = page.source_between((0, 0), (page.height(), 0));
        assert_eq!(&source[range], source.trim_end());
    }

    #[test]
    fn the_rows_of_a_paragraph_are_its_own() {
        let source = "# Title\n\none two three four\n\n- a\n- b\n\n```\nx\n\ny\n```\n\nend";
        let page = page(source, 12);
        let rows = |range: Range<usize>| {
            let shown = page.lines(page.rows_of(range)).map(ToString::to_string);
            shown.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
        };
        let shown = crate::domain::ask::paragraphs(source).into_iter().map(rows);
        let shown: Vec<_> = shown.collect();
        assert_eq!(shown[0], ["# Title"]);
        assert_eq!(shown[1], ["one two", "three four"]);
        assert!(
            shown[2].len() == 2 && shown[2][1].ends_with('b'),
            "{shown:?}"
        );
        assert!(
            shown[3].len() >= 3 && shown[3].iter().any(|line| line.contains('y')),
            "{shown:?}"
        );
        assert_eq!(shown[4], ["end"]);
    }

    #[test]
    fn frames_are_not_marked() {
        let page = page("> one\n\n- two", 20);
        assert_eq!(page.marked_columns(0, (0, 0), (9, 0)), 2..5);
        let item = page.height() - 1;
        assert_eq!(page.marked_columns(item, (0, 0), (item, 3)), 2..4);
    }

    proptest! {
        #[test]
        fn any_cells_of_any_text_are_safe(
            source in "([a-c#>*_`~|\\-\\[\\]() &;]|\n|\t|你|```|- |1\\. |e\u{301}){0,60}",
            width in 1u16..30,
            from in (0usize..12, 0u16..30),
            to in (0usize..12, 0u16..30),
        ) {
            let page = page(&source, width);
            let range = page.source_between(from, to);
            prop_assert!(source.get(range).is_some());
            for row in 0..page.height() {
                page.marked_columns(row, from, to);
            }
        }
    }
}
