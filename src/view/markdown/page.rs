//! The page that Markdown is drawn on: finished lines, and what stands left of them.
//!
//! Owns nesting (bars, bullets, hanging indent) and the blank rows between blocks. Knows nothing
//! of the parser.

use super::draw::Drawn;
use crate::view::style::{Role, Styles};
use crate::view::wrap::{Flow, columns};
use ratatui::text::{Line, Span};
use std::borrow::Cow;

/// Columns that nesting leaves to the text, whatever the depth.
const NARROWEST: usize = 4;
/// A strip of spaces that indents borrow from.
const SPACES: &str = "                                                                ";

/// Something that holds blocks and stands left of each of their rows.
#[derive(Debug)]
pub(super) struct Frame {
    /// What the first row shows; later rows show spaces of the same width, or it again.
    marker: Cow<'static, str>,
    role: Role,
    repeats: bool,
    columns: usize,
    /// Whether a row of it has been drawn.
    shown: bool,
    /// How blank rows between its blocks come about.
    pub(super) gaps: Gaps,
}

/// When a blank row stands between two blocks of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gaps {
    /// Always.
    Every,
    /// Where the source has a blank line.
    AsWritten,
}

/// Where a line stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    /// The byte that its text begins at, or one before it.
    pub(super) source: usize,
    /// Columns of what stands left of the text.
    pub(super) frames: usize,
}

/// Lines so far, and the open frames.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) lines: Vec<Line<'static>>,
    /// Where each line stands in the source.
    pub(super) origins: Vec<Origin>,
    /// Where the line that comes next stands.
    pub(super) here: usize,
    pub(super) styles: Styles,
    frames: Vec<Frame>,
    /// Columns that the open frames take.
    used: usize,
    width: usize,
    /// Whether something stands above, here or on an earlier page.
    filled: bool,
    gap: bool,
}

impl Page {
    /// A page that goes on below rows that are drawn already.
    pub(super) fn below((lines, origins): Drawn, width: u16, styles: Styles) -> Self {
        Self {
            lines,
            origins,
            here: 0,
            styles,
            frames: Vec::new(),
            used: 0,
            width: usize::from(width),
            filled: false,
            gap: false,
        }
    }

    /// Lets the page go on below an earlier one.
    pub(super) const fn continue_below(&mut self) {
        self.filled = true;
    }

    /// Whether no frame is open.
    pub(super) const fn is_top(&self) -> bool {
        self.frames.is_empty()
    }

    /// Columns left for text.
    pub(super) fn room(&self) -> usize {
        self.width.saturating_sub(self.used).max(1)
    }

    /// Whether the next row brings a blank one along.
    pub(super) const fn gap_is_due(&self) -> bool {
        self.gap
    }

    /// Begins a block: decides whether a blank row comes before it.
    pub(super) fn begin(&mut self, blank_before: impl FnOnce() -> bool) {
        let (filled, gaps) = match self.frames.last() {
            Some(frame) => (frame.shown, frame.gaps),
            None => (self.filled, Gaps::Every),
        };
        if filled && (gaps == Gaps::Every || blank_before()) {
            self.gap = true;
        }
    }

    /// Asks for a blank row before the next one.
    pub(super) const fn gap(&mut self) {
        self.gap = true;
    }

    /// Opens a frame whose first row shows `marker`.
    pub(super) fn open(&mut self, marker: impl Into<Cow<'static, str>>, role: Role, gaps: Gaps) {
        let marker = marker.into();
        let wide = columns(&marker);
        let fits = self.room() >= wide + NARROWEST;
        let columns = if fits { wide } else { 0 };
        self.used += columns;
        self.frames.push(Frame {
            columns,
            marker: if fits { marker } else { Cow::Borrowed("") },
            role,
            repeats: false,
            shown: false,
            gaps,
        });
    }

    /// Opens a frame that shows `marker` on every row.
    pub(super) fn open_bar(&mut self, marker: &'static str, role: Role) {
        self.open(marker, role, Gaps::Every);
        if let Some(frame) = self.frames.last_mut() {
            frame.repeats = true;
        }
    }

    /// Replaces the marker of the innermost frame before its first row.
    pub(super) fn remark(&mut self, marker: &'static str) {
        if let Some(frame) = self.pop() {
            self.open(marker, frame.role, frame.gaps);
        }
    }

    /// Closes the innermost frame; one that stayed empty still shows its marker.
    pub(super) fn close(&mut self) {
        if self
            .frames
            .last()
            .is_some_and(|frame| !frame.shown && !frame.repeats)
        {
            self.row(Vec::new());
        }
        self.pop();
    }

    /// Closes the innermost frame, which has no marker worth a row of its own.
    pub(super) fn close_quietly(&mut self) {
        self.pop();
    }

    fn pop(&mut self) -> Option<Frame> {
        let frame = self.frames.pop()?;
        self.used -= frame.columns;
        Some(frame)
    }

    /// Draws running text, wrapped.
    pub(super) fn text(&mut self, flow: &Flow) {
        for row in flow.rows(self.room()) {
            self.here = flow.source_of(row.start).unwrap_or(self.here);
            let mut spans = Vec::with_capacity(self.frames.len() + flow.count_spans(&row));
            self.prefix(&mut spans);
            flow.spans_into(&row, &mut spans);
            self.push(spans);
        }
    }

    /// Draws one row that is already wrapped.
    pub(super) fn row(&mut self, mut content: Vec<Span<'static>>) {
        let mut spans = Vec::with_capacity(self.frames.len() + content.len());
        self.prefix(&mut spans);
        spans.append(&mut content);
        self.push(spans);
    }

    fn push(&mut self, spans: Vec<Span<'static>>) {
        self.filled = true;
        self.origins.push(Origin {
            source: self.here,
            frames: self.used,
        });
        self.lines.push(Line {
            spans,
            ..Line::default()
        });
    }

    /// The blank row that is due, then what stands left of the next one.
    fn prefix(&mut self, spans: &mut Vec<Span<'static>>) {
        if std::mem::take(&mut self.gap) {
            let mut bars = Vec::new();
            let last = self
                .frames
                .iter()
                .rposition(|frame| frame.repeats && frame.shown);
            let deep = last.map_or(0, |last| last + 1);
            for frame in self.frames.iter().take(deep) {
                let hidden = !frame.repeats || !frame.shown;
                bars.push(left(frame, self.styles, hidden));
            }
            self.push(bars);
        }
        for frame in &mut self.frames {
            if frame.columns > 0 {
                let hidden = frame.shown && !frame.repeats;
                spans.push(left(frame, self.styles, hidden));
            }
            frame.shown = true;
        }
    }
}

fn left(frame: &Frame, styles: Styles, hidden: bool) -> Span<'static> {
    if !hidden {
        return Span::styled(frame.marker.clone(), styles.of(frame.role));
    }
    SPACES
        .get(..frame.columns)
        .map_or_else(|| Span::raw(" ".repeat(frame.columns)), Span::raw)
}
