//! What other programs do, on its way to the model: watching, looking at the open draft's file,
//! and telling other studios that it is open.

use super::saved::load_draft;
use crate::app::msg::Msg;
use crate::app::outside::{Found, Sighting};
use crate::store::claim::Claim;
use crate::store::watch::{News, Watch};
use crate::store::{Paths, StoreError, drafts};
use std::io::ErrorKind;
use std::path::PathBuf;
use tokio::sync::mpsc;

/// Begins to watch; what is seen is sent.
pub(super) fn watch(paths: &Paths, sender: mpsc::Sender<Msg>) -> Watch {
    Watch::start(paths, move |news| {
        let sighting = match news {
            News::Changed(shelves) => Sighting::Changed(shelves),
            News::Blind(why) => Sighting::Blind(why),
        };
        // It is called on the watch's own thread, which may wait for a busy loop.
        let _closed = sender.blocking_send(Msg::Outside(sighting));
    })
}

/// What the file of a draft says now, beside the content that is known.
pub fn look(paths: &Paths, path: PathBuf, known: String) -> Msg {
    let found = match drafts::open(paths, &path) {
        Ok(opened) if opened.hash == known => Found::AsKnown,
        Ok(_) => match load_draft(paths, &path) {
            Ok(draft) => Found::Another(Box::new(draft)),
            Err(failure) => Found::Unreadable(failure),
        },
        Err(StoreError::Read { cause, .. }) if cause.kind() == ErrorKind::NotFound => Found::Gone,
        Err(error) => Found::Unreadable(error.failure()),
    };
    Msg::Outside(Sighting::Draft { path, known, found })
}

/// Claims the draft that is open now, if one is; says so when another studio has it open as well.
pub(super) fn claimed(paths: &Paths, draft: Option<PathBuf>) -> (Option<Claim>, Option<Msg>) {
    let Some(draft) = draft else {
        return (None, None);
    };
    match Claim::take(paths, &draft) {
        Ok(Some(claim)) => (Some(claim), None),
        Ok(None) => (None, Some(Msg::Outside(Sighting::AlsoOpen(draft)))),
        // Without a place for locks nobody can be told, and saving still looks before it writes.
        Err(_) => (None, None),
    }
}
