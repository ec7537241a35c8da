//! The mouse: a click focuses and places the cursor, the wheel scrolls what is under it.

use super::areas::{FieldArea, Target};
use super::editor::Tab;
use super::effect::{Effect, Selection};
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
            MouseAction::WheelDown => return self.wheel(mouse, 3),
            MouseAction::WheelUp => return self.wheel(mouse, -3),
            MouseAction::Press => return self.press(mouse),
            MouseAction::PressMiddle => return self.press_middle(mouse),
            MouseAction::Drag if self.drag_border(mouse) => {}
            MouseAction::Drag => {
                self.drag(mouse);
                return self.hold_drag(mouse);
            }
            MouseAction::Release => {
                self.held = None;
                self.release_border();
            }
        }
        Vec::new()
    }

    /// A drag that is held beyond an edge goes on.
    pub(super) fn drag_on(&mut self) -> Vec<Effect> {
        let Some(mouse) = self.held else {
            return Vec::new();
        };
        self.drag(mouse);
        self.hold_drag(mouse)
    }

    fn wheel(&mut self, mouse: Mouse, rows: isize) -> Vec<Effect> {
        if let Some(dialog) = self.dialogs.last_mut() {
            dialog.wheel(rows);
            return Vec::new();
        }
        match self.areas.pane_at(mouse.column, mouse.row) {
            Some(Pane::Editor) if self.reviewed().is_some() => self.scroll_review(rows),
            Some(Pane::Editor) => match self.editor.written() {
                Some(document) => document.scroll(rows as i32),
                None => self.scroll_prompt(rows),
            },
            Some(Pane::Output) => self.scroll_column(mouse, rows),
            Some(Pane::Template) if self.scroll_field(mouse, rows) => {}
            Some(Pane::Template) => {
                if let Some(form) = self.form.as_mut() {
                    let part = self.areas.form;
                    let first = part.first.saturating_add_signed(rows.signum());
                    form.first = Some(first.min(part.last));
                } else {
                    self.browser.step(rows.signum());
                    return self.preview_highlighted();
                }
            }
            None => {}
        }
        Vec::new()
    }

    fn press(&mut self, mouse: Mouse) -> Vec<Effect> {
        if !self.dialogs.is_empty() {
            return Vec::new();
        }
        let clicks = self.clicks.count(self.now.0, (mouse.column, mouse.row));
        if self.press_border(mouse, clicks) {
            return Vec::new();
        }
        let was_here = self.focus == Pane::Template;
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
            Some(Target::ListTab(tab)) => {
                self.browser.show(tab);
                return self.preview_highlighted();
            }
            Some(Target::Field(index)) => self.press_field(index, mouse, (clicks, was_here)),
            Some(Target::Option(index, option)) => self.press_option(index, Some(option)),
            // The click that comes to the pane does no more than that.
            Some(Target::OptionBefore(_)) if !was_here => {}
            Some(Target::OptionBefore(index)) => self.press_option(index, None),
            Some(Target::DraftTab) => self.show_tab(Tab::Draft),
            Some(Target::PromptTab) => self.show_tab(Tab::Prompt),
            Some(Target::Variant(place)) => {
                self.show_variants();
                self.output.show(place);
            }
            Some(Target::Ask) => return self.ask(),
            Some(Target::Question) => self.press_question(mouse, clicks),
            Some(Target::Reasoning) => {
                self.choose_under(mouse);
                return self.unfold_reasoning();
            }
            Some(Target::Pane(Pane::Editor)) if self.reviewed().is_some() => {}
            Some(Target::Pane(Pane::Editor)) => {
                let place = self.in_document(mouse);
                if place.is_some() {
                    // Whoever clicks into the text wants to write there.
                    self.stop_finding();
                }
                if let (Some((column, row)), Some(document)) = (place, self.editor.written()) {
                    document.click(column, row.max(0) as u16, clicks);
                }
                self.follow_selection();
            }
            Some(Target::Pane(Pane::Output)) => self.begin_marking(mouse, clicks),
            Some(Target::Pane(_)) | None => {}
        }
        Vec::new()
    }

    /// The middle button puts in what is marked anywhere, where it was pressed.
    fn press_middle(&mut self, mouse: Mouse) -> Vec<Effect> {
        let target = self.areas.at(mouse.column, mouse.row);
        let in_text = matches!(target, Some(Target::Pane(Pane::Editor)));
        if !self.dialogs.is_empty() || !in_text || !self.pasting.reads {
            return Vec::new();
        }
        let effects = self.press(mouse);
        if !self.is_in_text() {
            return effects;
        }
        [effects, self.paste_from(Selection::Primary)].concat()
    }

    /// A click in a field: text gets the cursor there, a choice that is focused already changes.
    fn press_field(&mut self, index: usize, mouse: Mouse, (clicks, was_here): (u8, bool)) {
        let drawn = self.drawn_field(index);
        let Some(form) = self.form.as_mut() else {
            return;
        };
        let again = was_here && form.focus() == index;
        form.first = Some(self.areas.form.first);
        form.focus_on(index);
        if let (Some(entry), Some(drawn)) = (form.entry_mut(index), drawn) {
            let (column, row) = drawn.cell(mouse.column, mouse.row);
            if (0..i32::from(drawn.area.height)).contains(&row) {
                entry.click(column, row as u16, clicks);
            }
        } else if again {
            form.pick(1);
            self.refresh_preview();
        }
    }

    /// A click on an option marks it; one on the mark before an option goes to the one before.
    fn press_option(&mut self, index: usize, option: Option<usize>) {
        let Some(form) = self.form.as_mut() else {
            return;
        };
        form.first = Some(self.areas.form.first);
        form.focus_on(index);
        match option {
            Some(option) => form.mark(index, option),
            None => form.pick(-1),
        }
        self.refresh_preview();
        self.refresh_filling();
    }

    /// The wheel over the focused field scrolls a text that goes on; false anywhere else.
    fn scroll_field(&mut self, mouse: Mouse, rows: isize) -> bool {
        let Some(Target::Field(index)) = self.areas.at(mouse.column, mouse.row) else {
            return false;
        };
        let form = self.form.as_mut().filter(|form| form.focus() == index);
        match form.and_then(|form| form.entry_mut(index)) {
            Some(entry) if entry.is_taller() => {
                entry.scroll(rows as i32);
                true
            }
            _ => false,
        }
    }

    fn drawn_field(&self, index: usize) -> Option<FieldArea> {
        let mut fields = self.areas.fields.iter();
        fields.find(|drawn| drawn.index == index).copied()
    }

    fn drag_field(&mut self, mouse: Mouse) {
        let index = self.form.as_ref().map_or(0, super::form::Form::focus);
        let drawn = self.drawn_field(index);
        let entry = self.form.as_mut().and_then(|form| form.entry_mut(index));
        if let (Some(drawn), Some(entry)) = (drawn, entry) {
            let (column, row) = drawn.cell(mouse.column, mouse.row);
            entry.drag(column, row);
        }
    }

    fn drag(&mut self, mouse: Mouse) {
        if self.dialogs.is_empty() && self.focus == Pane::Template {
            self.drag_field(mouse);
        } else if self.dialogs.is_empty()
            && self.focus == Pane::Editor
            && self.reviewed().is_none()
            && let Some((column, row)) = self.in_document(mouse)
            && let Some(document) = self.editor.written()
        {
            document.drag(column, row);
            self.follow_selection();
        } else if self.dialogs.is_empty() && self.focus == Pane::Output {
            self.mark_up_to(mouse);
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
