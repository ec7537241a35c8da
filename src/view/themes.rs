//! Draws the box of themes: their names, whose they are, and what is wrong in the highlighted one.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::columns;
use super::{Canvas, filtered, list};
use crate::app::themes::ThemeBox;
use crate::config::theme::Depth;
use ratatui::layout::Rect;

/// Draws the box.
pub(crate) fn draw(canvas: &mut Canvas, shown: &ThemeBox, screen: Rect) {
    let inner = frame(canvas, screen, (46, 14), "Theme");
    if inner.height < 3 {
        return;
    }
    filtered::draw(canvas, &shown.list.query, inner);
    let told = below(canvas, shown, inner.width);
    let lines = told.len().min(usize::from(inner.height - 2)) as u16;
    let rows = usize::from(inner.height - 2 - lines);
    let first = filtered::first(shown.list.cursor, rows);
    let visible = shown.list.rows.iter().enumerate().skip(first).take(rows);
    for ((place, at), y) in visible.zip(inner.y + 1..) {
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        let named = &shown.all[*at];
        canvas.text((line.x, y), &named.name, line.width, Role::Text);
        let note = match (named.own, named.odd.is_empty()) {
            (_, false) => "! has mistakes",
            (true, true) => "your own",
            (false, true) => "",
        };
        let width = columns(note) as u16;
        canvas.text(
            (line.right().saturating_sub(width), y),
            note,
            width,
            Role::Dim,
        );
        if place == shown.list.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    if shown.list.rows.is_empty() {
        let none = "no theme is called that";
        canvas.text((inner.x, inner.y + 1), none, inner.width, Role::Dim);
    }
    let top = inner.bottom() - 1 - lines;
    for (line, y) in told.iter().zip(top..inner.bottom() - 1) {
        canvas.text((inner.x, y), line, inner.width, Role::Warning);
    }
    let keys = "enter keeps it · esc goes back";
    canvas.text((inner.x, inner.bottom() - 1), keys, inner.width, Role::Dim);
}

/// What is to be known of the highlighted theme.
fn below(canvas: &Canvas, shown: &ThemeBox, width: u16) -> Vec<String> {
    let mut told = Vec::new();
    if canvas.depth == Depth::None {
        told.push("NO_COLOR is set: none of them shows colours".to_owned());
    }
    let odd = shown.chosen().and_then(|named| named.odd.first());
    told.extend(odd.cloned());
    told.iter()
        .flat_map(|text| list::wrap(text, width.into()))
        .collect()
}
