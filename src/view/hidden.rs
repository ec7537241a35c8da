//! Hidden characters on screen: their number on a pane's border, their kinds in a box.
//!
//! Never shows one of them: only names and code points.

use super::style::Role;
use super::wrap::columns;
use super::{Canvas, dialogs};
use crate::app::command::Command;
use crate::app::hidden::{Inspected, Inspector};
use crate::domain::tokens::thousands;
use ratatui::layout::Rect;

/// Says on the bottom border how many hidden characters a text has, as far as there is room.
pub(crate) fn number(canvas: &mut Canvas, area: Rect, count: usize) {
    if count == 0 || area.height < 2 {
        return;
    }
    let key = canvas.app.keymap.key_of(Command::HiddenCharacters);
    let number = thousands(count as u64);
    let words = if count == 1 {
        "character"
    } else {
        "characters"
    };
    let notes = [
        format!(" {number} hidden {words} · {key} "),
        format!(" {number} hidden · {key} "),
        format!(" {number} hidden "),
    ];
    let room = area.width.saturating_sub(4);
    let Some(note) = notes.iter().find(|note| columns(note) <= usize::from(room)) else {
        return;
    };
    let width = columns(note) as u16;
    let at = (area.right() - width - 2, area.bottom() - 1);
    canvas.text(at, note, width, Role::Warning);
}

/// Draws the inspector.
pub(crate) fn draw(canvas: &mut Canvas, inspector: &Inspector, screen: Rect) {
    let (title, help) = match inspector.text {
        Inspected::Draft => (
            "Hidden in the draft".to_owned(),
            "enter goes there · r removes these · a removes all · esc",
        ),
        Inspected::Variant(number) => (
            format!("Hidden in variant {number}"),
            "use it as draft to change it · esc closes",
        ),
    };
    let height = inspector.kinds.len().saturating_add(4);
    let height = u16::try_from(height).unwrap_or(u16::MAX).min(18);
    let inner = dialogs::frame(canvas, screen, (62, height), &title);
    if inner.height < 3 {
        return;
    }
    let rows = usize::from(inner.height - 2);
    let first = inspector.cursor.saturating_sub(rows - 1);
    let shown = inspector.kinds.iter().enumerate().skip(first).take(rows);
    for ((index, kind), y) in shown.zip(inner.y..) {
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        let place = format!("first in line {}:{}", kind.line, kind.column);
        let width = columns(&place) as u16;
        let room = line.width.saturating_sub(width + 1);
        let told = format!("{} × {}", kind.title(), thousands(kind.count as u64));
        canvas.text((line.x, y), &told, room, Role::Text);
        let at = (line.right().saturating_sub(width), y);
        canvas.text(at, &place, width, Role::Dim);
        if index == inspector.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    let at = (inner.x, inner.bottom() - 1);
    canvas.text(at, help, inner.width, Role::Dim);
}
