//! What the journal is asked to remember.
//!
//! Plain data; how it is written is the journal's matter.

use crate::domain::brief::{Brief, Value};
use crate::domain::document::Snapshot;
use crate::domain::draft::Provenance;
use crate::domain::models::Tariff;
use crate::domain::run::RunId;
use crate::store::journal::{Cause, Purpose, WaitingPart};
use crate::store::stars::Star;
use std::path::PathBuf;
use uuid::Uuid;

/// What went into a run, beside its request.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What it is for.
    pub purpose: Purpose,
    /// The run whose text it goes on with.
    pub continues: Option<RunId>,
    /// The first of the runs whose variants stand together with its own, unless it is that.
    pub together: Option<RunId>,
    /// The draft that was open.
    pub draft: String,
    /// Name of the template.
    pub template: String,
    /// Hash of its source.
    pub template_hash: String,
    /// The values given.
    pub brief: Brief,
    /// Scheme, host and port of the server.
    pub server: Option<String>,
    /// What it is priced by.
    pub tariff: Tariff,
}

/// Something for the journal.
#[derive(Debug, Clone, PartialEq)]
pub enum Keep {
    /// Text that no file holds.
    Unsaved(Box<Unsaved>),
    /// That text is in its file now, or gone by the person's own undoing.
    Settled(Uuid),
    /// That text was turned down, and is kept all the same for a while.
    ForLater(Uuid),
    /// A checkpoint of a draft.
    Version {
        /// What its versions go by.
        draft: String,
        /// Its file, once it has one.
        path: Option<PathBuf>,
        /// What made it so.
        cause: Cause,
        /// The text.
        text: Snapshot,
    },
    /// What goes by the place of a file goes by another from now on.
    Moved {
        /// Where it lay.
        from: PathBuf,
        /// Where it lies.
        to: PathBuf,
    },
    /// The text of a run went into a draft.
    Used(RunId),
    /// A person gave the text of a run a star, or took it.
    Star(RunId, Star),
    /// A part of a draft waits for a decision about what a run makes of it.
    Part(Box<WaitingPart>),
    /// Nothing of what a run makes of a part is to be decided any more.
    PartDone(RunId),
    /// A form that is filled in, and has led to no text.
    Form {
        /// The template's name.
        template: String,
        /// The values.
        brief: Brief,
        /// The prompt, if it was edited by hand.
        prompt: Option<String>,
    },
    /// A brief that was sent.
    Brief {
        /// The template's name.
        template: String,
        /// The values.
        brief: Brief,
    },
    /// A value that is not to be offered again.
    Forget {
        /// The template's name.
        template: String,
        /// The input's name.
        input: String,
        /// The value.
        value: Value,
    },
    /// A form that was sent and led to text: it is kept no more, unless it says something else now.
    Sent {
        /// The template's name.
        template: String,
        /// The values.
        brief: Brief,
        /// The prompt, if it was edited by hand.
        prompt: Option<String>,
    },
}

/// Text that no file holds, with what it takes to go on with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsaved {
    /// Its name in the journal.
    pub id: Uuid,
    /// The file it was opened from.
    pub path: Option<PathBuf>,
    /// Hash of that file's bytes.
    pub base: Option<String>,
    /// The template it was made with.
    pub template: Option<String>,
    /// How it was made, if runs made it.
    pub provenance: Option<Provenance>,
    /// The byte the cursor stands before.
    pub cursor: usize,
    /// The text.
    pub text: Snapshot,
}

impl Unsaved {
    /// Whether everything but the text and the cursor is the same.
    pub fn same_origin(&self, other: &Self) -> bool {
        (&self.path, &self.base, &self.template, &self.provenance)
            == (&other.path, &other.base, &other.template, &other.provenance)
    }
}
