//! Hidden characters in the document: their number, kept up to date by each edit, and a way to take
//! them out. Never draws a mark.

use super::wrap::{char_boundary, char_boundary_before, line_range, read};
use super::{Document, Kind};
use crate::domain::hidden;
use std::ops::Range;

/// Bytes beside an edit that are read to see what it joins. A cluster longer than that is no
/// cluster of a person, and the count is started afresh.
const NEAR: usize = 256;

impl Document {
    /// Hidden characters in the text; counted once, then kept up to date by each edit.
    pub fn hidden(&self) -> usize {
        *self.hidden.get_or_init(|| hidden::count(&self.text()))
    }

    /// Takes hidden characters out, all or those of one kind, as one undo step. The cursor stays
    /// where it is in the text.
    pub fn remove_hidden(&mut self, only: Option<char>, at_ms: u64) {
        let text = self.text();
        let clean = hidden::without(&text, only);
        let before = hidden::without(&text[..self.cursor], only).len();
        let start = shared(text.chars(), clean.chars());
        let (old, new) = (&text[start..], &clean[start..]);
        let end = shared(old.chars().rev(), new.chars().rev());
        let with = &new[..new.len() - end];
        self.change(start..text.len() - end, with, Kind::Whole, at_ms);
        let cursor = self.boundary_at_or_before(before.min(self.len()));
        self.stand(cursor);
        self.reveal(super::MARGIN);
    }

    /// `range` widened to what its edges may join, and how many hidden characters that has.
    pub(super) fn hidden_around(&self, range: Range<usize>) -> Option<(Range<usize>, usize)> {
        let first = line_range(&self.rope, self.rope.line_of_byte(range.start)).start;
        let from = char_boundary_before(&self.rope, range.start.saturating_sub(NEAR)).max(first);
        let before = read(&self.rope, from..range.start);
        let to = char_boundary(&self.rope, (range.end + NEAR).min(self.len()));
        let after = read(&self.rope, range.end..to);
        let start = range.start - settled(before.chars().rev(), from == first)?;
        let end = range.end + settled(after.chars(), to == self.len())?;
        let count = hidden::count(&read(&self.rope, start..end));
        Some((start..end, count))
    }
}

/// Bytes up to and with the first character that joins neither neighbour, or all of them when the
/// text ends there; `None` when neither is within reach.
fn settled(chars: impl Iterator<Item = char>, to_the_end: bool) -> Option<usize> {
    let mut length = 0;
    for c in chars {
        length += c.len_utf8();
        // ASCII, Thai letters, kana, Chinese characters.
        if matches!(
            c,
            ' '..='~' | '\n' | '\u{e01}'..='\u{e2e}' | '\u{3041}'..='\u{3096}' | '\u{4e00}'..='\u{9fff}'
        ) {
            return Some(length);
        }
    }
    to_the_end.then_some(length)
}

/// How many bytes two texts have in common from here on, in whole characters.
fn shared(left: impl Iterator<Item = char>, right: impl Iterator<Item = char>) -> usize {
    let same = left.zip(right).take_while(|(a, b)| a == b);
    same.map(|(c, _)| c.len_utf8()).sum()
}
