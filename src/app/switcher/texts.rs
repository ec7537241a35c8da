//! What texts say, in the switcher: the search through documents, drafts, templates, snippets and
//! runs that begins anew with every key, and what it has found so far.
//!
//! What arrives of an earlier search is dropped. Never has more than so many hits, and of each one
//! line only.

use super::{Group, Hit, Place};
use crate::app::dialog::Dialog;
use crate::app::effect::{Effect, Wanted};
use crate::app::msg::Now;
use crate::app::{App, Weight};
use crate::domain::document::Snapshot;
use crate::domain::query::{self, Needles, Query};
use crate::domain::run::RunId;
use crate::store::items::Item;
use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;
use uuid::Uuid;

/// Letters from which on a word is looked for in texts.
const LETTERS: usize = 2;

/// What is to be looked for in texts.
#[derive(Debug, Clone, PartialEq)]
pub enum Errand {
    /// Look, and give up the search before.
    Look(Box<Look>),
    /// Look for nothing any more.
    Stop,
}

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Comes back with the answers.
    pub ticket: u64,
    /// What is typed.
    pub typed: String,
    /// Open documents that may fit: their texts as they are here, and their files, which are not
    /// looked through.
    pub open: Vec<(Uuid, String, Option<PathBuf>, Snapshot)>,
}

/// Whose text it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// An open document.
    Open(Uuid),
    /// A draft, a template or a snippet.
    Item(Item),
    /// A template that comes with Copydesk.
    Shipped(String),
    /// A run.
    Run(RunId),
}

/// A text that says what is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whose it is.
    pub whose: Whose,
    /// What that is called.
    pub title: String,
    /// When it was written, if that is worth a word.
    pub at: Option<Now>,
    /// The number of the line, from 1; 0 when there is none.
    pub line: usize,
    /// The line, or how the text begins.
    pub excerpt: String,
    /// What fits in that.
    pub marks: Vec<Range<usize>>,
    /// It stands in the text itself, not in what is noted above it.
    pub in_body: bool,
}

impl Said {
    /// A place in a text.
    pub fn new(whose: Whose, title: String, place: query::Place) -> Self {
        Self {
            whose,
            title,
            at: None,
            line: place.line,
            excerpt: place.text,
            marks: place.marks,
            in_body: place.in_body,
        }
    }
}

/// Which part of a search has something to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Open documents and the library.
    Library,
    /// Runs.
    Runs,
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Which search.
    pub ticket: u64,
    /// Which part of it.
    pub part: Part,
    /// What else it found.
    pub said: Vec<Said>,
    /// The part is over.
    pub over: Option<End>,
}

/// How a part of a search ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct End {
    /// Files and folders that could not be read.
    pub unread: usize,
    /// Why the first of them could not.
    pub fault: Option<String>,
    /// There is more than is told.
    pub more: bool,
}

/// A search and what it has found so far.
#[derive(Debug, Default)]
pub struct Texts {
    /// The search that is wanted, while it goes on and after.
    ticket: u64,
    /// What it looks for.
    typed: Option<String>,
    /// Its parts that go on.
    going: Vec<Part>,
    /// Documents and drafts; templates and snippets; runs.
    said: [Vec<Said>; 3],
    over: End,
}

impl Texts {
    /// What a row says; rows count through all of it.
    pub fn get(&self, at: usize) -> Option<&Said> {
        self.said.iter().flatten().nth(at)
    }

    /// Whether more may come.
    pub const fn is_looking(&self) -> bool {
        !self.going.is_empty()
    }

    /// What could not be looked through.
    pub fn fault(&self) -> Option<String> {
        let fault = self.over.fault.as_ref()?;
        match self.over.unread {
            0 | 1 => Some(fault.clone()),
            count => Some(format!("{count} could not be read; {fault}")),
        }
    }

    /// Whether there are hits that nobody was told.
    pub const fn has_more(&self) -> bool {
        self.over.more
    }

    /// Its rows, in order.
    pub(super) fn hits(&self) -> impl Iterator<Item = Hit> + use<> {
        let all: usize = self.said.iter().map(Vec::len).sum();
        let runs = all - self.said[2].len();
        (0..all).map(move |at| Hit {
            group: if at < runs { Group::Texts } else { Group::Runs },
            place: Place::Said(at),
        })
    }

    /// How far a row moves when these are added: each part stands behind those before it.
    fn moves(&self, chosen: Option<Hit>, found: &Found) -> isize {
        let Some(Place::Said(at)) = chosen.map(|hit| hit.place) else {
            return 0;
        };
        let mut end = 0;
        let ends = self.said.each_ref().map(|part| {
            end += part.len();
            end
        });
        let before = |said: &&Said| ends[section(&said.whose)] <= at;
        found.said.iter().filter(before).count().cast_signed()
    }

    fn take(&mut self, found: Found) {
        for said in found.said {
            self.said[section(&said.whose)].push(said);
        }
        let Some(over) = found.over else { return };
        self.going.retain(|part| *part != found.part);
        self.over.unread += over.unread;
        self.over.more |= over.more;
        if self.over.fault.is_none() {
            self.over.fault = over.fault;
        }
    }
}

/// The search that goes on, and where a hit leads.
#[derive(Debug, Default)]
pub(in crate::app) struct Seeker {
    is_going: bool,
    /// The file that was asked for to go to a place in it, and what stands there.
    pub(in crate::app) aimed: Option<(u64, String)>,
}

