//! The find bar under the text, and the places it found.
//!
//! Only reads: what is found was worked out beforehand.

use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, entry};
use crate::app::find::{Find, Line};
use crate::domain::document::{Case, Document, Wording};
use ratatui::layout::Rect;

/// Columns of the words before the entries.
const LABEL: u16 = 5;

/// Takes the bar's rows from the bottom of the text; returns what is left for it, and the bar.
pub(crate) fn split(canvas: &Canvas, area: Rect) -> (Rect, Rect) {
    let find = canvas.app.editor.find.as_ref();
    let rows = find.map_or(0, |find| 1 + u16::from(find.instead.is_some()));
    let rows = rows.min(area.height.saturating_sub(1));
    let text = Rect {
        height: area.height - rows,
        ..area
    };
    let bar = Rect {
        y: text.bottom(),
        height: rows,
        ..area
    };
    (text, bar)
}

/// Draws the bar and marks the places in the text above it.
pub(crate) fn draw(canvas: &mut Canvas, document: &Document, text: Rect, bar: Rect) {
    let app = canvas.app;
    let Some(find) = &app.editor.find else {
        return;
    };
    for (row, cells) in document.marked(&find.places) {
        let place = Rect {
            x: text.x.saturating_add(cells.start),
            y: text.y.saturating_add(row),
            width: cells.end - cells.start,
            height: 1,
        };
        canvas.paint(place.intersection(text), Role::Match);
    }
    let keys = app.is_finding() && app.dialogs.is_empty();
    let room = usize::from(bar.width.saturating_sub(LABEL) / 2);
    let said = said(find, document, room);
    for (number, y) in (bar.top()..bar.bottom()).enumerate() {
        let row = Rect {
            y,
            height: 1,
            ..bar
        };
        let (label, line, entry) = match (number, &find.instead) {
            (1, Some(instead)) => ("With", Line::Instead, instead),
            _ => ("Find", Line::Wanted, &find.wanted),
        };
        canvas.text((row.x, y), label, LABEL, Role::Key);
        let mut room = row.width.saturating_sub(LABEL);
        if line == Line::Wanted {
            room = draw_said(canvas, row, room, &said);
        }
        let focus = if keys && find.line == line {
            entry::Focus::Here
        } else {
            entry::Focus::Elsewhere
        };
        let place = Rect {
            x: row.x + LABEL.min(row.width),
            width: room,
            ..row
        };
        entry::draw(canvas, entry, focus, place);
    }
}

/// What the bar says at its right in that many columns: how it looks, and what it found. The count
/// is whole whatever there is no room for.
fn said(find: &Find, document: &Document, room: usize) -> (String, Role) {
    if let Some(problem) = &find.problem {
        return (cut(problem, room), Role::Error);
    }
    let ways = [
        (find.wording == Wording::Pattern).then_some("pattern"),
        (find.case == Case::Exact).then_some("exact case"),
        find.within.as_ref().map(|_| "in selection"),
    ];
    let ways: Vec<&str> = ways.into_iter().flatten().collect();
    let (ways, count) = (ways.join(" · "), find.count(document));
    if ways.is_empty() || count.is_empty() {
        return (ways + &count, Role::Dim);
    }
    let left = room.saturating_sub(columns(&count) + 3);
    if left < 4 {
        return (count, Role::Dim);
    }
    (format!("{} · {count}", cut(&ways, left)), Role::Dim)
}

/// Writes it; returns the columns that are left for the entry.
fn draw_said(canvas: &mut Canvas, row: Rect, room: u16, (said, role): &(String, Role)) -> u16 {
    let width = (columns(said) as u16).min(room);
    canvas.text((row.right() - width, row.y), said, width, *role);
    room.saturating_sub(width + u16::from(width > 0))
}
