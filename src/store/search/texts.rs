//! Looking through templates and snippets: the person's own files, and the templates in the binary.
//!
//! Same rules as for drafts: nothing outside the library, and an end when nobody waits any more.

use super::{Files, GATHER, Needles, Paths, Place, Query, Stop, StoreError, Tally, Wanted, scan};
use crate::domain::template::{self, Headline};
use crate::store::items::Item;
use crate::store::library::title_of;
use crate::store::shipped::SHIPPED;
use std::collections::HashSet;
use std::path::Path;
use std::time::Instant;

/// A template or snippet that says what is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Which.
    pub item: Item,
    /// Its title.
    pub title: String,
    /// It is part of the program.
    pub shipped: bool,
    /// Where in its source.
    pub place: Place,
}

/// Looks through all templates and snippets; `tell` gets each that fits.
pub fn texts(
    paths: &Paths,
    wanted: &Wanted,
    stop: &Stop,
    tell: &mut dyn FnMut(Text) -> bool,
) -> Tally {
    let mut looked = Looked {
        wanted,
        stop,
        tell,
        hits: 0,
    };
    let mut tally = Tally::default();
    if wanted.needles.is_empty() || !wanted.query.is_about_tags() {
        tally.is_whole = true;
        return tally;
    }
    templates(paths, stop, &mut tally, &mut |name, source, shipped| {
        looked.text(Item::Template(name.to_owned()), source, shipped);
    });
    each_file(
        paths,
        &paths.snippets,
        (stop, &mut tally),
        &mut |name, source| {
            looked.text(Item::Snippet(name.to_owned()), source, false);
        },
    );
    tally.hits = looked.hits;
    tally.is_whole = !stop.is_set();
    tally
}

/// Looks through the bodies of all templates for the words of a query that a list does not show
/// of them, its words being the beginnings of theirs. `tell` gets names and places as they are
/// found, the first of them at once.
pub fn bodies(
    paths: &Paths,
    query: &Query,
    stop: &Stop,
    tell: &mut dyn FnMut(Vec<(String, Place)>),
) {
    let needles = Needles::beginning(query);
    let (mut ready, mut told): (Vec<_>, Option<Instant>) = (Vec::new(), None);
    // What cannot be read is listed as broken, which says why.
    let mut tally = Tally::default();
    templates(paths, stop, &mut tally, &mut |name, source, _| {
        let Headline {
            title,
            description,
            tags,
        } = template::headline(&String::from_utf8_lossy(source));
        if !query.fits_tags(&tags.iter().map(String::as_str)) {
            return;
        }
        let known = [name, &title, &description, &tags.join(" ")].join("\n");
        let place = needles.find_below(source, known.as_bytes());
        ready.extend(place.map(|place| (name.to_owned(), place)));
        if !ready.is_empty() && told.is_none_or(|told| told.elapsed() >= GATHER) {
            tell(std::mem::take(&mut ready));
            told = Some(Instant::now());
        }
    });
    if !ready.is_empty() {
        tell(ready);
    }
}

/// Looks at every template: name, source, and whether it is part of the program.
fn templates(
    paths: &Paths,
    stop: &Stop,
    tally: &mut Tally,
    look: &mut dyn FnMut(&str, &[u8], bool),
) {
    let own = each_file(
        paths,
        &paths.templates,
        (stop, tally),
        &mut |name, source| {
            look(name, source, false);
        },
    );
    for (name, source) in SHIPPED.iter().filter(|(name, _)| !own.contains(*name)) {
        look(name, source.as_bytes(), true);
    }
}

/// Looks at the files of a folder; answers the names that it has.
fn each_file(
    paths: &Paths,
    root: &Path,
    (stop, tally): (&Stop, &mut Tally),
    look: &mut dyn FnMut(&str, &[u8]),
) -> HashSet<String> {
    let walk = scan::walk(root);
    let mut files = Files::new(&paths.library, root);
    tally.blame(walk.closed.iter().map(StoreError::to_string));
    for found in &walk.found {
        if stop.is_set() {
            break;
        }
        match files.read(&found.name) {
            Ok(source) => look(&found.name, source),
            Err(why) => tally.blame([why.to_string()]),
        }
    }
    walk.found.into_iter().map(|found| found.name).collect()
}

struct Looked<'l> {
    wanted: &'l Wanted,
    stop: &'l Stop,
    tell: &'l mut dyn FnMut(Text) -> bool,
    hits: usize,
}

impl Looked<'_> {
    fn text(&mut self, item: Item, source: &[u8], shipped: bool) {
        if self.stop.is_set() {
            return;
        }
        let Some(place) = self.wanted.needles.find(source) else {
            return;
        };
        let mut headline = Headline::default();
        if matches!(item, Item::Template(_)) {
            headline = template::headline(&String::from_utf8_lossy(source));
        }
        let tags = headline.tags.iter().map(String::as_str);
        if !self.wanted.query.fits_tags(&tags) {
            return;
        }
        self.hits += 1;
        let title = match (&item, headline.title) {
            (Item::Template(name), title) if title.is_empty() => title_of(name),
            (Item::Template(_), title) => title,
            _ => item.name(),
        };
        let text = Text {
            item,
            title,
            shipped,
            place,
        };
        if !(self.tell)(text) {
            self.stop.set();
        }
    }
}
