//! Draws the box that exports a text.

use super::dialogs::frame;
use super::style::Role;
use super::{Canvas, capitalised, entry, list};
use crate::app::exporting::{ExportBox, Row, Target};
use ratatui::layout::Rect;

/// Cells before what is chosen.
const LABEL: u16 = 8;

/// Draws the box.
pub(crate) fn draw(canvas: &mut Canvas, shown: &ExportBox, screen: Rect) {
    let title = format!("Export {}", shown.name);
    let told: Vec<String> = shown
        .told
        .iter()
        .flat_map(|told| told_lines(told))
        .collect();
    let height = 8 + told.len() as u16;
    let inner = frame(canvas, screen, (64, height), &title);
    if inner.height < 4 {
        return;
    }
    for (row, y) in shown.rows().into_iter().zip(inner.y..inner.bottom()) {
        draw_row(
            canvas,
            shown,
            row,
            Rect {
                y,
                height: 1,
                ..inner
            },
        );
    }
    let top = inner.y + 4;
    for (line, y) in told.iter().zip(top..inner.bottom().saturating_sub(1)) {
        canvas.text((inner.x, y), line, inner.width, Role::Warning);
    }
    let keys = "enter exports · tab next row · ←→ choose · esc";
    canvas.text((inner.x, inner.bottom() - 1), keys, inner.width, Role::Key);
}

fn told_lines(told: &str) -> Vec<String> {
    list::wrap(&capitalised(told), 60)
}

fn draw_row(canvas: &mut Canvas, shown: &ExportBox, row: Row, line: Rect) {
    let focused = row == shown.row;
    let (label, value) = match row {
        Row::Format => ("Format", shown.format.title()),
        Row::Target => ("To", shown.target.title()),
        Row::Path if shown.target == Target::Folder => ("Folder", ""),
        Row::Path => ("File", ""),
    };
    let sign = canvas.says("▸", " ");
    let mark = if focused { sign } else { " " };
    canvas.text((line.x, line.y), mark, 1, Role::Key);
    canvas.text((line.x + 2, line.y), label, LABEL, Role::Text);
    let place = Rect {
        x: line.x + 2 + LABEL,
        width: line.width.saturating_sub(2 + LABEL),
        ..line
    };
    if row == Row::Path {
        let focus = if focused {
            entry::Focus::Here
        } else {
            entry::Focus::Elsewhere
        };
        entry::draw(canvas, &shown.path, focus, place);
        return;
    }
    let value = if canvas.is_linear() {
        value.to_owned()
    } else {
        format!("‹ {value} ›")
    };
    let role = if focused { Role::Strong } else { Role::Text };
    canvas.text((place.x, place.y), &value, place.width, role);
    if focused {
        canvas.cursor = Some((place.x, place.y).into());
    }
}
