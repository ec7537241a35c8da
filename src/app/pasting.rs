//! Text that was pasted, on its way to whatever has the keys.

use super::effect::Effect;
use super::msg::Msg;
use super::{App, Pane, Weight};
use crate::domain::document::Edit;
use crate::domain::text::stored;

impl App {
    /// Takes text that was pasted.
    pub(super) fn on_paste(&mut self, text: &str) -> Vec<Effect> {
        if self.is_ahead() {
            self.typed_ahead.push(Msg::Paste(text.to_owned()));
            return Vec::new();
        }
        if let Some(dialog) = self.dialogs.last_mut() {
            dialog.paste(text);
            self.refresh_switcher();
            return Vec::new();
        }
        if self.is_finding() {
            self.paste_into_find(text);
            return Vec::new();
        }
        if self.focus == Pane::Editor && self.is_locked() {
            return self.refuse_to_edit();
        }
        match (self.focus, self.form.as_mut()) {
            (Pane::Template, Some(form)) => {
                form.paste(text);
                self.refresh_preview();
                self.refresh_filling();
            }
            (Pane::Template, None) if self.browser.is_filtering() => self.browser.paste(text),
            (Pane::Editor, _) if self.editor.written().is_some() => {
                // Controls have no business in a draft, whoever put them on the clipboard.
                let text = stored(text).into_owned();
                if let Some(document) = self.editor.written() {
                    document.apply(Edit::Insert(text), self.now.0);
                }
            }
            _ => return self.tell(Weight::Note, "focus the draft or a field to paste into it"),
        }
        Vec::new()
    }
}
