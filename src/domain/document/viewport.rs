//! What of a document is on screen: rows, the cursor's cell, the mouse, scrolling.
//!
//! The viewport is anchored at the first byte it shows and its rows are worked out whenever
//! something changes, so that drawing only reads. Never changes the text.

use super::Document;
use super::motion::Address;
use super::row::{clusters, shown};
use super::undo::Caret;
use super::wrap::{self, line_count, line_start, read};
use std::ops::Range;

/// Columns to wrap at before anyone said how wide the viewport is.
pub(super) const UNSEEN_WIDTH: usize = 80;

/// One row on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The bytes it shows.
    pub range: Range<usize>,
    /// Its text, safe to draw: tabs are blanks, hidden characters are marks.
    pub text: String,
    /// The columns that are selected.
    pub selected: Option<Range<u16>>,
}

/// The word or line that was clicked: a drag from there goes on by whole ones.
#[derive(Debug, Clone)]
pub(super) struct Grip {
    range: Range<usize>,
    lines: bool,
    /// The text that it was clicked in; in any other its place means nothing.
    revision: u64,
}

/// How the text moves with the cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scrolling {
    /// As little as it has to.
    #[default]
    Least,
    /// So that the cursor's row stays in the middle, also at the end of the text.
    Typewriter,
}

impl Document {
    /// Columns and rows of the viewport; nothing for a document that was never shown.
    pub const fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Sets the columns and rows of the viewport; the text is wrapped anew as far as it shows.
    /// False when it has that size already.
    pub fn set_size(&mut self, width: u16, height: u16) -> bool {
        if self.size == (width, height) {
            return false;
        }
        let seen = self.rows.is_empty() || self.cursor_cell().is_some();
        self.size = (width, height);
        self.goal = None;
        self.wraps.set_width(if width == 0 {
            UNSEEN_WIDTH
        } else {
            usize::from(width)
        });
        if seen {
            self.reveal(0);
        } else {
            self.fill();
        }
        true
    }

    /// The rows on screen, from the top.
    pub fn visible(&self) -> Vec<Row> {
        let selection = self.selection();
        self.rows
            .iter()
            .map(|range| self.row(range, selection.as_ref()))
            .collect()
    }

    /// Column and row of the cursor within the viewport, or `None` when it is scrolled away.
    pub fn cursor_cell(&self) -> Option<(u16, u16)> {
        let index = self.rows.iter().rposition(|row| row.start <= self.cursor)?;
        let row = &self.rows[index];
        let is_last = index + 1 == self.rows.len();
        if self.cursor > row.end || (is_last && self.cursor == row.end && !self.ends_line(row.end))
        {
            return None;
        }
        let (_, column) = self.drawn(row.start..self.cursor);
        (column < usize::from(self.size.0)).then_some((column as u16, index as u16))
    }

    /// A press of the mouse: sets the cursor, selects the word (2) or the line (3).
    pub fn click(&mut self, column: u16, row: u16, clicks: u8) {
        let at = self.position_at(column, row);
        self.grip = (clicks >= 2).then(|| Grip {
            range: self.piece_around(at, clicks > 2),
            lines: clicks > 2,
            revision: self.revision,
        });
        let caret = match &self.grip {
            None => Caret {
                cursor: at,
                anchor: None,
            },
            Some(grip) => Caret {
                cursor: grip.range.end,
                anchor: Some(grip.range.start),
            },
        };
        self.place(caret);
        // What was clicked is on screen; moving it away from under the pointer would be rude.
        if clicks < 2 {
            self.reveal(0);
        } else {
            self.fill();
        }
    }

    /// The word or line at a place.
    fn piece_around(&mut self, at: usize, lines: bool) -> Range<usize> {
        if !lines {
            return self.word_around(at);
        }
        let line = self.rope.line_of_byte(at);
        line_start(&self.rope, line)..line_start(&self.rope, line + 1)
    }

    /// The mouse moves with its button down: extends the selection, by words or lines where one was
    /// clicked. A row outside of the viewport scrolls by one.
    pub fn drag(&mut self, column: u16, row: i32) {
        let last = i32::from(self.size.1) - 1;
        if row < 0 {
            self.scroll(-1);
        } else if row > last {
            self.scroll(1);
        }
        let at = self.position_at(column, row.clamp(0, last.max(0)) as u16);
        let grip = self.grip.clone();
        let (anchor, cursor) = match grip.filter(|grip| grip.revision == self.revision) {
            None => (self.anchor.unwrap_or(self.cursor), at),
            Some(grip) if grip.range.contains(&at) => (grip.range.start, grip.range.end),
            Some(grip) => {
                let here = self.piece_around(at, grip.lines);
                if at < grip.range.start {
                    (grip.range.end, here.start)
                } else {
                    (grip.range.start, here.end.max(grip.range.end))
                }
            }
        };
        self.place(Caret {
            cursor,
            anchor: Some(anchor),
        });
        self.fill();
    }

    /// Scrolls by rows, down when positive. The cursor stays where it is in the text.
    pub fn scroll(&mut self, rows: i32) {
        let top = self.address_of(self.top);
        let count = rows.unsigned_abs() as usize;
        let to = if rows < 0 {
            self.rows_up(top, count)
        } else {
            self.rows_down(top, count).0
        };
        self.top = self.row_range(to).start;
        self.fill();
    }

    /// Shows the start of the text, wherever the cursor is. False when it did already.
    pub fn show_start(&mut self) -> bool {
        let moves = self.top != 0;
        self.top = 0;
        if moves {
            self.fill();
        }
        moves
    }

