//! The status line: the keys of the focused pane, and at its right a short notice or the word
//! meter. A notice that is longer, or that says what failed, has rows of its own above.

use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, footer, list, problems};
use crate::app::command::{Command, TABLE};
use crate::app::editor::Tab;
use crate::app::find::Line;
use crate::app::{App, Notice, Pane, Weight};
use crate::domain::text::{of_words, reading_minutes};
use ratatui::layout::Rect;

/// Columns that keys keep beside a notice.
const KEYS: usize = 30;
/// Columns from which the word meter stands beside the keys of any pane.
const WIDE: u16 = 100;
/// Most rows that a notice takes.
const ROWS: u16 = 8;

/// Rows that the notice needs above the line on a screen of this size.
pub(crate) fn rows(app: &App, screen: Rect) -> u16 {
    let problems = problems::rows(app, screen);
    let Some(notice) = told(app) else {
        return problems;
    };
    if is_beside(app, notice, screen.width) {
        return problems;
    }
    let lines = list::wrap(
        &app.keymap.told(&notice.text),
        usize::from(screen.width.saturating_sub(2)),
    );
    let most = (screen.height.saturating_sub(6) / 2).min(ROWS);
    (lines.len() as u16).min(most)
}

/// The notice, unless it tells what was before a source was changed and something is wrong with it
/// since.
fn told(app: &App) -> Option<&Notice> {
    let open = &app.editor.open;
    let changed = app.focus == Pane::Editor && open.is_source() && open.has_unsaved_text();
    let is_wrong = changed && !open.problems.spots().is_empty();
    let notice = app.notice.as_ref();
    notice.filter(|notice| !is_wrong || notice.weight == Weight::Bad)
}

/// True for a notice that stands in the line itself.
fn is_beside(app: &App, notice: &Notice, width: u16) -> bool {
    let text = app.keymap.told(&notice.text);
    notice.weight != Weight::Bad && columns(&text) + KEYS + 3 <= usize::from(width)
}

/// Draws the rows of the notice, if it has any, and the line.
pub(crate) fn draw(canvas: &mut Canvas, notice: Rect, line: Rect) {
    let app = canvas.app;
    let Some(told) = told(app) else {
        problems::draw(canvas, notice);
        let meter = meter(app, line.width);
        return draw_line(canvas, line, (&meter, Role::Dim));
    };
    let role = match told.weight {
        Weight::Good => Role::Success,
        Weight::Note => Role::Accent,
        Weight::Bad => Role::Error,
    };
    let text = app.keymap.told(&told.text);
    if is_beside(app, told, line.width) {
        problems::draw(canvas, notice);
        draw_line(canvas, line, (&text, role));
    } else if notice.is_empty() {
        // No room for keys either.
        let width = line.width.saturating_sub(2);
        let text = cut(&text, usize::from(width));
        canvas.text((line.x + 1, line.y), &text, width, role);
    } else {
        draw_notice(canvas, &text, notice, role);
        let meter = meter(app, line.width);
        draw_line(canvas, line, (&meter, Role::Dim));
    }
}

fn draw_notice(canvas: &mut Canvas, text: &str, area: Rect, role: Role) {
    let width = area.width.saturating_sub(2);
    let mut lines = list::wrap(text, usize::from(width));
    let rows = usize::from(area.height);
    if lines.len() > rows {
        let rest = lines.split_off(rows.saturating_sub(1)).join(" ");
        lines.push(cut(&rest, usize::from(width)));
    }
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        canvas.text((area.x + 1, y), line, width, role);
    }
}

fn draw_line(canvas: &mut Canvas, area: Rect, (right, role): (&str, Role)) {
    let app = canvas.app;
    let width = columns(right) as u16;
    let room = area.width.saturating_sub(width + 3);
    let mut x = area.x + 1;
    if takes_over(app) && room > 20 {
        x += canvas.text((x, area.y), "enter", 5, Role::Key) + 1;
        x += canvas.text((x, area.y), "Edit for this run", 17, Role::Dim) + 2;
    }
    for command in footer::commands(app) {
        let Some(entry) = TABLE.iter().find(|entry| entry.command == command) else {
            continue;
        };
        let key = short(&app.keymap.key(entry));
        if key.is_empty() {
            continue;
        }
        let title = match command {
            Command::AcceptChange if app.is_reviewing() => "accept",
            Command::RejectChange if app.is_reviewing() => "reject",
            Command::NextChange if app.is_reviewing() => "next",
            Command::AcceptAll if app.is_reviewing() => "all",
            Command::RejectAll if app.is_reviewing() => "none",
            Command::RefineAgain if app.is_reviewing() => "again",
            Command::AdjustRefine if app.is_reviewing() => "adjust",
            Command::Back if app.is_reviewing() => "later",
            Command::Back if app.refining_here().is_some() => "Stop",
            Command::Back if detached(app) => "Template's prompt",
            Command::Back if app.output.is_running() || answers_here(app) => "Stop",
            Command::Back if footer::clears(app) => "Clear",
            Command::Back if app.is_finding() => "Close",
            Command::Generate if app.source_to_fill_in().is_some() => "Fill in",
            Command::TemplateFromDraft => "Template",
            Command::NextPlace if replaces(app) => "Replace",
            Command::ReplaceLine if replaces(app) => "Find",
            _ => entry.title,
        };
        let needed = (columns(&key) + columns(title) + 1) as u16;
        if x + needed > area.x + room {
            break;
        }
        x += canvas.text((x, area.y), &key, needed, Role::Key) + 1;
        x += canvas.text((x, area.y), title, needed, Role::Dim) + 2;
    }
    if width + 2 < area.width {
        canvas.text((area.right() - width - 1, area.y), right, width, role);
    }
}

