//! Draws a text entry: its rows, its selection, its cursor.
//!
//! The one way for every field, filter and dialog, so that they all show what they hold alike.

use super::style::Role;
use super::wrap::columns;
use super::{Canvas, cells};
use crate::app::field::TextEntry;
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;

/// Whether the keys go to the entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Focus {
    /// It shows its cursor.
    Here,
    /// It shows its start.
    Elsewhere,
}

/// Draws the entry into `area`; returns how many columns of the text are left of it.
pub(crate) fn draw(canvas: &mut Canvas, entry: &TextEntry, focus: Focus, area: Rect) -> u16 {
    if area.is_empty() {
        return 0;
    }
    let left = match focus {
        Focus::Here => entry.left(area.width),
        Focus::Elsewhere => 0,
    };
    let style = canvas.styles.of(Role::Text);
    for (row, y) in entry.rows().iter().zip(area.top()..area.bottom()) {
        let (text, gap) = from_column(&row.text, usize::from(left));
        let x = area.x.saturating_add(gap);
        let room = area.width.saturating_sub(gap);
        cells::print(canvas.buffer, (x, y), text, room, style);
        if let (Some(selected), Focus::Here) = (&row.selected, focus) {
            let from = selected.start.saturating_sub(left);
            let to = selected.end.saturating_sub(left).min(area.width);
            let place = Rect {
                x: area.x + from.min(area.width),
                y,
                width: to.saturating_sub(from),
                height: 1,
            };
            canvas.paint(place, Role::Selection);
        }
    }
    if focus == Focus::Elsewhere && entry.goes_on() {
        let last = entry
            .rows()
            .into_iter()
            .take(area.height.into())
            .next_back();
        let used = last.map_or(0, |row| columns(&row.text));
        let x = area.x + (used as u16 + 1).min(area.width - 1);
        canvas.text((x, area.bottom() - 1), "…", 1, Role::Dim);
    }
    if focus == Focus::Here {
        let (row, column) = entry.cursor();
        let last = area.width - 1;
        canvas.cursor = Some(Position {
            x: area.x + (column as u16).saturating_sub(left).min(last),
            y: area.y + (row as u16).min(area.height - 1),
        });
    }
    left
}

/// The text from a column on, and the columns that a wide character cut there leaves empty.
fn from_column(text: &str, column: usize) -> (&str, u16) {
    let mut at = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        if at >= column {
            return (&text[start..], (at - column) as u16);
        }
        at += columns(grapheme);
    }
    ("", 0)
}

#[cfg(test)]
mod tests {
    use super::from_column;

    #[test]
    fn a_wide_character_at_the_left_edge_leaves_a_blank() {
        assert_eq!(from_column("日本語", 2), ("本語", 0));
        assert_eq!(from_column("日本語", 3), ("語", 1));
        assert_eq!(from_column("ab", 5), ("", 0));
    }
}
