//! The verbs under a variant: those that make sense now, and the ways to other groups.
//!
//! Keys and titles come from the command table. Never decides what a verb does.

use super::Canvas;
use super::style::Role;
use super::wrap::columns;
use crate::app::command::{Command, Entry, Scope, TABLE};
use crate::app::output::Variant;
use ratatui::layout::Rect;

/// A key and what it does.
pub(super) type Verb = (String, &'static str);

/// The verbs to show under a variant in a pane of this size, as key and title.
pub(super) fn of(canvas: &Canvas, variant: &Variant, inner: Rect) -> Vec<Verb> {
    let verbs = if variant.is_running() && variant.text.is_empty() {
        Vec::new()
    } else {
        sensible(canvas, variant)
    };
    with_ways(canvas, verbs, inner)
}

/// The verbs that make sense now, as key and title.
fn sensible(canvas: &Canvas, variant: &Variant) -> Vec<Verb> {
    let written = !variant.text.is_empty();
    let here = TABLE.iter().filter(|entry| entry.scope == Scope::Output);
    let sensible = here.filter(|entry| match entry.command {
        Command::UseVariant | Command::AppendVariant | Command::InsertVariant => {
            written && !variant.is_running()
        }
        Command::Copy => written,
        Command::Compare => written && !canvas.app.editor.document.is_empty(),
        Command::Continue => written && variant.is_partial(),
        Command::Regenerate | Command::MoreVariants => true,
        // There is something to tell apart.
        Command::Columns | Command::StarVariant => canvas.app.output.group().len() > 1,
        _ => false,
    });
    let shown = sensible.map(|entry| (key(canvas, entry), entry.title));
    shown.filter(|(key, _)| !key.is_empty()).collect()
}

/// The key of a verb as it stands there.
pub(super) fn key(canvas: &Canvas, entry: &Entry) -> String {
    called(&canvas.app.keymap.key(entry))
}

/// A key as verbs have it.
pub(super) fn called(key: &str) -> String {
    let key = if key == "enter" { "Enter" } else { key };
    key.to_owned()
}

/// Rows of a pane from which on a way to other groups may take a row of its own.
const TALL: u16 = 16;

/// The verbs with the ways to earlier and later groups, where there is room for them.
fn with_ways(canvas: &Canvas, mut verbs: Vec<Verb>, inner: Rect) -> Vec<Verb> {
    let output = &canvas.app.output;
    let ways = [
        (
            output.group().start > 0,
            Command::PreviousVariant,
            "earlier",
        ),
        (!output.is_newest_group(), Command::NextVariant, "later"),
    ];
    let width = inner.width.saturating_sub(2);
    for (_, command, title) in ways.into_iter().filter(|(leads, ..)| *leads) {
        let key = canvas.app.keymap.key_of(command);
        if key.is_empty() {
            continue;
        }
        let before = rows(&verbs, width);
        verbs.push((key, title));
        if rows(&verbs, width) > before && inner.height < TALL {
            verbs.pop();
        }
    }
    verbs
}

/// Rows that the verbs need at this width.
pub(super) fn rows(verbs: &[Verb], width: u16) -> u16 {
    let (mut rows, mut x) = (1, 0);
    for (key, title) in verbs {
        let needed = (columns(key) + columns(title) + 1) as u16;
        if x > 0 && x + needed > width {
            rows += 1;
            x = 0;
        }
        x += needed + 2;
    }
    rows
}

pub(super) fn draw(canvas: &mut Canvas, verbs: &[Verb], area: Rect) {
    let (mut x, mut y) = (area.x, area.y);
    for (key, title) in verbs {
        let needed = (columns(key) + columns(title) + 1) as u16;
        if x > area.x && x + needed > area.right() {
            x = area.x;
            y += 1;
        }
        if y >= area.bottom() {
            return;
        }
        x += canvas.text((x, y), key, needed, Role::Key) + 1;
        x += canvas.text((x, y), title, needed, Role::Dim) + 2;
    }
}
