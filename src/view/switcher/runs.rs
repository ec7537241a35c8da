//! Draws the list of runs: when, from which template, by which model, the first words, what became
//! of it; and how the highlighted one begins.
//!
//! Only reads, and only the rows that are on screen.

use super::super::dialogs::frame;
use super::super::style::Role;
use super::super::wrap::{columns, cut};
use super::super::{Canvas, filtered, list};
use super::tabs;
use crate::app::msg::Now;
use crate::app::switcher::runs::{Line, Runs, Scope, State};
use crate::domain::text::Printable;
use jiff::Timestamp;
use jiff::tz::Offset;
use ratatui::layout::Rect;

/// Columns between two others.
const GAP: u16 = 2;
/// Rows that show how the highlighted run begins, and the line above them.
const PREVIEW: u16 = 4;
/// Rows of the box from which on there is room for that.
const TALL: u16 = 16;

/// Draws the list.
pub(crate) fn draw(canvas: &mut Canvas, runs: &Runs, screen: Rect) {
    let size = (
        screen.width.saturating_sub(4).min(112),
        screen.height.saturating_sub(3).min(30),
    );
    let inner = frame(canvas, screen, size, "");
    tabs(canvas, inner, "Runs");
    if inner.height < 4 {
        return;
    }
    let said = scope(runs.scope());
    let said = cut(&said, usize::from(inner.width / 2));
    let width = columns(&said) as u16;
    let left = Rect {
        width: inner.width.saturating_sub(width + GAP),
        ..inner
    };
    filtered::draw(canvas, &runs.list.query, left);
    canvas.text((inner.right() - width, inner.y), &said, width, Role::Dim);
    let preview = if inner.height >= TALL { PREVIEW } else { 0 };
    let rows = inner.height - 2 - preview;
    let first = filtered::first(runs.list.cursor, usize::from(rows));
    for (y, at) in (inner.y + 1..inner.y + 1 + rows).zip(first..) {
        let Some(line) = runs.line(at) else { break };
        let place = Rect {
            y,
            height: 1,
            ..inner
        };
        row(canvas, line, place);
        if at == runs.list.cursor {
            canvas.paint(place, Role::Cursor);
        }
    }
    if runs.list.rows.is_empty() {
        let text = match (runs.is_reading(), runs.list.query.is_empty()) {
            (true, _) => "looking…",
            (false, true) => "nothing was generated here yet; ctrl+g in a form does it",
            (false, false) => "no run has these words",
        };
        canvas.text((inner.x, inner.y + 1), text, inner.width, Role::Dim);
    }
    if preview > 0 {
        let area = Rect {
            y: inner.y + 1 + rows,
            height: preview,
            ..inner
        };
        begins(canvas, runs, area);
    }
    foot(canvas, runs, inner);
}

/// Which runs are listed.
fn scope(scope: &Scope) -> String {
    match scope {
        Scope::All => "all runs".to_owned(),
        Scope::Template(name) => format!("of template {name}"),
        Scope::Draft(.., title) => format!("of draft {title}"),
    }
}

fn row(canvas: &mut Canvas, line: &Line, area: Rect) {
    let wide = area.width >= 90;
    let mut when = when(line.at, canvas.app.now, canvas.app.utc_offset);
    let widths = match area.width {
        90.. => [12, 20, 20],
        62.. => [6, 13, 12],
        _ => [6, 13, 0],
    };
    if !wide && columns(&when) > usize::from(widths[0]) {
        // The day will do, or the year.
        let (day, rest) = when.rsplit_once(' ').unwrap_or(("", &when));
        when = if rest.contains(':') { day } else { rest }.to_owned();
    }
    let mut x = area.x;
    let texts = [
        (when.as_str(), Role::Dim),
        (line.template.as_str(), Role::Text),
        (line.model.as_str(), Role::Dim),
    ];
    for ((text, role), width) in texts
        .into_iter()
        .zip(widths)
        .filter(|(_, width)| *width > 0)
    {
        let safe = Printable::line(text);
        let text = cut(safe.as_str(), usize::from(width));
        let room = area.right().saturating_sub(x).min(width);
        canvas.text((x, area.y), &text, room, role);
        x += width + GAP;
    }
    let state = line.state.name();
    let width = columns(state) as u16;
    let beside = if width > 0 { width + GAP } else { 0 };
    let room = area.right().saturating_sub(x + beside);
    let mark = if line.starred {
        canvas.says("★ ", "starred: ")
    } else {
        ""
    };
    let words = format!("{mark}{}", first_words(&line.beginning));
    let words = cut(&words, usize::from(room));
    canvas.text((x, area.y), &words, room, Role::Text);
    let role = match line.state {
        State::Failed | State::Declined => Role::Error,
        State::Running => Role::Accent,
        _ => Role::Warning,
    };
    if area.width > width {
        canvas.text((area.right() - width, area.y), state, width, role);
    }
}

