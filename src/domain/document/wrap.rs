//! Soft wrap: the rows of each logical line, kept up to date through edits.
//!
//! Break positions are cached per logical line. An edit re-measures from a few rows before it and
//! stops where the old rows line up again, so a key costs the same in a line of any length. Never
//! knows about the cursor or the viewport.

use super::row::{Extent, row_length};
use crop::Rope;
use std::collections::BTreeMap;
use std::ops::Range;

/// Rows before an edit that it may still change: a row's break depends on the word after it, and
/// a typed accent may widen the cluster before it.
const LOOKBACK: usize = 3;

/// The logical lines of a rope, which end at `\n` or `\r\n`; there is always at least one.
pub(super) fn line_count(rope: &Rope) -> usize {
    rope.line_of_byte(rope.byte_len()) + 1
}

/// The first byte of a line; the end of the text for a line past the last.
pub(super) fn line_start(rope: &Rope, line: usize) -> usize {
    if line < line_count(rope) {
        rope.byte_of_line(line)
    } else {
        rope.byte_len()
    }
}

/// The bytes of a line without its line break.
pub(super) fn line_range(rope: &Rope, line: usize) -> Range<usize> {
    let start = line_start(rope, line);
    if line + 1 >= line_count(rope) {
        return start..rope.byte_len();
    }
    let end = rope.byte_of_line(line + 1) - 1;
    if end > start && rope.byte(end - 1) == b'\r' {
        return start..end - 1;
    }
    start..end
}

/// A copy of a range of the rope. Both ends must be on character boundaries.
pub(super) fn read(rope: &Rope, range: Range<usize>) -> String {
    let mut text = String::with_capacity(range.len());
    for chunk in rope.byte_slice(range).chunks() {
        text.push_str(chunk);
    }
    text
}

/// The nearest character boundary at or after `at`.
pub(super) fn char_boundary(rope: &Rope, mut at: usize) -> usize {
    while at < rope.byte_len() && !rope.is_char_boundary(at) {
        at += 1;
    }
    at.min(rope.byte_len())
}

/// The nearest character boundary at or before `at`.
pub(super) fn char_boundary_before(rope: &Rope, at: usize) -> usize {
    let mut at = at.min(rope.byte_len());
    while !rope.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// What one edit did, as far as wrapping is concerned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    /// Where the edit began.
    pub(super) at: usize,
    /// Bytes it removed.
    pub(super) removed: usize,
    /// Bytes it put in.
    pub(super) inserted: usize,
    /// The line in which the removed text ended, before the edit.
    pub(super) last_line: usize,
    /// The first byte of that line, before the edit.
    pub(super) last_start: usize,
}

/// Row starts per logical line, relative to the line, without the first one (which is 0).
#[derive(Debug, Clone, Default)]
pub(super) struct Wraps {
    width: usize,
    lines: BTreeMap<usize, Vec<u32>>,
}

impl Wraps {
    /// Wraps at `width` columns from now on.
    pub(super) fn set_width(&mut self, width: usize) {
        if self.width != width {
            self.width = width;
            self.lines.clear();
        }
    }

    /// The width rows are wrapped at.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// The row starts of a line, measured now if they are not known yet.
    pub(super) fn rows(&mut self, rope: &Rope, line: usize) -> &[u32] {
        let width = self.width;
        self.lines.entry(line).or_insert_with(|| {
            let mut rows = Vec::new();
            measure(
                rope,
                line_range(rope, line),
                width,
                &mut rows,
                &Tail::default(),
            );
            rows
        })
    }

    /// Forgets lines outside `near` when there are many more than are of use.
    pub(super) fn trim(&mut self, near: Range<usize>) {
        if self.lines.len() > 4 * near.len() + 64 {
            self.lines.retain(|line, _| near.contains(line));
        }
    }

