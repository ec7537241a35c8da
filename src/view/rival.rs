//! Draws the list of what a form can be compared with, and the fields that the other template asks
//! for beyond the form.
//!
//! Only reads, and only the rows that are on screen.

use super::dialogs::frame;
use super::form::{Stands, draw_field, first_shown, heights};
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, filtered, recovery};
use crate::app::msg::Now;
use crate::app::rival::{Lacking, Rivals};
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

/// Draws the fields that the other template asks for.
pub(super) fn draw_lacking(canvas: &mut Canvas, lacking: &Lacking, screen: Rect) {
    let width = 64.min(screen.width);
    let most = screen.height.saturating_sub(3);
    let room = Rect {
        width: width.saturating_sub(4),
        height: most.saturating_sub(4),
        ..screen
    };
    let form = &lacking.form;
    let heights = heights(form, room);
    let rows: u16 = heights.iter().sum();
    let title = format!("A/B: {} also asks for", lacking.title);
    let size = (width, rows.saturating_add(4).min(most));
    let inner = frame(canvas, screen, size, &title);
    if inner.height < 3 {
        return;
    }
    let first = first_shown(&heights, form.focus(), inner.height - 2);
    let (mut y, end) = (inner.y, inner.bottom() - 2);
    for (index, height) in heights.iter().enumerate().skip(first) {
        let place = Rect {
            y,
            height: (*height).min(end.saturating_sub(y)),
            ..inner
        };
        if place.is_empty() {
            break;
        }
        draw_field(canvas, form, (index, Stands::InBox), place);
        y += place.height;
    }
    let help = "enter sends to both · tab next field · esc sends nothing";
    let help = cut(help, usize::from(inner.width));
    canvas.text((inner.x, inner.bottom() - 1), &help, inner.width, Role::Key);
}