impl App {
    /// Begins a search when something else is typed, and ends one that nobody waits for.
    pub(in crate::app) fn seek(&mut self) -> Vec<Effect> {
        let Some(Dialog::Switcher(switcher)) =
            (self.dialogs.iter()).find(|dialog| matches!(dialog, Dialog::Switcher(_)))
        else {
            let going = std::mem::take(&mut self.seeker.is_going);
            return stop(going).into_iter().collect();
        };
        let typed = switcher.list.typed();
        if switcher.texts.typed.as_ref() == Some(&typed) {
            return Vec::new();
        }
        let query = Query::parse(&typed);
        let is_worth = query.fault().is_none()
            && (query.words().iter()).any(|word| word.chars().count() >= LETTERS);
        let mut effects: Vec<Effect> = stop(self.seeker.is_going && !is_worth)
            .into_iter()
            .collect();
        self.counter += 1;
        let (ticket, mut going) = (self.counter, Vec::new());
        if is_worth {
            going = vec![Part::Library, Part::Runs];
            let (open, typed) = (self.open_texts(&query), typed.clone());
            let look = Look {
                ticket,
                typed: typed.clone(),
                open,
            };
            effects.push(Effect::Search(Errand::Look(Box::new(look))));
            effects.push(Effect::Runs(super::runs::Look::Said(ticket, typed)));
        }
        self.seeker.is_going = is_worth;
        self.with_switcher(|switcher| {
            switcher.texts = Texts {
                ticket,
                typed: Some(typed),
                going,
                ..Texts::default()
            };
            switcher.compose();
        });
        effects
    }

    /// Texts of open documents that fit the fields of a query.
    fn open_texts(&self, query: &Query) -> Vec<(Uuid, String, Option<PathBuf>, Snapshot)> {
        let open = self.editor.all().filter(|open| !open.is_blank());
        let open = open.filter(|open| self.fits_open(open, query));
        open.map(|open| {
            let path = open.file.as_ref().map(|file| file.path.clone());
            (open.id, open.title(), path, open.document.snapshot())
        })
        .collect()
    }

    /// Whether a search found something of a kind that nobody has seen a hit of yet.
    pub fn waits_for(&self, found: &Found) -> bool {
        self.dialogs.iter().any(|dialog| match dialog {
            Dialog::Switcher(switcher) => {
                let texts = &switcher.texts;
                let mut sections = found.said.iter().map(|said| section(&said.whose));
                texts.ticket == found.ticket && sections.any(|at| texts.said[at].is_empty())
            }
            _ => false,
        })
    }

    /// Takes what a search found; of one that is wanted no more, nothing.
    pub(in crate::app) fn on_found(&mut self, mut found: Found) -> Vec<Effect> {
        self.say_once(&mut found);
        let mut is_over = false;
        self.with_switcher(|switcher| {
            if switcher.texts.ticket == found.ticket {
                let chosen = switcher.list.chosen().copied();
                let moved = switcher.texts.moves(chosen, &found);
                switcher.texts.take(found);
                switcher.compose();
                switcher.list.step(moved);
                is_over = !switcher.texts.is_looking();
            }
        });
        self.seeker.is_going &= !is_over;
        Vec::new()
    }

    /// Leaves out what stands in front matter where the list has the same thing by its name: that
    /// is its title or a tag once more, and there is no place to go to.
    fn say_once(&self, found: &mut Found) {
        if found.said.iter().all(|said| said.in_body) {
            return;
        }
        let mut dialogs = self.dialogs.iter();
        let Some(Dialog::Switcher(switcher)) =
            dialogs.find(|dialog| matches!(dialog, Dialog::Switcher(_)))
        else {
            return;
        };
        let named = switcher.named.iter().filter_map(|hit| match hit.place {
            Place::Listed(tab, at) => self.browser.rows(tab).get(at).map(|row| &row.item),
            _ => None,
        });
        let named: HashSet<&Item> = named.collect();
        found.said.retain(|said| {
            let is_named = match &said.whose {
                Whose::Item(item) => named.contains(item),
                Whose::Shipped(name) => named.contains(&Item::Template(name.clone())),
                Whose::Open(_) | Whose::Run(_) => false,
            };
            said.in_body || !is_named
        });
    }

    /// Goes to the place where a text says what was typed.
    pub(in crate::app) fn go_to_said(&mut self, said: Said, typed: String) -> Vec<Effect> {
        match said.whose {
            Whose::Open(id) => {
                let effects = self.show_open(id);
                [effects, self.aim(&typed)].concat()
            }
            Whose::Item(Item::Draft(path)) if self.editor.at(&path).is_some() => {
                let effects = self.open_draft(path);
                [effects, self.aim(&typed)].concat()
            }
            Whose::Item(item) => {
                let effect = self.ask_for(Wanted::Item(item));
                self.seeker.aimed = self.opening.map(|ticket| (ticket, typed));
                vec![effect]
            }
            Whose::Shipped(name) => self.open_item(Item::Template(name)),
            Whose::Run(run) => self.bring_run(run),
        }
    }

    /// Marks the place in the document shown where it says what was typed.
    pub(in crate::app) fn aim(&mut self, typed: &str) -> Vec<Effect> {
        let Some(document) = self.editor.written() else {
            return Vec::new();
        };
        let needles = Needles::of(&Query::parse(typed));
        match needles.find(document.text().as_bytes()) {
            Some(place) => {
                self.editor.document.select(place.at..place.end);
                Vec::new()
            }
            None => self.tell(
                Weight::Note,
                "the words stand in its front matter: title, tags or brief",
            ),
        }
    }
}

/// Where it is listed.
const fn section(whose: &Whose) -> usize {
    match whose {
        Whose::Open(_) | Whose::Item(Item::Draft(_)) => 0,
        Whose::Item(_) | Whose::Shipped(_) => 1,
        Whose::Run(_) => 2,
    }
}

fn stop(going: bool) -> Option<Effect> {
    going.then_some(Effect::Search(Errand::Stop))
}
