//! Several open documents: going from one to the other, and closing them.
//!
//! A document that is not shown stays as it is: its text, its place, what is not saved of it.
//! Closing asks only when text would be lost.

use super::dialog::{Answer, Closing, Confirm, Dialog};
use super::editor::Tab;
use super::effect::{Effect, Keep};
use super::msg::{Journaling, Purpose};
use super::{App, Awaited, Pane, Weight};
use crate::store::files::ReadOnly;
use crate::store::items::Item;
use crate::store::journal::Cause;
use uuid::Uuid;

impl App {
    /// Shows an open document in the Editor, and goes there.
    pub(super) fn show_open(&mut self, id: Uuid) -> Vec<Effect> {
        self.before_another();
        self.editor.switch_to(id);
        self.after_another()
    }

    /// What has to end before another document is shown.
    pub(super) fn before_another(&mut self) {
        // A search in the prompt is none in the document.
        self.show_tab(Tab::Draft);
        self.withdraw_question();
    }

    /// What follows when another document is shown.
    pub(super) fn after_another(&mut self) -> Vec<Effect> {
        self.focus_on(Pane::Editor);
        if self.editor.outside.is_another() {
            self.ask_about_outside();
        }
        match self.editor.read_only() {
            Some(reason @ ReadOnly::NotText(_)) => {
                let told = format!("read only: {reason}; � stands for what is no text");
                self.tell(Weight::Note, told)
            }
            Some(reason) => self.tell(Weight::Note, format!("read only: {reason}")),
            None => Vec::new(),
        }
    }

    /// Closes an open document, asking first when text would be lost.
    pub(super) fn close(&mut self, id: Uuid) -> Vec<Effect> {
        let Some(open) = self.editor.get(id) else {
            return Vec::new();
        };
        if open.has_unsaved_text() {
            let name = open.called();
            self.ask_before_closing(id, &name);
            return Vec::new();
        }
        let (is_saving, is_blank) = (open.is_saving(), open.is_blank());
        if is_saving {
            self.mark_to_close(id);
            return Vec::new();
        }
        if is_blank && self.editor.others.is_empty() {
            return self.tell(Weight::Note, "nothing is open");
        }
        self.shut(id)
    }

    fn ask_before_closing(&mut self, id: Uuid, name: &str) {
        let close = |closing| Answer::Close(id, closing);
        let mut answers = vec![('s', "save it and close", close(Closing::Save))];
        if self.is_journaling() {
            let later = "close it; the text is kept 30 days (recover in ctrl+p)";
            answers.push(('k', later, close(Closing::ForLater)));
        }
        answers.push((
            'd',
            "close it and drop what is not saved",
            close(Closing::Discard),
        ));
        answers.push(('c', "cancel", Answer::Cancel));
        self.dialogs.push(Dialog::Confirm(Confirm {
            question: format!("{name} has changes that are not saved."),
            answers,
        }));
    }

    /// A person decided what becomes of the text of a document that closes.
    pub(super) fn on_closing(&mut self, id: Uuid, closing: Closing) -> Vec<Effect> {
        let Some(open) = self.editor.get_mut(id) else {
            return Vec::new();
        };
        let kept = match closing {
            Closing::Save => {
                self.mark_to_close(id);
                let shown = self.show_open(id);
                return [shown, self.save()].concat();
            }
            Closing::ForLater => open.set_aside(),
            Closing::Discard => {
                // What goes can still be found among the versions of its file.
                let mut kept = open.checkpoint(Cause::Edit);
                kept.push(Effect::Keep(Keep::Settled(id)));
                kept
            }
        };
        let shut = self.shut(id);
        self.refresh_switcher();
        [kept, shut].concat()
    }

    /// Opens an item of the library: a template's form, a draft, a snippet's use.
    pub(super) fn open_item(&mut self, item: Item) -> Vec<Effect> {
        match item {
            Item::Template(name) => {
                self.focus_on(Pane::Template);
                self.awaited = Awaited::Form;
                let purpose = Purpose::Form;
                vec![Effect::LoadTemplate { name, purpose }]
            }
            Item::Draft(path) => self.open_draft(path),
            Item::Snippet(name) => self.tell(
                Weight::Note,
                format!("templates include this with {{% include \"{name}\" %}}; e opens it"),
            ),
        }
    }

    /// Whether an item is an open document.
    pub(super) fn is_open(&self, item: &Item) -> bool {
        match item {
            Item::Draft(path) => self.editor.at(path).is_some(),
            Item::Template(_) | Item::Snippet(_) => false,
        }
    }

    fn mark_to_close(&mut self, id: Uuid) {
        if let Some(open) = self.editor.get_mut(id) {
            open.closes = true;
        }
    }

    /// Closes what was only to be saved first, unless something was typed since.
    pub(super) fn close_saved(&mut self) -> Vec<Effect> {
        let done = self
            .editor
            .all()
            .filter(|open| open.closes && !open.is_saving());
        let done: Vec<_> = done
            .map(|open| (open.id, open.has_unsaved_text()))
            .collect();
        let mut effects = Vec::new();
        for (id, unsaved) in done {
            if unsaved {
                if let Some(open) = self.editor.get_mut(id) {
                    open.closes = false;
                }
            } else {
                effects.extend(self.shut(id));
            }
        }
        effects
    }

    /// Closes a document whatever it holds, and shows the one before it.
    fn shut(&mut self, id: Uuid) -> Vec<Effect> {
        let was_shown = self.editor.id == id;
        let fresh = self.fresh_id();
        if was_shown {
            self.before_another();
        }
        self.editor.close(id, fresh);
        if was_shown {
            self.after_another()
        } else {
            Vec::new()
        }
    }

    pub(super) fn is_journaling(&self) -> bool {
        self.journaling == Journaling::On
    }
}
