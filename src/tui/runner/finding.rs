//! Looking through texts for the switcher: one search at a time, on threads of its own.
//!
//! A new search gives up the one before. What is found goes out through the Runner's bounded
//! channel: a busy loop slows the search, and memory does not grow.

use super::{Lists, Runner};
use crate::app::browser::{DraftRows, bodies};
use crate::app::msg::Msg;
use crate::app::switcher::texts::{End, Errand, Found, Look, Part, Said, Whose};
use crate::domain::query::Query;
use crate::store::Paths;
use crate::store::drafts::{self, Roll};
use crate::store::items::Item;
use crate::store::search::{self, Stop, Tally, Wanted};
use jiff::Zoned;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::spawn_blocking;

/// Hits among drafts that one search tells.
const HITS: usize = 500;

/// What is known of all drafts since they were listed last.
#[derive(Default)]
struct Known {
    roll: Option<Arc<Roll>>,
    rows: DraftRows,
    /// The rows of the list before, so that it is not the loop that frees them.
    _before: DraftRows,
}

/// The search that goes on, and what it needs to know. Gone with the Runner, a search ends.
#[derive(Default)]
pub(super) struct Finder {
    stop: Stop,
    /// Ends the search through bodies of templates.
    bodies: Stop,
    known: Arc<Mutex<Known>>,
    /// Held while the list is read: who wants it meanwhile reads it from what is known then.
    reading: Arc<Mutex<()>>,
}

impl Drop for Finder {
    fn drop(&mut self) {
        self.stop.set();
        self.bodies.set();
    }
}

impl Runner {
    /// Reads the list of drafts, and keeps what a search needs of it.
    pub(super) fn load_drafts(&mut self) {
        let (known, sender) = (self.finder.known.clone(), self.sender.clone());
        let reading = self.finder.reading.clone();
        let first = self.first_lists.as_ref().map(Lists::reading);
        self.blocking(move |paths| {
            let _first = first;
            let _reading = locked(&reading);
            let (roll, mut rows) = {
                let known = locked(&known);
                (known.roll.clone(), known.rows.clone())
            };
            let roll = roll.or_else(|| {
                rows = drafts::first_page(paths).into();
                if !rows.is_empty() {
                    let _closed = sender.blocking_send(Msg::FirstDrafts(rows.clone()));
                }
                drafts::kept(paths).map(Arc::new)
            });
            let (listed, roll) = drafts::list_from(paths, roll.as_deref());
            let listed = DraftRows::of(listed, &rows);
            *locked(&known) = Known {
                roll: Some(Arc::new(roll)),
                rows: listed.clone(),
                _before: rows,
            };
            Msg::Drafts(Ok(listed))
        });
    }

    /// Begins a search, or ends the one that goes on.
    pub(super) fn search(&mut self, errand: Errand) {
        self.finder.stop.set();
        let Errand::Look(look) = errand else { return };
        let stop = Stop::default();
        self.finder.stop = stop.clone();
        let (paths, known, sender) = (
            self.paths.clone(),
            self.finder.known.clone(),
            self.sender.clone(),
        );
        self.tasks.spawn(async move {
            let work = spawn_blocking(move || {
                let known = locked(&known).roll.clone();
                // What changed since the cache was written is found behind all that it knows.
                let known = known.or_else(|| drafts::kept(&paths).map(Arc::new));
                let roll = known.unwrap_or_else(|| Arc::new(drafts::roll(&paths)));
                through(&paths, (&roll, &stop), &look, &|found| {
                    !stop.is_set() && sender.blocking_send(Msg::Found(found)).is_ok()
                });
            });
            // A search that broke off has found what it found.
            let _broke_off = work.await;
        });
        while self.tasks.try_join_next().is_some() {}
    }
}

