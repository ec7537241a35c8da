//! The form: label, field, help or problem, for each input.

mod frame;
mod options;

use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, entry, list, pane, prompt};
use crate::app::Pane;
use crate::app::areas::{FieldArea, FormPart, Target};
use crate::app::field::{Lines, TextEntry};
use crate::app::form::{Content, Field, Form};
use crate::domain::tokens::thousands;
use ratatui::layout::{Position, Rect};

/// Options of a focused field that are shown at once.
const MOST_OPTIONS: usize = 8;
/// What is said of such a field that has no help of its own.
const MARKING: &str = "left and right go to another, space marks it";

/// Where fields stand: those of a box have no numbers in the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    InPane,
    InBox,
}

/// Draws the pane.
pub(crate) fn draw(canvas: &mut Canvas, area: Rect) {
    let inner = pane::border(canvas, Pane::Template, area);
    let Some(form) = &canvas.app.form else { return };
    frame::heading(canvas, form, area);
    frame::held(canvas, form, area);
    let inner = frame::taken_over(canvas, inner);
    if canvas.app.has_field_in_full() {
        canvas.target(inner, Target::Field(form.focus()));
        return draw_field(canvas, form, (form.focus(), Stands::InPane), inner);
    }
    let heights = heights(form, inner);
    let last = first_shown(&heights, heights.len().saturating_sub(1), inner.height);
    let first = form
        .first
        .unwrap_or_else(|| first_shown(&heights, form.focus(), inner.height));
    let first = first.min(last);
    canvas.areas.form = FormPart { first, last };
    let mut skipped = first;
    let mut y = inner.y;
    if form.fields.is_empty() {
        canvas.text(
            (inner.x + 1, y),
            &canvas
                .app
                .keymap
                .told("Nothing to fill in: ctrl+g generates."),
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
        draw_field(canvas, form, (index, Stands::InPane), place);
        y += place.height;
    }
}

/// Fields to skip at the top so that the focused one is on screen.
pub(super) fn first_shown(heights: &[u16], focus: usize, room: u16) -> usize {
    let mut first = 0;
    while first < focus && heights.iter().take(focus + 1).skip(first).sum::<u16>() > room {
        first += 1;
    }
    first
}

/// The rows of each field. Tall ones have what their template asks for while there is room for
/// that, the first ones first.
pub(super) fn heights(form: &Form, area: Rect) -> Vec<u16> {
    let fields = form.fields.iter().enumerate();
    let mut heights: Vec<u16> = fields
        .map(|(index, field)| height(field, index == form.focus(), area.width))
        .collect();
    let mut room = area.height.saturating_sub(heights.iter().sum());
    for (index, (field, height)) in form.fields.iter().zip(&mut heights).enumerate() {
        let tall = matches!(&field.content, Content::Text(entry) if entry.lines() == Lines::Many);
        if tall && index != form.focus() {
            let more = (1 + field.input.rows.max(2)).saturating_sub(*height);
            *height += more.min(room);
            room -= more.min(room);
        }
    }
    heights
}

fn height(field: &Field, focused: bool, width: u16) -> u16 {
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
        Content::Choices(picked) if focused => picked.len().clamp(1, MOST_OPTIONS) as u16,
        _ => 1,
    };
    1 + value
        + if focused {
            note(field, width).0.len() as u16
        } else {
            0
        }
}

/// The help lines of a focused field, or what is wrong with it, or what its file is.
fn note(field: &Field, width: u16) -> (Vec<String>, Role) {
    if let Some(complaint) = field.complaint().filter(|_| field.problem.is_none()) {
        let mut lines = list::wrap(&complaint, usize::from(width.saturating_sub(3)));
        lines.truncate(3);
        return (lines, Role::Warning);
    }
    let (text, role) = match (&field.problem, field.sight()) {
        (Some(problem), _) => (problem.as_str(), Role::Error),
        (None, Some(Ok(sight))) => (sight.told.as_str(), Role::Success),
        (None, Some(Err(why))) => (why.as_str(), Role::Warning),
        (None, None) if field.day().is_some() => return dated(field, width),
        (None, None) if field.takes_several() && field.input.help.is_empty() => {
            (MARKING, Role::Dim)
        }
        (None, None) => (field.input.help.as_str(), Role::Dim),
    };
    let mut lines = list::wrap(text, usize::from(width.saturating_sub(3)));
    lines.truncate(3);
    (lines, role)
}

/// The day that a field holds, and its help.
fn dated(field: &Field, width: u16) -> (Vec<String>, Role) {
    let mut lines: Vec<String> = field.day().into_iter().collect();
    lines.extend(list::wrap(
        &field.input.help,
        usize::from(width.saturating_sub(3)),
    ));
    lines.retain(|line| !line.is_empty());
    lines.truncate(3);
    (lines, Role::Dim)
}

