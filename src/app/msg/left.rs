//! What an earlier studio left behind unsaved, as it is offered.
//!
//! Only the offer: the text itself stays in the journal until it is brought back.

use super::Now;
use crate::domain::run::RunId;
use std::path::PathBuf;
use uuid::Uuid;

/// Unsaved text that an earlier studio left behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    /// Its name in the journal.
    pub id: Uuid,
    /// What it begins with.
    pub title: String,
    /// The file it was opened from.
    pub path: Option<PathBuf>,
    /// The template it was made with.
    pub template: Option<String>,
    /// When it was changed last.
    pub at: Now,
    /// Variants that come back together; 1 for any other text.
    pub variants: usize,
    /// Words in it.
    pub words: usize,
    /// The text.
    pub text: String,
    /// What its file says now, if it has one.
    pub saved: Option<String>,
    /// What became of it.
    pub state: LeftState,
}

/// What became of unsaved text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftState {
    /// The studio it was typed in ended without saving it or asking about it.
    Lost,
    /// A person chose to keep it for later.
    Later,
    /// An answer that was still arriving.
    Answer(RunId),
    /// An answer that came to an end and went nowhere.
    Unused(RunId),
}
