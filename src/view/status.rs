//! The status line: a notice, or the keys of the focused pane; the word meter at its right.

use super::Canvas;
use super::style::Role;
use super::wrap::columns;
use crate::app::command::{Command, TABLE};
use crate::app::{App, Pane, Weight};
use crate::domain::text::reading_minutes;
use ratatui::layout::Rect;

/// Draws the line.
pub(crate) fn draw(canvas: &mut Canvas, area: Rect) {
    let app = canvas.app;
    if let Some(notice) = &app.notice {
        let role = match notice.weight {
            Weight::Good => Role::Success,
            Weight::Note => Role::Accent,
            Weight::Bad => Role::Error,
        };
        canvas.text(
            (area.x + 1, area.y),
            &notice.text,
            area.width.saturating_sub(2),
            role,
        );
        return;
    }
    let meter = meter(app);
    let width = columns(&meter) as u16;
    let room = area.width.saturating_sub(width + 3);
    let mut x = area.x + 1;
    for &command in footer(app) {
        let Some(entry) = TABLE.iter().find(|entry| entry.command == command) else {
            continue;
        };
        let key = short(entry.keys.first().copied().unwrap_or_default());
        let stops = command == Command::Back && app.output.is_running();
        let title = if stops { "Stop" } else { entry.title };
        let needed = (columns(&key) + columns(title) + 1) as u16;
        if x + needed > area.x + room {
            break;
        }
        x += canvas.text((x, area.y), &key, needed, Role::Key) + 1;
        x += canvas.text((x, area.y), title, needed, Role::Dim) + 2;
    }
    if width + 2 < area.width {
        canvas.text((area.right() - width - 1, area.y), &meter, width, Role::Dim);
    }
}

/// `ctrl+g` → `^G`.
fn short(key: &str) -> String {
    match key.strip_prefix("ctrl+") {
        Some(letter) => format!("^{}", letter.to_uppercase()),
        None => key.to_owned(),
    }
}

/// The commands worth showing now, at most eight.
fn footer(app: &App) -> &'static [Command] {
    use Command as C;
    match app.focus {
        _ if app.output.is_running() => &[C::Back, C::Palette, C::Help],
        Pane::Template if app.form.is_some() => &[
            C::Generate,
            C::NextField,
            C::SwitchEditorTab,
            C::Back,
            C::Palette,
            C::Help,
        ],
        Pane::Template if app.browser.highlighted().is_none_or(|row| row.shipped) => &[
            C::Activate,
            C::Filter,
            C::NextTab,
            C::DuplicateItem,
            C::Help,
            C::Palette,
            C::Quit,
        ],
        Pane::Template => &[
            C::Activate,
            C::Filter,
            C::NextTab,
            C::DeleteItem,
            C::RenameItem,
            C::Help,
            C::Palette,
            C::Quit,
        ],
        Pane::Editor => &[
            C::Generate,
            C::Save,
            C::SwitchEditorTab,
            C::Palette,
            C::Help,
            C::Back,
        ],
        Pane::Output => &[C::Save, C::Palette, C::Help, C::Back],
    }
}

/// Words, target, reading time and the last save of the draft.
fn meter(app: &App) -> String {
    let words = app.editor.document.words();
    if words == 0 {
        return String::new();
    }
    let target = app
        .editor
        .target_words
        .map(|target| format!("/{target}"))
        .unwrap_or_default();
    let saved = if app.editor.is_saving() {
        " · saving"
    } else if app.editor.has_unsaved_text() {
        " · not saved"
    } else {
        " · saved"
    };
    format!(
        "{words}{target} words · {} min{saved}",
        reading_minutes(words)
    )
}
