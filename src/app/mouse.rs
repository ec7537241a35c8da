//! The mouse: a click focuses and places the cursor, the wheel scrolls what is under it.

use super::areas::Target;
use super::editor::Tab;
use super::effect::Effect;
use super::key::{Mouse, MouseAction};
use super::{App, Pane};

/// Remembers the last click, to count double and triple ones.
#[derive(Debug, Default)]
pub(super) struct Clicks {
    at: u64,
    cell: (u16, u16),
    count: u8,
}

impl Clicks {
    fn count(&mut self, now: u64, cell: (u16, u16)) -> u8 {
        let again = self.cell == cell && now.saturating_sub(self.at) < 400;
        self.count = if again { self.count % 3 + 1 } else { 1 };
        self.at = now;
        self.cell = cell;
        self.count
    }
}

impl App {
    /// Takes what the mouse did.
    pub(super) fn on_mouse(&mut self, mouse: Mouse) -> Vec<Effect> {
        match mouse.action {
            MouseAction::WheelDown => self.wheel(mouse, 3),
            MouseAction::WheelUp => self.wheel(mouse, -3),
            MouseAction::Press => return self.press(mouse),
            MouseAction::Drag => self.drag(mouse),
            MouseAction::Release => {}
        }
        Vec::new()
    }

    fn wheel(&mut self, mouse: Mouse, rows: isize) {
        if let Some(dialog) = self.dialogs.last_mut() {
            dialog.wheel(rows);
            return;
        }
        match self.areas.pane_at(mouse.column, mouse.row) {
            Some(Pane::Editor) if self.editor.tab == Tab::Draft => {
                self.editor.document.scroll(rows as i32);
            }
            Some(Pane::Editor) => self.scroll_prompt(rows),
            Some(Pane::Output) => self.scroll_output(rows),
            Some(Pane::Template) if self.form.is_none() => self.browser.step(rows.signum()),
            Some(Pane::Template) | None => {}
        }
    }

    fn press(&mut self, mouse: Mouse) -> Vec<Effect> {
        if !self.dialogs.is_empty() {
            return Vec::new();
        }
        let clicks = self.clicks.count(self.now.0, (mouse.column, mouse.row));
        if let Some(pane) = self.areas.pane_at(mouse.column, mouse.row) {
            self.focus_on(pane);
        }
        match self.areas.at(mouse.column, mouse.row) {
            Some(Target::ListRow(place)) => {
                self.browser.move_to(place);
                if clicks == 2 {
                    return self.activate();
                }
                return self.preview_highlighted();
            }
            Some(Target::ListTab(tab)) => self.browser.show(tab),
            Some(Target::Field(index)) => {
                if let Some(form) = self.form.as_mut() {
                    form.focus_on(index);
                    if form.focused().is_some_and(super::form::Field::has_options) {
                        form.pick(1);
                        self.refresh_preview();
                    }
                }
            }
            Some(Target::DraftTab) => self.editor.tab = Tab::Draft,
            Some(Target::PromptTab) => self.editor.tab = Tab::Prompt,
            Some(Target::Variant(place)) => self.output.show(place),
            Some(Target::Pane(Pane::Editor)) if self.editor.tab == Tab::Draft => {
                if let Some((column, row)) = self.in_document(mouse) {
                    self.editor
                        .document
                        .click(column, row.max(0) as u16, clicks);
                }
            }
            Some(Target::Pane(_)) | None => {}
        }
        Vec::new()
    }

    fn drag(&mut self, mouse: Mouse) {
        if self.dialogs.is_empty()
            && self.focus == Pane::Editor
            && self.editor.tab == Tab::Draft
            && let Some((column, row)) = self.in_document(mouse)
        {
            self.editor.document.drag(column, row);
        }
    }

    fn in_document(&self, mouse: Mouse) -> Option<(u16, i32)> {
        let area = self.areas.document;
        (area.height > 0).then(|| {
            let column = mouse.column.saturating_sub(area.x);
            let row = i32::from(mouse.row) - i32::from(area.y);
            (column, row)
        })
    }
}
