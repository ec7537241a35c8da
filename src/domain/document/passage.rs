//! The part of the text around the rows on screen that can be read as Markdown by itself.
//!
//! Looks back no further than it has to, and never further than [`LOOK_BACK`]: what a scroll or a
//! key costs does not grow with the text. Knows fences and blank lines; the rest of Markdown is for
//! whoever reads it.

use super::Document;
use super::wrap::{char_boundary, char_boundary_before, line_range, line_start, read};
use std::ops::Range;

/// Bytes to look back for the fence that a line may stand in.
const LOOK_BACK: usize = 64 << 10;

/// Bytes to look back for the start of a block.
const BLOCK: usize = 4 << 10;

/// Bytes to read beyond the rows on screen.
const BEYOND: usize = 512;

/// What can be read as Markdown by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The line that has to be put before the text: the fence it stands in, or nothing.
    pub lead: String,
    /// The byte of the document that the text begins at.
    pub start: usize,
    /// The text.
    pub text: String,
}

/// A fence around code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fence {
    mark: u8,
    length: usize,
    /// Nothing stands behind it: only such a one can close a block.
    bare: bool,
}

impl Fence {
    /// The fence that a line is, if it is one.
    fn of(mut line: impl Iterator<Item = char>) -> Option<Self> {
        let mark = line.find(|c| !matches!(c, ' ' | '\t' | '>'))?;
        if mark != '`' && mark != '~' {
            return None;
        }
        let mut length = 1;
        let mut after = line.next();
        while after == Some(mark) {
            length += 1;
            after = line.next();
        }
        if length < 3 {
            return None;
        }
        let mut rest = after.into_iter().chain(line);
        let mut bare = true;
        let code = rest.any(|c| {
            bare &= c.is_whitespace();
            c == '`' && mark == '`'
        });
        (!code).then_some(Self {
            mark: mark as u8,
            length,
            bare,
        })
    }

    const fn closes(self, open: Self) -> bool {
        self.mark == open.mark && self.length >= open.length && self.bare
    }

    /// The open block behind a line that is this fence.
    const fn follow(self, open: Option<Self>) -> Option<Self> {
        match open {
            None => Some(self),
            Some(open) if self.closes(open) => None,
            open => open,
        }
    }
}

/// What is known of fences: the block that is open where a line starts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fences {
    at: usize,
    open: Option<Fence>,
}

impl Fences {
    /// Forgets what a change at `from` may have made untrue.
    pub(super) const fn changed(&mut self, from: usize) {
        if from <= self.at {
            self.at = 0;
            self.open = None;
        }
    }
}

impl Document {
    /// The bytes of each row on screen.
    pub fn rows(&self) -> &[Range<usize>] {
        &self.rows
    }

    /// What has to be read to know what the rows on screen are in Markdown.
    pub fn passage(&self) -> Passage {
        let (Some(first), Some(last)) = (self.rows.first(), self.rows.last()) else {
            return Passage {
                lead: String::new(),
                start: 0,
                text: String::new(),
            };
        };
        let top = self.rope.line_of_byte(first.start);
        let line = line_start(&self.rope, top);
        let open = self.fences.open.filter(|_| self.fences.at == line);
        let lead = open.map(|open| {
            let mark = char::from(open.mark);
            let fence = std::iter::repeat_n(mark, open.length);
            fence.chain(['\n']).collect()
        });
        let start = match lead {
            None => self.block_start(top, first.start),
            Some(_) if first.start - line > BLOCK => first.start,
            Some(_) => line,
        };
        let end = line_range(&self.rope, self.rope.line_of_byte(last.end)).end;
        let end = char_boundary(&self.rope, end.min(last.end + BEYOND));
        Passage {
            lead: lead.unwrap_or_default(),
            start,
            text: read(&self.rope, start..end),
        }
    }

    /// Where the block begins that the row from `row` on belongs to, or a place near enough.
    fn block_start(&self, top: usize, row: usize) -> usize {
        let mut line = top;
        let mut start = line_start(&self.rope, line);
        if row - start > BLOCK {
            return char_boundary_before(&self.rope, row - BLOCK);
        }
        while line > 0 && row - start < BLOCK {
            let above = line_range(&self.rope, line - 1);
            let head = self.rope.byte_slice(start..).chars().next();
            let begins = head.is_some_and(|c| !c.is_whitespace());
            if (begins && self.is_blank(line - 1)) || self.fence(&above).is_some() {
                break;
            }
            if row - above.start > BLOCK {
                break;
            }
            line -= 1;
            start = above.start;
        }
        start
    }

    /// Finds out which block of code is open where the first line on screen starts.
    pub(super) fn follow_fences(&mut self) {
        let Some(row) = self.rows.first() else {
            return;
        };
        let line = line_start(&self.rope, self.rope.line_of_byte(row.start));
        let known = self.fences;
        if known.at == line {
            return;
        }
        let open = self.open_at(line);
        self.fences = Fences { at: line, open };
    }

