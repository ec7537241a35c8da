//! Where the cursor may stand and where a motion takes it.
//!
//! Every position given out is on a grapheme boundary. Never changes the text, the cursor or the
//! viewport; only the wrap cache may grow.

use super::row::{clusters, width_of};
use super::wrap::{char_boundary, char_boundary_before, line_count, line_range, line_start, read};
use super::{Document, Motion};
use crop::Rope;
use std::ops::Range;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// A row by its line and its index within that line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    pub(super) line: usize,
    pub(super) row: usize,
}

impl Document {
    /// The row that holds a byte.
    pub(super) fn address_of(&mut self, at: usize) -> Address {
        let line = self.rope.line_of_byte(at);
        let offset = at - line_start(&self.rope, line);
        let rows = self.wraps.rows(&self.rope, line);
        Address {
            line,
            row: rows.partition_point(|&row| row as usize <= offset),
        }
    }

    /// The bytes of a row, without the line break.
    pub(super) fn row_range(&mut self, at: Address) -> Range<usize> {
        let line = line_range(&self.rope, at.line);
        let rows = self.wraps.rows(&self.rope, at.line);
        let start = match at.row {
            0 => line.start,
            row => rows
                .get(row - 1)
                .map_or(line.end, |&row| line.start + row as usize),
        };
        let end = rows
            .get(at.row)
            .map_or(line.end, |&row| line.start + row as usize);
        start..end
    }

    /// The row `count` rows further up, or the first one.
    pub(super) fn rows_up(&mut self, mut at: Address, mut count: usize) -> Address {
        while count > at.row {
            if at.line == 0 {
                return Address { line: 0, row: 0 };
            }
            count -= at.row + 1;
            at.line -= 1;
            at.row = self.wraps.rows(&self.rope, at.line).len();
        }
        Address {
            line: at.line,
            row: at.row - count,
        }
    }

    /// The row `count` rows further down, or the last one; and how many rows that was.
    pub(super) fn rows_down(&mut self, mut at: Address, count: usize) -> (Address, usize) {
        let lines = line_count(&self.rope);
        let mut left = count;
        loop {
            let below = self.wraps.rows(&self.rope, at.line).len() - at.row;
            if left <= below || at.line + 1 >= lines {
                let step = left.min(below);
                at.row += step;
                return (at, count - left + step);
            }
            left -= below + 1;
            at = Address {
                line: at.line + 1,
                row: 0,
            };
        }
    }

    /// The column of a position within its row.
    pub(super) fn column_of(&mut self, at: usize) -> usize {
        let address = self.address_of(at);
        let row = self.row_range(address);
        let width = self.wraps.width();
        let text = read(&self.rope, row.start..at.min(row.end).max(row.start));
        text.graphemes(true).fold(0, |column, cluster| {
            column + width_of(cluster, column, width)
        })
    }

    /// The position in a row whose cell covers `column`; the last one for columns past the text.
    pub(super) fn position_in_row(&mut self, address: Address, column: usize) -> usize {
        let row = self.row_range(address);
        let is_last = address.row == self.wraps.rows(&self.rope, address.line).len();
        let width = self.wraps.width();
        let text = read(&self.rope, row.clone());
        let mut reached = 0;
        let mut last = 0;
        for (at, cluster) in clusters(&text) {
            reached += width_of(cluster, reached, width);
            if reached > column {
                return row.start + at;
            }
            last = at;
        }
        // The end of a soft row is the start of the next one, so stop before its last cluster.
        if is_last { row.end } else { row.start + last }
    }

    /// The nearest boundary after `at`.
    pub(super) fn next_boundary(&self, at: usize) -> usize {
        let line = self.rope.line_of_byte(at);
        let end = line_range(&self.rope, line).end;
        if at >= end {
            return line_start(&self.rope, line + 1);
        }
        let mut size = 64;
        loop {
            let to = char_boundary(&self.rope, (at + size).min(end));
            let text = read(&self.rope, at..to);
            let length = clusters(&text)
                .next()
                .map_or(0, |(_, cluster)| cluster.len());
            if length < text.len() || to == end {
                return at + length;
            }
            size *= 4;
        }
    }

    /// The nearest boundary before `at`.
    pub(super) fn previous_boundary(&mut self, at: usize) -> usize {
        let line = self.rope.line_of_byte(at);
        let range = line_range(&self.rope, line);
        if at <= range.start {
            return line
                .checked_sub(1)
                .map_or(0, |line| line_range(&self.rope, line).end);
        }
        let inside = char_boundary_before(&self.rope, at - 1);
        self.boundary_at_or_before(inside)
    }

    /// `at`, or the boundary before it when it lies within a cluster.
    pub(super) fn boundary_at_or_before(&mut self, at: usize) -> usize {
        let address = self.address_of(at);
        let row = self.row_range(address);
        if at >= row.end {
            return row.end;
        }
        let text = read(&self.rope, row.clone());
        let before = text
            .grapheme_indices(true)
            .map(|(start, _)| row.start + start);
        before
            .take_while(|&start| start <= at)
            .last()
            .unwrap_or(row.start)
    }

    /// `at`, or the boundary after it when it lies within a cluster.
    pub(super) fn boundary_at_or_after(&mut self, at: usize) -> usize {
        let before = self.boundary_at_or_before(at);
        if before == at {
            at
        } else {
            self.next_boundary(before)
        }
    }

