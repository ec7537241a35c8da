//! The help box: prose about what is focused, its keys, and the keys that work everywhere.
//!
//! Keys of commands come from the command table; the prose stands in `told` and `boxes`.

mod boxes;
mod told;

use super::dialogs::frame;
use super::style::Role;
use super::wrap::columns;
use super::{Canvas, entry, list};
use crate::app::Pane;
use crate::app::command::{Scope, TABLE};
use crate::app::help::{About, Help};
use crate::app::key::Key;
use ratatui::layout::Rect;

/// Columns for the keys of a command.
const KEYS: u16 = 22;

/// Keys, text, and how the text looks.
type HelpLine = (String, String, Role);

/// What stands together under a heading: each a sentence or the keys of one thing.
struct Section {
    heading: String,
    groups: Vec<Vec<HelpLine>>,
}

/// Draws the box.
pub(crate) fn draw(canvas: &mut Canvas, help: &Help, screen: Rect) {
    let size = (74, screen.height.saturating_sub(4));
    let inner = frame(canvas, screen, size, "Help");
    let inner = search(canvas, help, inner);
    let sections = sections(canvas, help.about, usize::from(inner.width));
    let lines = shown(sections, &help.sought());
    let rows = usize::from(inner.height);
    let last = lines.len().saturating_sub(rows);
    canvas.areas.help_last = Some(last);
    let first = help.scroll.min(last);
    for ((keys, text, role), y) in lines.iter().skip(first).zip(inner.y..inner.bottom()) {
        let used = if keys.is_empty() {
            0
        } else {
            let used = canvas.text((inner.x, y), keys, KEYS, Role::Key);
            used.max(KEYS) + 1
        };
        let room = inner.width.saturating_sub(used);
        canvas.text((inner.x + used, y), text, room, *role);
    }
    foot(canvas, help, inner, first < last);
}

/// What is looked for, in the first row; returns what is left.
fn search(canvas: &mut Canvas, help: &Help, inner: Rect) -> Rect {
    let Some(sought) = help.search.as_ref().filter(|_| inner.height > 1) else {
        return inner;
    };
    let used = canvas.text((inner.x, inner.y), "/ ", inner.width, Role::Key);
    let place = Rect {
        x: inner.x + used,
        width: inner.width.saturating_sub(used),
        height: 1,
        ..inner
    };
    let focus = if help.typing {
        entry::Focus::Here
    } else {
        entry::Focus::Elsewhere
    };
    entry::draw(canvas, sought, focus, place);
    Rect {
        y: inner.y + 1,
        height: inner.height - 1,
        ..inner
    }
}

/// How to go on, on the border below.
fn foot(canvas: &mut Canvas, help: &Help, inner: Rect, more: bool) {
    let more = if more { " ↓ more ·" } else { "" };
    let rest = match (help.typing, help.search.is_some()) {
        (true, _) => " enter keeps it · esc shows all ",
        (false, true) => " / looks for other words · esc shows all ",
        (false, false) => " / looks for words · esc closes ",
    };
    let told = format!("{more}{rest}");
    let width = columns(&told) as u16;
    let x = inner.right().saturating_sub(width);
    canvas.text((x, inner.bottom()), &told, width, Role::Dim);
}

/// The lines of all sections, or of what has the words that are looked for.
fn shown(sections: Vec<Section>, sought: &[String]) -> Vec<HelpLine> {
    let has = |group: &Vec<HelpLine>| {
        let text: Vec<String> = group
            .iter()
            .map(|(keys, text, _)| format!("{keys} {text}").to_lowercase())
            .collect();
        let text = text.join(" ");
        sought.iter().all(|word| text.contains(word.as_str()))
    };
    let mut lines = Vec::new();
    for mut section in sections {
        section.groups.retain(has);
        if section.groups.is_empty() {
            continue;
        }
        lines.push((String::new(), section.heading, Role::Heading));
        lines.extend(section.groups.into_iter().flatten());
        lines.push((String::new(), String::new(), Role::Text));
    }
    if lines.is_empty() {
        let none = "Nothing here has that.".to_owned();
        lines.push((String::new(), none, Role::Dim));
    }
    lines
}

