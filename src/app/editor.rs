//! The Editor pane: the open documents, one of them shown, and the prompt as it will be sent.
//!
//! Owns what belongs to the pane and to no document: the tab, the prompt, the clipboard. What is
//! asked of the Editor without more is asked of the document that it shows.

mod counted;
mod file;
mod keys;
mod modal;
mod open;
mod pen;
mod place;
mod problems;
mod saving;
mod verbs;
pub mod vim;

pub use counted::StatisticsBox;
pub use keys::Typed;
pub use open::{Made, OpenDocument};
pub use pen::{Pen, Shape};
pub use place::{GoToLine, LinePlace};
pub use problems::Problems;

use super::prompt::Detached;
use crate::domain::document::Document;
use crate::domain::render::Rendered;
use std::ops::{Deref, DerefMut};
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

/// The Editor pane.
#[derive(Debug)]
pub struct Editor {
    /// The tab shown.
    pub tab: Tab,
    /// The document shown.
    pub open: OpenDocument,
    /// The other open documents, the one that was shown last first.
    pub others: Vec<OpenDocument>,
    /// The prompt as it would be sent now, or why it cannot be.
    pub preview: Option<Result<Rendered, String>>,
    /// The prompt that was taken over from the template, to be sent instead of it.
    pub detached: Option<Detached>,
    /// First row of the prompt shown.
    pub preview_scroll: usize,
    /// What was cut or copied last.
    pub clipboard: String,
}

impl Default for Editor {
    fn default() -> Self {
        Self {
            tab: Tab::Draft,
            open: OpenDocument::blank(Uuid::nil()),
            others: Vec::new(),
            preview: None,
            detached: None,
            preview_scroll: 0,
            clipboard: String::new(),
        }
    }
}

impl Deref for Editor {
    type Target = OpenDocument;

    fn deref(&self) -> &OpenDocument {
        &self.open
    }
}

impl DerefMut for Editor {
    fn deref_mut(&mut self) -> &mut OpenDocument {
        &mut self.open
    }
}

impl Editor {
    /// The text that keys are typed into: the document, or the prompt that was taken over.
    pub fn written(&mut self) -> Option<&mut Document> {
        match self.tab {
            Tab::Draft => Some(&mut self.open.document),
            Tab::Prompt => self.detached.as_mut().map(|taken| &mut taken.document),
        }
    }

    /// Every open document, the one shown first, then by when it was shown last.
    pub fn all(&self) -> impl Iterator<Item = &OpenDocument> {
        std::iter::once(&self.open).chain(&self.others)
    }

    /// The same, to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut OpenDocument> {
        std::iter::once(&mut self.open).chain(&mut self.others)
    }

    /// The open document of this name.
    pub fn get(&self, id: Uuid) -> Option<&OpenDocument> {
        self.all().find(|open| open.id == id)
    }

    /// The open document that this save is of.
    pub fn saving_as(&mut self, ticket: u64) -> Option<&mut OpenDocument> {
        self.all_mut().find(|open| open.is_saving_as(ticket))
    }

    /// The open document of this name, to be changed.
    pub fn get_mut(&mut self, id: Uuid) -> Option<&mut OpenDocument> {
        self.all_mut().find(|open| open.id == id)
    }

    /// The open document that lives in a file.
    pub fn at(&self, path: &Path) -> Option<&OpenDocument> {
        self.all().find(|open| open.lives_in(path))
    }

    /// The open documents with text that no file holds.
    pub fn unsaved(&self) -> impl Iterator<Item = &OpenDocument> {
        self.all().filter(|open| open.has_unsaved_text())
    }

    /// Shows a document; the one that was shown stays open behind it.
    pub fn show(&mut self, next: OpenDocument) {
        let before = std::mem::replace(&mut self.open, next);
        if !before.is_blank() {
            self.others.insert(0, before);
        }
    }

    /// Shows an empty draft under this name.
    pub fn begin(&mut self, id: Uuid) {
        self.show(OpenDocument::blank(id));
    }

    /// Shows the open document of this name; false when there is none.
    pub fn switch_to(&mut self, id: Uuid) -> bool {
        if self.open.id == id {
            return true;
        }
        let place = self.others.iter().position(|open| open.id == id);
        let Some(place) = place else {
            return false;
        };
        let next = self.others.remove(place);
        self.show(next);
        true
    }

    /// Closes the document of this name, whatever it holds. When it was shown, the one before it
    /// is, or an empty draft that goes by `fresh`.
    pub fn close(&mut self, id: Uuid, fresh: Uuid) {
        if self.open.id != id {
            self.others.retain(|open| open.id != id);
        } else if self.others.is_empty() {
            self.open = OpenDocument::blank(fresh);
        } else {
            self.open = self.others.remove(0);
        }
    }

    /// Lets go of documents behind the one shown that hold nothing any more.
    pub fn drop_blanks(&mut self) {
        self.others.retain(|open| !open.is_blank());
    }
}