    /// Shows the cursor again, wherever the view was left. False when nothing moved.
    pub fn show_cursor(&mut self) -> bool {
        let top = self.top;
        if self.cursor_cell().is_none() && self.selection().is_none() {
            self.reveal(0);
        }
        self.top != top
    }

    /// Whether text follows the rows on screen.
    pub fn goes_on(&self) -> bool {
        self.rows.last().is_some_and(|row| row.end < self.len())
    }

    /// Whether text goes before the rows on screen.
    pub fn begins_above(&self) -> bool {
        self.rows.first().is_some_and(|row| row.start > 0)
    }

    /// Scrolls as little as needed for the cursor to show, `margin` rows from the edges.
    pub(super) fn reveal(&mut self, margin: usize) {
        let height = usize::from(self.size.1);
        if height == 0 || self.size.0 == 0 {
            self.rows.clear();
            return;
        }
        if self.scrolling == Scrolling::Typewriter && margin > 0 {
            return self.centre();
        }
        let margin = margin.min((height - 1) / 2);
        let cursor = self.address_of(self.cursor);
        let below = self.rows_down(cursor, margin).1;
        let highest = self.rows_up(cursor, height - 1 - below);
        let lowest = self.rows_up(cursor, margin);
        let top = self.address_of(self.top);
        let top = top.clamp(highest, lowest.max(highest));
        self.top = self.row_range(top).start;
        self.fill();
    }

    /// Shows the cursor's row in the middle, as far as there is text above it.
    pub(super) fn centre(&mut self) {
        let cursor = self.address_of(self.cursor);
        let height = usize::from(self.size.1);
        let top = self.rows_up(cursor, height.saturating_sub(1) / 2);
        self.top = self.row_range(top).start;
        self.fill();
    }

    /// Says how the text moves with the cursor.
    pub fn set_scrolling(&mut self, scrolling: Scrolling) {
        if self.scrolling != scrolling {
            self.scrolling = scrolling;
            self.reveal(super::MARGIN);
        }
    }

    /// Works out the rows on screen.
    pub(super) fn fill(&mut self) {
        let height = usize::from(self.size.1);
        self.rows.clear();
        if height == 0 || self.size.0 == 0 {
            return;
        }
        let mut top = self.address_of(self.top);
        let least = match self.scrolling {
            Scrolling::Least => height - 1,
            Scrolling::Typewriter => (height - 1) / 2,
        };
        let below = self.rows_down(top, least).1;
        if below < least {
            top = self.rows_up(top, least - below);
        }
        self.top = self.row_range(top).start;
        let end = self.collect_rows(top, height);
        self.follow_fences();
        self.wraps
            .trim(top.line.saturating_sub(height)..end + height);
    }

    fn collect_rows(&mut self, mut at: Address, height: usize) -> usize {
        let lines = line_count(&self.rope);
        while self.rows.len() < height && at.line < lines {
            let line = wrap::line_range(&self.rope, at.line);
            let starts = self.wraps.rows(&self.rope, at.line);
            let place = |&row: &u32| line.start + row as usize;
            let mut start = at
                .row
                .checked_sub(1)
                .and_then(|row| starts.get(row))
                .map_or(line.start, place);
            for row in at.row..=starts.len() {
                let end = starts.get(row).map_or(line.end, place);
                self.rows.push(start..end);
                start = end;
                if self.rows.len() == height {
                    break;
                }
            }
            at = Address {
                line: at.line + 1,
                row: 0,
            };
        }
        at.line
    }

    fn position_at(&mut self, column: u16, row: u16) -> usize {
        let row = usize::from(row);
        match self.rows.get(row).cloned() {
            Some(range) => {
                let address = self.address_of(range.start);
                self.position_in_row(address, usize::from(column))
            }
            None if self.rows.is_empty() => self.cursor,
            None => self.len(),
        }
    }

    /// Whether the row that ends at `end` is the last one of its line.
    fn ends_line(&self, end: usize) -> bool {
        end == self.len()
            || matches!(self.rope.byte(end), b'\n' | b'\r') && {
                let line = self.rope.line_of_byte(end);
                wrap::line_range(&self.rope, line).end == end
            }
    }

    fn row(&self, range: &Range<usize>, selection: Option<&Range<usize>>) -> Row {
        let (text, columns) = self.drawn(range.clone());
        let selected = selection.and_then(|selection| {
            let start = selection.start.max(range.start);
            let end = selection.end.min(range.end);
            // A selected line break shows as one cell behind the text.
            let break_too = selection.end > range.end && self.ends_line(range.end);
            if start > range.end || (start >= end && !break_too) || selection.end < range.start {
                return None;
            }
            let from = if start == range.start {
                0
            } else {
                self.drawn(range.start..start).1
            };
            let to = if end == range.end {
                columns
            } else {
                self.drawn(range.start..end).1
            };
            let to = (to + usize::from(break_too)).min(usize::from(self.size.0));
            (from < to).then_some(from as u16..to as u16)
        });
        Row {
            range: range.clone(),
            text,
            selected,
        }
    }

    /// The text of a range within one row as it is drawn, and its columns.
    pub(super) fn drawn(&self, range: Range<usize>) -> (String, usize) {
        let text = read(&self.rope, range);
        if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            let columns = text.len();
            return (text, columns);
        }
        let mut out = String::with_capacity(text.len());
        let mut column = 0;
        for (_, cluster) in clusters(&text) {
            let (shown, columns) = shown(cluster, column, self.wraps.width());
            out.push_str(&shown);
            column += columns;
        }
        (out, column)
    }
}
