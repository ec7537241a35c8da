//! The Editor pane: the document being written, and the prompt as it will be sent.

mod counted;
mod keys;
mod modal;
mod pen;
mod place;
mod saving;
mod verbs;
pub mod vim;

pub use counted::StatisticsBox;
pub use keys::Typed;
pub use pen::{Pen, Shape};
pub use place::{GoToLine, LinePlace};

use super::effect::{Keep, Unsaved};
use super::find::Find;
use super::msg::OpenedDraft;
use super::outside::Outside;
use super::prompt::Detached;
use crate::domain::diff::Stretch;
use crate::domain::document::Document;
use crate::domain::draft::{Part, Provenance};
use crate::domain::render::Rendered;
use crate::store::trash::Mark;
use std::path::Path;
use uuid::Uuid;

/// What the pane shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    /// The document.
    #[default]
    Draft,
    /// The prompt.
    Prompt,
}

/// What a run brought into the text.
#[derive(Debug, Clone)]
pub enum Made {
    /// The whole text.
    Whole(Box<Provenance>),
    /// Some of it.
    Part(Part),
    /// Not a run but the file did: another program's text, and what its front matter says of it.
    File(Option<Box<Provenance>>),
}

/// The Editor pane.
#[derive(Debug)]
pub struct Editor {
    /// The tab shown.
    pub tab: Tab,
    /// The document.
    pub document: Document,
    /// The file it lives in, once it has one.
    pub file: Option<OpenedDraft>,
    /// What became of that file since, as far as another program changed it.
    pub outside: Outside,
    /// Names the draft and its unsaved text in the journal, from the first key on.
    pub id: Uuid,
    /// Words aimed at.
    pub target_words: Option<usize>,
    /// The prompt as it would be sent now, or why it cannot be.
    pub preview: Option<Result<Rendered, String>>,
    /// The prompt that was taken over from the template, to be sent instead of it.
    pub detached: Option<Detached>,
    /// First row of the prompt shown.
    pub preview_scroll: usize,
    /// Clock time of the last save, for the status line.
    pub saved_at: Option<u64>,
    /// The find bar, while it is open.
    pub find: Option<Box<Find>>,
    /// What was cut or copied last.
    pub clipboard: String,
    /// What runs brought in since the draft was opened, each with the text it led to, so that
    /// undoing it takes the record back, too.
    made: Vec<(u64, Made)>,
    /// How many of those the file has in its record, or had once.
    settled: usize,
    /// The record that the file had when it was opened.
    record: Option<Provenance>,
    saving: Option<saving::Saving>,
    /// Hash of the file whose text is a version.
    versioned: Option<String>,
    /// The revision that the journal has.
    kept: u64,
    /// The file that the text had before it was deleted.
    lost: Option<OpenedDraft>,
}

impl Default for Editor {
    fn default() -> Self {
        Self {
            tab: Tab::Draft,
            document: Document::new(""),
            file: None,
            outside: Outside::default(),
            id: Uuid::nil(),
            target_words: None,
            preview: None,
            detached: None,
            preview_scroll: 0,
            saved_at: None,
            find: None,
            clipboard: String::new(),
            made: Vec::new(),
            settled: 0,
            record: None,
            saving: None,
            versioned: None,
            kept: 0,
            lost: None,
        }
    }
}

impl Editor {
    /// The text that keys are typed into: the draft, or the prompt that was taken over.
    pub fn written(&mut self) -> Option<&mut Document> {
        match self.tab {
            Tab::Draft => Some(&mut self.document),
            Tab::Prompt => self.detached.as_mut().map(|taken| &mut taken.document),
        }
    }

    /// The title of what is open.
    pub fn name(&self) -> String {
        match &self.file {
            Some(file) => file
                .path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            None if self.document.is_empty() => String::new(),
            None => "unsaved draft".to_owned(),
        }
    }

    /// Why the draft can only be read, if that is so.
    pub fn read_only(&self) -> Option<&str> {
        self.file.as_ref()?.read_only.as_deref()
    }

    /// True when there is text that no file holds.
    pub fn has_unsaved_text(&self) -> bool {
        self.document.is_modified() && !(self.document.is_empty() && self.file.is_none())
    }

    /// Starts an empty draft under this name in the journal.
    pub fn clear(&mut self, id: Uuid) {
        let clipboard = std::mem::take(&mut self.clipboard);
        *self = Self {
            clipboard,
            preview: self.preview.take(),
            id,
            detached: self.detached.take(),
            ..Self::default()
        };
    }

    /// Opens a draft; its unsaved text goes by `id` in the journal.
    pub fn open(&mut self, file: OpenedDraft, id: Uuid) {
        self.clear(id);
        self.document = Document::new(file.draft.body());
        self.record = file.draft.provenance().cloned();
        self.file = Some(file);
    }

    /// What versions of the draft go by: its own id, or the place of a file that has none.
    pub fn draft_key(&self) -> String {
        let Some(file) = &self.file else {
            return self.id.to_string();
        };
        file.draft.key(&file.path)
    }

    /// Remembers what a run just brought into the text.
    pub fn bring(&mut self, made: Made) {
        self.made.push((self.document.state(), made));
    }

    /// How the present text was made, as far as runs made it.
    pub fn provenance(&self) -> Option<Provenance> {
        let mut record = self.record.clone();
        for (state, made) in &self.made {
            if !self.document.holds(*state) {
                continue;
            }
            match made {
                Made::Whole(whole) => record = Some((**whole).clone()),
                Made::Part(part) => record.get_or_insert_default().parts.push(part.clone()),
                Made::File(theirs) => record = theirs.as_deref().cloned(),
            }
        }
        record
    }

    /// The template that the text was made with.
    pub fn template(&self) -> Option<String> {
        self.provenance()?.template
    }

    /// What the journal has to hear about the text since it was asked last.
    pub fn news(&mut self) -> Option<Keep> {
        if self.kept == self.document.revision() {
            return None;
        }
        self.kept = self.document.revision();
        if !self.has_unsaved_text() {
            return Some(Keep::Settled(self.id));
        }
        let provenance = self.provenance();
        Some(Keep::Unsaved(Box::new(Unsaved {
            id: self.id,
            path: self.file.as_ref().map(|file| file.path.clone()),
            base: self.file.as_ref().map(|file| file.hash.clone()),
            template: provenance.as_ref().and_then(|made| made.template.clone()),
            provenance,
            cursor: self.document.cursor(),
            text: self.document.snapshot(),
        })))
    }

    /// The file `before` was deleted. If it is this one, its text stays as one without a file;
    /// true then, if there is any.
    pub fn lose(&mut self, before: &Mark) -> bool {
        let Some(file) = self.file.take_if(|file| file.path == before.path) else {
            return false;
        };
        if file.read_only.is_some() {
            // What is shown is not what the file held; nobody should save it for that.
            self.clear(self.id);
            return false;
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