/// The first words of a text in one line, without the signs of a heading.
fn first_words(beginning: &str) -> String {
    let words: Vec<&str> = beginning.split_whitespace().collect();
    let words = words.join(" ");
    let words = words.trim_start_matches(['#', ' ']);
    if words.is_empty() {
        return "no text".to_owned();
    }
    Printable::line(words).as_str().to_owned()
}

fn begins(canvas: &mut Canvas, runs: &Runs, area: Rect) {
    let rule = "─".repeat(usize::from(area.width));
    canvas.text((area.x, area.y), &rule, area.width, Role::Border);
    let Some(line) = runs.line(runs.list.cursor) else {
        return;
    };
    let lines = line.beginning.lines().map(Printable::line);
    let lines = lines.filter(|line| !line.as_str().trim().is_empty());
    let rows = lines.flat_map(|line| list::wrap(line.as_str(), usize::from(area.width)));
    for (row, y) in rows.zip(area.y + 1..area.bottom()) {
        canvas.text((area.x, y), &row, area.width, Role::Dim);
    }
}

/// The keys, as many as fit, and how many runs there are.
fn foot(canvas: &mut Canvas, runs: &Runs, inner: Rect) {
    let y = inner.bottom() - 1;
    let more = if runs.is_reading() { "+" } else { "" };
    let count = match runs.list.rows.len() {
        0 => String::new(),
        all => format!("{} of {all}{more}", runs.list.cursor + 1),
    };
    let width = columns(&count) as u16;
    let scope = match runs.other_scope() {
        Some(Scope::All) => "ctrl+t all",
        Some(Scope::Template(_)) => "ctrl+t this template",
        Some(Scope::Draft(..)) => "ctrl+t this draft",
        None => "",
    };
    let room = usize::from(inner.width.saturating_sub(width + GAP));
    let mut keys = "enter shows it".to_owned();
    for key in [scope, "F8 request", "tab documents", "esc"] {
        let longer = format!("{keys} · {key}");
        if !key.is_empty() && columns(&longer) <= room {
            keys = longer;
        }
    }
    canvas.text((inner.x, y), &keys, inner.width, Role::Key);
    canvas.text((inner.right() - width, y), &count, width, Role::Dim);
}

/// When something was, as short as it can be told on a clock that is `offset` seconds ahead of UTC.
pub(in crate::view) fn when(at: Now, now: Now, offset: i32) -> String {
    let offset = Offset::from_seconds(offset).unwrap_or(Offset::UTC);
    let civil = |moment: Now| {
        let millis = i64::try_from(moment.0).unwrap_or(i64::MAX);
        offset.to_datetime(Timestamp::from_millisecond(millis).unwrap_or_default())
    };
    let (at, now) = (civil(at), civil(now));
    let format = match (at.date() == now.date(), at.year() == now.year()) {
        (true, _) => "%H:%M",
        (_, true) => "%-d %b %H:%M",
        (_, false) => "%-d %b %Y",
    };
    at.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_as_short_as_it_can_be() {
        let at = |text: &str| {
            let moment: Timestamp = text.parse().unwrap();
            Now(u64::try_from(moment.as_millisecond()).unwrap())
        };
        let now = at("2026-11-24T12:00:00Z");
        assert_eq!(when(at("2026-11-24T09:05:00Z"), now, 0), "09:05");
        assert_eq!(when(at("2026-11-04T09:05:00Z"), now, 3600), "4 Nov 10:05");
        assert_eq!(when(at("2025-12-24T09:05:00Z"), now, 0), "24 Dec 2025");
        assert_eq!(when(at("2026-11-24T09:05:00Z"), now, 999_999), "09:05");
    }

    #[test]
    fn first_words_stand_in_one_line() {
        assert_eq!(first_words("# A title\n\nAnd  more"), "A title And more");
        assert_eq!(first_words(" \n"), "no text");
    }
}
