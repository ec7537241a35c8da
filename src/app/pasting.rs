//! Text that was pasted, on its way to whatever has the keys.

use super::dialog::Dialog;
use super::effect::{Effect, Selection};
use super::key::{Code, Key};
use super::msg::Msg;
use super::{App, Pane, Weight};
use crate::domain::document::Edit;
use crate::domain::text::stored;

/// The clipboard of the session.
#[derive(Debug, Default)]
pub struct Pasting {
    /// There may be one that can be read.
    pub reads: bool,
    /// What was asked for and is not there yet. What is typed meanwhile comes after it.
    awaits: Option<Selection>,
}

impl Pasting {
    pub(super) const fn is_awaited(&self) -> bool {
        self.awaits.is_some()
    }
}

impl App {
    /// Whether a key pastes into a field or a dialog from the clipboard of the session.
    pub(super) const fn pastes_by(&self, key: Key) -> bool {
        self.pasting.reads && key.ctrl && matches!(key.code, Code::Char('v'))
    }

    /// Pastes what a selection holds, or what was copied here last where none can be read.
    pub(super) fn paste_from(&mut self, selection: Selection) -> Vec<Effect> {
        if self.pasting.reads {
            self.pasting.awaits = Some(selection);
            return vec![Effect::ReadClipboard(selection)];
        }
        self.paste_own()
    }

    /// A selection was read, or could not be.
    pub(super) fn on_clipboard(&mut self, text: Option<String>) -> Vec<Effect> {
        let Some(selection) = self.pasting.awaits.take() else {
            return Vec::new();
        };
        let mut effects = match text {
            Some(text) if text != self.editor.clipboard => self.on_paste(&text),
            Some(_) => self.paste_own(),
            None if selection == Selection::Clipboard => self.paste_own(),
            None => Vec::new(),
        };
        let typed = std::mem::take(&mut self.typed_ahead);
        effects.extend(typed.into_iter().flat_map(|msg| self.take(msg)));
        effects
    }

    /// Pastes what was copied here last. In a text it comes back as it was, controls and all.
    fn paste_own(&mut self) -> Vec<Effect> {
        let text = self.editor.clipboard.clone();
        if self.dialogs.is_empty() && self.is_in_text() {
            return self.edit(Edit::Insert(text));
        }
        self.on_paste(&text)
    }

    /// Takes text that was pasted.
    pub(super) fn on_paste(&mut self, text: &str) -> Vec<Effect> {
        if self.is_ahead() {
            self.typed_ahead.push(Msg::Paste(text.to_owned()));
            return Vec::new();
        }
        if let Some(dialog) = self.dialogs.last_mut() {
            if let Dialog::Paths(shown) = dialog {
                return shown
                    .paste(text)
                    .map(Effect::ListFolder)
                    .into_iter()
                    .collect();
            }
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
        if self.is_writing_question() {
            self.paste_into_question(text);
            return Vec::new();
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
