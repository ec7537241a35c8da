//! What the form says around its fields: its title, what is missing, the brief it holds, and that an
//! edited prompt takes its place.

use crate::app::form::Form;
use crate::app::prompt::Detached;
use crate::domain::text::Printable;
use crate::view::style::Role;
use crate::view::wrap::{columns, cut};
use crate::view::{Canvas, list, pane};
use ratatui::layout::Rect;

/// Columns of the upper border that neither its title nor its note may have: corners, spaces, a line.
const AROUND: usize = 8;

/// Writes the title and, behind it, how many fields still need a value; where there is no room for
/// both, the title is shortened.
pub(super) fn heading(canvas: &mut Canvas, form: &Form, area: Rect) {
    let note = match form.missing() {
        0 => String::new(),
        missing => format!("{missing} needed"),
    };
    let mut title = form.template.title.clone();
    if !note.is_empty() {
        let room = usize::from(area.width).saturating_sub(columns(&note) + AROUND);
        title = cut(&title, room.max(1));
    }
    let end = pane::labels(canvas, area, &[(title, true, None)]);
    pane::note(canvas, area, end, (&note, Role::Warning));
}

/// Says on the lower border which brief the form was filled from, and whether it says something
/// else by now.
pub(super) fn held(canvas: &mut Canvas, form: &Form, area: Rect) {
    let Some((held, differs)) = form.held() else {
        return;
    };
    let room = usize::from(area.width).saturating_sub(6);
    if area.height < 2 || room < 4 {
        return;
    }
    let changed = if differs { " · changed" } else { "" };
    let title = cut(&held.title, room.saturating_sub(columns(changed)));
    let text = format!(" {}{changed} ", Printable::line(&title));
    let role = if differs { Role::Warning } else { Role::Dim };
    canvas.text((area.x + 2, area.bottom() - 1), &text, area.width - 4, role);
}

/// Says at the top that the form does not count while an edited prompt is sent in its place;
/// returns what is left for the fields.
pub(super) fn taken_over(canvas: &mut Canvas, area: Rect) -> Rect {
    let taken = canvas.app.editor.detached.as_ref();
    if !taken.is_some_and(Detached::is_edited) {
        return area;
    }
    let told = "This prompt was edited: the form does not change it (ctrl+t, esc returns).";
    let told = canvas.app.keymap.told(told);
    let lines = list::wrap(&told, usize::from(area.width.saturating_sub(2)));
    let rows = (lines.len() as u16).min(area.height / 2);
    for (line, y) in lines.iter().zip(area.y..area.y + rows) {
        canvas.text((area.x + 1, y), line, area.width - 1, Role::Warning);
    }
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}
