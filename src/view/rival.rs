//! Draws the list of what a form can be compared with.
//!
//! Only reads, and only the rows that are on screen.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, filtered, recovery};
use crate::app::msg::Now;
use crate::app::rival::Rivals;
use ratatui::layout::Rect;

/// Draws the list.
pub(super) fn draw(canvas: &mut Canvas, rivals: &Rivals, screen: Rect) {
    let title = format!("A/B: {} and…", rivals.title);
    let size = (
        64.min(screen.width),
        18.min(screen.height.saturating_sub(3)),
    );
    let inner = frame(canvas, screen, size, &title);
    if inner.height < 3 {
        return;
    }
    filtered::draw(canvas, &rivals.list.query, inner);
    let rows = usize::from(inner.height - 2);
    let first = filtered::first(rivals.list.cursor, rows);
    let now = canvas.app.now;
    let shown = rivals.list.rows.iter().enumerate().skip(first).take(rows);
    for ((at, place), y) in shown.zip(inner.y + 1..) {
        let Some(row) = rivals.row(*place) else {
            continue;
        };
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        let note = match row.at {
            Some(at) => {
                let at = Now(u64::try_from(at.as_millisecond()).unwrap_or(0));
                format!("{} · {}", row.note, recovery::ago(at, now))
            }
            None => row.note.clone(),
        };
        let note = cut(&note, usize::from(line.width / 2));
        let wide = columns(&note) as u16;
        let room = line.width.saturating_sub(wide + 1);
        let text = cut(&row.title, usize::from(room));
        canvas.text((line.x, y), &text, room, Role::Text);
        canvas.text((line.right() - wide, y), &note, wide, Role::Dim);
        if at == rivals.list.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    if rivals.list.rows.is_empty() {
        let text = "nothing is called that";
        canvas.text((inner.x, inner.y + 1), text, inner.width, Role::Dim);
    }
    let help = "enter sends the brief to both, side by side · esc";
    canvas.text((inner.x, inner.bottom() - 1), help, inner.width, Role::Dim);
}
