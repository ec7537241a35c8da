//! What a save is to write, and what becomes of the text that it goes over.
//!
//! Plain data; `tui` has it written.

use crate::domain::draft::{Draft, Provenance};
use std::path::PathBuf;
use uuid::Uuid;

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
        /// What becomes of the text that was there.
        replaced: Replaced,
    },
    /// A new file beside the one it came from, which is left alone.
    Beside {
        /// That file.
        path: PathBuf,
        /// Its front matter as it was read.
        draft: Box<Draft>,
        /// The id of the new draft.
        id: Uuid,
        /// The text now.
        body: String,
        /// How it was made, if a run made it.
        provenance: Option<Box<Provenance>>,
    },
    /// A file that is no draft: all of it.
    Whole {
        /// That file.
        path: PathBuf,
        /// Hash of the bytes that were read or last written; empty when there was no file.
        hash: String,
        /// Everything that it is to hold.
        source: String,
        /// What becomes of the text that was there.
        replaced: Replaced,
    },
    /// The same, in a new file beside it.
    WholeBeside {
        /// The file that is left alone.
        path: PathBuf,
        /// Everything that the new one is to hold.
        source: String,
    },
}

impl Save {
    /// Whether it relies on a version in the journal.
    pub const fn needs_version(&self) -> bool {
        let (Self::Existing { replaced, .. } | Self::Whole { replaced, .. }) = self else {
            return false;
        };
        matches!(replaced, Replaced::IsVersion)
    }

    /// No version is there: what it goes over goes to the trash.
    pub const fn goes_to_trash(&mut self) {
        if let Self::Existing { replaced, .. } | Self::Whole { replaced, .. } = self {
            *replaced = Replaced::GoesToTrash;
        }
    }
}

/// What becomes of a text that a save goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// The journal has it as a version, or was just given it as one: the save waits until that is
    /// written.
    IsVersion,
    /// No journal has it: its file goes to the trash.
    GoesToTrash,
}
