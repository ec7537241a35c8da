//! What other programs do, on its way to the model: watching, looking at the open draft's file,
//! and telling other studios that it is open.

use crate::app::msg::Msg;
use crate::app::outside::{Found, Sighting};
use crate::store::claim::Claim;
use crate::store::watch::{News, Watch};
use crate::store::{Paths, StoreError, files};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use tokio::sync::mpsc;

/// How long watching waits for the lists at most: a library that is read for the first time may take
/// longer, and changes meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);

/// The lists that are read first, and what waits for that.
pub(super) struct Lists {
    begun: Sender<Infallible>,
    over: Receiver<Infallible>,
}

/// Kept as long as one of them is being read.
pub(super) struct Reading(
    #[expect(
        dead_code,
        reason = "it is there as long as something is read, and says no more"
    )]
    Sender<Infallible>,
);

impl Lists {
    pub(super) fn new() -> Self {
        let (begun, over) = channel();
        Self { begun, over }
    }

    /// One of them begins to be read.
    pub(super) fn reading(&self) -> Reading {
        Reading(self.begun.clone())
    }

    /// Waits until all that were begun have been read.
    fn wait(self) {
        drop(self.begun);
        // Nothing is ever sent: it ends with the last of those who could.
        let _over = self.over.recv_timeout(PATIENCE);
    }
}

/// Begins to watch once the lists have been read; what is seen is sent.
pub(super) fn watch(paths: &Paths, lists: Lists, sender: mpsc::Sender<Msg>) -> Watch {
    let until = move || lists.wait();
    Watch::start(paths, until, move |news| {
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
    let found = match files::open(paths, &path) {
        // That is how a file opens that is not there.
        Ok(opened) if opened.hash.is_empty() => Found::Gone,
        Ok(opened) if opened.hash == known => Found::AsKnown,
        Ok(opened) => Found::Another(Box::new(opened)),
        Err(StoreError::Read { cause, .. }) if cause.kind() == ErrorKind::NotFound => Found::Gone,
        Err(error) => Found::Unreadable(error.failure()),
    };
    Msg::Outside(Sighting::Draft { path, known, found })
}

/// Claims the documents that are open now, and no others; says of which another studio has them
/// open as well.
pub(super) fn claimed(
    paths: &Paths,
    mut held: BTreeMap<PathBuf, Claim>,
    open: BTreeSet<PathBuf>,
) -> (BTreeMap<PathBuf, Claim>, Vec<Msg>) {
    // The old ones go first: one may be for the same file under another name.
    held.retain(|path, _| open.contains(path));
    let mut told = Vec::new();
    for path in open {
        if held.contains_key(&path) {
            continue;
        }
        match Claim::take(paths, &path) {
            Ok(Some(claim)) => {
                held.insert(path, claim);
            }
            Ok(None) => told.push(Msg::Outside(Sighting::AlsoOpen(path))),
            // Without a place for locks nobody can be told, and saving still looks before it writes.
            Err(_) => {}
        }
    }
    (held, told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watching_waits_for_the_lists_that_were_begun() {
        let lists = Lists::new();
        let (one, other) = (lists.reading(), lists.reading());
        let (sender, told) = channel();
        let waiting = std::thread::spawn(move || {
            lists.wait();
            sender.send(()).unwrap_or_default();
        });
        drop(one);
        assert!(told.try_recv().is_err());
        drop(other);
        waiting.join().unwrap();
        assert!(told.try_recv().is_ok());
        // Without any, it waits for nothing.
        Lists::new().wait();
    }
}
