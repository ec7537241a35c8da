//! The Editor pane: the document being written, and the prompt as it will be sent.

use super::effect::Save;
use super::key::{Code, Key};
use super::msg::OpenedDraft;
use super::prompt::Detached;
use super::typing;
use crate::domain::document::{Document, Edit};
use crate::domain::draft::Provenance;
use crate::domain::render::Rendered;

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
    /// The document.
    pub document: Document,
    /// The file it lives in, once it has one.
    pub file: Option<OpenedDraft>,
    /// How the text was made, when a run made it since the last save.
    pub provenance: Option<Box<Provenance>>,
    /// Words aimed at.
    pub target_words: Option<usize>,
    /// The prompt as it would be sent now, or why it cannot be.
    pub preview: Option<Result<Rendered, String>>,
    /// The prompt that was taken over from the template, to be sent instead of it.
    pub detached: Option<Detached>,
    /// First row of the prompt shown.
    pub preview_scroll: usize,
    /// Clock time of the last save, for the status line.
    pub saved_at: Option<u64>,
    /// What was cut or copied last.
    pub clipboard: String,
    saving: Option<(u64, u64)>,
}

impl Default for Editor {
    fn default() -> Self {
        Self {
            tab: Tab::Draft,
            document: Document::new(""),
            file: None,
            provenance: None,
            target_words: None,
            preview: None,
            detached: None,
            preview_scroll: 0,
            saved_at: None,
            clipboard: String::new(),
            saving: None,
        }
    }
}

impl Editor {
    /// The text that keys are typed into: the draft, or the prompt that was taken over.
    pub fn written(&mut self) -> Option<&mut Document> {
        match self.tab {
            Tab::Draft => Some(&mut self.document),
            Tab::Prompt => self.detached.as_mut().map(|taken| &mut taken.document),
        }
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

    /// True when there is text that no file holds.
    pub fn has_unsaved_text(&self) -> bool {
        self.document.is_modified() && !(self.document.is_empty() && self.file.is_none())
    }

    /// Starts an empty draft.
    pub fn clear(&mut self) {
        let clipboard = std::mem::take(&mut self.clipboard);
        *self = Self {
            clipboard,
            preview: self.preview.take(),
            detached: self.detached.take(),
            ..Self::default()
        };
    }

    /// Opens a draft.
    pub fn open(&mut self, file: OpenedDraft) {
        self.clear();
        self.document = Document::new(file.draft.body());
        self.file = Some(file);
    }

    /// What to write now; `ticket` names the save.
    pub fn save(&mut self, ticket: u64, fallback: &str) -> Save {
        self.saving = Some((ticket, self.document.revision()));
        let body = self.document.text();
        let provenance = self.provenance.clone();
        match &self.file {
            None => Save::New {
                body,
                fallback: fallback.to_owned(),
                provenance,
            },
            Some(file) => Save::Existing {
                path: file.path.clone(),
                hash: file.hash.clone(),
                draft: Box::new(file.draft.clone()),
                body,
                provenance,
            },
        }
    }

    /// A save was done. Text typed since then stays unsaved.
    pub fn on_saved(&mut self, ticket: u64, file: OpenedDraft, now: u64) {
        let Some((_, revision)) = self.saving.take_if(|(asked, _)| *asked == ticket) else {
            return;
        };
        self.file = Some(file);
        self.provenance = None;
        self.saved_at = Some(now);
        if self.document.revision() == revision {
            self.document.mark_saved();
        }
    }

    /// True while a save is under way.
    pub const fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    /// A save failed; the text stays as it is.
    pub fn on_save_failed(&mut self, ticket: u64) {
        self.saving.take_if(|(asked, _)| *asked == ticket);
    }

    /// A key for the pane. The text that it cut, if it did.
    pub fn key(&mut self, key: Key, at: u64) -> Option<String> {
        if self.tab == Tab::Prompt && self.detached.is_none() {
            self.scroll_preview(key);
            return None;
        }
        let edit = self.edit_for(key)?;
        let cut = key.ctrl && key.code == Code::Char('x');
        self.written()?.apply(edit, at);
        cut.then(|| self.clipboard.clone())
    }

    fn scroll_preview(&mut self, key: Key) {
        let by = match key.code {
            Code::Down | Code::Char('j') => 1,
            Code::Up | Code::Char('k') => -1,
            Code::PageDown | Code::Char(' ') => 10,
            Code::PageUp => -10,
            Code::Home | Code::Char('g') => isize::MIN,
            Code::End | Code::Char('G') => isize::MAX,
            _ => 0,
        };
        self.preview_scroll = self.preview_scroll.saturating_add_signed(by);
    }

    /// The edit that a key asks for; what is cut goes to the clipboard.
    fn edit_for(&mut self, key: Key) -> Option<Edit> {
        match key.code {
            Code::Char('v') if key.ctrl => Some(Edit::Insert(self.clipboard.clone())),
            Code::Char('x') if key.ctrl => {
                self.clipboard = self.written()?.selected_text()?;
                Some(Edit::Delete)
            }
            Code::Tab => Some(Edit::Insert("\t".to_owned())),
            Code::Enter => Some(Edit::Newline),
            _ => typing::edit_for(key),
        }
    }
}