    /// Brings the cache up to date after `change`; `rope` is the text after it.
    pub(super) fn edited(&mut self, rope: &Rope, change: Change) {
        let first = rope.line_of_byte(change.at);
        let last = rope.line_of_byte(change.at + change.inserted);
        let head = self.lines.remove(&first);
        let tail = if change.last_line == first {
            None
        } else {
            self.lines.remove(&change.last_line)
        };
        self.shift(first, change.last_line, last);
        let one = change.last_line == first;
        let tail_rows = if one {
            head.as_deref()
        } else {
            tail.as_deref()
        };
        let tail = tail_rows.map(|rows| Tail::after(rows, &change));
        if let Some(rows) = &head {
            let range = line_range(rope, first);
            let known = rows.partition_point(|&row| range.start + row as usize <= change.at);
            let mut fresh = rows[..known.saturating_sub(LOOKBACK)].to_vec();
            let rest = tail.filter(|_| first == last).unwrap_or_default();
            measure(rope, range, self.width, &mut fresh, &rest);
            self.lines.insert(first, fresh);
        }
        if let Some(tail) = tail
            && last != first
        {
            let mut fresh = Vec::new();
            measure(rope, line_range(rope, last), self.width, &mut fresh, &tail);
            self.lines.insert(last, fresh);
        }
    }

    /// Drops the lines an edit went through and renumbers those after it.
    fn shift(&mut self, first: usize, old_last: usize, new_last: usize) {
        if old_last == first && new_last == first {
            return;
        }
        let after = self.lines.split_off(&(old_last + 1));
        self.lines.split_off(&first);
        let renumbered = after
            .into_iter()
            .map(|(line, rows)| (line - old_last + new_last, rows));
        self.lines.extend(renumbered);
    }
}

/// Row starts from before an edit that may still hold after it.
#[derive(Debug, Clone, Copy, Default)]
struct Tail<'a> {
    rows: &'a [u32],
    /// Where the line that `rows` count from began.
    line: usize,
    /// Where the edit ended, in the text before and after it.
    end: (usize, usize),
}

impl<'a> Tail<'a> {
    fn after(rows: &'a [u32], change: &Change) -> Self {
        let end = change.at + change.removed;
        let line = change.last_start;
        let gone = rows.partition_point(|&row| line + (row as usize) < end);
        Self {
            rows: &rows[gone..],
            line,
            end: (end, change.at + change.inserted),
        }
    }

    /// Where the old row starts are in the new text, from the `from`th on.
    fn starts(&self, from: usize) -> impl Iterator<Item = usize> + use<'a> {
        let Self { line, end, .. } = *self;
        let rows = self.rows.get(from..).unwrap_or_default();
        rows.iter()
            .map(move |&row| line + row as usize - end.0 + end.1)
    }
}

/// Extends `rows`, the known first rows of the line, until its end or until a row starts where
/// one of `tail` does: from there on the old rows hold.
fn measure(rope: &Rope, line: Range<usize>, width: usize, rows: &mut Vec<u32>, tail: &Tail<'_>) {
    let mut at = line.start + rows.last().map_or(0, |&row| row as usize);
    let mut window = at..at;
    let mut text = String::new();
    let mut size = 512;
    let mut next = 0;
    loop {
        let whole = window.end >= line.end && window.start <= at;
        match row_length(&text[at - window.start..], whole, width) {
            Extent::Length(length) => {
                at += length;
                rows.push((at - line.start) as u32);
                next += tail.starts(next).take_while(|&start| start < at).count();
                if tail.starts(next).next() == Some(at) {
                    let rest = tail.starts(next + 1);
                    rows.extend(rest.map(|start| (start - line.start) as u32));
                    return;
                }
            }
            Extent::Last => return,
            Extent::Unknown => {
                // Twice the window when a single row did not fit in the last one.
                size = if window.start == at {
                    size * 2
                } else {
                    (size * 2).min(65_536)
                };
                window = at..char_boundary(rope, at + size).min(line.end);
                text = read(rope, window.clone());
            }
        }
    }
}
