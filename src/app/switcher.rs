//! The switcher: one list of what is open and what can be opened, found by a few typed words.
//!
//! Owns the query, the order and the highlighted row, and holds no row itself: what a row says is
//! looked up where it lives, so that a large library costs nothing but the search.

pub mod runs;

use super::browser::Tab;
use super::dialog::{Dialog, Outcome};
use super::effect::{Effect, Wanted};
use super::filter::{Filter, Subject};
use super::filtered::Filtered;
use super::key::{Code, Key};
use super::{App, Weight};
use crate::store::items::Item;
use std::path::PathBuf;
use uuid::Uuid;

/// Drafts that count as recent.
const RECENT: usize = 8;

/// What kind of thing a row is; the list has them in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// A document that is open.
    Open,
    /// One of the newest drafts.
    Recent,
    /// Any other draft.
    Drafts,
    /// A template.
    Templates,
    /// A snippet.
    Snippets,
    /// A file that was named by its path.
    File,
}

impl Group {
    /// What stands above its rows.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Recent => "Recent drafts",
            Self::Drafts => "Drafts",
            Self::Templates => "Templates",
            Self::Snippets => "Snippets",
            Self::File => "File",
        }
    }
}

/// Where what a row stands for is to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Among the open documents.
    Open(Uuid),
    /// In a list of the library.
    Listed(Tab, usize),
    /// At the path that is typed.
    Typed,
}

/// A row of the switcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// What it belongs to.
    pub group: Group,
    /// What it stands for.
    pub place: Place,
}

/// The switcher.
#[derive(Debug)]
pub struct Switcher {
    /// What is typed and what fits it: by group, in each the best first.
    pub list: Filtered<Hit>,
}

impl Switcher {
    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let chosen = self.list.chosen().map(|hit| hit.place);
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Char('o') if key.ctrl => return Outcome::Close,
            Code::Tab => return Outcome::Turn(self.list.typed()),
            Code::Enter => {
                return match chosen {
                    Some(Place::Typed) => Outcome::OpenFile(PathBuf::from(self.list.typed())),
                    Some(place) => Outcome::GoToPlace(place),
                    None => Outcome::Stay,
                };
            }
            Code::Char('q') if key.alt => {
                return match chosen {
                    Some(Place::Open(id)) => Outcome::CloseDocument(id),
                    _ => Outcome::Say("only what is open can be closed".to_owned()),
                };
            }
            _ if self.list.key(key) => return Outcome::Search,
            _ => {}
        }
        Outcome::Stay
    }
}

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub title: String,
    /// What else there is to know: its file, what it is for.
    pub note: String,
    /// It has text that no file holds.
    pub unsaved: bool,
    /// It is what the Editor shows.
    pub shown: bool,
    /// What waits or goes on in it, in a few words; often nothing.
    pub state: String,
}

impl App {
    /// Opens the switcher on the document that was shown before this one, else on the first that
    /// can be opened.
    pub(super) fn open_switcher(&mut self, typed: &str) {
        let mut list = Filtered::new(self.found(typed));
        list.paste(typed);
        list.step(isize::from(typed.is_empty() && !self.editor.is_blank()));
        let switcher = Switcher { list };
        self.dialogs.push(Dialog::Switcher(Box::new(switcher)));
    }

    /// Looks anew after something else was typed.
    pub(super) fn search(&mut self) {
        self.refresh_switcher();
        if let Some(Dialog::Switcher(switcher)) = self.dialogs.last_mut() {
            switcher.list.cursor = 0;
        }
    }

    /// Looks anew, wherever the switcher is, after what it lists has changed.
    pub(super) fn refresh_switcher(&mut self) {
        let mut dialogs = self.dialogs.iter();
        let typed = dialogs.find_map(|dialog| match dialog {
            Dialog::Switcher(switcher) => Some(switcher.list.typed()),
            _ => None,
        });
        let Some(typed) = typed else { return };
        let hits = self.found(&typed);
        for dialog in &mut self.dialogs {
            if let Dialog::Switcher(switcher) = dialog {
                switcher.list.refresh(hits.clone());
            }
        }
    }

