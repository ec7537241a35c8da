//! What is marked with the mouse in the Output pane, and a drag that goes on at an edge.
//!
//! Knows cells of the page and no text: drawing tells which part of the source they show.

use super::areas::Areas;
use super::effect::Effect;
use super::key::Mouse;
use super::{App, Pane};
use crate::domain::run::RunId;

/// Milliseconds between two steps of a drag that is held beyond an edge.
const STEP: u64 = 60;

/// What the ends of what is marked are put at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The cells themselves, for a drag.
    Cell,
    /// Whole words, from a double click on.
    Word,
    /// Whole paragraphs, from a triple click on.
    Paragraph,
}

/// A stretch of cells of a variant's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// The variant.
    pub run: RunId,
    /// The row of the page and the column where it began.
    pub from: (usize, u16),
    /// Where it ends.
    pub to: (usize, u16),
    /// What is marked around its ends, too.
    pub by: Unit,
}

impl Marked {
    /// Whether it marks anything: a click alone does not.
    pub fn shows(&self) -> bool {
        self.from != self.to || self.by != Unit::Cell
    }
}

impl App {
    /// Begins to mark where the mouse was pressed: by words the second time, by paragraphs the third.
    pub(super) fn begin_marking(&mut self, mouse: Mouse, clicks: u8) {
        self.marked = None;
        let place = self.cell_of_page(mouse);
        let Some(place) = place else { return };
        let run = if self.asks.shown {
            self.choose_at(place.0)
        } else {
            self.output.shown().map(|shown| shown.run)
        };
        if let Some(run) = run {
            self.marked = Some(Marked {
                run,
                from: place,
                to: place,
                by: match clicks {
                    0 | 1 => Unit::Cell,
                    2 => Unit::Word,
                    _ => Unit::Paragraph,
                },
            });
        }
    }

    /// Chooses the answer of a conversation that is under the mouse.
    pub(super) fn choose_under(&mut self, mouse: Mouse) {
        if let Some((row, _)) = self.cell_of_page(mouse).filter(|_| self.asks.shown) {
            self.choose_at(row);
        }
    }

    /// Marks up to where the mouse is; beyond an edge the page scrolls.
    pub(super) fn mark_up_to(&mut self, mouse: Mouse) {
        let area = self.areas.output;
        if mouse.row < area.top() {
            self.scroll_output(-1);
        } else if mouse.row >= area.bottom() {
            self.scroll_output(1);
        }
        let place = self.cell_of_page(mouse);
        if let (Some(place), Some(marked)) = (place, self.marked.as_mut()) {
            marked.to = place;
        }
    }

    /// The source of what is marked.
    pub(super) fn marked_text(&self) -> Option<String> {
        let (run, range) = self.areas.marked.clone()?;
        let marked = self.marked.filter(|marked| marked.run == run)?;
        let shown = self.shown_answer().filter(|shown| shown.run == run)?;
        let text = shown.text.get(range)?;
        (marked.shows() && !text.is_empty()).then(|| text.to_owned())
    }

    /// Marks nothing any more; true if something was.
    pub(super) fn stop_marking_output(&mut self) -> bool {
        let marked = self.marked.take();
        self.focus == Pane::Output && marked.is_some_and(|marked| marked.shows())
    }

    /// The cell of the page that is under the mouse, or next to it.
    fn cell_of_page(&self, mouse: Mouse) -> Option<(usize, u16)> {
        let area = self.areas.output;
        let scroll = if self.asks.shown {
            self.talk()?.scroll
        } else {
            self.output.shown()?.scroll
        };
        if area.is_empty() {
            return None;
        }
        let row = mouse.row.clamp(area.top(), area.bottom() - 1) - area.top();
        let column = mouse.column.clamp(area.left(), area.right() - 1) - area.left();
        Some((scroll + usize::from(row), column))
    }

    /// Remembers a drag that is held beyond an edge, so that it goes on without the mouse moving.
    pub(super) fn hold_drag(&mut self, mouse: Mouse) -> Vec<Effect> {
        let area = area_of(self.focus, &self.areas);
        let beyond = mouse.row < area.top() || mouse.row >= area.bottom();
        self.held = (beyond && !area.is_empty()).then_some(mouse);
        self.held
            .map(|_| Effect::WakeAt(self.now.0 + STEP))
            .into_iter()
            .collect()
    }
}

fn area_of(focus: Pane, areas: &Areas) -> ratatui::layout::Rect {
    match focus {
        Pane::Editor => areas.document,
        Pane::Output => areas.output,
        Pane::Template => ratatui::layout::Rect::ZERO,
    }
}