    /// Whether the line that starts there stands in a block of code.
    pub(super) fn is_code(&self, line: usize) -> bool {
        self.open_at(line).is_some()
    }

    /// The block of code that is open where a line starts.
    fn open_at(&self, line: usize) -> Option<Fence> {
        let known = self.fences;
        if known.at == line {
            return known.open;
        }
        let near = known.at < line && line - known.at <= LOOK_BACK;
        if near {
            let between = self.fences_in(known.at..line);
            let open = known.open;
            between.iter().fold(open, |open, fence| fence.follow(open))
        } else {
            let from = char_boundary_before(&self.rope, line.saturating_sub(LOOK_BACK));
            let from = if from == 0 {
                0
            } else {
                line_start(&self.rope, self.rope.line_of_byte(from) + 1).min(line)
            };
            let fences = self.fences_in(from..line);
            // A fence with a language opens a block, so the ones before it come in pairs.
            let speaking = fences.iter().position(|fence| !fence.bare);
            let first = usize::from(from > 0 && speaking.is_some_and(|place| place % 2 == 1));
            let rest = fences.get(first..).unwrap_or_default();
            rest.iter().fold(None, |open, fence| fence.follow(open))
        }
    }

    /// The fences in a range that starts and ends with a line.
    fn fences_in(&self, range: Range<usize>) -> Vec<Fence> {
        let slice = self.rope.byte_slice(range);
        let lines = slice.lines();
        lines.filter_map(|line| Fence::of(line.chars())).collect()
    }

    fn fence(&self, line: &Range<usize>) -> Option<Fence> {
        Fence::of(self.rope.byte_slice(line.clone()).chars())
    }

    /// The columns of a row that show the bytes of `place`, as far as they are in it.
    pub fn columns_of(&self, row: &Range<usize>, place: &Range<usize>) -> Range<u16> {
        let start = place.start.clamp(row.start, row.end);
        let end = place.end.clamp(start, row.end);
        let from = self.drawn(row.start..start).1;
        let to = self.drawn(row.start..end).1;
        from as u16..to as u16
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::document::{Document, Edit, Motion, Scrolling};

    fn shown(text: &str, top: i32, height: u16) -> Document {
        let mut document = Document::new(text);
        document.set_size(40, height);
        document.scroll(top);
        document
    }

    #[test]
    fn a_fence_that_is_off_screen_still_counts() {
        let text = "a\n\n```rust\none\ntwo\nthree\n```\n\nb\n";
        let inside = shown(text, 4, 3).passage();
        assert_eq!((inside.lead.as_str(), inside.start), ("```\n", 15));
        let outside = shown(text, 8, 2);
        assert_eq!(outside.passage().lead, "");
        let mut back = outside;
        back.scroll(-3);
        assert_eq!(back.passage().lead, "```\n");
    }

    #[test]
    fn closing_takes_the_same_mark_at_least_as_often() {
        for (text, inside) in [
            ("````\n```\nx", true),
            ("```\n~~~\nx", true),
            ("~~~\n~~~~ \nx", false),
            ("``` a`b\nx\nx", false),
            ("```\n``` rust\nx", true),
        ] {
            let mut document = shown(text, 0, 1);
            document.apply(Edit::Move(Motion::End), 0);
            assert_eq!(document.passage().lead.is_empty(), !inside, "{text:?}");
        }
    }

    #[test]
    fn far_from_the_start_a_fence_with_a_language_tells_what_is_code() {
        let filler = "text of some length\n".repeat(6000);
        let text = format!("```rust\nx\n```\n{filler}```\ncode\n```\n\n```rust\nhere\nand here\n");
        let mut document = shown(&text, 0, 1);
        document.apply(Edit::Move(Motion::End), 0);
        assert_eq!(document.passage().lead, "```\n");
        document.apply(Edit::Move(Motion::Up), 0);
        document.go_to_line(6004);
        assert_eq!(document.passage().lead, "", "on the opening fence");
    }

    #[test]
    fn an_edit_above_is_followed() {
        let mut document = shown("a\nb\nc\nd\n", 3, 1);
        document.replace(0..0, "```\n", 0);
        document.apply(Edit::Move(Motion::End), 0);
        assert_eq!(document.passage().lead, "```\n");
    }

    #[test]
    fn a_typewriter_keeps_the_line_of_the_cursor_in_the_middle() {
        let text = "line\n".repeat(40);
        let mut document = Document::new(&text);
        document.set_size(20, 9);
        document.set_scrolling(Scrolling::Typewriter);
        for _ in 0..20 {
            document.apply(Edit::Move(Motion::Down), 0);
        }
        assert_eq!(document.cursor_cell(), Some((0, 4)));
        document.apply(Edit::Move(Motion::End), 0);
        assert_eq!(document.cursor_cell(), Some((0, 4)), "at the end, too");
        assert_eq!(document.rows().len(), 5);
        document.set_scrolling(Scrolling::Least);
        assert_eq!(document.rows().len(), 9);
    }
}
