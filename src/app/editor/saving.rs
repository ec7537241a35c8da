//! The draft in the Editor on its way to its file.
//!
//! Knows what the file has of the text and of how it was made. Never writes it.

use super::OpenDocument;
use crate::app::effect::{Replaced, Save};
use crate::app::msg::OpenedDraft;
use crate::app::outside::Outside;
use crate::domain::document::Snapshot;
use crate::domain::draft::Draft;
use crate::domain::text::stored;
use crate::store::files::Kind;
use uuid::Uuid;

/// A save under way.
#[derive(Debug, Clone)]
pub(super) struct Saving {
    ticket: u64,
    /// Names the text that is being written.
    state: u64,
    /// That text, if it goes into a new file.
    new: Option<Snapshot>,
}

impl OpenDocument {
    /// What to write now; `ticket` names the save.
    pub fn save(&mut self, ticket: u64, fallback: &str, replaced: Replaced) -> Save {
        self.begin_saving(ticket);
        let body = self.document.text();
        let Some(file) = &self.file else {
            let mut made = self.provenance().unwrap_or_default();
            made.id = self.id.to_string();
            return Save::New {
                body,
                fallback: fallback.to_owned(),
                provenance: Some(Box::new(made)),
            };
        };
        if file.kind != Kind::Draft {
            return Save::Whole {
                path: file.path.clone(),
                hash: file.hash.clone(),
                source: whole(&file.draft, &body),
                replaced,
            };
        }
        // What runs brought in may have been undone: then the file is told what it was before.
        let touched = !self.is_made_as(&file.draft);
        let provenance = touched.then(|| Box::new(self.provenance().unwrap_or_default()));
        Save::Existing {
            path: file.path.clone(),
            hash: file.hash.clone(),
            draft: Box::new(file.draft.clone()),
            body,
            provenance,
            replaced,
        }
    }

    fn begin_saving(&mut self, ticket: u64) {
        self.document.seal();
        let state = self.document.state();
        let new = self.file.is_none().then(|| self.document.snapshot());
        self.saving = Some(Saving { ticket, state, new });
    }

    /// Whether `draft` says how the present text was made. Its id is its own.
    fn is_made_as(&self, draft: &Draft) -> bool {
        let made = self.provenance();
        let Some(known) = draft.provenance() else {
            return made.is_none();
        };
        let mut made = made.unwrap_or_default();
        made.id.clone_from(&known.id);
        made == *known
    }

    /// What to write beside the file; `ticket` names the save.
    pub fn save_beside(&mut self, ticket: u64, id: Uuid) -> Option<Save> {
        self.file.as_ref()?;
        self.begin_saving(ticket);
        let file = self.file.as_ref()?;
        let (path, body) = (file.path.clone(), self.document.text());
        if file.kind != Kind::Draft {
            let source = whole(&file.draft, &body);
            return Some(Save::WholeBeside { path, source });
        }
        Some(Save::Beside {
            path,
            draft: Box::new(file.draft.clone()),
            id,
            body,
            provenance: self.provenance().map(Box::new),
        })
    }

    /// The text that the file has, once and as soon as something was changed: a file that was
    /// written elsewhere has no version of it.
    pub fn opened_text(&mut self) -> Option<Snapshot> {
        let file = self.file.as_ref()?;
        if self.versioned.as_ref() == Some(&file.hash) || !self.document.is_modified() {
            return None;
        }
        self.versioned = Some(file.hash.clone());
        Some(Snapshot::from(file.draft.body()))
    }

    /// A save was done, and is a version. Text typed since then stays unsaved.
    pub fn on_saved(&mut self, ticket: u64, file: OpenedDraft, now: u64) {
        let Some(saving) = self.saving.take_if(|saving| saving.ticket == ticket) else {
            return;
        };
        if self.is_made_as(&file.draft) {
            self.settled = self.made.len();
        }
        self.versioned = Some(file.hash.clone());
        self.file = Some(file);
        self.outside = Outside::AsKnown;
        self.saved_at = Some(now);
        self.document.mark_saved_as(saving.state);
        if let Some(new) = saving.new {
            self.take_stored(&new.text(), saving.state, now);
        }
        // The journal compares with another file now.
        self.kept = u64::MAX;
    }

    /// A new file has marks where the text that was `written` had controls. So has the text from now
    /// on, in one step and with what was typed meanwhile, or the next save would find a difference
    /// where nobody changed anything, and write the controls.
    fn take_stored(&mut self, written: &str, state: u64, at: u64) {
        let Some(body) = self.file.as_ref().map(|file| file.draft.body()) else {
            return;
        };
        if written == body || stored(written) != body {
            return;
        }
        let is_written = self.document.state() == state;
        let text = self.document.text();
        let before = &text[..self.document.cursor()];
        let (body, cursor) = (stored(&text).into_owned(), stored(before).len());
        self.document.replace(0..text.len(), &body, at);
        self.document.stand_at(cursor);
        if is_written {
            self.document.mark_saved();
        } else {
            // No step has what the file has now.
            self.document.mark_unsaved();
        }
    }

    /// True while a save is under way.
    pub const fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    /// True while the save that `ticket` names is under way.
    pub fn is_saving_as(&self, ticket: u64) -> bool {
        self.saving
            .as_ref()
            .is_some_and(|saving| saving.ticket == ticket)
    }

    /// A save failed; the text stays as it is.
    pub fn on_save_failed(&mut self, ticket: u64) {
        self.saving.take_if(|saving| saving.ticket == ticket);
    }
}

/// Everything that a file is to hold: its byte order mark, if it has one, and the text.
fn whole(file: &Draft, body: &str) -> String {
    let mut file = file.clone();
    file.set_body(body);
    file.to_source()
}
