//! Markdown as styled lines, with what cannot change any more kept.
//!
//! A growing text is drawn anew only from the last settled place: the start of a block, of a list
//! item, of a line of code or of a table row that later text cannot reach. The cache is invisible:
//! its lines equal those of a fresh drawing, whatever the steps. Never touches a terminal.

mod blocks;
mod draw;
mod marked;
mod page;
mod place;
mod table;

#[cfg(test)]
mod tests;

use crate::view::style::Styles;
use draw::{Drawing, draw};
use page::Origin;
use place::Place;
use ratatui::text::Line;
use std::mem::take;
use std::ops::Range;

/// One Markdown text at one width, as lines.
#[derive(Debug)]
pub struct Markdown {
    source: String,
    width: u16,
    styles: Styles,
    lines: Vec<Line<'static>>,
    origins: Vec<Origin>,
    /// Lines and source before this place are settled.
    settled: Place,
    /// Whether the text has definitions that act at a distance: nothing settles then.
    defines: bool,
}

impl Default for Markdown {
    fn default() -> Self {
        Self {
            source: String::new(),
            width: 0,
            styles: Styles::default(),
            lines: Vec::new(),
            origins: Vec::new(),
            settled: Place::START,
            defines: false,
        }
    }
}

impl Markdown {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Brings the lines up to date with `source`.
    ///
    /// Costs a comparison when nothing changed, and the last open block when text was appended.
    pub fn update(&mut self, source: &str, width: u16, styles: Styles) {
        let same_look = self.width == width && self.styles == styles;
        let grown = source.strip_prefix(self.source.as_str());
        match grown.filter(|_| same_look) {
            Some("") => return,
            Some(more) => self.source.push_str(more),
            None => {
                *self = Self {
                    source: source.to_owned(),
                    width,
                    styles,
                    ..Self::default()
                }
            }
        }
        self.redraw();
    }

    fn redraw(&mut self) {
        let (width, styles) = (self.width, self.styles);
        let drawn = (take(&mut self.lines), take(&mut self.origins));
        let mut drawing = draw(&self.source, &self.settled, drawn, width, styles);
        if drawing.defines && self.settled.offset > 0 {
            self.settled = Place::START;
            let drawn = (drawing.lines, drawing.origins);
            drawing = draw(&self.source, &self.settled, drawn, width, styles);
        }
        self.defines |= drawing.defines;
        self.accept(drawing);
    }

    /// The same, as it looks now, for a text that only went on since: it is not compared again.
    pub fn grow(&mut self, source: &str) {
        debug_assert!(source.starts_with(&self.source), "{source} is another text");
        let more = source.get(self.source.len()..);
        if let Some(more) = more.filter(|more| !more.is_empty()) {
            self.source.push_str(more);
            self.redraw();
        }
    }

    /// Bytes of the text that are laid out.
    pub const fn laid_out(&self) -> usize {
        self.source.len()
    }

    /// Rows in all.
    pub fn height(&self) -> usize {
        self.lines.len()
    }

    /// The lines of `rows`, as many of them as there are.
    pub fn lines(&self, rows: Range<usize>) -> impl Iterator<Item = &Line<'static>> {
        let end = rows.end.min(self.lines.len());
        let start = rows.start.min(end);
        self.lines.get(start..end).unwrap_or_default().iter()
    }

    fn accept(&mut self, drawing: Drawing) {
        self.lines = drawing.lines;
        self.origins = drawing.origins;
        if self.defines {
            return;
        }
        let reach = reach(&self.source);
        let sure = drawing.places.partition_point(|place| place.offset < reach);
        if let Some(place) = drawing.places.into_iter().take(sure).next_back() {
            self.settled = place;
        }
    }
}

/// How far back text that is still to come can change what a line begins: whether a line opens a
/// block shows only when it and, for a table, the line below it are complete.
fn reach(source: &str) -> usize {
    let mut ends = source.rmatch_indices('\n').map(|(end, _)| end);
    ends.nth(1).map_or(0, |end| end + 1)
}
