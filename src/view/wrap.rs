//! Styled text broken into rows by display width: the one word wrap of everything that is read.
//!
//! [`Flow`] takes raw text only through `Printable`, so whatever leaves it may be drawn. Knows
//! nothing of Markdown, comparisons or panes. The editor wraps its own document elsewhere.

use crate::domain::text::Printable;
use ratatui::style::Style;
use ratatui::text::Span;
use std::ops::Range;
use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The columns a terminal gives to `text`, which has no line break in it.
pub fn columns(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// `text` in at most `width` columns; what is left out shows as `…`.
pub fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let kept = text.graphemes(true).take_while(|grapheme| {
        used += columns(grapheme);
        used <= width
    });
    let kept: String = kept.collect();
    format!("{}…", kept.trim_end())
}

/// A piece of running text with its styles. A newline in it is a hard break.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    text: String,
    /// Where each run of one style ends, ascending.
    runs: Vec<(usize, Style)>,
    /// Where pieces begin, and where they stand in what they were made from.
    anchors: Vec<(usize, usize)>,
}

impl Flow {
    /// Appends `text`; hidden characters become marks and tabs become spaces.
    pub fn push(&mut self, text: &str, style: Style) {
        let shown = Printable::new(text);
        for (number, piece) in shown.as_str().split('\t').enumerate() {
            if number > 0 {
                self.text.push_str("    ");
            }
            self.text.push_str(piece);
        }
        let end = self.text.len();
        match self.runs.last_mut() {
            Some(last) if last.1 == style => last.0 = end,
            Some(last) if last.0 == end => {}
            None if end == 0 => {}
            _ => self.runs.push((end, style)),
        }
    }

    /// Says that what is pushed next stands at `source` in what it is made from.
    pub fn anchor(&mut self, source: usize) {
        self.anchors.push((self.text.len(), source));
    }

    /// Where the piece at a place of the text stands in what it was made from.
    pub fn source_of(&self, at: usize) -> Option<usize> {
        let next = self.anchors.partition_point(|(place, _)| *place <= at);
        let (place, source) = self.anchors.get(next.checked_sub(1)?)?;
        Some(source + (at - place))
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing was pushed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Forgets the text and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.runs.clear();
        self.anchors.clear();
    }

    /// The widest hard line.
    pub fn widest(&self) -> usize {
        self.text.split('\n').map(columns).max().unwrap_or(0)
    }

    /// The rows at `width` columns, as ranges of [`Self::text`]; no text is one empty row.
    ///
    /// Only a grapheme wider than `width` makes a row wider than that.
    pub fn rows(&self, width: usize) -> Vec<Range<usize>> {
        let mut rows = Rows::new(&self.text, width.max(1));
        while let Some(next) = rows.plain_break() {
            rows.close(next);
        }
        rows.segments();
        rows.finish()
    }

    /// The spans of one row that [`Self::rows`] gave, appended to `spans`.
    pub fn spans_into(&self, row: &Range<usize>, spans: &mut Vec<Span<'static>>) {
        let first = self.runs.partition_point(|(end, _)| *end <= row.start);
        let mut from = row.start;
        for (end, style) in self.runs.iter().skip(first) {
            if from >= row.end {
                break;
            }
            let to = (*end).min(row.end);
            let piece = self.text.get(from..to).unwrap_or_default();
            spans.push(Span::styled(piece.to_owned(), *style));
            from = to;
        }
    }

    /// How many spans [`Self::spans_into`] will add at most.
    pub fn count_spans(&self, row: &Range<usize>) -> usize {
        let first = self.runs.partition_point(|(end, _)| *end <= row.start);
        let last = self.runs.partition_point(|(end, _)| *end < row.end);
        (last + 1).saturating_sub(first)
    }
}

