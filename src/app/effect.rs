//! Effects: plain data that asks the shell to do something.

use super::deed::Deed;
use super::msg::Purpose;
use crate::domain::draft::{Draft, Provenance};
use crate::domain::prompt::Request;
use crate::domain::run::RunId;
use crate::store::items::Item;
use crate::store::stars::Star;
use std::path::PathBuf;

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
    },
    /// Drop the connection of a run.
    Cancel(RunId),
    /// Read the lists of templates, snippets and drafts.
    LoadLibrary,
    /// Read the list of drafts.
    LoadDrafts,
    /// Read a template.
    LoadTemplate {
        /// Its name.
        name: String,
        /// What for.
        purpose: Purpose,
    },
    /// Read a draft.
    LoadDraft(PathBuf),
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
    /// Open the text in `$VISUAL` or `$EDITOR`.
    EditExternally(String),
    /// Send `Tick` at this moment (milliseconds since the epoch).
    WakeAt(u64),
}

/// What to write.
#[derive(Debug, Clone, PartialEq)]
pub enum Save {
    /// A new file, named after its date and title.
    New {
        /// The text.
        body: String,
        /// Title to use when the text has no heading.
        fallback: String,
        /// How it was made, if a run made it.
        provenance: Option<Box<Provenance>>,
    },
    /// The file it came from.
    Existing {
        /// That file.
        path: PathBuf,
        /// Hash of the bytes that were read or last written.
        hash: String,
        /// Front matter as it was read.
        draft: Box<Draft>,
        /// The text now.
        body: String,
        /// How it was made, if a run made it since.
        provenance: Option<Box<Provenance>>,
    },
}
