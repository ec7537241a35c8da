//! Draws the switcher: what is open and what can be opened, by groups.
//!
//! Only reads, and only the rows that are on screen.

pub(super) mod runs;

use super::dialogs::frame;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, filtered};
use crate::app::switcher::{Entry, Group, Switcher};
use crate::domain::text::Printable;
use ratatui::layout::Rect;

/// Columns of the title in front of a line of its text.
const TITLE: u16 = 22;

/// What stands in a line of the box.
enum Line {
    Heading(Group),
    Row(usize),
}

/// Draws the switcher.
pub(crate) fn draw(canvas: &mut Canvas, switcher: &Switcher, screen: Rect) {
    let size = (
        screen.width.saturating_sub(4).min(84),
        screen.height.saturating_sub(3).min(24),
    );
    let inner = frame(canvas, screen, size, "");
    tabs(canvas, inner, "Documents");
    if inner.height < 3 {
        return;
    }
    filtered::draw(canvas, &switcher.list.query, inner);
    let problem = switcher.fault().or_else(|| switcher.texts.fault());
    let rows = usize::from(inner.height - 2 - u16::from(problem.is_some()));
    let lines = lines(switcher, rows).into_iter().take(rows);
    for (line, y) in lines.zip(inner.y + 1..) {
        let place = Rect {
            y,
            height: 1,
            ..inner
        };
        match line {
            Line::Heading(group) => {
                canvas.text((place.x, y), group.title(), place.width, Role::Dim);
            }
            Line::Row(at) => {
                let said = canvas.app.switcher_entry(switcher, switcher.list.rows[at]);
                let marks = said.map(|said| row(canvas, &said, place));
                if at == switcher.list.cursor {
                    canvas.paint(place, Role::Cursor);
                }
                for mark in marks.into_iter().flatten() {
                    canvas.paint(mark, Role::Match);
                }
            }
        }
    }
    if switcher.list.rows.is_empty() {
        let text = if switcher.texts.is_looking() {
            "nothing is called that; looking through texts…"
        } else {
            "nothing is called that, and no text says it"
        };
        canvas.text((inner.x, inner.y + 1), text, inner.width, Role::Dim);
    }
    if let Some(problem) = &problem {
        let line = Rect {
            y: inner.bottom() - 2,
            height: 1,
            ..inner
        };
        let text = cut(Printable::line(problem).as_str(), usize::from(inner.width));
        canvas.text((line.x, line.y), &text, line.width, Role::Warning);
    }
    foot(canvas, switcher, inner);
}

/// The two lists of the box on its upper edge, the one shown standing out.
fn tabs(canvas: &mut Canvas, inner: Rect, shown: &str) {
    let y = inner.y.saturating_sub(1);
    if canvas.is_linear() {
        let told = match shown {
            "Runs" => "Box: Documents, Runs (shown)",
            _ => "Box: Documents (shown), Runs",
        };
        canvas.text((inner.x, y), told, inner.width, Role::Strong);
        return;
    }
    let mut x = inner.x + 1;
    for (place, name) in ["Documents", "Runs"].into_iter().enumerate() {
        let room = inner.right().saturating_sub(x);
        if place > 0 {
            x += canvas.text((x, y), "│", room, Role::Border);
        }
        let role = if name == shown {
            Role::Strong
        } else {
            Role::Dim
        };
        let name = format!(" {name} ");
        x += canvas.text((x, y), &name, room.saturating_sub(1), role);
    }
}

/// The lines around the highlighted row, with a heading wherever a group begins.
fn lines(switcher: &Switcher, rows: usize) -> Vec<Line> {
    let hits = &switcher.list.rows;
    let begins = |at: usize| at == 0 || hits[at].group != hits[at - 1].group;
    let taken = |at: usize| 1 + usize::from(begins(at));
    let mut first = switcher.list.cursor.min(hits.len().saturating_sub(1));
    let mut used = if hits.is_empty() { 0 } else { taken(first) };
    while first > 0 && used + taken(first - 1) <= rows {
        first -= 1;
        used += taken(first);
    }
    let mut lines = Vec::with_capacity(rows);
    for (at, hit) in hits.iter().enumerate().skip(first) {
        if begins(at) {
            lines.push(Line::Heading(hit.group));
        }
        lines.push(Line::Row(at));
        if lines.len() >= rows {
            break;
        }
    }
    lines
}

