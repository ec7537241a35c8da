//! The form: label, field, help or problem, for each input.

use super::style::Role;
use super::{Canvas, pane};
use crate::app::Pane;
use crate::app::areas::Target;
use crate::app::field::{Lines, TextEntry};
use crate::app::form::{Content, Field, Form};
use crate::domain::text::Printable;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Draws the pane.
pub(crate) fn draw(canvas: &mut Canvas, area: Rect) {
    let inner = pane::border(canvas, Pane::Template, area);
    let Some(form) = &canvas.app.form else { return };
    pane::labels(canvas, area, &[(form.template.title.clone(), true, None)]);
    let heights: Vec<u16> = form
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| height(field, index == form.focus()))
        .collect();
    let mut skipped = first_shown(&heights, form.focus(), inner.height);
    let mut y = inner.y;
    if form.fields.is_empty() {
        canvas.text(
            (inner.x + 1, y),
            "Nothing to fill in: ctrl+g generates.",
            inner.width.saturating_sub(1),
            Role::Dim,
        );
    }
    for (index, field_height) in heights.iter().enumerate() {
        if skipped > 0 {
            skipped -= 1;
            continue;
        }
        let room = inner.bottom().saturating_sub(y);
        if room == 0 {
            break;
        }
        let place = Rect {
            y,
            height: (*field_height).min(room),
            ..inner
        };
        canvas.target(place, Target::Field(index));
        draw_field(canvas, form, index, place);
        y += place.height;
    }
}

/// Fields to skip at the top so that the focused one is on screen.
fn first_shown(heights: &[u16], focus: usize, room: u16) -> usize {
    let mut first = 0;
    while first < focus && heights.iter().take(focus + 1).skip(first).sum::<u16>() > room {
        first += 1;
    }
    first
}

fn height(field: &Field, focused: bool) -> u16 {
    let value = match &field.content {
        Content::Text(entry) if entry.lines() == Lines::Many => {
            let asked = field.input.rows.max(2);
            if focused {
                asked.max(entry.height().min(8) as u16)
            } else {
                asked.min(entry.height() as u16).max(1)
            }
        }
        Content::Toggle(_) => 0,
        _ => 1,
    };
    1 + value + u16::from(focused && note(field).is_some())
}

/// The help line of a focused field, or what is wrong with it.
fn note(field: &Field) -> Option<(&str, Role)> {
    if let Some(problem) = &field.problem {
        return Some((problem, Role::Error));
    }
    (!field.input.help.is_empty()).then_some((field.input.help.as_str(), Role::Dim))
}

fn draw_field(canvas: &mut Canvas, form: &Form, index: usize, place: Rect) {
    let Some(field) = form.fields.get(index) else {
        return;
    };
    let focused = form.focus() == index
        && canvas.app.focus == Pane::Template
        && canvas.app.dialogs.is_empty();
    let bar = if form.focus() == index { "▎" } else { " " };
    let color = Role::Input(index as u8);
    canvas.text((place.x, place.y), bar, 1, Role::Accent);
    let width = place.width.saturating_sub(2);
    let mut x = place.x + 1;
    x += canvas.text((x, place.y), &field.input.label, width, color);
    if field.input.required {
        x += canvas.text((x, place.y), " *", 2, Role::Accent);
    }
    if let (Some(problem), false) = (&field.problem, form.focus() == index) {
        canvas.text(
            (x + 1, place.y),
            problem,
            place.right().saturating_sub(x + 2),
            Role::Error,
        );
    }
    let value = Rect {
        x: place.x + 2,
        y: place.y + 1,
        width: place.width.saturating_sub(3),
        height: place.height.saturating_sub(1),
    };
    match &field.content {
        Content::Toggle(on) => toggle(
            canvas,
            (x + 1, place.y),
            *on,
            place.right().saturating_sub(x + 2),
        ),
        Content::Choice(picked) if value.height > 0 => {
            let option = field.options().get(*picked).map_or("", String::as_str);
            canvas.text(
                (value.x, value.y),
                &format!("‹ {option} ›"),
                value.width,
                Role::Text,
            );
        }
        Content::Choice(_) => {}
        Content::Text(entry) => text(
            canvas,
            entry,
            focused,
            value_area(field, form.focus() == index, value),
        ),
    }
    if form.focus() == index && place.height > 1 {
        if let Some((note, role)) = note(field) {
            canvas.text(
                (place.x + 2, place.bottom() - 1),
                note,
                place.width.saturating_sub(3),
                role,
            );
        }
    }
    if focused && canvas.cursor.is_none() {
        canvas.cursor = Some(Position {
            x: place.x + 1,
            y: place.y,
        });
    }
}

fn value_area(field: &Field, focused: bool, value: Rect) -> Rect {
    let noted = focused && note(field).is_some() && value.height > 1;
    Rect {
        height: value.height - u16::from(noted),
        ..value
    }
}

fn toggle(canvas: &mut Canvas, at: (u16, u16), on: bool, room: u16) {
    let (label, role) = if on {
        ("[x] yes", Role::Success)
    } else {
        ("[ ] no", Role::Dim)
    };
    canvas.text(at, label, room, role);
}

fn text(canvas: &mut Canvas, entry: &TextEntry, focused: bool, area: Rect) {
    if area.is_empty() {
        return;
    }
    if !focused && entry.is_empty() {
        canvas.text((area.x, area.y), "…", 1, Role::Dim);
        return;
    }
    entry.widget().render(area, canvas.buffer);
    if focused {
        canvas.cursor = Some(cursor(entry, area));
    }
}

/// Where the cursor stands on the drawn widget.
fn cursor(entry: &TextEntry, area: Rect) -> Position {
    let (row, column) = entry.cursor();
    let (top, left) = entry.scrolled();
    let x = area.x
        + (column as u16)
            .saturating_sub(left)
            .min(area.width.saturating_sub(1));
    let y = area.y
        + (row as u16)
            .saturating_sub(top)
            .min(area.height.saturating_sub(1));
    Position { x, y }
}

/// Width of a text on screen.
#[must_use]
pub fn cells(text: &str) -> usize {
    Printable::line(text)
        .as_str()
        .graphemes(true)
        .map(UnicodeWidthStr::width)
        .sum()
}
