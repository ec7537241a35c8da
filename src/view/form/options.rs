//! The options of a field that takes several.

use crate::app::areas::Target;
use crate::app::picked::Picked;
use crate::domain::brief::Value;
use crate::view::Canvas;
use crate::view::style::Role;
use crate::view::wrap::cut;
use ratatui::layout::Rect;

/// The options of a field that takes several, each with its mark; what is picked in a row where the
/// cursor is elsewhere.
pub(super) fn draw(
    canvas: &mut Canvas,
    picked: &Picked,
    current: bool,
    (field, area): (usize, Rect),
) {
    if area.is_empty() {
        return;
    }
    if !current {
        let Value::List(chosen) = picked.value() else {
            return;
        };
        if chosen.is_empty() {
            canvas.text((area.x, area.y), "…", 1, Role::Dim);
        } else {
            let chosen = cut(&chosen.join(", "), usize::from(area.width));
            canvas.text((area.x, area.y), &chosen, area.width, Role::Text);
        }
        return;
    }
    let room = usize::from(area.height);
    let first = (picked.cursor() + 1).saturating_sub(room);
    let rows = picked.rows().enumerate().skip(first).take(room);
    for (y, (index, (option, marked))) in (area.y..).zip(rows) {
        let row = Rect {
            y,
            height: 1,
            ..area
        };
        canvas.target(row, Target::Option(field, index));
        let here = index == picked.cursor();
        let sign = canvas.says("›", " ");
        canvas.text((area.x, y), if here { sign } else { " " }, 1, Role::Accent);
        if here && canvas.is_linear() {
            canvas.cursor = Some(row.as_position());
        }
        let (mark, role) = if marked {
            (canvas.says("[x]", "yes"), Role::Success)
        } else {
            (canvas.says("[ ]", "no"), Role::Dim)
        };
        canvas.text((area.x + 2, y), mark, area.width.saturating_sub(2), role);
        let width = area.width.saturating_sub(6);
        let option = cut(option, usize::from(width));
        canvas.text((area.x + 6, y), &option, width, Role::Text);
    }
}
