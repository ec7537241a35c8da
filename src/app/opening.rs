//! What the Editor is about to hold: drafts that were asked for, texts that are with the external
//! editor, and drafts that can only be read.
//!
//! An answer to a wish that another one followed is dropped; a text that a person wrote never is.

use super::editor::{OpenDocument, Tab};
use super::effect::{Effect, Wanted};
use super::msg::OpenedDraft;
use super::{App, Awaited, Pane, Stage, Weight};
use crate::domain::document::Snapshot;
use crate::domain::failure::Failure;
use crate::store::files::ReadOnly;
use crate::store::items::Item;
use crate::store::journal::Cause;
use std::ffi::OsStr;
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

impl Lent {
    /// Whether it is the text of this document.
    pub(super) fn is_of(&self, open: &OpenDocument) -> bool {
        self.draft == open.id
    }

    /// Whether the document is still what it was when it was lent.
    fn fits(&self, open: &OpenDocument) -> bool {
        let hash = open.file.as_ref().map(|file| &file.hash);
        self.is_of(open)
            && open.read_only().is_none()
            && (open.document.snapshot() == self.text || hash == self.hash.as_ref())
    }
}

impl App {
    /// Shows a draft: at once if it is open, else as soon as it is read. It takes the place of one
    /// that was asked for before and is not there yet.
    pub(super) fn open_draft(&mut self, path: PathBuf) -> Vec<Effect> {
        self.opening = None;
        if let Some(open) = self.editor.at(&path).map(|open| open.id) {
            return self.show_open(open);
        }
        vec![self.ask_for(Wanted::Item(Item::Draft(path)))]
    }

    /// Asks for a file, in place of the one that was asked for before.
    pub(super) fn ask_for(&mut self, wanted: Wanted) -> Effect {
        self.counter += 1;
        let ticket = self.counter;
        self.opening = Some(ticket);
        Effect::Open { ticket, wanted }
    }

    /// Opens the file that the studio was started with. What is typed until it is there is for it.
    pub(super) fn open_named(&mut self, path: PathBuf) -> Vec<Effect> {
        self.focus_on(Pane::Editor);
        self.awaited = Awaited::File;
        vec![self.ask_for(Wanted::Named(path))]
    }

    /// A draft was read, or not. What was shown stays open behind it.
    pub(super) fn on_opened(
        &mut self,
        ticket: u64,
        result: Result<OpenedDraft, Failure>,
    ) -> Vec<Effect> {
        if self.opening.take_if(|asked| *asked == ticket).is_none() || self.stage != Stage::Open {
            // It is wanted no more; what was typed for it is not lost.
            return self.stop_waiting(Awaited::File);
        }
        let is_there = result.is_ok();
        let aimed = self
            .seeker
            .aimed
            .take()
            .filter(|(asked, _)| *asked == ticket);
        let mut effects = match result {
            Ok(file) => self.show_file(file),
            Err(failure) => self.fail(&failure),
        };
        if let Some((_, typed)) = aimed.filter(|_| is_there) {
            effects.extend(self.aim(&typed));
        }
        effects.extend(self.stop_waiting(Awaited::File));
        effects
    }

    /// Shows what a file holds. One that is open already is shown as it is there, and looked at.
    fn show_file(&mut self, file: OpenedDraft) -> Vec<Effect> {
        if let Some(open) = self.editor.at(&file.path).map(|open| open.id) {
            return [self.show_open(open), self.look_at(open)].concat();
        }
        self.before_another();
        let id = self.fresh_id();
        self.editor.show(OpenDocument::of(file, id));
        let mut effects = self.after_another();
        effects.extend(self.find_parts());
        effects
    }

    /// Begins an empty draft; whatever was still to be opened is not wanted any more.
    pub(super) fn begin_empty(&mut self) {
        self.opening = None;
        self.before_another();
        let id = self.fresh_id();
        self.editor.begin(id);
        self.focus_on(Pane::Editor);
    }

    /// Hands the text to the external editor.
    pub(super) fn edit_externally(&mut self) -> Vec<Effect> {
        if let Some(effects) = self.edit_field_externally() {
            return effects;
        }
        if self.editor.read_only().is_some() {
            return self.refuse_to_edit();
        }
        if self.lent.is_some() {
            return self.tell(Weight::Note, "your editor has the text already");
        }
        let open = &self.editor.open;
        let (draft, text) = (open.id, open.document.text());
        self.lent = Some(Lent {
            draft,
            text: open.document.snapshot(),
            hash: open.file.as_ref().map(|file| file.hash.clone()),
        });
        let name = open.file.as_ref().and_then(|file| file.path.file_name());
        let name = name
            .and_then(OsStr::to_str)
            .unwrap_or("draft.md")
            .to_owned();
        vec![Effect::EditExternally { draft, name, text }]
    }

    /// The external editor came back. If the document was closed meanwhile, or says something
    /// else, what became of its text is a draft of its own.
    pub(super) fn on_edited(
        &mut self,
        draft: Uuid,
        result: Result<String, Failure>,
    ) -> Vec<Effect> {
        if let Some(effects) = self.take_edited_field(draft, &result) {
            return effects;
        }
        let lent = self.lent.take();
        let lent = lent.filter(|lent| lent.draft == draft);
        let mut effects = match (result, lent) {
            (Err(failure), _) => self.fail(&failure),
            (Ok(text), Some(lent)) if lent.text.text() == text => Vec::new(),
            (Ok(text), lent) => {
                let taken = lent.and_then(|lent| self.take_edited(&lent, &text));
                taken.unwrap_or_else(|| self.take_apart(&text))
            }
        };
        effects.extend(self.look_if_due());
        effects
    }

    /// Puts an edited text where it came from, if that is still what it was.
    fn take_edited(&mut self, lent: &Lent, text: &str) -> Option<Vec<Effect>> {
        let (shown, now) = (self.editor.id, self.now.0);
        let open = self.editor.get_mut(lent.draft)?;
        if !lent.fits(open) {
            return None;
        }
        // Keys that came before the editor had the terminal have changed it, perhaps.
        let typed = open.document.snapshot() != lent.text;
        let mut effects = if typed {
            open.checkpoint(Cause::Edit)
        } else {
            Vec::new()
        };
        open.put(text, now);
        if open.id != shown {
            let told = format!("what you edited is in {} (ctrl+o)", open.called());
            effects.extend(self.tell(Weight::Note, told));
        }
        Some(effects)
    }

    /// Takes an edited text as a draft of its own; what was in the Editor stays open behind it.
    fn take_apart(&mut self, text: &str) -> Vec<Effect> {
        self.begin_empty();
        self.editor.document.replace(0..0, text, self.now.0);
        self.tell(
            Weight::Note,
            "another text came meanwhile; what you edited is an unsaved draft now",
        )
    }

    /// Whether what is typed or pasted into the Editor would change a draft that can only be read.
    pub(super) fn is_locked(&self) -> bool {
        self.editor.tab == Tab::Draft && self.editor.read_only().is_some()
    }

    /// Says why the draft is not changed.
    pub(super) fn refuse_to_edit(&mut self) -> Vec<Effect> {
        let mend = self.editor.read_only().map(ReadOnly::mend);
        self.say_read_only(mend.unwrap_or_default())
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
