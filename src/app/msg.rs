//! Messages: facts that reach the model. Nothing else changes it.

mod left;
mod past;

pub use left::{Left, LeftState};
pub use past::Past;

use super::attaching::{Read, Then};
use super::browser::{DraftRows, bodies};
use super::connect::{Connected, Fact};
use super::deed::{Deed, Done};
use super::effect::{Unsaved, VersionPurpose};
use super::key::{Key, Mouse};
use super::output::Brought;
use super::outside::Sighting;
use super::payload::Asked;
use super::refine;
use super::switcher::{runs, texts};
use crate::config::Settings;
use crate::domain::attachment::{Named, Sight};
use crate::domain::cost::Usd;
use crate::domain::failure::Failure;
use crate::domain::ledger::Month;
use crate::domain::lint::Spot;
use crate::domain::models::{Catalog, Vocabulary};
use crate::domain::prompt::Prompt;
use crate::domain::run::{RunId, StreamEvent};
use crate::domain::statistics::Statistics;
use crate::domain::template::Template;
use crate::domain::tokens::Tokens;
use crate::provider::payload::Payload;
pub use crate::store::drafts::Opened as OpenedDraft;
use crate::store::entries::{Listing, Sought};
use crate::store::items::Item;
use crate::store::journal::{Run, Use, VersionHeadline, VersionId};
use crate::store::library::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

/// Milliseconds since the Unix epoch, as the shell's clock says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Now(pub u64);

/// A fact.
#[derive(Debug, Clone)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// The mouse did something.
    Mouse(Mouse),
    /// Text was pasted.
    Paste(String),
    /// What the selection holds that was asked for; nothing if that cannot be told.
    Clipboard(Option<String>),
    /// A program would not take a text to the clipboard.
    NotCopied {
        /// The text.
        text: String,
        /// What the program did.
        why: String,
    },
    /// The person looks at the terminal, or elsewhere.
    Looks(Looks),
    /// The terminal has another size now.
    Resize,
    /// A moment that was asked for has come.
    Tick,
    /// The library was read.
    Library {
        /// Templates, broken ones included.
        templates: Vec<Entry>,
        /// Snippets by name: their text, or why it cannot be read.
        snippets: BTreeMap<String, Result<String, String>>,
        /// Items with a star, drafts among them.
        stars: BTreeSet<Item>,
    },
    /// The list of drafts was read.
    Drafts(Result<DraftRows, Failure>),
    /// The newest drafts, as they are known before the list is read.
    FirstDrafts(DraftRows),
    /// How the text of a draft begins.
    Beginning(PathBuf, String),
    /// A template was read.
    Template {
        /// Its name.
        name: String,
        /// The template, or what is wrong with it.
        result: Result<Arc<Template>, String>,
        /// Whether it was read to be looked at or to be filled in.
        purpose: Purpose,
        /// What was given to it before.
        past: Past,
    },
    /// The journal is open.
    Journal {
        /// Unsaved text that an earlier studio left, newest first.
        left: Vec<Left>,
        /// How much each template was used.
        uses: Vec<Use>,
    },
    /// All text that can be brought back, newest first.
    Left(Vec<Left>),
    /// The journal keeps what is not saved from now on, or does not.
    Journaling(Journaling),
    /// A text that was to be kept for later is, or is not.
    SetAside {
        /// Its name.
        id: Uuid,
        /// The text, when the journal does not have it.
        unkept: Option<Box<Unsaved>>,
        /// Whether it is.
        result: Result<(), Failure>,
    },
    /// An answer that was not used was brought back.
    AnswerRestored {
        /// The run, and those whose variants stand together with its own.
        answers: Vec<Brought>,
        /// The run.
        shown: RunId,
    },
    /// Unsaved text was brought back.
    Restored {
        /// The text.
        unsaved: Box<Unsaved>,
        /// The file it was opened from, if that is still as it was then.
        file: Option<Box<OpenedDraft>>,
    },
    /// The conversations about a draft were read, the oldest turn first.
    Asked {
        /// The document.
        draft: Uuid,
        /// The turns.
        turns: Vec<Run>,
    },
    /// Something about how the studio looks.
    Look(super::look::Fact),
    /// What became of an export.
    Exported(super::exporting::Fact),
    /// Briefs under a name, and what was done to one.
    Briefs(super::form::named::Fact),
    /// What became of reading aloud or of dictation.
    Voice(super::voice::Fact),
    /// What was looked up of runs.
    Runs(runs::Fact),
    /// Texts were found that say what is typed.
    Found(texts::Found),
    /// What bodies of templates say of the filter of their list.
    Bodies(bodies::Found),
    /// What the journal has of parts that are rewritten.
    Refine(refine::Fact),
    /// The versions of a draft were read, newest first.
    Versions {
        /// What they go by.
        draft: String,
        /// All of them.
        versions: Vec<VersionHeadline>,
    },
    /// A version was read.
    Version {
        /// Which.
        id: VersionId,
        /// Its text.
        text: String,
        /// What for.
        purpose: VersionPurpose,
    },
    /// A draft was read.
    DraftOpened {
        /// Which wish this answers.
        ticket: u64,
        /// The draft.
        result: Result<OpenedDraft, Failure>,
    },
    /// A draft was written, or not.
    DraftSaved {
        /// Which save this answers.
        ticket: u64,
        /// What is on disk now.
        result: Result<Written, Failure>,
    },
    /// An item was changed, or not.
    Changed {
        /// What was asked for.
        deed: Deed,
        /// What it did.
        result: Result<Box<Done>, Failure>,
    },
    /// The text of an item was read, to be copied.
    ItemRead {
        /// Which one.
        item: Item,
        /// Its text.
        result: Result<String, Failure>,
    },
    /// A folder that a form leads to was read.
    FolderListed(Sought, Result<Listing, String>),
    /// A file that a form names was looked at.
    FileSeen(Named, Result<Sight, String>),
    /// The files that a form names were read.
    FilesRead {
        /// Which wish this answers.
        ticket: u64,
        /// The files, in the order of the form.
        read: Vec<Read>,
        /// What goes on with them.
        then: Then,
    },
    /// Something happened in a run.
    Run(RunId, RunFact),
    /// The tokens of a prompt were counted.
    Counted {
        /// In which vocabulary.
        vocabulary: Vocabulary,
        /// The prompt.
        prompt: Box<Prompt>,
        /// How many.
        tokens: Tokens,
    },
    /// A provider told its models, or did not.
    Models {
        /// Its name.
        provider: String,
        /// The newest list that there is.
        catalog: Option<Catalog>,
        /// Why there is no newer one.
        failure: Option<Failure>,
    },
    /// What this month has cost.
    Spent {
        /// As far as prices are known.
        spent: Usd,
        /// When the month ends.
        until: Now,
    },
    /// What the runs of this month used.
    Usage(Box<Month>),
    /// A source was looked through.
    Problems(Uuid, Vec<Spot>),
    /// A text was counted.
    Statistics(Box<Statistics>),
    /// A request was put together to be looked at.
    Payload {
        /// The request.
        result: Result<Box<Payload>, Failure>,
        /// What was asked for with it.
        asked: Box<Asked>,
    },
    /// Something was found out for the dialog with this ticket that connects a provider.
    Connect(u64, Fact),
    /// The settings file names the model that was picked, or does not.
    Preferred(Result<Box<Connected>, Failure>),
    /// The settings were read again.
    Settings(Box<Settings>),
    /// A file was named on the command line, to be opened.
    Named(PathBuf),
    /// The external editor came back.
    Edited {
        /// The draft that it was given.
        draft: Uuid,
        /// What it made of the text.
        result: Result<String, Failure>,
    },
    /// Another program did something.
    Outside(Sighting),
    /// Seconds that the person's clock is ahead of UTC.
    UtcOffset(i32),
    /// Something else failed.
    Failed(Failure),
    /// Something went well and deserves a line.
    Told(String),
}

