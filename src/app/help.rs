//! The help box: what it is about, what of it is shown, what is looked for in it.
//!
//! Its words are drawn, not kept: see `view::help`.

use super::areas::Areas;
use super::dialog::{Dialog, Outcome};
use super::field::{Lines, TextEntry};
use super::key::{Code, Key};
use super::{App, Pane};

/// What help can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A pane.
    Pane(Pane),
    /// A comparison of two texts.
    Comparing,
    /// The box below it.
    Dialog,
}

/// The help box.
#[derive(Debug)]
pub struct Help {
    /// What it is about.
    pub about: About,
    /// First line shown.
    pub scroll: usize,
    /// What is looked for; only what has it is shown.
    pub search: Option<TextEntry>,
    /// Letters go to what is looked for.
    pub typing: bool,
}

impl Help {
    const fn new(about: About) -> Self {
        Self {
            about,
            scroll: 0,
            search: None,
            typing: false,
        }
    }

    /// The words that are looked for.
    pub fn sought(&self) -> Vec<String> {
        let typed = self
            .search
            .as_ref()
            .map(TextEntry::text)
            .unwrap_or_default();
        typed.split_whitespace().map(str::to_lowercase).collect()
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        if self.typing {
            self.type_key(key);
            return Outcome::Stay;
        }
        let by = match key.code {
            Code::Esc if self.search.is_some() => {
                self.search = None;
                self.scroll = 0;
                return Outcome::Stay;
            }
            Code::Esc | Code::Enter | Code::Char('q' | '?') => return Outcome::Close,
            Code::Char('/') => {
                self.typing = true;
                self.search
                    .get_or_insert_with(|| TextEntry::new("", Lines::One));
                return Outcome::Stay;
            }
            Code::Down | Code::Char('j') => 1,
            Code::Up | Code::Char('k') => -1,
            Code::PageDown | Code::Char(' ') => 10,
            Code::PageUp => -10,
            Code::Home | Code::Char('g') => isize::MIN,
            Code::End | Code::Char('G') => isize::MAX,
            _ => 0,
        };
        self.scroll = self.scroll.saturating_add_signed(by);
        Outcome::Stay
    }

    fn type_key(&mut self, key: Key) {
        match (key.code, self.search.as_mut()) {
            (Code::Enter, _) => self.typing = false,
            (Code::Esc, _) | (_, None) => {
                self.typing = false;
                self.search = None;
                self.scroll = 0;
            }
            (_, Some(search)) => match key.rows() {
                Some(by) => self.scroll = self.scroll.saturating_add_signed(by),
                None if search.key(key) => self.scroll = 0,
                None => {}
            },
        }
    }

    /// Pastes into what is looked for.
    pub(super) fn paste(&mut self, text: &str) {
        if let Some(search) = self.search.as_mut().filter(|_| self.typing) {
            search.insert(text);
            self.scroll = 0;
        }
    }
}

impl App {
    /// Opens the help box for the box in front, else for the focused pane.
    pub(super) fn open_help(&mut self) {
        let about = match self.dialogs.last() {
            Some(Dialog::Comparison(_)) => About::Comparing,
            Some(_) => About::Dialog,
            None => About::Pane(self.focus),
        };
        self.dialogs.push(Dialog::Help(Help::new(about)));
    }

    /// Nobody scrolls past the end of what was drawn.
    pub(super) fn keep_help_in_sight(&mut self, areas: &Areas) {
        if let (Some(last), Some(Dialog::Help(help))) = (areas.help_last, self.dialogs.last_mut()) {
            help.scroll = help.scroll.min(last);
        }
    }
}
