//! What the Editor is about to hold: drafts that were asked for, texts that are with the external
//! editor, and drafts that can only be read.
//!
//! An answer to a wish that another one followed is dropped; a text that a person wrote never is.

use super::editor::{Editor, Tab};
use super::effect::Effect;
use super::msg::OpenedDraft;
use super::{App, Pane, Stage, Weight};
use crate::domain::document::Snapshot;
use crate::domain::failure::Failure;
use crate::store::journal::Cause;
use std::path::PathBuf;
use uuid::Uuid;

/// What the external editor was given.
#[derive(Debug)]
pub(super) struct Lent {
    draft: Uuid,
    text: Snapshot,
    /// Hash of the file that the text stood for.
    hash: Option<String>,
}

impl App {
    /// Asks for a draft, in place of the one that was asked for before.
    pub(super) fn open_draft(&mut self, path: PathBuf) -> Effect {
        self.counter += 1;
        let ticket = self.counter;
        self.opening = Some(ticket);
        Effect::LoadDraft { ticket, path }
    }

    /// A draft was read, or not.
    pub(super) fn on_opened(
        &mut self,
        ticket: u64,
        result: Result<OpenedDraft, Failure>,
    ) -> Vec<Effect> {
        if self.opening.take_if(|asked| *asked == ticket).is_none() || self.stage != Stage::Open {
            return Vec::new();
        }
        let file = match result {
            Ok(file) => file,
            Err(failure) => return self.fail(&failure),
        };
        // What was typed since it was asked for makes room, and is kept.
        let mut effects = self.set_aside();
        let id = self.fresh_id();
        self.editor.open(file, id);
        self.focus_on(Pane::Editor);
        if let Some(reason) = self.editor.read_only() {
            let told = format!("read only: {reason}; � stands for what is no text");
            effects.extend(self.tell(Weight::Note, told));
        }
        effects
    }

    /// Begins an empty draft; whatever was still to be opened is not wanted any more.
    pub(super) fn begin_empty(&mut self) {
        self.opening = None;
        let id = self.fresh_id();
        self.editor.clear(id);
        self.focus_on(Pane::Editor);
    }

    /// Hands the draft to the external editor.
    pub(super) fn edit_externally(&mut self) -> Vec<Effect> {
        if self.editor.read_only().is_some() {
            return self.refuse_to_edit();
        }
        if self.lent.is_some() {
            return self.tell(Weight::Note, "your editor has the text already");
        }
        let Editor {
            document, id, file, ..
        } = &self.editor;
        let (draft, text) = (*id, document.text());
        self.lent = Some(Lent {
            draft,
            text: document.snapshot(),
            hash: file.as_ref().map(|file| file.hash.clone()),
        });
        vec![Effect::EditExternally { draft, text }]
    }

    /// The external editor came back. If another draft is open by now, or this one says something
    /// else, what it made of the text becomes a draft of its own.
    pub(super) fn on_edited(
        &mut self,
        draft: Uuid,
        result: Result<String, Failure>,
    ) -> Vec<Effect> {
        let lent = self.lent.take();
        let lent = lent.filter(|lent| lent.draft == draft);
        let mut effects = match (result, lent) {
            (Err(failure), _) => self.fail(&failure),
            (Ok(text), Some(lent)) if lent.text.text() == text => Vec::new(),
            (Ok(text), Some(lent)) if self.is_as_lent(&lent) => {
                // Keys that came before the editor had the terminal have changed it, perhaps.
                let typed = self.editor.document.snapshot() != lent.text;
                let effects = typed.then(|| self.checkpoint(Cause::Edit));
                self.editor.put(&text, self.now.0);
                effects.unwrap_or_default()
            }
            (Ok(text), _) => self.take_apart(&text),
        };
        effects.extend(self.look_if_due());
        effects
    }

    /// Whether the draft that the external editor was given is still what it was.
    fn is_as_lent(&self, lent: &Lent) -> bool {
        let Editor {
            document, id, file, ..
        } = &self.editor;
        let hash = file.as_ref().map(|file| &file.hash);
        *id == lent.draft
            && self.editor.read_only().is_none()
            && (document.snapshot() == lent.text || hash == lent.hash.as_ref())
    }

    /// Takes an edited text as a draft of its own; what was in the Editor makes room.
    fn take_apart(&mut self, text: &str) -> Vec<Effect> {
        let mut effects = self.set_aside();
        self.begin_empty();
        self.editor.tab = Tab::Draft;
        self.editor.document.replace(0..0, text, self.now.0);
        effects.extend(self.tell(
            Weight::Note,
            "another text came meanwhile; what you edited is an unsaved draft now",
        ));
        effects
    }

    /// Whether what is typed or pasted into the Editor would change a draft that can only be read.
    pub(super) fn is_locked(&self) -> bool {
        self.editor.tab == Tab::Draft && self.editor.read_only().is_some()
    }

    /// Says why the draft is not changed.
    pub(super) fn refuse_to_edit(&mut self) -> Vec<Effect> {
        self.say_read_only("convert the file to UTF-8 to edit it")
    }

    /// Says why the draft is not written.
    pub(super) fn refuse_to_save(&mut self) -> Vec<Effect> {
        self.say_read_only("nothing to save, the file stays as it is")
    }

    fn say_read_only(&mut self, rest: &str) -> Vec<Effect> {
        let Some(reason) = self.editor.read_only() else {
            return Vec::new();
        };
        let told = format!("read only: {reason}; {rest}");
        self.tell(Weight::Bad, told)
    }
}
