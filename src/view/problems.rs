//! What is wrong with the source in the Editor: marks in its text, and the words for one of them
//! in a row of its own above the keys.
//!
//! Only shows what was found. No mark tells by its colour alone: each has a sign in the margin.

use super::style::Role;
use super::wrap::columns;
use super::{Canvas, layout, list};
use crate::app::command::Command;
use crate::app::editor::Tab;
use crate::app::{App, Pane};
use crate::domain::lint::{Gravity, Spot};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// Most rows that the words of a problem take.
const ROWS: usize = 3;
/// Rows that a screen must have for one of them to be set apart.
const TALL: u16 = 12;

const fn sign(gravity: Gravity) -> (&'static str, Role) {
    match gravity {
        Gravity::Error => ("×", Role::Error),
        Gravity::Warning => ("!", Role::Warning),
    }
}

/// True while the source of a template or snippet is on a screen of this size.
fn shows(app: &App, screen: Rect) -> bool {
    screen.height >= TALL
        && app.editor.tab == Tab::Draft
        && app.editor.is_source()
        && !app.is_reviewing()
        && layout::shown(app, screen.width).contains(&Pane::Editor)
}

/// Rows that the words need on a screen of this size.
pub(crate) fn rows(app: &App, screen: Rect) -> u16 {
    if !shows(app, screen) {
        return 0;
    }
    words(app, screen.width).0.len() as u16
}

/// The lines that say what is wrong, the note at their right, and how bad it is.
fn words(app: &App, width: u16) -> (Vec<String>, String, Option<Gravity>) {
    let open = &app.editor.open;
    let spots = open.problems.spots();
    let document = &open.document;
    let cursor = document.cursor();
    let line = document.line(document.line_of(cursor));
    let here = open.problems.at(cursor, &line);
    let Some(spot) = spots.get(here.unwrap_or(0)) else {
        let told = match open.problems.are_known() {
            true if app.source_to_fill_in().is_some() && !open.has_unsaved_text() => {
                "nothing is wrong with the source; ctrl+g fills it in"
            }
            true => "nothing is wrong with the source",
            false => "",
        };
        let told = app.keymap.told(told).into_owned();
        return (vec![told], String::new(), None);
    };
    let count = match (here, spots.len()) {
        (_, 1) => String::new(),
        (at, many) => format!("{} of {many}", at.unwrap_or(0) + 1),
    };
    let key = app.keymap.key_of(Command::NextProblem);
    let note = match (here, count.is_empty()) {
        (Some(_), true) => String::new(),
        (None, true) => format!("{key} goes there"),
        (_, false) => format!("{count} · {key}"),
    };
    let (sign, _) = sign(spot.gravity);
    let told = format!("{sign} {}{}", place(app, spot), spot.message);
    let room = usize::from(width).saturating_sub(columns(&note) + 4);
    let mut lines = list::wrap(&told, room.max(20));
    if lines.len() > ROWS {
        lines.truncate(ROWS);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    (lines, note, Some(spot.gravity))
}

/// `4:30 `, the line and column as other programs write them.
fn place(app: &App, spot: &Spot) -> String {
    let document = &app.editor.document;
    let line = document.line_of(spot.range.start);
    let start = document.line(line).start;
    let column = document.slice(start..spot.range.start).chars().count() + 1;
    format!("{}:{column} ", line + 1)
}

/// Draws the words into their rows.
pub(crate) fn draw(canvas: &mut Canvas, area: Rect) {
    if area.is_empty() {
        return;
    }
    let (lines, note, gravity) = words(canvas.app, area.width);
    let role = gravity.map_or(Role::Dim, |gravity| sign(gravity).1);
    let width = area.width.saturating_sub(2);
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        canvas.text((area.x + 1, y), line, width, role);
    }
    let wide = columns(&note) as u16;
    if wide + 2 < area.width {
        let at = (area.right() - wide - 1, area.y);
        canvas.text(at, &note, wide, Role::Dim);
    }
}

/// Marks what is wrong in the rows of the source that `area` shows: a line under it, a sign in
/// the margin before its row.
pub(crate) fn mark(canvas: &mut Canvas, area: Rect) {
    let app = canvas.app;
    if !app.editor.is_source() {
        return;
    }
    let document = &app.editor.document;
    let margin = area.x.saturating_sub(1);
    for (row, y) in document.rows().iter().zip(area.top()..area.bottom()) {
        let mut worst: Option<Gravity> = None;
        for spot in app.editor.problems.spots() {
            let range = &spot.range;
            let last = row.end == document.len();
            let starts = range.start >= row.start && (range.start < row.end || last);
            if starts && worst != Some(Gravity::Error) {
                worst = Some(spot.gravity);
            }
            if range.start >= row.end || range.end <= row.start {
                continue;
            }
            let columns = document.columns_of(row, range);
            let x = area.x.saturating_add(columns.start);
            let cells = Rect::new(x, y, columns.end - columns.start, 1).intersection(area);
            let style = canvas.styles.of(sign(spot.gravity).1);
            let style = style.add_modifier(Modifier::UNDERLINED);
            canvas.buffer.set_style(cells, style);
        }
        if let Some(gravity) = worst.filter(|_| margin < area.x) {
            let (sign, role) = sign(gravity);
            canvas.text((margin, y), sign, 1, role);
        }
    }
}
