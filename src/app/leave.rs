//! Ways out: the escape ladder, and `ctrl+c`, which copies, stops or leaves.

use super::editor::Tab;
use super::effect::Effect;
use super::msg::Now;
use super::{App, Pane, Weight};

impl App {
    /// The escape ladder: stop, close, leave, up.
    pub(super) fn back(&mut self) -> Vec<Effect> {
        self.notice = None;
        if let Some(run) = self.running() {
            return self.stop(run);
        }
        if self.is_finding() {
            self.stop_finding();
        } else if self.practice_card && self.areas.card {
            self.practice_card = false;
            return vec![Effect::PutCardAway];
        } else if self.is_in_detached_prompt() {
            return self.reattach();
        } else if self.zoomed {
            self.zoomed = false;
        } else if self.focus != Pane::Template {
            self.focus_on(Pane::Template);
        } else if self.form.is_some() {
            self.leave_form();
            return self.preview_highlighted();
        } else if self.browser.clear_filter() {
            return self.preview_highlighted();
        }
        Vec::new()
    }

    /// Leaves the form, if one is open; its values are offered again next time.
    pub(super) fn leave_form(&mut self) {
        if let Some(form) = self.form.take() {
            if let Some(taken) = self.editor.detached.take() {
                self.prompts.insert(form.template.name.clone(), taken);
            }
            let past = self.past.entry(form.template.name.clone()).or_default();
            past.remember(form.brief());
            // There is no prompt without a form.
            self.show_tab(Tab::Draft);
        }
        self.editor.preview = None;
    }

    pub(super) fn copy_or_quit(&mut self) -> Vec<Effect> {
        let selected = match (self.focus, self.form.as_ref()) {
            _ if !self.dialogs.is_empty() => None,
            (Pane::Editor, _) => self.editor.written().and_then(|text| text.selected_text()),
            (Pane::Template, Some(form)) => form.selected_text(),
            _ => None,
        };
        if let Some(text) = selected {
            self.editor.clipboard.clone_from(&text);
            return vec![Effect::Copy(text)];
        }
        if let Some(run) = self.running() {
            return self.stop(run);
        }
        if self.quit_armed.take().is_some() {
            return self.quit();
        }
        let until = Now(self.now.0 + 2_000);
        self.quit_armed = Some(until);
        self.tell(Weight::Note, "press ctrl+c again to quit")
    }
}
