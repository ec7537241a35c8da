//! Tables: cells collected row by row, columns as wide as their first rows want.
//!
//! The widths are fixed by the head and the first [`SAMPLE`] rows, so that a table of any length
//! grows without being laid out anew; wider cells below wrap. Knows nothing of the parser's events.

use super::page::Page;
use crate::view::style::Role;
use crate::view::wrap::{Flow, columns};
use pulldown_cmark::Alignment;
use ratatui::text::Span;
use std::ops::Range;
use std::sync::Arc;

/// Rows below the head that decide the widths of the columns.
const SAMPLE: usize = 64;
const BETWEEN: &str = " │ ";

/// A table being read.
#[derive(Debug)]
pub(super) struct Table {
    alignments: Vec<Alignment>,
    /// Rows not drawn yet; the first is the head, if the head is still to be drawn.
    waiting: Vec<Vec<Flow>>,
    widths: Option<Arc<[usize]>>,
    /// Head and delimiter in the source, where the table may be continued from.
    pub(super) head: Range<usize>,
}

impl Table {
    pub(super) const fn new(alignments: Vec<Alignment>, head: Range<usize>) -> Self {
        Self {
            alignments,
            waiting: Vec::new(),
            widths: None,
            head,
        }
    }

    /// Fixes the widths that an earlier part of the table has settled.
    pub(super) fn settle(&mut self, widths: Arc<[usize]>) {
        self.widths = Some(widths);
    }

    /// The widths, once they cannot change any more.
    pub(super) const fn settled(&self) -> Option<&Arc<[usize]>> {
        self.widths.as_ref()
    }

    pub(super) fn begin_row(&mut self) {
        self.waiting.push(Vec::with_capacity(self.alignments.len()));
    }

    pub(super) fn cell(&mut self, cell: Flow) {
        if let Some(row) = self.waiting.last_mut() {
            row.push(cell);
        }
    }

    /// Forgets the head, which stands on an earlier page.
    pub(super) fn skip_head(&mut self) {
        self.waiting.clear();
    }

    /// Draws the row that was read last, as soon as the widths are known.
    pub(super) fn end_row(&mut self, page: &mut Page) {
        if self.widths.is_some() {
            for row in std::mem::take(&mut self.waiting) {
                self.draw_row(&row, page);
            }
        } else if self.waiting.len() > SAMPLE {
            self.draw_first(page);
        }
    }

    /// Draws what is still waiting.
    pub(super) fn finish(&mut self, page: &mut Page) {
        if self.widths.is_none() {
            self.draw_first(page);
        }
    }

    fn draw_first(&mut self, page: &mut Page) {
        let rows = std::mem::take(&mut self.waiting);
        self.widths = Some(fit(&rows, self.alignments.len(), page.room()));
        for (number, row) in rows.iter().enumerate() {
            self.draw_row(row, page);
            if number == 0 {
                self.draw_rule(page);
            }
        }
    }

    fn draw_rule(&self, page: &mut Page) {
        let style = page.styles.of(Role::Marker);
        let widths = self.widths.as_deref().unwrap_or_default();
        let text = if widths.is_empty() {
            "─".repeat(page.room())
        } else {
            let parts: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
            parts.join("─┼─")
        };
        page.row(vec![Span::styled(text, style)]);
    }

    fn draw_row(&self, cells: &[Flow], page: &mut Page) {
        let widths = self.widths.as_deref().unwrap_or_default();
        if widths.is_empty() {
            return draw_joined(cells, page);
        }
        let marker = page.styles.of(Role::Marker);
        let wrapped: Vec<_> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| cell.rows(*width))
            .collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        for number in 0..height {
            let first = cells.first().and_then(|cell| cell.source_of(0));
            page.here = first.unwrap_or(page.here);
            let mut spans = Vec::new();
            for (column, width) in widths.iter().enumerate() {
                if column > 0 {
                    spans.push(Span::styled(BETWEEN, marker));
                }
                let row = wrapped.get(column).and_then(|rows| rows.get(number));
                let (Some(row), Some(cell)) = (row, cells.get(column)) else {
                    spans.push(Span::raw(" ".repeat(*width)));
                    continue;
                };
                let used = columns(cell.text().get(row.clone()).unwrap_or_default());
                let (before, after) = self.padding(column, width.saturating_sub(used));
                pad(&mut spans, before);
                cell.spans_into(row, &mut spans);
                if column + 1 < widths.len() {
                    pad(&mut spans, after);
                }
            }
            page.row(spans);
        }
    }

    fn padding(&self, column: usize, free: usize) -> (usize, usize) {
        match self.alignments.get(column) {
            Some(Alignment::Right) => (free, 0),
            Some(Alignment::Center) => (free / 2, free - free / 2),
            _ => (0, free),
        }
    }
}

fn pad(spans: &mut Vec<Span<'static>>, count: usize) {
    if count > 0 {
        spans.push(Span::raw(" ".repeat(count)));
    }
}

/// A row of a table that has no room for columns: its cells as running text.
fn draw_joined(cells: &[Flow], page: &mut Page) {
    let marker = page.styles.of(Role::Marker);
    let room = page.room();
    for (number, cell) in cells.iter().enumerate() {
        for row in cell.rows(room) {
            page.here = cell.source_of(row.start).unwrap_or(page.here);
            let mut spans = Vec::new();
            cell.spans_into(&row, &mut spans);
            page.row(spans);
        }
        if number + 1 == cells.len() {
            page.row(vec![Span::styled("┄".repeat(room), marker)]);
        }
    }
}

/// Widths that fit into `room`, or none if not even narrow columns do.
fn fit(rows: &[Vec<Flow>], count: usize, room: usize) -> Arc<[usize]> {
    let mut widths = vec![1; count];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.widest().max(*width);
        }
    }
    let room = room.saturating_sub(count.saturating_sub(1) * columns(BETWEEN));
    if room < count * 3 && widths.iter().sum::<usize>() > room {
        return Arc::from([]);
    }
    shrink(&mut widths, room);
    widths.into()
}

/// Narrows the widest columns until all fit; the narrow ones keep what they want.
fn shrink(widths: &mut [usize], room: usize) {
    let mut sorted = widths.to_vec();
    sorted.sort_unstable();
    let mut left = room;
    for (number, width) in sorted.iter().enumerate() {
        let share = left / (sorted.len() - number);
        if *width > share {
            let mut odd = left % (sorted.len() - number);
            for wide in widths.iter_mut().filter(|wide| **wide > share) {
                *wide = share + usize::from(odd > 0);
                odd = odd.saturating_sub(1);
            }
            return;
        }
        left -= width;
    }
}