    /// Goes to what a row of the switcher stands for.
    pub(super) fn go_to_place(&mut self, place: Place) -> Vec<Effect> {
        match place {
            Place::Open(id) => self.show_open(id),
            Place::Listed(tab, at) => {
                let item = self.browser.rows(tab).get(at).map(|row| row.item.clone());
                match item {
                    // There is nothing else to do with a snippet.
                    Some(item @ Item::Snippet(_)) => vec![self.ask_for(Wanted::Item(item))],
                    Some(item) => self.open_item(item),
                    None => Vec::new(),
                }
            }
            Place::Typed => Vec::new(),
        }
    }

    /// Closes a document from the switcher, which stays.
    pub(super) fn close_from_switcher(&mut self, id: Uuid) -> Vec<Effect> {
        let effects = self.close(id);
        self.refresh_switcher();
        effects
    }

    /// Closes the document that is shown.
    pub(super) fn close_shown(&mut self) -> Vec<Effect> {
        if self.editor.is_blank() && self.editor.others.is_empty() {
            return self.tell(Weight::Note, "nothing is open");
        }
        self.close(self.editor.id)
    }

    /// What a row says; `typed` is what was typed into the switcher.
    pub fn switcher_entry(&self, hit: Hit, typed: &str) -> Option<Entry> {
        match hit.place {
            Place::Typed => Some(Entry {
                title: typed.to_owned(),
                note: "open this file".to_owned(),
                unsaved: false,
                shown: false,
                state: String::new(),
            }),
            Place::Open(id) => {
                let open = self.editor.get(id)?;
                Some(Entry {
                    title: open.title(),
                    note: open.note(),
                    unsaved: open.has_unsaved_text(),
                    shown: id == self.editor.id,
                    state: self.state_of(id),
                })
            }
            Place::Listed(tab, at) => {
                let row = self.browser.rows(tab).get(at)?;
                let note = row.detail.lines().next().unwrap_or_default();
                Some(Entry {
                    title: row.title.clone(),
                    note: note.to_owned(),
                    unsaved: false,
                    shown: false,
                    state: String::new(),
                })
            }
        }
    }

    /// What goes on in an open document, or waits in it for a decision.
    fn state_of(&self, id: Uuid) -> String {
        let (mut running, mut waiting) = (usize::from(self.answering(id).is_some()), 0);
        for job in self.refines.jobs() {
            if self.editor.get(id).is_some_and(|open| job.is_in(open)) {
                match job.ready() {
                    None => running += 1,
                    Some(_) => waiting += 1,
                }
            }
        }
        let said = [(running, "running"), (waiting, "to review")];
        let said = said.iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = said
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        said.join(", ")
    }

    /// The rows that fit what is typed.
    fn found(&self, typed: &str) -> Vec<Hit> {
        let mut hits = self.found_open(typed);
        let drafts = self.found_listed(Tab::Drafts, typed);
        let recent = if typed.trim().is_empty() { RECENT } else { 0 };
        hits.extend(drafts.into_iter().enumerate().map(|(place, at)| Hit {
            group: if place < recent {
                Group::Recent
            } else {
                Group::Drafts
            },
            place: Place::Listed(Tab::Drafts, at),
        }));
        for (group, tab) in [
            (Group::Templates, Tab::Templates),
            (Group::Snippets, Tab::Snippets),
        ] {
            let found = self.found_listed(tab, typed).into_iter();
            hits.extend(found.map(|at| Hit {
                group,
                place: Place::Listed(tab, at),
            }));
        }
        if typed.contains('/') || typed.starts_with('~') {
            hits.push(Hit {
                group: Group::File,
                place: Place::Typed,
            });
        }
        hits
    }

    fn found_open(&self, typed: &str) -> Vec<Hit> {
        let open = self.editor.all().filter(|open| !open.is_blank());
        let open: Vec<_> = open
            .map(|open| (open.id, open.title(), open.place()))
            .collect();
        let subjects = open.iter().map(|(_, title, place)| Subject {
            title,
            names: place,
            text: "",
        });
        let found = Filter::new(typed).ranked(subjects).into_iter();
        found
            .map(|at| Hit {
                group: Group::Open,
                place: Place::Open(open[at].0),
            })
            .collect()
    }

    /// Places in a list of the library, without what is open.
    fn found_listed(&self, tab: Tab, typed: &str) -> Vec<usize> {
        let rows = self.browser.rows(tab);
        let subjects = rows.iter().map(|row| row.subject());
        let mut found = Filter::new(typed).ranked(subjects);
        found.retain(|at| !self.is_open(&rows[*at].item));
        found
    }
}