/// True where enter takes the prompt over.
fn takes_over(app: &App) -> bool {
    app.focus == Pane::Editor && app.editor.tab == Tab::Prompt && app.editor.detached.is_none()
}

/// True while the prompt that was taken over has the keys.
fn detached(app: &App) -> bool {
    app.focus == Pane::Editor && app.editor.tab == Tab::Prompt && app.editor.detached.is_some()
}

/// True while a question is answered in the conversation that has the keys.
pub(super) fn answers_here(app: &App) -> bool {
    app.focus == Pane::Output && app.asks().shown && app.asks().is_running()
}

/// `ctrl+g` → `^G`.
fn short(key: &str) -> String {
    match key.strip_prefix("ctrl+") {
        Some(letter) => format!("^{}", letter.to_uppercase()),
        None => key.to_owned(),
    }
}

/// True while what comes in place of the place found is being written.
fn replaces(app: &App) -> bool {
    let find = app.editor.find.as_ref();
    app.is_finding() && find.is_some_and(|find| find.line == Line::Instead)
}

/// Words, target, reading time and the last save of the draft.
fn meter(app: &App, width: u16) -> String {
    if app.is_reviewing() {
        // The keys need the room.
        return String::new();
    }
    let mode = mode(app);
    let words = app.editor.document.words();
    if words == 0 {
        return mode;
    }
    let target = app
        .editor
        .target_words
        .map(|target| format!("/{target}"))
        .unwrap_or_default();
    let saved = match app.editor.saved_at {
        _ if app.editor.read_only().is_some() => "read only".to_owned(),
        _ if app.editor.is_saving() => "saving".to_owned(),
        _ if app.editor.has_unsaved_text() => "not saved".to_owned(),
        Some(at) => format!("saved {}", time_of_day(at, app.utc_offset)),
        None => "saved".to_owned(),
    };
    let mode = if mode.is_empty() { mode } else { mode + " · " };
    let selected = match app.editor.document.selected_words() {
        // The find bar selects the place it shows, and counts for itself.
        Some(selected) if app.editor.tab == Tab::Draft && app.editor.find.is_none() => {
            format!("{selected} of ")
        }
        _ => String::new(),
    };
    if width < WIDE && app.focus != Pane::Editor {
        // The keys of another pane need the room more.
        return saved;
    }
    let counted = if words == 1 && selected.is_empty() && target.is_empty() {
        of_words(1)
    } else {
        format!("{selected}{words}{target} words")
    };
    format!("{mode}{counted} · {} min · {saved}", reading_minutes(words))
}

/// Vim's mode and what has been typed of a command, while keys go to a text.
fn mode(app: &App) -> String {
    let vim = app.pen.vim.as_ref().filter(|_| app.is_in_text());
    let Some(vim) = vim else {
        return String::new();
    };
    let (mode, typed) = (vim.mode().title(), vim.typed());
    if typed.is_empty() {
        mode.to_owned()
    } else {
        format!("{mode} {typed}")
    }
}

/// `12:04` on a clock that is `offset` seconds ahead of UTC, at a moment in milliseconds.
fn time_of_day(at: u64, offset: i32) -> String {
    let seconds = (at / 1000).saturating_add_signed(offset.into());
    let minutes = seconds / 60 % (24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::time_of_day;

    #[test]
    fn the_time_is_that_of_the_persons_clock() {
        let noon = 1_795_003_440_000 / 86_400_000 * 86_400_000 + 12 * 3_600_000 + 4 * 60_000;
        assert_eq!(time_of_day(noon, 0), "12:04");
        assert_eq!(time_of_day(noon, 5 * 3600 + 1800), "17:34");
        assert_eq!(time_of_day(noon, -13 * 3600), "23:04");
    }
}
