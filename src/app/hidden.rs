//! The inspector of hidden characters: what kinds there are, going to the first of one, taking
//! them out. Shows a variant's too, but only a draft is changed.

use super::dialog::{Dialog, Outcome};
use super::editor::Tab;
use super::effect::Effect;
use super::key::{Code, Key};
use super::{App, Pane, Weight};
use crate::domain::hidden::{Kind, kinds};

/// The text that is looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inspected {
    /// The draft.
    Draft,
    /// The variant with this number, from 1.
    Variant(usize),
}

/// The inspector.
#[derive(Debug)]
pub struct Inspector {
    /// What it looks into.
    pub text: Inspected,
    /// What it found, in the order of the text.
    pub kinds: Vec<Kind>,
    /// The highlighted kind.
    pub cursor: usize,
}

impl Inspector {
    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let chosen = self.kinds.get(self.cursor);
        let chosen = chosen.filter(|_| self.text == Inspected::Draft);
        match key.code {
            Code::Esc | Code::Char('q') | Code::F(7) => return Outcome::Close,
            Code::Down | Code::Char('j') => self.step(1),
            Code::Up | Code::Char('k') => self.step(-1),
            Code::Enter => return chosen.map_or(Outcome::Stay, |kind| Outcome::GoTo(kind.first)),
            Code::Char('r') => {
                return chosen.map_or(Outcome::Stay, |kind| Outcome::TakeOut(Some(kind.character)));
            }
            Code::Char('a') if chosen.is_some() => return Outcome::TakeOut(None),
            _ => {}
        }
        Outcome::Stay
    }

    /// Highlights the kind `by` places on.
    pub(super) fn step(&mut self, by: isize) {
        let last = self.kinds.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }
}

impl App {
    /// Opens the inspector on what is focused.
    pub(super) fn inspect_hidden(&mut self) -> Vec<Effect> {
        let variant = self.output.shown().filter(|_| self.focus == Pane::Output);
        let (text, kinds) = match variant {
            Some(variant) => (
                Inspected::Variant(self.output.current + 1),
                kinds(&variant.text),
            ),
            None => (Inspected::Draft, kinds(&self.editor.document.text())),
        };
        if kinds.is_empty() {
            return self.tell(Weight::Good, "nothing is hidden in this text");
        }
        self.dialogs.push(Dialog::Hidden(Inspector {
            text,
            kinds,
            cursor: 0,
        }));
        Vec::new()
    }

    /// Shows a place of the draft.
    pub(super) fn go_to(&mut self, at: usize) {
        self.editor.tab = Tab::Draft;
        self.focus_on(Pane::Editor);
        self.editor.document.select(at..at + 1);
    }

    /// Takes hidden characters out of the draft; the inspector stays while some are left.
    pub(super) fn take_hidden_out(&mut self, only: Option<char>) -> Vec<Effect> {
        if self.editor.read_only().is_some() {
            return self.refuse_to_edit();
        }
        let document = &mut self.editor.document;
        let before = document.hidden();
        document.remove_hidden(only, self.now.0);
        let removed = before - document.hidden();
        let left = kinds(&document.text());
        if let Some(Dialog::Hidden(inspector)) = self.dialogs.last_mut() {
            inspector.kinds = left;
            inspector.step(0);
            if inspector.kinds.is_empty() {
                self.dialogs.pop();
            }
        }
        let told = format!("{removed} hidden removed; ctrl+z brings them back");
        self.tell(Weight::Good, told)
    }
}