impl Runner {
    /// Begins a search through the bodies of templates, or ends the one that goes on.
    pub(super) fn search_bodies(&mut self, errand: bodies::Errand) {
        self.finder.bodies.set();
        let bodies::Errand::Look { ticket, typed } = errand else {
            return;
        };
        let stop = Stop::default();
        self.finder.bodies = stop.clone();
        let sender = self.sender.clone();
        self.blocking(move |paths| {
            search::bodies(paths, &Query::parse(&typed), &stop, &mut |said| {
                let over = false;
                let found = bodies::Found { ticket, said, over };
                if sender.blocking_send(Msg::Bodies(found)).is_err() {
                    stop.set();
                }
            });
            Msg::Bodies(bodies::Found {
                ticket,
                said: Vec::new(),
                over: true,
            })
        });
    }
}

/// The bodies of templates that say something, in one answer.
pub fn bodies_at_once(paths: &Paths, ticket: u64, typed: &str) -> Msg {
    let mut said = Vec::new();
    let stop = Stop::default();
    search::bodies(paths, &Query::parse(typed), &stop, &mut |more| {
        said.extend(more);
    });
    let over = true;
    Msg::Bodies(bodies::Found { ticket, said, over })
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks through open documents, drafts, templates and snippets at once. `tell` gets what is found
/// and says whether anybody waits for more.
pub fn through(
    paths: &Paths,
    (roll, stop): (&Roll, &Stop),
    look: &Look,
    tell: &(dyn Fn(Found) -> bool + Sync),
) {
    let ticket = look.ticket;
    let wanted = Wanted::new(Query::parse(&look.typed), &Zoned::now(), HITS);
    let send = |said: Vec<Said>, over: Option<End>| {
        let part = Part::Library;
        let is_wanted = tell(Found {
            ticket,
            part,
            said,
            over,
        });
        if !is_wanted {
            stop.set();
        }
        is_wanted
    };
    let open: Vec<Said> = look
        .open
        .iter()
        .filter_map(|(id, title, _, text)| {
            let place = wanted.find(&text.text())?;
            Some(Said::new(Whose::Open(*id), title.clone(), place))
        })
        .collect();
    if !open.is_empty() {
        send(open, None);
    }
    let is_open = |path: &std::path::Path| {
        let mut open = look.open.iter();
        open.any(|(_, _, open, _)| open.as_deref() == Some(path))
    };
    let (drafts, texts) = std::thread::scope(|scope| {
        let texts = scope.spawn(|| {
            search::texts(paths, &wanted, stop, &mut |text| {
                let whose = match text.item {
                    Item::Template(name) if text.shipped => Whose::Shipped(name),
                    item => Whose::Item(item),
                };
                send(vec![Said::new(whose, text.title, text.place)], None)
            })
        });
        let drafts = search::all_drafts((paths, roll), &wanted, stop, &mut |hits| {
            let hits = hits.into_iter().filter(|hit| !is_open(&hit.path));
            let said = hits.filter_map(|hit| {
                let whose = Whose::Item(Item::Draft(hit.path));
                Some(Said::new(whose, hit.title, hit.place?))
            });
            send(said.collect(), None);
        });
        (drafts, texts.join().unwrap_or_default())
    });
    send(Vec::new(), Some(over(drafts, texts)));
}

/// The same in one answer.
pub fn at_once(paths: &Paths, look: &Look) -> Msg {
    let told = Mutex::new(Found {
        ticket: look.ticket,
        part: Part::Library,
        said: Vec::new(),
        over: None,
    });
    let roll = drafts::roll(paths);
    through(paths, (&roll, &Stop::default()), look, &|found| {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        told.said.extend(found.said);
        told.over = told.over.take().or(found.over);
        true
    });
    Msg::Found(told.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn over(drafts: Tally, texts: Tally) -> End {
    let mut faults = drafts.faults.into_iter().chain(texts.faults);
    End {
        unread: drafts.unread + texts.unread,
        fault: faults.next(),
        more: !drafts.is_whole,
    }
}
