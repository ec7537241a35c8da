//! Draws the boxes over a form: what a field held before.
//!
//! Only reads, and only the rows that are on screen.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::cut;
use super::{Canvas, filtered};
use crate::app::form::earlier::Earlier;
use ratatui::layout::Rect;

/// The size of such a box.
const fn size(screen: Rect) -> (u16, u16) {
    let (width, height) = (
        screen.width.saturating_sub(4),
        screen.height.saturating_sub(3),
    );
    (
        if width < 76 { width } else { 76 },
        if height < 18 { height } else { 18 },
    )
}

/// Draws what a field held before.
pub(crate) fn draw_earlier(canvas: &mut Canvas, earlier: &Earlier, screen: Rect) {
    let title = format!("{} before", earlier.label);
    let inner = frame(canvas, screen, size(screen), &title);
    if inner.height < 3 {
        return;
    }
    filtered::draw(canvas, &earlier.list.query, inner);
    let rows = usize::from(inner.height - 2);
    let first = filtered::first(earlier.list.cursor, rows);
    let shown = earlier.list.rows.iter().enumerate().skip(first).take(rows);
    for ((at, place), y) in shown.zip(inner.y + 1..) {
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        let text = cut(earlier.line(*place), usize::from(line.width));
        canvas.text((line.x, y), &text, line.width, Role::Text);
        if at == earlier.list.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    if earlier.list.rows.is_empty() {
        let text = "it held nothing like that";
        canvas.text((inner.x, inner.y + 1), text, inner.width, Role::Dim);
    }
    let help = "enter takes it · ctrl+x lets go of it for good · esc";
    let at = (inner.x, inner.bottom() - 1);
    canvas.text(at, help, inner.width, Role::Dim);
}
