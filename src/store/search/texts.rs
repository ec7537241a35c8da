//! Looking through templates and snippets: the person's own files, and the templates in the binary.
//!
//! Same rules as for drafts: nothing outside the library, and an end when nobody waits any more.

use super::{Files, Paths, Place, Stop, StoreError, Tally, Wanted, scan};
use crate::domain::template;
use crate::store::items::Item;
use crate::store::library::title_of;
use crate::store::shipped::SHIPPED;
use std::collections::HashSet;
use std::path::Path;

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
        tally: Tally::default(),
    };
    if wanted.needles.is_empty() || !wanted.query.is_about_tags() {
        looked.tally.is_whole = true;
        return looked.tally;
    }
    let own = looked.folder(paths, &paths.templates, |name, source| {
        let headline = template::headline(source);
        let title = if headline.title.is_empty() {
            title_of(name)
        } else {
            headline.title
        };
        (Item::Template(name.to_owned()), title, headline.tags)
    });
    let shipped = SHIPPED.iter().filter(|(name, _)| !own.contains(*name));
    for (name, source) in shipped {
        let headline = template::headline(source);
        let known = (Item::Template((*name).to_owned()), headline.title);
        looked.text(known, &headline.tags, source.as_bytes(), true);
    }
    looked.folder(paths, &paths.snippets, |name, _| {
        (Item::Snippet(name.to_owned()), name.to_owned(), Vec::new())
    });
    looked.tally.is_whole = !stop.is_set();
    looked.tally
}

struct Looked<'l> {
    wanted: &'l Wanted,
    stop: &'l Stop,
    tell: &'l mut dyn FnMut(Text) -> bool,
    tally: Tally,
}

impl Looked<'_> {
    /// Looks through the files of a folder; answers the names that it has.
    fn folder(
        &mut self,
        paths: &Paths,
        root: &Path,
        known: impl Fn(&str, &str) -> (Item, String, Vec<String>),
    ) -> HashSet<String> {
        let walk = scan::walk(root);
        let mut files = Files::new(&paths.library, root);
        self.tally
            .blame(walk.closed.iter().map(StoreError::to_string));
        for found in &walk.found {
            if self.stop.is_set() {
                break;
            }
            match files.read(&found.name) {
                Ok(source) => {
                    let (item, title, tags) = known(&found.name, &String::from_utf8_lossy(source));
                    self.text((item, title), &tags, source, false);
                }
                Err(why) => self.tally.blame([why.to_string()]),
            }
        }
        walk.found.into_iter().map(|found| found.name).collect()
    }

    fn text(
        &mut self,
        (item, title): (Item, String),
        tags: &[String],
        source: &[u8],
        shipped: bool,
    ) {
        let tags = tags.iter().map(String::as_str);
        if self.stop.is_set() || !self.wanted.query.fits_tags(&tags) {
            return;
        }
        let Some(place) = self.wanted.needles.find(source) else {
            return;
        };
        self.tally.hits += 1;
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
