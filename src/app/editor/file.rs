//! An open document and its file: what is done to the file, here or by another program, and what
//! follows for the text.
//!
//! Never loses a text that no file has. Knows nothing of questions: those are the model's.

use super::{Made, OpenDocument};
use crate::app::msg::OpenedDraft;
use crate::app::outside::Outside;
use crate::domain::diff::Stretch;
use crate::store::files::Kind;
use crate::store::trash::Mark;
use std::path::Path;
use uuid::Uuid;

impl OpenDocument {
    /// Whether this is its file.
    pub fn lives_in(&self, path: &Path) -> bool {
        self.file.as_ref().is_some_and(|file| file.path == path)
    }

    /// The file `before` was deleted. If it is this one, its text stays as one without a file;
    /// true then, if there is any.
    pub fn lose(&mut self, before: &Mark) -> bool {
        let Some(file) = self.file.take_if(|file| file.path == before.path) else {
            return false;
        };
        if file.read_only.is_some() {
            // What is shown is not what the file held; nobody should save it for that.
            *self = Self::blank(self.id);
            return false;
        }
        if file.kind != Kind::Draft {
            // It has a place of its own, and is written there again.
            self.file = Some(file);
            self.strand();
            return !self.document.is_empty();
        }
        self.lost = Some(file);
        self.document.mark_unsaved();
        // The journal has to hear of a text that is in no file any more.
        self.kept = u64::MAX;
        !self.document.is_empty()
    }

    /// A deleted file is back. If it is the one that was lost here, the text lives in it again.
    pub fn regain(&mut self, draft: OpenedDraft) {
        let lost = self.lost.take_if(|lost| lost.hash == draft.hash);
        if self.file.is_some() || lost.is_none() {
            return;
        }
        if self.document.text() == draft.draft.body() {
            self.document.mark_saved();
        }
        self.file = Some(draft);
        self.kept = u64::MAX;
    }

    /// The file `before` was changed by the person's own doing. If it is this one, the Editor goes
    /// with it, and unsaved text stays.
    pub fn follow(&mut self, before: &Mark, now: OpenedDraft, at: u64) {
        let Some(file) = self.file.as_mut().filter(|file| file.path == before.path) else {
            return;
        };
        let known = file.hash == before.hash;
        if known && file.draft.body() == now.draft.body() {
            self.stand_on(now);
        } else if known && !self.document.is_modified() {
            self.put(now.draft.body(), at);
            self.come_from(now);
        } else {
            // With the old hash the next save says that the file holds another text.
            file.path = now.path;
        }
        // What is unsaved belongs to the file of another name now.
        self.kept = u64::MAX;
    }

    /// Another program's text of the same file takes the place of this one, in one undo step. The
    /// cursor stays with the words around it. What was unsaved goes by its old name in the journal.
    pub fn reload(&mut self, file: OpenedDraft, id: Uuid, at: u64) {
        self.put(file.draft.body(), at);
        self.id = id;
        // Whoever reloads keeps it as a version.
        self.versioned = Some(file.hash.clone());
        self.come_from(file);
        self.outside = Outside::AsKnown;
        self.kept = u64::MAX;
    }

    /// Another text takes the place of this one, in one undo step. The cursor stays with the words
    /// around it.
    pub fn put(&mut self, new: &str, at: u64) {
        let change = Stretch::between(&self.document.text(), new);
        let cursor = change.carried(self.document.cursor());
        let with = &new[change.inserted()];
        self.document.replace(change.removed(), with, at);
        self.document.stand_at(cursor);
    }

    /// The text is that of `file`, which says how it was made. Undoing it takes that back, too.
    fn come_from(&mut self, file: OpenedDraft) {
        self.document.mark_saved();
        let theirs = file.draft.provenance();
        if self.provenance().as_ref() != theirs {
            let theirs = theirs.cloned().map(Box::new);
            self.made.push((self.document.state(), Made::File(theirs)));
        }
        self.settled = self.made.len();
        self.file = Some(file);
    }

    /// The file has other front matter now, and the text goes on from it: of what runs brought in,
    /// what is not saved stands above the record that the file has.
    fn stand_on(&mut self, file: OpenedDraft) {
        let known = self.file.as_ref();
        let theirs = file.draft.provenance();
        if known.and_then(|known| known.draft.provenance()) != theirs {
            self.record = theirs.cloned();
            let unsaved = self.made.split_off(self.settled.min(self.made.len()));
            self.made.retain(|(state, _)| !self.document.holds(*state));
            self.made.extend(unsaved);
            if self.document.text() == file.draft.body() {
                self.made.clear();
            }
            self.settled = 0;
        }
        if known.is_some_and(|known| {
            known.draft.body() == file.draft.body() && self.versioned.as_ref() == Some(&known.hash)
        }) {
            self.versioned = Some(file.hash.clone());
        }
        self.file = Some(file);
    }

    /// The file says something else now; the text stays as it is, and is saved if that is the same.
    pub fn adopt(&mut self, file: OpenedDraft) {
        if self.document.text() == file.draft.body() {
            self.document.mark_saved();
        }
        self.stand_on(file);
        self.outside = Outside::AsKnown;
        // The journal compares with another file now.
        self.kept = u64::MAX;
    }

    /// The file is gone, and the text is in none. What can only be read is no text to be saved.
    pub fn strand(&mut self) {
        self.outside = Outside::Gone;
        if self.read_only().is_some() {
            return;
        }
        self.document.mark_unsaved();
        self.kept = u64::MAX;
    }

    /// The name of the file that stays as another program wrote it, when the text went to `path`.
    pub fn other_than(&self, path: &Path) -> Option<String> {
        let file = self.file.as_ref()?;
        let other = self.outside.is_another() && file.path != path;
        other.then(|| self.name())
    }
}