/// Where the person looks, as the terminal tells it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Looks {
    /// At the terminal.
    #[default]
    Here,
    /// Elsewhere.
    Away,
}

/// Whether the journal keeps what is not saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Journaling {
    /// It is not open, or cannot be, or has no room.
    Off,
    /// It does.
    On,
}

/// Why a template was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To show what it is for.
    Preview,
    /// To fill in its form.
    Form,
    /// To rewrite a part of the draft.
    Refine,
    /// To ask about the draft.
    Ask,
    /// To try the brief of another form on it.
    Rival,
}

/// A draft as it was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// What is on disk now.
    pub file: OpenedDraft,
    /// What its front matter did not take, and what to do about it.
    pub lacks: Option<String>,
    /// What is wrong with the source that was written: where, and in which words.
    pub problem: Option<String>,
}

/// What happened in a run.
#[derive(Debug, Clone)]
pub enum RunFact {
    /// The answer moved on.
    Event(StreamEvent),
    /// It failed; text that came before stays.
    Failed(Failure),
    /// The server is loading its model first.
    Loading {
        /// Who loads, as a sentence.
        what: String,
    },
    /// It was sent otherwise than it was wished; a sentence.
    Noted(String),
    /// Its key belongs to another server: a question that has to be answered first.
    KeyElsewhere(String),
    /// It is tried again after a pause.
    Retrying {
        /// Why the last try failed, as a sentence.
        why: String,
        /// The number of the coming try, from 2.
        attempt: u32,
        /// Milliseconds until then.
        wait: u64,
    },
}
