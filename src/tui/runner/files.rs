//! What is in files and texts that a form or the Editor asks about.

use crate::app::attaching::Then;
use crate::app::msg::Msg;
use crate::domain::attachment::Named;
use crate::domain::document::Snapshot;
use crate::domain::lint::{Source, spots};
use crate::domain::statistics::Statistics;
use crate::store::entries::{self, Sought};
use crate::store::items::Item;
use crate::store::shelf::Shelf;
use crate::store::{Paths, attachment};
use std::ops::Range;
use std::path::Path;
use uuid::Uuid;

/// What a file is that a form names.
pub(super) fn seen(named: Named) -> Msg {
    let seen = attachment::look(&named);
    Msg::FileSeen(named, seen)
}

/// What is in a folder that a form leads to.
pub fn listed(wanted: Sought) -> Msg {
    let listing = entries::list(&wanted);
    Msg::FolderListed(wanted, listing)
}

/// What is in the files that a request takes along.
pub(super) fn read(ticket: u64, named: Vec<Named>, then: Then) -> Msg {
    let load = |named: Named| (named.clone(), attachment::load(&named));
    Msg::FilesRead {
        ticket,
        read: named.into_iter().map(load).collect(),
        then,
    }
}

/// What is wrong with the source in a file, when it says this.
pub fn looked_through(paths: &Paths, id: Uuid, path: &Path, text: &Snapshot) -> Msg {
    let item = Item::at(paths, path);
    let source = match &item {
        Some(Item::Template(name)) => Some(Source::Template(name)),
        Some(Item::Snippet(name)) => Some(Source::Snippet(name)),
        _ => None,
    };
    let found = source.map(|source| spots(source, &text.text(), &Shelf(paths)));
    Msg::Problems(id, found.unwrap_or_default())
}

/// What is counted of a text, or of a part of it.
pub(super) fn measured(text: &Snapshot, within: Option<Range<usize>>) -> Msg {
    let part = within.is_some();
    let text = within.map_or_else(|| text.text(), |range| text.slice(range));
    Msg::Statistics(Box::new(Statistics::of(&text, part)))
}
