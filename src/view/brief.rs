//! Draws the boxes over a form: what a field held before, and briefs under a name.
//!
//! Only reads, and only the rows that are on screen.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::cut;
use super::{Canvas, filtered};
use crate::app::form::earlier::Earlier;
use crate::app::form::named::NamedBriefs;
use crate::store::briefs::Found;
use ratatui::layout::Rect;

/// The size of such a box.
const fn size(screen: Rect) -> (u16, u16) {
    let (width, height) = (
        screen.width.saturating_sub(4),
        screen.height.saturating_sub(3),
    );
    (
        if width < 76 { width } else { 76 },
        if height < 18 { height } else { 18 },
    )
}

/// Draws what a field held before.
pub(crate) fn draw_earlier(canvas: &mut Canvas, earlier: &Earlier, screen: Rect) {
    let title = format!("{} before", earlier.label);
    let inner = frame(canvas, screen, size(screen), &title);
    if inner.height < 3 {
        return;
    }
    filtered::draw(canvas, &earlier.list.query, inner);
    let rows = usize::from(inner.height - 2);
    let first = filtered::first(earlier.list.cursor, rows);
    let shown = earlier.list.rows.iter().enumerate().skip(first).take(rows);
    for ((at, place), y) in shown.zip(inner.y + 1..) {
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        let text = cut(earlier.line(*place), usize::from(line.width));
        canvas.text((line.x, y), &text, line.width, Role::Text);
        if at == earlier.list.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    if earlier.list.rows.is_empty() {
        let text = "it held nothing like that";
        canvas.text((inner.x, inner.y + 1), text, inner.width, Role::Dim);
    }
    let help = "enter takes it · ctrl+x lets go of it for good · esc";
    let at = (inner.x, inner.bottom() - 1);
    canvas.text(at, help, inner.width, Role::Dim);
}

/// Draws the briefs of a template.
pub(crate) fn draw_named(canvas: &mut Canvas, shown: &NamedBriefs, screen: Rect) {
    let title = if shown.renamed.is_some() {
        "Rename the brief"
    } else {
        "Briefs"
    };
    let inner = frame(canvas, screen, size(screen), title);
    if inner.height < 4 {
        return;
    }
    filtered::draw(canvas, &shown.list.query, inner);
    let rows = usize::from(inner.height - 3);
    let first = filtered::first(shown.list.cursor, rows);
    let places = shown.list.rows.iter().enumerate().skip(first).take(rows);
    for ((at, place), y) in places.zip(inner.y + 1..) {
        let Some(found) = shown.row(*place) else {
            continue;
        };
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        named_row(canvas, shown, found, line);
        if at == shown.list.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    if shown.list.rows.is_empty() {
        let text = match &shown.all {
            None => "",
            Some(all) if all.is_empty() => "No brief is kept yet. Type a name, such as a client's.",
            Some(_) => "no brief is called that",
        };
        canvas.text((inner.x, inner.y + 1), text, inner.width, Role::Dim);
    }
    named_keys(canvas, shown, inner);
}

fn named_row(canvas: &mut Canvas, shown: &NamedBriefs, found: &Found, line: Rect) {
    let is_held = shown.held.as_deref() == Some(&found.name);
    let sign = canvas.says("▸ ", "in the form: ");
    let mark = if is_held { sign } else { canvas.says("  ", "") };
    let used = canvas.text((line.x, line.y), mark, line.width, Role::Accent);
    let room = line.width.saturating_sub(used);
    let title = cut(&found.title, usize::from(room));
    let x = line.x + used;
    let used = canvas.text((x, line.y), &title, room, Role::Text);
    let (told, role) = match &found.values {
        Ok(values) => {
            let values = values.iter().filter(|(_, value)| !value.is_blank());
            let words: Vec<String> = values.map(|(_, value)| value.to_string()).collect();
            (words.join(" · "), Role::Dim)
        }
        Err(why) => (format!("! {why}"), Role::Error),
    };
    let room = room.saturating_sub(used + 2);
    let one_line: Vec<&str> = told.split_whitespace().collect();
    let told = cut(&one_line.join(" "), usize::from(room));
    canvas.text((x + used + 2, line.y), &told, room, role);
}

/// What can be done: first what keeping would do, then the rest.
fn named_keys(canvas: &mut Canvas, shown: &NamedBriefs, inner: Rect) {
    let (first, second) = if shown.renamed.is_some() {
        ("enter gives it this name · esc leaves it".to_owned(), "")
    } else {
        let first = match shown.title() {
            Some(title) => format!("ctrl+s keeps what is filled in as {title}"),
            None => "a name, then ctrl+s keeps what is filled in under it".to_owned(),
        };
        let second = if shown.chosen().is_some() {
            "enter fills the form · ctrl+r renames · ctrl+x deletes · esc"
        } else {
            "esc"
        };
        (first, second)
    };
    let first = cut(&first, usize::from(inner.width));
    canvas.text(
        (inner.x, inner.bottom() - 2),
        &first,
        inner.width,
        Role::Dim,
    );
    canvas.text(
        (inner.x, inner.bottom() - 1),
        second,
        inner.width,
        Role::Dim,
    );
}
