//! Replacing a part of the text: the rope, and everything that is kept about it.
//!
//! The counts, the rows and the viewport follow the change and are not worked out anew. Never
//! records a step for undo and never moves the cursor.

use super::Document;
use super::wrap::{Change, line_start, read};
use crate::domain::{hidden, text};
use std::ops::Range;
use std::sync::OnceLock;

/// Bytes to look for the ends of a word before the word count is started afresh instead.
const LONGEST_WORD: usize = 4096;

impl Document {
    /// Changes the text and everything that is kept about it.
    pub(super) fn splice(&mut self, range: Range<usize>, with: &str) {
        let last_line = self.rope.line_of_byte(range.end);
        let change = Change {
            at: range.start,
            removed: range.len(),
            inserted: with.len(),
            last_line,
            last_start: line_start(&self.rope, last_line),
        };
        let counted = self
            .words
            .get()
            .copied()
            .zip(self.words_around(range.clone()));
        let seen = self
            .hidden
            .get()
            .copied()
            .zip(self.hidden_around(range.clone()));
        self.rope.replace(range.clone(), with);
        self.words = OnceLock::new();
        if let Some((total, (context, before))) = counted {
            let end = context.end - change.removed + change.inserted;
            let after = text::words(&read(&self.rope, context.start..end));
            self.words = OnceLock::from(total - before + after);
        }
        self.hidden = OnceLock::new();
        if let Some((total, (context, before))) = seen {
            let end = context.end - change.removed + change.inserted;
            let after = hidden::count(&read(&self.rope, context.start..end));
            self.hidden = OnceLock::from(total - before + after);
        }
        self.wraps.edited(&self.rope, change);
        self.fences.changed(range.start);
        if range.end < self.top {
            self.top = self.top - change.removed + change.inserted;
        } else {
            self.top = self.top.min(range.start);
        }
        self.revision += 1;
    }

    /// `range` widened to whole words, and how many words that is.
    fn words_around(&self, range: Range<usize>) -> Option<(Range<usize>, usize)> {
        let reach = |chars: &mut dyn Iterator<Item = char>| {
            let mut length = 0;
            for c in chars {
                if text::separates_words(c) {
                    return Some(length);
                }
                length += c.len_utf8();
                if length > LONGEST_WORD {
                    return None;
                }
            }
            Some(length)
        };
        let start = range.start - reach(&mut self.rope.byte_slice(..range.start).chars().rev())?;
        let end = range.end + reach(&mut self.rope.byte_slice(range.end..).chars())?;
        let words = text::words(&read(&self.rope, start..end));
        Some((start..end, words))
    }
}
