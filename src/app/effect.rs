//! Effects: plain data that asks the shell to do something.

mod keep;
mod save;

pub use crate::config::session::Selection;
pub use keep::{Keep, Record, Unsaved};
pub use save::{Replaced, Save};

use super::attaching::Then;
use super::browser::bodies;
use super::connect::Errand;
use super::deed::Deed;
use super::form::named;
use super::msg::Purpose;
use super::payload::Asked;
use super::refine;
use super::switcher::{runs, texts};
use crate::config::{Notify, Settings};
use crate::domain::attachment::Named;
use crate::domain::document::Snapshot;
use crate::domain::models::Vocabulary;
use crate::domain::prompt::{Prompt, Request};
use crate::domain::run::RunId;
use crate::store::entries::Sought;
use crate::store::items::Item;
use crate::store::journal::VersionId;
use crate::store::stars::Star;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use uuid::Uuid;

/// Something the shell is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a request and report its run.
    Generate {
        /// The run's id, which every answer carries.
        run: RunId,
        /// Name of the provider.
        provider: String,
        /// What to send.
        request: Request,
        /// What the journal is to know about it.
        record: Box<Record>,
    },
    /// Put a request together to be looked at; nothing is sent.
    Inspect {
        /// Name of the provider.
        provider: String,
        /// What would be sent.
        request: Request,
        /// Comes back with the answer.
        asked: Box<Asked>,
    },
    /// Tell what is in a folder that a form leads to.
    ListFolder(Sought),
    /// Tell what a file is that a form names.
    LookAtFile(Named),
    /// Read the files that a form names.
    ReadFiles {
        /// Comes back with the answer.
        ticket: u64,
        /// Which files, in the order of the form.
        named: Vec<Named>,
        /// What goes on once they are read.
        then: Then,
    },
    /// Open the journal, and tell what an earlier studio left in it.
    OpenJournal,
    /// Tell all text that can be brought back.
    LoadLeft,
    /// Remember something.
    Keep(Keep),
    /// Bring back unsaved text.
    Restore(Uuid),
    /// Read the conversations about a draft.
    LoadAsked {
        /// The document; comes back with the answer.
        draft: Uuid,
        /// What it goes by, or went by, in the journal.
        names: Vec<String>,
    },
    /// Do something about how the studio looks.
    Look(super::look::Errand),
    /// Make another file of a text, or copy it as one.
    Export(Box<super::exporting::Order>),
    /// Do something about briefs under a name.
    Briefs(named::Errand),
    /// Read a text aloud, take down what is said, or end that.
    Voice(super::voice::Errand),
    /// Look up runs.
    Runs(runs::Look),
    /// Look through texts, or stop that.
    Search(texts::Errand),
    /// Look through the bodies of templates, or stop that.
    Bodies(bodies::Errand),
    /// Look up parts of a draft that wait for a decision.
    Refine(refine::Errand),
    /// Read the list of versions of a draft.
    LoadVersions(String),
    /// Read a version.
    LoadVersion {
        /// Which.
        id: VersionId,
        /// What for.
        purpose: VersionPurpose,
    },
    /// Drop the connection of a run.
    Cancel(RunId),
    /// Read the lists of templates, snippets and drafts.
    LoadLibrary,
    /// Read the list of drafts.
    LoadDrafts,
    /// Read the beginning of a draft's text, to show it below the list.
    ReadBeginning(PathBuf),
    /// Read a template.
    LoadTemplate {
        /// Its name.
        name: String,
        /// What for.
        purpose: Purpose,
    },
    /// Read a file to be opened in the Editor.
    Open {
        /// Comes back with the answer.
        ticket: u64,
        /// The file.
        wanted: Wanted,
    },
    /// Write a draft.
    Save {
        /// Comes back with the answer.
        ticket: u64,
        /// What to write, and where.
        save: Save,
    },
    /// Change an item of the library.
    Change(Deed),
    /// Give an item a star, or take it.
    Star(Item, Star),
    /// Read the text of an item, to copy it.
    ReadItem(Item),
    /// Put text on the clipboard.
    Copy(String),
    /// Put text on the clipboard that is not where it was any more.
    Cut(String),
    /// The same, and say what it is.
    CopyAs {
        /// The text.
        text: String,
        /// What the notice calls it.
        what: &'static str,
    },
    /// Put text on the clipboard by the terminal: a program would not take it, and why.
    CopyByTerminal {
        /// The text.
        text: String,
        /// What the program did.
        why: String,
    },
    /// Tell what a selection of the session holds.
    ReadClipboard(Selection),
    /// Tell a person who looks elsewhere.
    Notify(Notify, String),
    /// Never show the card about the practice engine again.
    PutCardAway,
    /// Open the text in `$VISUAL` or `$EDITOR`.
    EditExternally {
        /// Comes back with the answer.
        draft: Uuid,
        /// The name of its file, by whose ending an editor knows what it is.
        name: String,
        /// The text.
        text: String,
    },
    /// Tell what other programs do to the library from now on.
    Watch,
    /// Tell how far the person's clock is ahead of UTC. Finding out reads many files.
    TellUtcOffset,
    /// Look what a draft's file says.
    LookAt {
        /// The file.
        path: PathBuf,
        /// Hash of what it said when it was opened or saved here.
        known: String,
    },
    /// Tell other studios which files are open here, and look out for changes of those outside
    /// the library.
    Claim(BTreeSet<PathBuf>),
    /// Count the tokens of a prompt.
    Count {
        /// In which vocabulary.
        vocabulary: Vocabulary,
        /// The prompt.
        prompt: Box<Prompt>,
    },
    /// Tell what is wrong with a source.
    LookThrough {
        /// The document; comes back with the answer.
        id: Uuid,
        /// Its file, which tells what it is.
        path: PathBuf,
        /// The source.
        text: Snapshot,
    },
    /// Count the words and sentences of a text, or of a part of it.
    Measure {
        /// The text.
        text: Snapshot,
        /// The part.
        within: Option<Range<usize>>,
    },
    /// Tell which models a provider has.
    LoadModels {
        /// Its name.
        provider: String,
        /// Whether its server may be asked.
        ask: Ask,
    },
    /// Ask no server for its models any more.
    StopModels,
    /// Write into the settings file that a provider is asked for this model.
    PreferModel {
        /// The provider.
        provider: String,
        /// The model.
        model: String,
    },
    /// Tell what this month has cost.
    LoadSpent,
    /// Add up what runs of this month used.
    LoadUsage,
    /// Do something for the dialog with this ticket that connects a provider.
    Connect(u64, Errand),
    /// Let the key of a run go to another server than its own, or not.
    AnswerKey(RunId, Consent),
    /// Read the settings again: their file was changed.
    ReadSettings,
    /// Use these settings for all that comes; what runs goes on as it is.
    UseSettings(Box<Settings>),
    /// Send `Tick` at this moment (milliseconds since the epoch).
    WakeAt(u64),
}

/// A file that is wanted in the Editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A draft, or the source of a template or snippet.
    Item(Item),
    /// Any file, as a person named it.
    Named(PathBuf),
}

/// Where a list of models may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// From what was told before, however old.
    Nobody,
    /// From the server, unless what it told is of the last day.
    IfOld,
    /// From the server.
    Anew,
}

/// What a person says about a key that was meant for another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// It may go there.
    Given,
    /// It may not.
    Refused,
}

/// Why a version is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionPurpose {
    /// To compare it with the text now.
    Compare,
    /// To put it in place of the text now.
    Restore,
    /// To try a brief on it.
    Rival,
}
