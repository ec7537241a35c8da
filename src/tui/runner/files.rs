//! What is in files and texts that a form or the Editor asks about.

use crate::app::attaching::Then;
use crate::app::msg::Msg;
use crate::domain::attachment::Named;
use crate::domain::document::Snapshot;
use crate::domain::statistics::Statistics;
use crate::store::attachment;
use std::ops::Range;

/// What a file is that a form names.
pub(super) fn seen(named: Named) -> Msg {
    let seen = attachment::look(&named);
    Msg::FileSeen(named, seen)
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

/// What is counted of a text, or of a part of it.
pub(super) fn measured(text: &Snapshot, within: Option<Range<usize>>) -> Msg {
    let part = within.is_some();
    let text = within.map_or_else(|| text.text(), |range| text.slice(range));
    Msg::Statistics(Box::new(Statistics::of(&text, part)))
}