/// Rows being filled, one unbreakable segment at a time.
struct Rows<'a> {
    text: &'a str,
    width: usize,
    done: Vec<Range<usize>>,
    start: usize,
    /// Columns of the open row, with the spaces at its end.
    used: usize,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, width: usize) -> Self {
        Self {
            text,
            width,
            done: Vec::new(),
            start: 0,
            used: 0,
        }
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// Where the row after the open one begins, if it is full and ASCII and the word that fits no
    /// more is letters and digits after a space.
    ///
    /// Such a word begins a line by whatever rule of UAX #14, but after an opening bracket, and
    /// nothing within it does. Most rows of prose end so, and need no look at each character.
    fn plain_break(&self) -> Option<usize> {
        let bytes = self.text.as_bytes().get(self.start..)?;
        let (row, behind) = bytes.split_at_checked(self.width)?;
        if !row.iter().all(|byte| (b' '..=b'~').contains(byte)) {
            return None;
        }
        let spaces = behind.iter().position(|byte| *byte != b' ')?;
        if !behind[spaces].is_ascii_alphanumeric() {
            return None;
        }
        let before = if spaces > 0 {
            row
        } else {
            let word = row.iter().rposition(|byte| !byte.is_ascii_alphanumeric())? + 1;
            &row[..word]
        };
        let open = before.trim_ascii_end();
        let breaks = spaces > 0 || open.len() < before.len();
        let bracket = matches!(open.last(), None | Some(b'(' | b'[' | b'{'));
        (breaks && !bracket).then_some(self.start + before.len() + spaces)
    }

    /// Takes the rest, one segment after the other.
    fn segments(&mut self) {
        let first = self.start;
        let mut from = first;
        for (end, _) in linebreaks(self.slice(first..self.text.len())) {
            self.segment(from..first + end);
            from = first + end;
        }
    }

    fn segment(&mut self, range: Range<usize>) {
        let whole = self.slice(range.clone());
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        let word = line.trim_end_matches(' ');
        let wide = columns(word);
        if self.used > 0 && self.used + wide > self.width {
            self.close(range.start);
        }
        if self.used + wide > self.width {
            self.split(range.start, word);
        } else {
            self.used += wide;
        }
        self.used += line.len() - word.len();
        if line.len() < whole.len() {
            self.close(range.end);
        }
    }

    /// Breaks a word that is wider than a row between graphemes.
    fn split(&mut self, at: usize, word: &str) {
        for (offset, grapheme) in word.grapheme_indices(true) {
            let wide = columns(grapheme);
            if self.used > 0 && self.used + wide > self.width {
                self.close(at + offset);
            }
            self.used += wide;
        }
    }

    /// Ends the open row before `next`; the spaces there hang over the edge unseen.
    fn close(&mut self, next: usize) {
        let row = self.slice(self.start..next);
        let row = row.strip_suffix('\n').unwrap_or(row).trim_end_matches(' ');
        self.done.push(self.start..self.start + row.len());
        self.start = next;
        self.used = 0;
    }

    fn finish(mut self) -> Vec<Range<usize>> {
        if self.start < self.text.len() || self.done.is_empty() {
            self.close(self.text.len());
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wrapped(text: &str, width: usize) -> Vec<String> {
        let mut flow = Flow::default();
        flow.push(text, Style::new());
        let rows = flow.rows(width);
        rows.into_iter()
            .map(|row| flow.text()[row].to_owned())
            .collect()
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("one two", 7), "one two");
        assert_eq!(cut("one two", 5), "one…");
        assert_eq!(cut("日本語", 5), "日本…");
    }

    #[test]
    fn words_move_to_the_next_row() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
    }

    #[test]
    fn a_word_wider_than_the_row_is_cut_between_graphemes() {
        assert_eq!(wrapped("a abcdefgh", 3), ["a", "abc", "def", "gh"]);
    }

    #[test]
    fn wide_characters_count_two_columns() {
        assert_eq!(wrapped("日本語日本", 5), ["日本", "語日", "本"]);
        assert_eq!(wrapped("👩‍👩‍👧👩‍👩‍👧", 3), ["👩‍👩‍👧", "👩‍👩‍👧"]);
    }

    #[test]
    fn a_newline_is_a_hard_break_and_a_last_one_adds_no_row() {
        assert_eq!(wrapped("a\n\nb\n", 9), ["a", "", "b"]);
        assert_eq!(wrapped("", 9), [""]);
    }

    #[test]
    fn styles_follow_their_text_over_a_break() {
        let bold = Style::new().bold();
        let mut flow = Flow::default();
        flow.push("plain ", Style::new());
        flow.push("bold words", bold);
        let rows = flow.rows(10);
        let mut spans = Vec::new();
        for row in &rows {
            flow.spans_into(row, &mut spans);
        }
        assert_eq!(
            spans,
            [
                Span::raw("plain "),
                Span::styled("bold", bold),
                Span::styled("words", bold)
            ]
        );
    }

    proptest! {
        /// The short way for plain rows is invisible.
        #[test]
        fn rows_break_where_the_standard_says(
            text in "([a-z0-9]{1,9}[ .,:;!?\"'()/%$+-]{1,3}|[a-z]{1,4}  ?|\n|é|—){0,16}", width in 1_usize..20
        ) {
            let mut flow = Flow::default();
            flow.push(&text, Style::new());
            let mut slow = Rows::new(flow.text(), width);
            slow.segments();
            prop_assert_eq!(flow.rows(width), slow.finish());
        }

        #[test]
        fn no_row_is_wider_than_asked_and_no_letter_is_lost(
            text in "[a-z \n日é👍\u{1b}\u{202e}-]{0,80}", width in 2_usize..20
        ) {
            let mut flow = Flow::default();
            flow.push(&text, Style::new());
            let rows = flow.rows(width);
            let mut kept = String::new();
            for row in rows {
                let row = &flow.text()[row];
                prop_assert!(columns(row) <= width, "{row:?}");
                kept.push_str(row);
            }
            let bare = |text: &str| text.replace([' ', '\n'], "");
            prop_assert_eq!(bare(&kept), bare(flow.text()));
        }
    }
}
