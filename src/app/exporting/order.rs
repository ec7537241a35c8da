//! What the shell is asked to export, and what it says of it.

use crate::domain::failure::Failure;
use crate::domain::rendition::Format;
use crate::store::renditions::Existing;
use std::path::PathBuf;

/// What the shell is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What is exported.
    pub of: Of,
    /// What it becomes.
    pub format: Format,
    /// Where it goes.
    pub place: Place,
    /// What may happen to a file that is there.
    pub existing: Existing,
}

/// What is exported.
#[derive(Debug, Clone, PartialEq)]
pub enum Of {
    /// A text as it is on the screen.
    Text {
        /// The title.
        title: String,
        /// The text.
        body: String,
        /// The template that the text was made with, if there was one.
        template: Option<String>,
    },
    /// Drafts as they are saved.
    Drafts(Vec<PathBuf>),
}

/// Where an export goes, as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// To the clipboard.
    Clipboard,
    /// Into this file.
    File(PathBuf),
    /// Into this folder, each under its own name.
    Folder(PathBuf),
    /// Each beside its draft.
    Beside,
}

/// What the shell says.
#[derive(Debug, Clone)]
pub enum Fact {
    /// It is to be copied.
    Text(String),
    /// It is in these files, and what they held before is told.
    Written(Vec<PathBuf>, Option<String>),
    /// These files are there, and nothing was written.
    Occupied(Vec<PathBuf>),
    /// It failed.
    Failed(Failure),
}
