//! The draft in the Editor on its way to its file.
//!
//! Knows what the file has of the text and of how it was made. Never writes it.

use super::Editor;
use crate::app::effect::Save;
use crate::app::msg::OpenedDraft;
use crate::app::outside::Outside;
use crate::domain::document::Snapshot;
use uuid::Uuid;

impl Editor {
    /// What to write now; `ticket` names the save.
    pub fn save(&mut self, ticket: u64, fallback: &str) -> Save {
        self.saving = Some((ticket, self.document.revision()));
        let body = self.document.text();
        // What runs brought in may have been undone: then the file is told what it was before.
        let touched = !self.made.is_empty() || self.file.is_none();
        let provenance = touched.then(|| Box::new(self.provenance().unwrap_or_default()));
        let provenance = provenance.map(|mut made| {
            if self.file.is_none() {
                made.id = self.id.to_string();
            }
            made
        });
        match &self.file {
            None => Save::New {
                body,
                fallback: fallback.to_owned(),
                provenance,
            },
            Some(file) => Save::Existing {
                path: file.path.clone(),
                hash: file.hash.clone(),
                draft: Box::new(file.draft.clone()),
                body,
                provenance,
            },
        }
    }

    /// What to write beside the file; `ticket` names the save.
    pub fn save_beside(&mut self, ticket: u64, id: Uuid) -> Option<Save> {
        let file = self.file.as_ref()?;
        self.saving = Some((ticket, self.document.revision()));
        Some(Save::Beside {
            path: file.path.clone(),
            draft: Box::new(file.draft.clone()),
            id,
            body: self.document.text(),
            provenance: self.provenance().map(Box::new),
        })
    }

    /// The text that the file had when it was opened, once and as soon as something was changed: a
    /// file that was written elsewhere has no version of it.
    pub fn opened_text(&mut self) -> Option<Snapshot> {
        if self.versioned || !self.document.is_modified() {
            return None;
        }
        self.versioned = true;
        let file = self.file.as_ref()?;
        Some(Snapshot::from(file.draft.body()))
    }

    /// A save was done. Text typed since then stays unsaved.
    pub fn on_saved(&mut self, ticket: u64, file: OpenedDraft, now: u64) {
        let Some((_, revision)) = self.saving.take_if(|(asked, _)| *asked == ticket) else {
            return;
        };
        self.file = Some(file);
        self.outside = Outside::AsKnown;
        self.saved_at = Some(now);
        if self.document.revision() == revision {
            self.document.mark_saved();
        }
        // The journal compares with another file now.
        self.kept = u64::MAX;
    }

    /// True while a save is under way.
    pub const fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    /// A save failed; the text stays as it is.
    pub fn on_save_failed(&mut self, ticket: u64) {
        self.saving.take_if(|(asked, _)| *asked == ticket);
    }
}
