//! Draws the box of settings: sections, values, where they come from, what the highlighted one is for.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, entry, filtered, list};
use crate::app::settings::{DOORS, Hand, SettingsBox};
use crate::config::edit::Given;
use crate::config::providers::Whence;
use crate::config::table::{Kind, TABLE};
use ratatui::layout::Rect;

/// Columns for the name of a setting.
const NAME: u16 = 18;

/// A line of the list.
enum Line {
    Section(&'static str),
    Setting(usize),
    Door(usize),
}

/// Draws the box.
pub(crate) fn draw(canvas: &mut Canvas, shown: &SettingsBox, screen: Rect) {
    let inner = frame(
        canvas,
        screen,
        (76, 30.min(screen.height.saturating_sub(3))),
        "Settings",
    );
    if inner.height < 4 {
        return;
    }
    let filters = !matches!(shown.hand, Hand::Keys) || !shown.list.typed().is_empty();
    let filters = filters && !matches!(shown.hand, Hand::Writing(..));
    let top = u16::from(filters);
    if filters {
        filtered::draw(canvas, &shown.list.query, inner);
    }
    let foot = foot(canvas, shown, usize::from(inner.width));
    let foot_rows = (foot.len() as u16).min(inner.height - top - 1);
    let body = Rect {
        y: inner.y + top,
        height: inner.height - top - foot_rows,
        ..inner
    };
    draw_list(canvas, shown, body);
    for ((text, role), y) in foot.iter().zip(body.bottom()..inner.bottom()) {
        canvas.text((inner.x, y), text, inner.width, *role);
    }
}

fn lines(shown: &SettingsBox) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut section = None;
    for place in shown.list.rows.iter().copied() {
        let Some(setting) = TABLE.get(place) else {
            let door = place - TABLE.len();
            section = DOORS.get(door).map(|door| door.table);
            lines.extend(section.map(Line::Section));
            lines.push(Line::Door(door));
            continue;
        };
        if section != Some(setting.table) {
            section = Some(setting.table);
            lines.push(Line::Section(setting.table));
        }
        lines.push(Line::Setting(place));
    }
    lines
}

fn draw_list(canvas: &mut Canvas, shown: &SettingsBox, body: Rect) {
    let chosen = shown.list.chosen().copied();
    let is_chosen = |line: &Line| match line {
        Line::Section(_) => false,
        Line::Setting(place) => Some(*place) == chosen,
        Line::Door(door) => Some(door + TABLE.len()) == chosen,
    };
    let lines = lines(shown);
    let at = lines.iter().position(is_chosen);
    let first = filtered::first(at.unwrap_or(0), body.height.into());
    for (line, y) in lines.iter().skip(first).zip(body.y..body.bottom()) {
        let row = Rect {
            y,
            height: 1,
            ..body
        };
        match line {
            Line::Section("") => {
                canvas.text((row.x, y), "At the top", row.width, Role::Heading);
            }
            Line::Section(table) => {
                canvas.text((row.x, y), &format!("[{table}]"), row.width, Role::Heading);
            }
            Line::Setting(place) => draw_setting(canvas, shown, *place, row),
            Line::Door(door) => {
                let behind = shown.behind.get(*door).map_or("", String::as_str);
                canvas.text(
                    (row.x + 2, y),
                    behind,
                    row.width.saturating_sub(2),
                    Role::Strong,
                );
                if is_chosen(line) {
                    canvas.paint(row, Role::Cursor);
                }
            }
        }
    }
    if lines.is_empty() {
        let none = "no setting is called that";
        canvas.text((body.x, body.y), none, body.width, Role::Dim);
    }
}

