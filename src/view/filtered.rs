//! What is typed to narrow a list, above the list, and which rows of it are on screen.
//!
//! The one way for every list of this kind. Draws no row of the list itself.

use super::style::Role;
use super::{Canvas, entry};
use crate::app::field::TextEntry;
use ratatui::layout::Rect;

/// Draws what is typed into the first row of a box.
pub(super) fn draw(canvas: &mut Canvas, query: &TextEntry, inner: Rect) {
    let used = canvas.text((inner.x, inner.y), "> ", inner.width, Role::Key);
    let place = Rect {
        x: inner.x + used,
        width: inner.width.saturating_sub(used),
        height: 1,
        ..inner
    };
    entry::draw(canvas, query, entry::Focus::Here, place);
}

/// The first row shown, so that the highlighted one is among `rows`.
pub(super) const fn first(cursor: usize, rows: usize) -> usize {
    cursor.saturating_sub(rows.saturating_sub(1))
}