/// How much a tall field holds, at the right of its label.
fn extent(canvas: &mut Canvas, entry: &TextEntry, end: u16, place: Rect) {
    if entry.lines() == Lines::One || entry.is_empty() {
        return;
    }
    let counted = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{} {word}s", thousands(count as u64)),
    };
    let told = format!(
        "{} · {}",
        counted(entry.words(), "word"),
        counted(entry.height(), "line")
    );
    let width = columns(&told) as u16;
    let x = place.right().saturating_sub(width + 1);
    if x > end + 1 {
        canvas.text((x, place.y), &told, width, Role::Dim);
    }
}

pub(super) fn draw_field(
    canvas: &mut Canvas,
    form: &Form,
    (index, stands): (usize, Stands),
    place: Rect,
) {
    let Some(field) = form.fields.get(index) else {
        return;
    };
    let current = form.focus() == index;
    let focused = current
        && match stands {
            Stands::InPane => canvas.app.focus == Pane::Template && canvas.app.dialogs.is_empty(),
            Stands::InBox => true,
        };
    let end = label(canvas, field, (index, stands), place, current);
    let (notes, role) = if current {
        note(field, place.width)
    } else {
        (Vec::new(), Role::Dim)
    };
    if let (Content::Text(entry), true) = (&field.content, current) {
        extent(canvas, entry, end, place);
    }
    if let (Some(problem), false) = (&field.problem, current) {
        let room = place.right().saturating_sub(end + 2);
        let problem = cut(problem, usize::from(room));
        canvas.text((end + 1, place.y), &problem, room, Role::Error);
    }
    let rows = place.height.saturating_sub(1 + notes.len() as u16);
    let value = Rect {
        x: place.x + 2,
        y: place.y + 1,
        width: place.width.saturating_sub(3),
        height: rows,
    };
    match &field.content {
        Content::Choice(picked) if value.height > 0 => {
            let option = field.options().get(*picked).map_or("", String::as_str);
            let told = if canvas.is_linear() {
                format!("{option}, {} of {}", picked + 1, field.options().len())
            } else {
                format!("‹ {option} ›")
            };
            canvas.text((value.x, value.y), &told, value.width, Role::Text);
            if current {
                let mark = Rect {
                    width: 2.min(value.width),
                    height: 1,
                    ..value
                };
                canvas.target(mark, Target::OptionBefore(index));
            }
        }
        Content::Choices(picked) => options::draw(canvas, picked, current, (index, value)),
        Content::Choice(_) | Content::Toggle(_) => {}
        Content::Text(entry) => text(canvas, entry, focused, (index, value)),
    }
    for (row, line) in notes.iter().enumerate() {
        let y = value.y + rows + row as u16;
        if y < place.bottom() {
            canvas.text((value.x, y), line, value.width, role);
        }
    }
    let shows_cursor = matches!(field.content, Content::Text(_)) && !value.is_empty();
    if focused && !shows_cursor && canvas.cursor.is_none() {
        canvas.cursor = Some(Position {
            x: place.x + 1,
            y: place.y,
        });
    }
}

/// The first row: mark, label, and whether it is needed. Returns the next free column.
fn label(
    canvas: &mut Canvas,
    field: &Field,
    (index, stands): (usize, Stands),
    place: Rect,
    current: bool,
) -> u16 {
    let mark = canvas.says("▎", " ");
    canvas.text(
        (place.x, place.y),
        if current { mark } else { " " },
        1,
        Role::Accent,
    );
    let mut x = place.x + 1;
    if let Content::Toggle(on) = field.content {
        let (mark, role) = if on {
            (canvas.says("[x] ", "yes: "), Role::Success)
        } else {
            (canvas.says("[ ] ", "no: "), Role::Dim)
        };
        x += canvas.text((x, place.y), mark, 5, role);
    }
    let room = place.right().saturating_sub(x + 2);
    x += canvas.text(
        (x, place.y),
        &field.input.label,
        room,
        Role::Input(index as u8),
    );
    if stands == Stands::InPane && prompt::shows(canvas, index) {
        let number = prompt::number(canvas, index);
        let number = if canvas.is_linear() {
            format!(" {}", number.trim_end())
        } else {
            number
        };
        let room = place.right().saturating_sub(x + 2);
        x += canvas.text((x, place.y), &number, room, Role::Dim);
    }
    if field.input.required {
        let mark = canvas.says(" *", ", needed");
        x += canvas.text((x, place.y), mark, 8, Role::Accent);
    }
    x
}

fn text(canvas: &mut Canvas, entry: &TextEntry, focused: bool, (index, area): (usize, Rect)) {
    if area.is_empty() {
        return;
    }
    let focus = if focused {
        entry::Focus::Here
    } else {
        entry::Focus::Elsewhere
    };
    if !focused && entry.is_empty() {
        canvas.text((area.x, area.y), "…", 1, Role::Dim);
    }
    let left = entry::draw(canvas, entry, focus, area);
    canvas.areas.fields.push(FieldArea { index, area, left });
}
