//! The switcher: one list of what is open and what can be opened, found by a few typed words.
//!
//! Owns the query, the order and the highlighted row, and holds no row itself but what texts were
//! found to say: what a row says is looked up where it lives, so that a large library costs nothing
//! but the search.

mod entry;
pub mod runs;
pub mod texts;

pub use entry::Entry;

use super::browser::Tab;
use super::dialog::{Dialog, Outcome};
use super::editor::OpenDocument;
use super::effect::{Effect, Wanted};
use super::filter::{Filter, Subject};
use super::filtered::Filtered;
use super::key::{Code, Key};
use super::{App, Weight};
use crate::domain::query::Query;
use crate::store::items::Item;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use std::path::PathBuf;
use texts::Texts;
use uuid::Uuid;

/// Drafts that count as recent.
const RECENT: usize = 8;
/// Items of a kind whose names are looked at; older drafts are found by their text, which has their
/// title.
const NAMED: usize = 10_000;

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
    /// A text that says what is looked for.
    Texts,
    /// A run that does.
    Runs,
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
            Self::Texts => "In the text",
            Self::Runs => "Runs",
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
    /// Among what texts were found to say.
    Said(usize),
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
    /// What fits by its name.
    named: Vec<Hit>,
    /// What texts were found to say.
    pub texts: Texts,
}

impl Switcher {
    fn new(typed: &str, named: Vec<Hit>) -> Self {
        let mut list = Filtered::new(named.clone());
        list.paste(typed);
        Self {
            list,
            named,
            texts: Texts::default(),
        }
    }

    /// What is wrong with what is typed.
    pub fn fault(&self) -> Option<String> {
        Query::parse(&self.list.typed()).fault().map(str::to_owned)
    }

    /// Puts the rows together anew; the highlight stays on its row.
    fn compose(&mut self) {
        let chosen = self.list.chosen().copied();
        let mut rows = self.named.clone();
        rows.extend(self.texts.hits());
        // Runs count on behind the library: what has grown there has moved them.
        let place = chosen.filter(|_| self.list.cursor > 0);
        let place = place.and_then(|chosen| rows.iter().position(|row| *row == chosen));
        self.list.cursor = place.unwrap_or(self.list.cursor);
        self.list.refresh(rows);
    }

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
                    Some(Place::Said(at)) => self.texts.get(at).map_or(Outcome::Stay, |said| {
                        Outcome::GoToSaid(Box::new(said.clone()), self.list.typed())
                    }),
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

impl App {
    /// Opens the switcher on the document that was shown before this one, else on the first that
    /// can be opened.
    pub(super) fn open_switcher(&mut self, typed: &str) {
        let mut switcher = Switcher::new(typed, self.found(typed));
        let other = typed.is_empty() && !self.editor.is_blank();
        switcher.list.step(isize::from(other));
        self.dialogs.push(Dialog::Switcher(Box::new(switcher)));
    }

    /// Looks anew after something else was typed.
    pub(super) fn search(&mut self) {
        self.with_switcher(|switcher| switcher.list.cursor = 0);
        self.refresh_switcher();
    }

    fn with_switcher(&mut self, change: impl FnOnce(&mut Switcher)) {
        let mut dialogs = self.dialogs.iter_mut();
        let open = dialogs.find_map(|dialog| match dialog {
            Dialog::Switcher(switcher) => Some(switcher),
            _ => None,
        });
        if let Some(switcher) = open {
            change(switcher);
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
        let named = self.found(&typed);
        self.with_switcher(|switcher| {
            switcher.named = named;
            switcher.compose();
        });
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
            Place::Typed | Place::Said(_) => Vec::new(),
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

    /// The rows that fit what is typed.
    fn found(&self, typed: &str) -> Vec<Hit> {
        let query = Query::parse(typed);
        let words = match query.fault() {
            Some(_) => typed.to_owned(),
            None => query.words().join(" "),
        };
        let mut hits = self.found_open(&words, &query);
        let drafts = self.found_listed(Tab::Drafts, &words, &query);
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
            let found = self.found_listed(tab, &words, &query).into_iter();
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

    fn found_open(&self, typed: &str, query: &Query) -> Vec<Hit> {
        let open = self.editor.all().filter(|open| !open.is_blank());
        let open = open.filter(|open| self.fits_open(open, query));
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
    fn found_listed(&self, tab: Tab, typed: &str, query: &Query) -> Vec<usize> {
        let rows = self.browser.rows(tab);
        let subjects = rows.iter().take(NAMED).map(|row| &row.folded);
        let mut found = Filter::new(typed).among(subjects);
        let from = query
            .since()
            .map(|since| since.moment(&self.by_the_clock()));
        found.retain(|at| rows[*at].fits(query, from) && !self.is_open(&rows[*at].item));
        found
    }

    /// Whether an open document fits the fields of a query: by what the list says of its file.
    fn fits_open(&self, open: &OpenDocument, query: &Query) -> bool {
        if !query.narrows() {
            return true;
        }
        let from = query
            .since()
            .map(|since| since.moment(&self.by_the_clock()));
        let path = open.file.as_ref().map(|file| &file.path);
        let mut rows = self.browser.rows(Tab::Drafts).iter();
        let row = rows.find(|row| matches!(&row.item, Item::Draft(at) if Some(at) == path));
        row.is_some_and(|row| row.fits(query, from))
    }

    /// The moment, by the person's clock.
    pub(super) fn by_the_clock(&self) -> Zoned {
        let millis = i64::try_from(self.now.0).unwrap_or(i64::MAX);
        let offset = Offset::from_seconds(self.utc_offset).unwrap_or(Offset::UTC);
        let now = Timestamp::from_millisecond(millis).unwrap_or_default();
        now.to_zoned(TimeZone::fixed(offset))
    }
}
