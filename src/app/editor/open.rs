//! One open document: its text, its file, how it was made, and where the person stands in it.
//!
//! Everything here is of one document alone, so that several can be open. Knows what the journal
//! has heard of it; touches no file.

use super::Problems;
use super::saving::Saving;
use crate::app::effect::{Effect, Keep, Unsaved};
use crate::app::find::Find;
use crate::app::msg::OpenedDraft;
use crate::app::outside::Outside;
use crate::domain::document::{Document, Snapshot};
use crate::domain::draft::{Draft, Part, Provenance};
use crate::store::files::{Kind, ReadOnly};
use crate::store::journal::Cause;
use uuid::Uuid;

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

/// An open document.
#[derive(Debug)]
pub struct OpenDocument {
    /// The text.
    pub document: Document,
    /// The file it lives in, once it has one.
    pub file: Option<OpenedDraft>,
    /// What became of that file since, as far as another program changed it.
    pub outside: Outside,
    /// Names the document and its unsaved text in the journal, from the first key on.
    pub id: Uuid,
    /// Words aimed at.
    pub target_words: Option<usize>,
    /// Clock time of the last save, for the status line.
    pub saved_at: Option<u64>,
    /// The find bar, while it is open.
    pub find: Option<Box<Find>>,
    /// What is wrong with it, if it is a source.
    pub problems: Problems,
    /// What runs brought in since the document was opened, each with the text it led to, so that
    /// undoing it takes the record back, too.
    pub(super) made: Vec<(u64, Made)>,
    /// How many of those the file has in its record, or had once.
    pub(super) settled: usize,
    /// The record that the file had when it was opened.
    pub(super) record: Option<Provenance>,
    pub(super) saving: Option<Saving>,
    /// Hash of the file whose text is a version.
    pub(super) versioned: Option<String>,
    /// The revision that the journal has.
    pub(super) kept: u64,
    /// The file that the text had before it was deleted.
    pub(super) lost: Option<OpenedDraft>,
    /// The file is to be looked at once what is being written is written.
    pub(in crate::app) look_due: bool,
    /// It closes as soon as it is saved.
    pub(in crate::app) closes: bool,
}

impl OpenDocument {
    /// An empty draft that goes by this name in the journal.
    pub fn blank(id: Uuid) -> Self {
        Self {
            document: Document::new(""),
            file: None,
            outside: Outside::default(),
            id,
            target_words: None,
            saved_at: None,
            find: None,
            problems: Problems::default(),
            made: Vec::new(),
            settled: 0,
            record: None,
            saving: None,
            versioned: None,
            kept: 0,
            lost: None,
            look_due: false,
            closes: false,
        }
    }

    /// What a file holds; its unsaved text goes by `id` in the journal.
    pub fn of(file: OpenedDraft, id: Uuid) -> Self {
        Self {
            document: Document::new(file.draft.body()),
            record: file.draft.provenance().cloned(),
            outside: if file.hash.is_empty() {
                Outside::Gone
            } else {
                Outside::AsKnown
            },
            file: Some(file),
            ..Self::blank(id)
        }
    }

    /// True while there is neither a text nor a file, so that nothing goes with it.
    pub fn is_blank(&self) -> bool {
        self.document.is_empty() && self.file.is_none() && !self.is_saving()
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

    /// What it is called: by its title or first words, a file that is no draft by its name.
    pub fn title(&self) -> String {
        if self.kind() != Kind::Draft {
            return self.name();
        }
        // A title stands at the beginning; nobody needs all of a long text for it.
        let start = self.document.slice(0..1_000);
        let file = self.file.as_ref();
        let title = file.and_then(|file| file.draft.title()).map(str::to_owned);
        title.unwrap_or_else(|| Draft::title_from(&start, &self.name()))
    }

    /// What a question calls it: its file, or the words that it begins with.
    pub fn called(&self) -> String {
        match self.file {
            Some(_) => self.name(),
            None => format!("“{}”", self.title()),
        }
    }

    /// The word for what it is.
    pub fn word(&self) -> &'static str {
        match self.kind() {
            Kind::Draft => "draft",
            Kind::Template => "template",
            Kind::Snippet => "snippet",
            Kind::File => "file",
        }
    }

    /// What there is to know beside its title: its file, what it is, where it lies.
    pub fn note(&self) -> String {
        match self.kind() {
            Kind::Draft => self.name(),
            Kind::Template => "template source".to_owned(),
            Kind::Snippet => "snippet source".to_owned(),
            Kind::File => self.place(),
        }
    }

    /// Where it lies, as far as a person might look for it by that.
    pub fn place(&self) -> String {
        let path = self.file.as_ref().map(|file| file.path.as_path());
        path.map_or_else(|| self.name(), |path| path.display().to_string())
    }

    /// Why the draft can only be read, if that is so.
    pub fn read_only(&self) -> Option<ReadOnly> {
        self.file.as_ref()?.read_only
    }

    /// What it is; without a file it is a draft.
    pub fn kind(&self) -> Kind {
        self.file.as_ref().map_or(Kind::Draft, |file| file.kind)
    }

    /// True for a file that is not there until it is saved.
    pub fn is_new_file(&self) -> bool {
        self.file.as_ref().is_some_and(|file| file.hash.is_empty())
    }

    /// True when there is text that no file holds.
    pub fn has_unsaved_text(&self) -> bool {
        self.document.is_modified() && !(self.document.is_empty() && self.file.is_none())
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

    /// A version of the text as it is now; none of an empty one.
    pub fn checkpoint(&mut self, cause: Cause) -> Vec<Effect> {
        let first = self.first_version();
        let text = self.document.snapshot();
        first.into_iter().chain(self.version(cause, text)).collect()
    }

    /// A version of the text as it was opened, if it is about to be replaced and has none.
    pub fn first_version(&mut self) -> Option<Effect> {
        let text = self.opened_text()?;
        self.version(Cause::OutsideChange, text)
    }

    /// A version of the document that says `text`.
    fn version(&self, cause: Cause, text: Snapshot) -> Option<Effect> {
        let path = self.file.as_ref().map(|file| file.path.clone());
        // What can only be read is not shown as it is, and is no version of anything.
        (!text.is_empty() && self.read_only().is_none()).then(|| {
            Effect::Keep(Keep::Version {
                draft: self.draft_key(),
                path,
                cause,
                text,
            })
        })
    }

    /// Keeps unsaved text for a while, whatever becomes of the document.
    pub fn set_aside(&mut self) -> Vec<Effect> {
        if !self.has_unsaved_text() {
            return Vec::new();
        }
        let last = self.news().map(Effect::Keep);
        let later = Effect::Keep(Keep::ForLater(self.id));
        last.into_iter().chain([later]).collect()
    }
}