/// Where keys of commands count that help about a pane lists.
fn scope(canvas: &Canvas, pane: Pane) -> Scope {
    let app = canvas.app;
    match pane {
        Pane::Template if app.form.is_some() => Scope::Form,
        Pane::Template => Scope::Lists,
        Pane::Editor if app.editor.find.is_some() => Scope::Find,
        Pane::Editor if app.is_reviewing() => Scope::Review,
        Pane::Editor => Scope::Draft,
        Pane::Output if app.is_quoting() => Scope::Quote,
        Pane::Output if app.is_writing_question() => Scope::Question,
        Pane::Output => Scope::Output,
    }
}

fn sections(canvas: &Canvas, about: About, width: usize) -> Vec<Section> {
    let scope = match about {
        About::Pane(pane) => Some(scope(canvas, pane)),
        About::Comparing | About::Dialog => None,
    };
    let below = canvas.app.dialogs.iter().rev().nth(1);
    let told = match (scope, below) {
        (Some(scope), _) => told::of_scope(scope),
        (None, Some(dialog)) => boxes::of_dialog(dialog),
        (None, None) => told::of_scope(Scope::Anywhere),
    };
    let prose = canvas.app.keymap.spelled(told.prose);
    let prose = list::wrap(&prose, width).into_iter();
    let mut sections = vec![Section {
        heading: told.title.to_owned(),
        groups: vec![
            prose
                .map(|line| (String::new(), line, Role::Text))
                .collect(),
        ],
    }];
    if !told.keys.is_empty() {
        let groups = told
            .keys
            .iter()
            .map(|(keys, help)| keyed(keys, help, width));
        sections.push(Section {
            heading: "Here".to_owned(),
            groups: groups.collect(),
        });
    }
    if about == About::Comparing {
        return sections;
    }
    for scope in scope.into_iter().chain([Scope::Anywhere]) {
        let heading = match (scope, about) {
            (Scope::Anywhere, About::Pane(_)) => "Everywhere",
            (Scope::Anywhere, _) => "Everywhere, once this box is closed",
            _ => "Here",
        };
        let rows = TABLE.iter().filter(|entry| entry.scope == scope);
        let groups = rows.map(|entry| {
            let keys = canvas.app.keymap.keys(entry).iter().map(Key::to_string);
            let keys: Vec<String> = keys.collect();
            let keys = keys.join("  ");
            let keys = if keys.is_empty() { "(no key)" } else { &keys };
            keyed(keys, entry.help, width)
        });
        sections.push(Section {
            heading: heading.to_owned(),
            groups: groups.collect(),
        });
    }
    sections
}

/// Keys and what they do, on as many lines as either takes.
fn keyed(keys: &str, help: &str, width: usize) -> Vec<HelpLine> {
    let indent = usize::from(KEYS) + 1;
    let mut help = list::wrap(help, width.saturating_sub(indent).max(1)).into_iter();
    let mut lines = Vec::new();
    for keys in keys_in_rows(keys) {
        lines.push((keys, help.next().unwrap_or_default(), Role::Text));
    }
    lines.extend(help.map(|row| (String::new(), format!("{:indent$}{row}", ""), Role::Text)));
    lines
}

/// Keys, as many in a row as have room, and none of them cut while it fits by itself.
fn keys_in_rows(keys: &str) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for key in keys.split("  ") {
        match rows.last_mut() {
            Some(row) if columns(row) + columns(key) + 2 <= usize::from(KEYS) => {
                row.push_str("  ");
                row.push_str(key);
            }
            _ => rows.push(key.to_owned()),
        }
    }
    rows
}
