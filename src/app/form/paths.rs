//! The list under a field that takes a file: what lies in the folder that is typed.
//!
//! Owns going into folders and taking a path. Reads no folder: the shell does, and answers for an
//! older folder are dropped.

use super::Field;
use crate::app::dialog::{Dialog, Outcome};
use crate::app::effect::Effect;
use crate::app::filter::{Filter, Subject};
use crate::app::filtered::Filtered;
use crate::app::key::{Code, Key};
use crate::app::{App, Weight};
use crate::domain::brief::Value;
use crate::store::entries::{Entry, Kind, Listing, Sought};

/// The box.
#[derive(Debug)]
pub struct PathBox {
    /// What the field is called.
    pub label: String,
    /// The path as it is typed, and the places of the entries that fit its last part.
    pub list: Filtered<usize>,
    /// What is in the folder, or why that cannot be told; `None` until it was read.
    pub listing: Option<Result<Listing, String>>,
    asked: Sought,
    /// The answer is not there yet. One is awaited at a time, so that a slow disk has no queue.
    waits: bool,
}

/// What the box takes next.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish {
    /// To know what is in a folder.
    List(Sought),
    /// The field holds this path.
    Take(String),
}

impl PathBox {
    fn new(field: &Field) -> Self {
        let held = field.value().map(|value| value.to_string());
        let held = held.unwrap_or_default();
        let mut list = Filtered::new(Vec::new());
        list.query.insert(&held);
        Self {
            label: field.input.label.clone(),
            list,
            listing: None,
            asked: Sought::of(&held),
            waits: true,
        }
    }

    /// An entry by its place.
    pub fn entry(&self, place: usize) -> Option<&Entry> {
        self.listing.as_ref()?.as_ref().ok()?.entries.get(place)
    }

    fn chosen(&self) -> Option<&Entry> {
        self.entry(*self.list.chosen()?)
    }

    /// Takes a key.
    pub(in crate::app) fn key(&mut self, key: Key) -> Outcome {
        match (key.code, self.chosen().cloned()) {
            (Code::Esc, _) => Outcome::Close,
            (Code::Enter | Code::Tab, Some(entry)) => self.on_entry(&entry, key.code),
            (Code::Enter, None) => match self.list.typed() {
                typed if typed.trim().is_empty() => Outcome::Close,
                typed => Outcome::Paths(Wish::Take(typed)),
            },
            (Code::Tab, None) => Outcome::Stay,
            _ if self.list.key(key) => self.follow(),
            _ => Outcome::Stay,
        }
    }

    fn on_entry(&mut self, entry: &Entry, code: Code) -> Outcome {
        let path = format!("{}{}", Sought::of(&self.list.typed()).folder, entry.name);
        match (entry.kind, code) {
            (Kind::Folder, _) => self.list.query.replace(&format!("{path}/")),
            (Kind::File(_), Code::Tab) => self.list.query.replace(&path),
            (Kind::File(_), _) => return Outcome::Paths(Wish::Take(path)),
        }
        self.follow()
    }

    /// Pastes into the path.
    pub(in crate::app) fn paste(&mut self, text: &str) -> Option<Sought> {
        self.list.paste(text);
        match self.follow() {
            Outcome::Paths(Wish::List(wanted)) => Some(wanted),
            _ => None,
        }
    }

    /// Another path is typed: shows what fits of what is known, and asks for what is not.
    fn follow(&mut self) -> Outcome {
        let wanted = Sought::of(&self.list.typed());
        let same = wanted.folder == self.asked.folder && wanted.hidden() == self.asked.hidden();
        if !same {
            self.listing = None;
        }
        let rows = self.fitting();
        self.list.narrow(rows);
        if same && (self.waits || !self.lacks(&wanted)) {
            return Outcome::Stay;
        }
        self.ask(&wanted);
        Outcome::Paths(Wish::List(wanted))
    }

    fn ask(&mut self, wanted: &Sought) {
        self.asked = wanted.clone();
        self.waits = true;
    }

    /// Whether entries that are meant may be missing from what is known of the folder.
    fn lacks(&self, wanted: &Sought) -> bool {
        let narrowed = matches!(&self.listing, Some(Ok(listing)) if listing.narrowed);
        narrowed && *wanted != self.asked
    }

    fn fitting(&self) -> Vec<usize> {
        let Some(Ok(listing)) = &self.listing else {
            return Vec::new();
        };
        let typed = Sought::of(&self.list.typed()).typed;
        if typed.trim().is_empty() {
            return (0..listing.entries.len()).collect();
        }
        let subjects = listing.entries.iter().map(|entry| Subject {
            title: &entry.name,
            names: "",
            text: "",
        });
        let mut rows = Filter::new(&typed).ranked(subjects);
        rows.sort_by_key(|place| listing.entries[*place].kind != Kind::Folder);
        rows
    }
}

impl App {
    /// Shows what lies where the path in the focused field leads.
    pub(in crate::app) fn open_paths(&mut self) -> Vec<Effect> {
        let field = self.form.as_ref().and_then(|form| form.focused());
        let Some(field) = field.filter(|field| field.input.takes_a_path()) else {
            return self.tell(Weight::Note, "this field takes no file");
        };
        let shown = PathBox::new(field);
        let wanted = shown.asked.clone();
        self.dialogs.push(Dialog::Paths(Box::new(shown)));
        vec![Effect::ListFolder(wanted)]
    }

    /// Does what the box wishes.
    pub(in crate::app) fn on_paths_wish(&mut self, wish: Wish) -> Vec<Effect> {
        let path = match wish {
            Wish::List(wanted) => return vec![Effect::ListFolder(wanted)],
            Wish::Take(path) => path,
        };
        self.dialogs.pop();
        if let Some(form) = self.form.as_mut() {
            form.fill(&Value::Text(path));
        }
        self.refresh_preview();
        self.refresh_filling();
        Vec::new()
    }

    /// A folder was read.
    pub(in crate::app) fn on_listed(
        &mut self,
        wanted: &Sought,
        listing: Result<Listing, String>,
    ) -> Vec<Effect> {
        for dialog in &mut self.dialogs {
            if let Dialog::Paths(shown) = dialog
                && shown.asked == *wanted
            {
                shown.waits = false;
                shown.listing = Some(listing);
                let rows = shown.fitting();
                shown.list.refresh(rows);
                let typed = Sought::of(&shown.list.typed());
                if shown.lacks(&typed) {
                    shown.ask(&typed);
                    return vec![Effect::ListFolder(typed)];
                }
                break;
            }
        }
        Vec::new()
    }
}