    /// Where a motion leads from `from`. `goal` is the column that vertical motions aim for.
    pub(super) fn target(&mut self, motion: Motion, from: usize, goal: usize) -> usize {
        let page = usize::from(self.size.1.max(2)) - 1;
        match motion {
            Motion::Left => self.previous_boundary(from),
            Motion::Right => self.next_boundary(from),
            Motion::Up => self.up(from, goal, 1),
            Motion::Down => self.down(from, goal, 1),
            Motion::PageUp => self.up(from, goal, page),
            Motion::PageDown => self.down(from, goal, page),
            Motion::WordLeft => self.word_left(from),
            Motion::WordRight => self.word_right(from),
            Motion::RowStart => {
                let address = self.address_of(from);
                self.row_range(address).start
            }
            Motion::RowEnd => {
                let address = self.address_of(from);
                self.position_in_row(address, usize::MAX)
            }
            Motion::Start => 0,
            Motion::End => self.rope.byte_len(),
            Motion::ParagraphUp => self.paragraph_up(from),
            Motion::ParagraphDown => self.paragraph_down(from),
        }
    }

    fn up(&mut self, from: usize, goal: usize, rows: usize) -> usize {
        let address = self.address_of(from);
        let to = self.rows_up(address, rows);
        if to == address {
            0
        } else {
            self.position_in_row(to, goal)
        }
    }

    fn down(&mut self, from: usize, goal: usize, rows: usize) -> usize {
        let address = self.address_of(from);
        match self.rows_down(address, rows) {
            (_, 0) => self.rope.byte_len(),
            (to, _) => self.position_in_row(to, goal),
        }
    }

    fn word_left(&mut self, from: usize) -> usize {
        let mut size = 128;
        loop {
            let start = char_boundary(&self.rope, from.saturating_sub(size));
            let text = read(&self.rope, start.min(from)..from);
            let word = text
                .split_word_bound_indices()
                .rfind(|(_, piece)| is_word(piece));
            match word {
                Some((at, _)) if at > 0 || start == 0 => {
                    return self.boundary_at_or_before(start + at);
                }
                None if start == 0 => return 0,
                _ => size *= 4,
            }
        }
    }

    fn word_right(&mut self, from: usize) -> usize {
        let length = self.rope.byte_len();
        let mut size = 128;
        loop {
            let end = char_boundary(&self.rope, (from + size).min(length));
            let text = read(&self.rope, from..end);
            let word = text
                .split_word_bound_indices()
                .find(|(_, piece)| is_word(piece));
            match word.map(|(at, piece)| at + piece.len()) {
                Some(to) if to < text.len() || end == length => {
                    return self.boundary_at_or_after(from + to);
                }
                None if end == length => return length,
                _ => size *= 4,
            }
        }
    }

    /// The word, blank or mark around `at`.
    pub(super) fn word_around(&mut self, at: usize) -> Range<usize> {
        let line = line_range(&self.rope, self.rope.line_of_byte(at));
        let at = at.min(line.end);
        let start = char_boundary(&self.rope, at.saturating_sub(256)).max(line.start);
        let end = char_boundary(&self.rope, at + 256).min(line.end);
        let text = read(&self.rope, start..end);
        let piece = text
            .split_word_bound_indices()
            .map(|(from, piece)| start + from..start + from + piece.len())
            .find(|piece| piece.end > at);
        let piece = piece.unwrap_or(at..at);
        let from = self.boundary_at_or_before(piece.start);
        from..self.boundary_at_or_after(piece.end)
    }

    fn paragraph_up(&self, from: usize) -> usize {
        let mut line = self.rope.line_of_byte(from);
        if from == line_start(&self.rope, line) && line > 0 {
            line -= 1;
        }
        while line > 0 && self.is_blank(line) {
            line -= 1;
        }
        while line > 0 && !self.is_blank(line - 1) {
            line -= 1;
        }
        line_start(&self.rope, line)
    }

    fn paragraph_down(&self, from: usize) -> usize {
        let lines = line_count(&self.rope);
        let mut line = self.rope.line_of_byte(from);
        while line < lines && !self.is_blank(line) {
            line += 1;
        }
        while line < lines && self.is_blank(line) {
            line += 1;
        }
        line_start(&self.rope, line)
    }

    pub(super) fn is_blank(&self, line: usize) -> bool {
        let range = line_range(&self.rope, line);
        self.rope.byte_slice(range).chars().all(char::is_whitespace)
    }
}

fn is_word(piece: &str) -> bool {
    piece.contains(char::is_alphanumeric)
}

/// Whether `text` is exactly one cluster, as a key press delivers it.
pub(super) fn is_one_cluster(text: &str) -> bool {
    let mut cursor = GraphemeCursor::new(0, text.len(), true);
    matches!(cursor.next_boundary(text, 0), Ok(Some(end)) if end == text.len())
}

/// The line break that is the custom around `at`.
pub(super) fn line_break(rope: &Rope, at: usize) -> &'static str {
    let line = rope.line_of_byte(at);
    let ended = [Some(line), line.checked_sub(1)]
        .into_iter()
        .flatten()
        .find(|&line| line + 1 < line_count(rope));
    let crlf =
        ended.is_some_and(|line| line_start(rope, line + 1) - line_range(rope, line).end == 2);
    if crlf { "\r\n" } else { "\n" }
}
