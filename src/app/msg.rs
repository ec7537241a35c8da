//! Messages: facts that reach the model. Nothing else changes it.

use super::key::{Key, Mouse};
use crate::domain::draft::Draft;
use crate::domain::failure::Failure;
use crate::domain::run::{RunId, StreamEvent};
use crate::domain::template::Template;
use crate::store::drafts::Headline;
use crate::store::library::Entry;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

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
    /// The terminal has another size now.
    Resize,
    /// A moment that was asked for has come.
    Tick,
    /// The library was read.
    Library {
        /// Templates, broken ones included.
        templates: Vec<Entry>,
        /// Snippets by name.
        snippets: BTreeMap<String, String>,
    },
    /// The list of drafts was read.
    Drafts(Result<Vec<Headline>, Failure>),
    /// A template was read.
    Template {
        /// Its name.
        name: String,
        /// The template, or what is wrong with it.
        result: Result<Arc<Template>, String>,
        /// Whether it was read to be looked at or to be filled in.
        purpose: Purpose,
    },
    /// A draft was read.
    DraftOpened(Result<OpenedDraft, Failure>),
    /// A draft was written, or not.
    DraftSaved {
        /// Which save this answers.
        ticket: u64,
        /// Where it is now.
        result: Result<OpenedDraft, Failure>,
    },
    /// Something happened in a run.
    Run(RunId, RunFact),
    /// The external editor came back.
    Edited(Result<String, Failure>),
    /// Something else failed.
    Failed(Failure),
    /// Something went well and deserves a line.
    Told(String),
}

/// Why a template was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To show what it is for.
    Preview,
    /// To fill in its form.
    Form,
}

/// A draft with the place it lives in.
#[derive(Debug, Clone)]
pub struct OpenedDraft {
    /// The file.
    pub path: PathBuf,
    /// Hash of the file's bytes when it was read or written.
    pub hash: String,
    /// What it says.
    pub draft: Draft,
}

/// What happened in a run.
#[derive(Debug, Clone)]
pub enum RunFact {
    /// The answer moved on.
    Event(StreamEvent),
    /// It failed; text that came before stays.
    Failed(Failure),
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
