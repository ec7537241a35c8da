//! Lines by number, the paragraph and the word around a place, and characters one by one.
//!
//! Looks at no more of the text than it has to: a paragraph ends after [`MOST_LINES`] lines even if
//! no blank line comes. Never changes the text.

use super::undo::Caret;
use super::wrap::{line_count, line_range};
use super::{Document, Edit, Motion};
use crate::domain::text;
use std::ops::Range;

/// Lines to look for the end of a paragraph.
const MOST_LINES: usize = 500;

/// Bytes of a selection whose words are counted while it grows.
const COUNTED: usize = 256 << 10;

impl Document {
    /// Lines in the text; at least one.
    pub fn line_count(&self) -> usize {
        line_count(&self.rope)
    }

    /// The line that holds a byte, from 0.
    pub fn line_of(&self, at: usize) -> usize {
        self.rope.line_of_byte(at.min(self.len()))
    }

    /// The bytes of a line, without its line break.
    pub fn line(&self, line: usize) -> Range<usize> {
        line_range(&self.rope, line.min(self.line_count() - 1))
    }

    /// The character that stands at a byte, which is the first one of it.
    pub fn char_at(&self, at: usize) -> Option<char> {
        if at >= self.len() {
            return None;
        }
        self.rope.byte_slice(at..).chars().next()
    }

    /// The nearest place behind `at` where the cursor may stand.
    pub fn after(&self, at: usize) -> usize {
        self.next_boundary(at.min(self.len()))
    }

    /// The nearest place before `at` where the cursor may stand.
    pub fn before(&mut self, at: usize) -> usize {
        self.previous_boundary(at.min(self.len()))
    }

    /// Puts the cursor at the start of the line with this number, from 1, or of the last one, in
    /// the middle of the viewport. Returns the number of that line.
    pub fn go_to_line(&mut self, number: usize) -> usize {
        let line = number.max(1).min(self.line_count()) - 1;
        self.stop_marking();
        self.anchor = None;
        let start = self.line(line).start;
        self.stand(start);
        self.centre();
        line + 1
    }

    /// The lines around `at` up to the next blank ones; of a blank line only itself.
    pub fn paragraph(&self, at: usize) -> Range<usize> {
        let here = self.line_of(at);
        if self.is_blank(here) {
            return self.line(here);
        }
        let lines = self.line_count();
        let (mut first, mut last) = (here, here);
        while first > 0 && here - first < MOST_LINES && !self.is_blank(first - 1) {
            first -= 1;
        }
        while last + 1 < lines && last - here < MOST_LINES && !self.is_blank(last + 1) {
            last += 1;
        }
        self.line(first).start..self.line(last).end
    }

    /// Selects the word at the cursor, or the one that ends there.
    pub fn select_word(&mut self) {
        let here = self.word_around(self.cursor);
        let before = self.previous_boundary(self.cursor);
        let before = self.word_around(before);
        let is_word =
            |word: &Range<usize>| self.slice(word.clone()).contains(char::is_alphanumeric);
        let ended = !is_word(&here) && is_word(&before);
        self.select(if ended { before } else { here });
    }

    /// Selects the paragraph at the cursor.
    pub fn select_paragraph(&mut self) {
        let paragraph = self.paragraph(self.cursor);
        self.select(paragraph);
    }

    /// Selects from one byte to another, where the cursor is, and shows it.
    pub fn select_between(&mut self, anchor: usize, cursor: usize) {
        let anchor = self.boundary_at_or_before(anchor.min(self.len()));
        let cursor = self.boundary_at_or_before(cursor.min(self.len()));
        self.place(Caret {
            cursor,
            anchor: Some(anchor),
        });
        self.reveal(super::MARGIN);
    }

    /// Words in the selection; `None` without one, or with one that would take long to count.
    pub fn selected_words(&self) -> Option<usize> {
        let range = self.selection()?;
        if range.len() == self.len() {
            return Some(self.words());
        }
        (range.len() <= COUNTED).then(|| text::words(&self.slice(range)))
    }

    /// Starts a selection here that every motion extends, or ends it. True when it started.
    pub fn mark(&mut self) -> bool {
        let starts = !self.marking;
        self.marking = starts;
        self.anchor = starts.then_some(self.cursor);
        self.history.seal();
        starts
    }

    /// Whether motions extend the selection.
    pub const fn is_marking(&self) -> bool {
        self.marking
    }

    /// Lets motions move the cursor again; what is selected stays.
    pub const fn stop_marking(&mut self) {
        self.marking = false;
    }

    /// A motion, which extends the selection while marking.
    pub fn travel_or_select(&mut self, motion: Motion, at_ms: u64) {
        let edit = if self.marking {
            Edit::Select(motion)
        } else {
            Edit::Move(motion)
        };
        self.apply(edit, at_ms);
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::document::{Document, Edit, Motion};

    #[test]
    fn a_line_is_gone_to_by_its_number_and_the_last_one_by_any_larger() {
        let mut document = Document::new("one\ntwo\nthree");
        document.set_size(20, 3);
        assert_eq!((document.go_to_line(2), document.cursor()), (2, 4));
        assert_eq!((document.go_to_line(99), document.cursor()), (3, 8));
        assert_eq!((document.go_to_line(0), document.cursor()), (1, 0));
    }

    #[test]
    fn a_paragraph_reaches_to_the_blank_lines_around_it() {
        let document = Document::new("a\n\nb\nc\n  \nd");
        assert_eq!(document.paragraph(4), 3..6);
        assert_eq!(document.paragraph(2), 2..2);
        assert_eq!(document.paragraph(99), 10..11);
    }

    #[test]
    fn a_mark_lets_motions_select_until_it_is_taken_or_text_is_typed() {
        let mut document = Document::new("one two three");
        assert!(document.mark());
        document.travel_or_select(Motion::WordRight, 0);
        document.travel_or_select(Motion::WordRight, 0);
        assert_eq!(document.selected_text().as_deref(), Some("one two"));
        assert_eq!(document.selected_words(), Some(2));
        document.apply(Edit::Insert("x".into()), 0);
        assert!(!document.is_marking());
        document.travel_or_select(Motion::End, 0);
        assert_eq!(document.selection(), None);
        document.mark();
        assert!(!document.mark(), "a second time ends it");
        assert_eq!(document.selection(), None);
    }
}