fn draw_setting(canvas: &mut Canvas, shown: &SettingsBox, place: usize, row: Rect) {
    let (Some(setting), Some((value, whence))) = (TABLE.get(place), shown.values.get(place)) else {
        return;
    };
    canvas.text((row.x + 2, row.y), setting.key, NAME, Role::Text);
    let instead = shown.model_instead.as_ref();
    let instead = instead.filter(|_| setting.table.is_empty() && setting.key == "model");
    let from = match (whence, instead) {
        (_, Some((_, whose))) => whose.clone(),
        (Whence::BuiltIn, _) => String::new(),
        (whence, _) => whence.to_string(),
    };
    let from_width = columns(&from) as u16;
    let x = row.x + NAME + 2;
    let room = row.right().saturating_sub(x + from_width + 1);
    let chosen = shown.list.chosen() == Some(&place);
    if let Hand::Writing(written, _) = &shown.hand
        && chosen
    {
        let place = Rect {
            x,
            width: room,
            ..row
        };
        entry::draw(canvas, written, entry::Focus::Here, place);
        return;
    }
    let text = match (value, setting.kind) {
        _ if instead.is_some() => instead.map_or_else(String::new, |(model, _)| model.clone()),
        (Given::Default, _) => setting.usual.to_owned(),
        (value, Kind::Choice(_)) if chosen && !canvas.is_linear() => format!("‹ {value} ›"),
        (value, _) => setting.written(value),
    };
    let text = cut(&text, usize::from(room));
    canvas.text((x, row.y), &text, room, Role::Strong);
    let at = row.right().saturating_sub(from_width);
    canvas.text((at, row.y), &from, from_width, Role::Dim);
    if chosen {
        canvas.paint(row, Role::Cursor);
    }
}

/// What the highlighted setting is for, what is wrong, and the keys.
fn foot(canvas: &Canvas, shown: &SettingsBox, width: usize) -> Vec<(String, Role)> {
    let mut foot = Vec::new();
    if let Some(problem) = &shown.problem {
        let told = list::wrap(problem, width).into_iter().take(3);
        foot.extend(told.map(|line| (line, Role::Error)));
    }
    if let Some((_, setting, _)) = shown.chosen() {
        let help = format!("{} Built in: {}.", setting.help, setting.usual);
        let help = canvas.app.keymap.told(&help);
        let help = list::wrap(&help, width).into_iter();
        foot.extend(help.map(|line| (line, Role::Dim)));
    }
    if let Some(door) = shown.door() {
        let help = canvas.app.keymap.told(door.help);
        let help = list::wrap(&help, width).into_iter();
        foot.extend(help.map(|line| (line, Role::Dim)));
    }
    let (warning, keys) = keys(shown);
    let warning = list::wrap(&warning, width).into_iter();
    foot.extend(warning.map(|line| (line, Role::Warning)));
    foot.extend(
        keys_in_rows(keys, width)
            .into_iter()
            .map(|row| (row, Role::Key)),
    );
    foot
}

/// What is to be heeded now, and what the keys do.
fn keys(shown: &SettingsBox) -> (String, &'static str) {
    match &shown.hand {
        Hand::Writing(_, why) => (
            why.clone().unwrap_or_default(),
            "enter writes it · esc leaves it as it is",
        ),
        Hand::Filtering => (String::new(), "enter keeps it · esc shows all"),
        Hand::Keys if shown.sure => {
            let name = shown.chosen().map(|(_, setting, _)| setting.name());
            let name = name.unwrap_or_default();
            (
                format!("x once more takes {name} out of config.toml."),
                "x takes it out · any other key leaves it there",
            )
        }
        Hand::Keys if shown.door().is_some() => {
            (String::new(), "enter goes there · u undo · / filter · esc")
        }
        Hand::Keys => (
            String::new(),
            "space ← → change · enter write · x built in · u undo · / filter · esc",
        ),
    }
}

/// The keys on as many rows as they take; none of them is cut.
fn keys_in_rows(keys: &str, width: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for part in keys.split(" · ") {
        match rows.last_mut() {
            Some(row) if columns(row) + columns(part) + 3 <= width => {
                row.push_str(" · ");
                row.push_str(part);
            }
            _ => rows.push(part.to_owned()),
        }
    }
    rows
}