/// Draws a row; answers where what is looked for stands in it.
fn row(canvas: &mut Canvas, said: &Entry, line: Rect) -> Vec<Rect> {
    let sign = canvas.says("● ", "not saved: ");
    let mark = if said.unsaved { sign } else { "  " };
    let used = canvas.text((line.x, line.y), mark, 11, Role::Warning);
    let role = if said.shown { Role::Strong } else { Role::Text };
    let room = line.width.saturating_sub(used);
    let is_excerpt = !said.marks.is_empty() || said.at.is_some();
    let most = if is_excerpt { room.min(TITLE) } else { room };
    let title = cut(Printable::line(&said.title).as_str(), usize::from(most));
    let x = line.x + used;
    let used = canvas.text((x, line.y), &title, most, role);
    let used = if is_excerpt { most } else { used } + 2;
    let state = (x + used, line.y);
    let state = canvas.text(state, &said.state, room.saturating_sub(used), Role::Accent);
    let used = used + state + if state > 0 { 2 } else { 0 };
    let room = room.saturating_sub(used);
    if said.note == said.title || room < 8 {
        return Vec::new();
    }
    if is_excerpt {
        let place = Rect {
            x: x + used,
            width: room,
            ..line
        };
        return excerpt(canvas, said, place);
    }
    let whole = Printable::line(&said.note);
    let note = cut(whole.as_str(), usize::from(room));
    // What is cut begins where it can; what fits ends at the edge, one below the other.
    let left = if note == whole.as_str() {
        line.right().saturating_sub(columns(&note) as u16)
    } else {
        x + used
    };
    canvas.text((left, line.y), &note, room, Role::Dim);
    Vec::new()
}

/// Draws a line of a text and when that was written; answers where what is looked for stands.
fn excerpt(canvas: &mut Canvas, said: &Entry, mut line: Rect) -> Vec<Rect> {
    if let Some(at) = said.at {
        let when = runs::when(at, canvas.app.now, canvas.app.utc_offset);
        let width = columns(&when) as u16;
        if width + 12 < line.width {
            canvas.text((line.right() - width, line.y), &when, width, Role::Dim);
            line.width -= width + 2;
        }
    }
    let whole = Printable::line(&said.note);
    let text = cut(whole.as_str(), usize::from(line.width));
    canvas.text((line.x, line.y), &text, line.width, Role::Dim);
    // What is made visible is as long as it looks, so places are told by what stands before them.
    let shown = |end: usize| {
        let before = said.note.get(..end).unwrap_or_default();
        columns(Printable::line(before).as_str()) as u16
    };
    let marks = said.marks.iter().map(|mark| {
        let (start, end) = (shown(mark.start), shown(mark.end));
        Rect {
            x: line.x.saturating_add(start),
            width: end.saturating_sub(start),
            ..line
        }
    });
    marks.map(|mark| mark.intersection(line)).collect()
}

fn foot(canvas: &mut Canvas, switcher: &Switcher, inner: Rect) {
    let keys = "enter goes there · alt+q closes it · tab runs · esc";
    let y = inner.bottom() - 1;
    canvas.text((inner.x, y), keys, inner.width, Role::Key);
    let more = match (switcher.texts.is_looking(), switcher.texts.has_more()) {
        (true, _) => "…",
        (_, true) => "+",
        _ => "",
    };
    let count = match switcher.list.rows.len() {
        0 => String::new(),
        all => format!("{} of {all}{more}", switcher.list.cursor + 1),
    };
    let width = columns(&count) as u16;
    if columns(keys) + columns(&count) + 2 <= usize::from(inner.width) {
        canvas.text((inner.right() - width, y), &count, width, Role::Dim);
    }
}
