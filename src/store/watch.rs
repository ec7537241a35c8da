//! What other programs do to the library and the configuration, as it happens.
//!
//! Sleeps until the system reports a change, waits a moment for more of them, and tells which
//! shelves changed. Reads no file: whether a change is news, or our own, the contents decide.

mod news;

pub use news::{News, Shelf};

use super::Paths;
use notify::event::{EventKind, MetadataKind, ModifyKind};
use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

/// How long it must be quiet before a change is told: programs save in several steps.
const QUIET: Duration = Duration::from_millis(100);
/// How long changes that never end are gathered at most.
const LONGEST: Duration = Duration::from_millis(500);
/// How much later than a change its time may be asked for and seem to be before it.
const TICK: Duration = Duration::from_millis(20);
/// How often folders may come and go while they are being looked for.
const TRIES: usize = 8;

/// A watch over the library and the configuration. It ends when this is dropped.
#[derive(Debug)]
pub struct Watch {
    words: Sender<Word>,
}

/// What the thread hears.
#[derive(Debug)]
enum Word {
    Seen(notify::Result<Event>),
    /// These files outside the library are open, and no others.
    Follow(Vec<PathBuf>),
    Stop,
}

impl Watch {
    /// Begins to watch, on a thread of its own, on which `tell` is called. Folders that are not
    /// there are waited for; what cannot be watched is told once and is no failure. Every file of the
    /// library is looked at for it, so the thread first waits `until` others have done the same for
    /// somebody who waits; what changes meanwhile is told like what changes later.
    pub fn start(
        paths: &Paths,
        until: impl FnOnce() + Send + 'static,
        tell: impl FnMut(News) + Send + 'static,
    ) -> Self {
        let (words, heard) = channel();
        let places = Place::all(paths);
        let (seen, began) = (words.clone(), SystemTime::now());
        let thread = std::thread::Builder::new().name("watch".to_owned());
        // Without the thread nothing is seen, and saving still looks before it writes.
        let _started = thread.spawn(move || {
            until();
            work((places, began), seen, &heard, tell);
        });
        Self { words }
    }

    /// Watches those of the open files that lie outside the library, too.
    pub fn follow(&self, paths: &Paths, open: &BTreeSet<PathBuf>) {
        let shelves = [&paths.drafts, &paths.templates, &paths.snippets];
        let outside = |path: &&PathBuf| !shelves.iter().any(|shelf| path.starts_with(shelf));
        let files = open.iter().filter(outside).cloned().collect();
        // Without the thread, saving still looks before it writes.
        let _gone = self.words.send(Word::Follow(files));
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A thread that is gone needs no word.
        let _gone = self.words.send(Word::Stop);
    }
}

/// A folder whose changes are told as those of a shelf.
#[derive(Debug, Clone)]
struct Place {
    shelf: Shelf,
    folder: PathBuf,
    /// The only file in it that counts, if that is so.
    only: Option<PathBuf>,
}

impl Place {
    fn all(paths: &Paths) -> Vec<Self> {
        let whole = |shelf, folder: &Path| Self {
            shelf,
            folder: folder.to_owned(),
            only: None,
        };
        vec![
            whole(Shelf::Templates, &paths.templates),
            whole(Shelf::Snippets, &paths.snippets),
            whole(Shelf::Drafts, &paths.drafts),
            whole(Shelf::Themes, &paths.themes),
            Self {
                shelf: Shelf::Config,
                folder: paths.config.clone(),
                only: Some(paths.config_file.clone()),
            },
        ]
    }

    /// A file outside the library, where links lead to it.
    fn of(file: &Path) -> Self {
        let real = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        Self {
            shelf: Shelf::Files,
            folder: real.parent().unwrap_or(&real).to_owned(),
            only: Some(real),
        }
    }

    /// Whether what happened at `path` is a change of the shelf.
    fn holds(&self, path: &Path) -> bool {
        match &self.only {
            Some(only) => path == only,
            None => path.starts_with(&self.folder) && !is_passing(path),
        }
    }

    fn is_there(&self) -> bool {
        self.only.as_ref().is_none_or(|only| only.exists())
    }

    /// How the folder is watched that is there: itself, or one on the way to it.
    fn mode(&self, there: &Path) -> RecursiveMode {
        match self.only {
            None if there == self.folder => RecursiveMode::Recursive,
            _ => RecursiveMode::NonRecursive,
        }
    }

    /// Whether what happened at `path` may concern the place, or the way to it.
    fn is_near(&self, path: &Path) -> bool {
        self.holds(path) || self.folder.starts_with(path)
    }
}

/// Hidden files and backups: what programs write before and beside the file that is meant.
fn is_passing(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    name.starts_with(b".") || name.ends_with(b"~")
}

fn work(
    (places, began): (Vec<Place>, SystemTime),
    words: Sender<Word>,
    heard: &Receiver<Word>,
    mut tell: impl FnMut(News),
) {
    let near = Arc::new(RwLock::new(places.clone()));
    let seen_near = Arc::clone(&near);
    let watcher = RecommendedWatcher::new(
        move |seen: notify::Result<Event>| {
            let near = seen_near.read().unwrap_or_else(PoisonError::into_inner);
            if is_change(&seen, &near) {
                // Nobody listens any more.
                let _gone = words.send(Word::Seen(seen));
            }
        },
        // A link must not make the whole disk part of the library.
        Config::default().with_follow_symlinks(false),
    );
    let watcher = match watcher {
        Ok(watcher) => watcher,
        Err(error) => return tell(News::Blind(reason(&error))),
    };
    let mut guard = Guard {
        watcher,
        places,
        near,
        watched: BTreeMap::new(),
        blind: None,
        unseen: BTreeSet::new(),
    };
    guard.look_out();
    // What changed before that, since the lists were asked for.
    let changed = guard.changed_since(began);
    if !changed.is_empty() {
        tell(News::Changed(changed));
    }
    let mut told_blind = false;
    loop {
        if let Some(why) = guard.blind.take().filter(|_| !told_blind) {
            told_blind = true;
            tell(News::Blind(why));
        }
        let changed = match heard.recv() {
            Ok(Word::Seen(first)) => {
                let Some(batch) = gathered(first, heard, &mut guard) else {
                    return;
                };
                guard.take(batch)
            }
            Ok(Word::Follow(files)) => {
                guard.follow(&files);
                guard.take(Vec::new())
            }
            Ok(Word::Stop) | Err(_) => return,
        };
        if !changed.is_empty() {
            tell(News::Changed(changed));
        }
    }
}

/// Whether an event is a change at one of the places. That a file was read is none: our own lists
/// read them all.
fn is_change(seen: &notify::Result<Event>, places: &[Place]) -> bool {
    let Ok(event) = seen else {
        return true;
    };
    let idle = matches!(
        event.kind,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime))
    );
    let near = |path: &PathBuf| places.iter().any(|place| place.is_near(path));
    event.need_rescan() || (!idle && event.paths.iter().any(near))
}

/// An event with those that follow it closely; `None` when the watch is over.
fn gathered(
    first: notify::Result<Event>,
    heard: &Receiver<Word>,
    guard: &mut Guard,
) -> Option<Vec<notify::Result<Event>>> {
    let mut batch = vec![first];
    let end = Instant::now() + LONGEST;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match heard.recv_timeout(left.min(QUIET)) {
            Ok(Word::Seen(next)) => batch.push(next),
            Ok(Word::Follow(files)) => guard.follow(&files),
            Ok(Word::Stop) => return None,
            Err(_) => return Some(batch),
        }
    }
}

/// What is watched now, and what should be.
struct Guard {
    watcher: RecommendedWatcher,
    places: Vec<Place>,
    /// The same, for whoever hears of an event first.
    near: Arc<RwLock<Vec<Place>>>,
    watched: BTreeMap<PathBuf, RecursiveMode>,
    blind: Option<String>,
    /// Shelves that may have changed before they were watched.
    unseen: BTreeSet<Shelf>,
}

impl Guard {
    /// Watches these files outside the library, and no others. What changed before that was not
    /// seen: they are to be looked at.
    fn follow(&mut self, files: &[PathBuf]) {
        self.places.retain(|place| place.shelf != Shelf::Files);
        self.places.extend(files.iter().map(|file| Place::of(file)));
        let mut near = self.near.write().unwrap_or_else(PoisonError::into_inner);
        near.clone_from(&self.places);
        drop(near);
        let found = self.look_out();
        self.unseen.extend(found);
        if !files.is_empty() {
            self.unseen.insert(Shelf::Files);
        }
    }

    /// The shelves that a batch of events is about.
    fn take(&mut self, batch: Vec<notify::Result<Event>>) -> BTreeSet<Shelf> {
        let (mut changed, mut overflown) = (std::mem::take(&mut self.unseen), false);
        for seen in batch {
            let event = match seen {
                Ok(event) => event,
                Err(error) => {
                    self.blind = Some(reason(&error));
                    continue;
                }
            };
            overflown |= event.need_rescan();
            for path in &event.paths {
                let places = self.places.iter().filter(|place| place.holds(path));
                changed.extend(places.map(|place| place.shelf));
                if is_loss(event.kind) && self.watched.remove(path).is_some() {
                    // What is there under this name from now on is another folder.
                    let _gone = self.watcher.unwatch(path);
                }
            }
        }
        changed.extend(self.look_out());
        if overflown && !changed.is_empty() {
            // Alone, an overflow comes from reading our own lists, and must not make us read them
            // again. With a change, anything may have changed.
            changed.extend(self.places.iter().map(|place| place.shelf));
            changed.remove(&Shelf::Config);
        }
        changed
    }

    /// Watches each folder, or the way to it as long as it is missing. Returns the shelves of
    /// folders that are watched from now on: what came with them was not seen.
    fn look_out(&mut self) -> BTreeSet<Shelf> {
        let mut found = BTreeSet::new();
        for _ in 0..TRIES {
            let wanted = self.wanted();
            if wanted == self.watched {
                break;
            }
            let gone: Vec<_> = self.watched.keys().cloned().collect();
            for path in gone.into_iter().filter(|path| !wanted.contains_key(path)) {
                // The system may have been faster.
                let _gone = self.watcher.unwatch(&path);
            }
            for (path, mode) in &wanted {
                if self.watched.get(path) == Some(mode) {
                    continue;
                }
                match self.watcher.watch(path, *mode) {
                    Ok(()) => {
                        let places = self.places.iter().filter(|place| place.folder == *path);
                        let there = places.filter(|place| place.is_there());
                        found.extend(there.map(|place| place.shelf));
                    }
                    Err(error) => self.blind = Some(reason(&error)),
                }
            }
            // Also what could not be watched: it is not tried for ever.
            self.watched = wanted;
        }
        found
    }

    /// The shelves that got, lost or renamed something since a moment.
    fn changed_since(&self, moment: SystemTime) -> BTreeSet<Shelf> {
        let fresh = |path: &Path| {
            let written = std::fs::metadata(path).and_then(|found| found.modified());
            written.is_ok_and(|written| written + TICK >= moment)
        };
        let places = self.places.iter();
        let places = places.filter(|place| fresh(place.only.as_ref().unwrap_or(&place.folder)));
        places.map(|place| place.shelf).collect()
    }

    fn wanted(&self) -> BTreeMap<PathBuf, RecursiveMode> {
        let mut wanted = BTreeMap::new();
        for place in &self.places {
            let mut way = place.folder.ancestors();
            let Some(there) = way.find(|path| path.is_dir()) else {
                continue;
            };
            let mode = place.mode(there);
            let known = wanted.entry(there.to_owned()).or_insert(mode);
            if mode == RecursiveMode::Recursive {
                *known = mode;
            }
        }
        wanted
    }
}

/// Whether a path names nothing, or something else, afterwards.
const fn is_loss(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
    )
}

/// Why something cannot be watched.
fn reason(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "there are more folders than this system watches".to_owned()
        }
        notify::ErrorKind::Io(cause) => cause.to_string(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{atomic, drafts};
    use pretty_assertions::assert_eq;
    use std::fs;

    const PATIENCE: Duration = Duration::from_secs(10);

    #[expect(
        clippy::disallowed_methods,
        reason = "other programs write in place, and nobody reads it"
    )]
    fn put(path: PathBuf, text: &str) {
        fs::write(path, text).unwrap();
    }

    struct Watched {
        _home: tempfile::TempDir,
        paths: Paths,
        _watch: Watch,
        news: Receiver<News>,
    }

    fn watched(furnish: impl FnOnce(&Paths)) -> Watched {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        furnish(&paths);
        let (sender, news) = channel();
        let told = move |news| sender.send(news).unwrap_or_default();
        let watch = Watch::start(&paths, || {}, told);
        let watched = Watched {
            _home: home,
            paths,
            _watch: watch,
            news,
        };
        // It is armed as soon as it tells of something.
        let probe = watched.paths.config_file.clone();
        watched.until(Shelf::Config, || {
            fs::create_dir_all(probe.parent().unwrap()).unwrap();
            put(probe.clone(), "x");
        });
        while watched.news.recv_timeout(QUIET * 4).is_ok() {}
        watched
    }

    /// What happens before anything is watched is told as soon as it is.
    #[test]
    fn what_changes_while_the_watch_waits_is_told() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        fs::create_dir_all(&paths.drafts).unwrap();
        let (sender, news) = channel();
        let (go, gate) = channel::<()>();
        let until = move || gate.recv().unwrap_or_default();
        let _watch = Watch::start(&paths, until, move |told| {
            sender.send(told).unwrap_or_default();
        });
        put(paths.drafts.join("a.md"), "meanwhile");
        assert!(news.try_recv().is_err());
        drop(go);
        let Ok(News::Changed(shelves)) = news.recv_timeout(PATIENCE) else {
            panic!("it is told");
        };
        assert!(shelves.contains(&Shelf::Drafts));
    }

    impl Watched {
        /// Does `act` over and over until a change of `shelf` is told.
        fn until(&self, wanted: Shelf, act: impl Fn()) {
            let end = Instant::now() + PATIENCE;
            loop {
                act();
                match self.news.recv_timeout(QUIET * 10) {
                    Ok(News::Changed(shelves)) if shelves.contains(&wanted) => return,
                    Ok(News::Blind(why)) => panic!("{why}"),
                    _ => assert!(Instant::now() < end, "{wanted:?} was never told"),
                }
            }
        }

        /// Waits for a change of `shelf` and returns what else was told with it.
        fn wait(&self, wanted: Shelf) -> BTreeSet<Shelf> {
            let end = Instant::now() + PATIENCE;
            loop {
                let left = end.saturating_duration_since(Instant::now());
                match self.news.recv_timeout(left).unwrap() {
                    News::Changed(shelves) if shelves.contains(&wanted) => return shelves,
                    News::Changed(_) => {}
                    News::Blind(why) => panic!("{why}"),
                }
            }
        }
    }

    fn with_folders(paths: &Paths) {
        for folder in [&paths.templates, &paths.snippets, &paths.drafts] {
            fs::create_dir_all(folder).unwrap();
        }
    }

    #[test]
    fn each_shelf_is_told_by_itself() {
        let watched = watched(with_folders);
        let paths = &watched.paths;
        for (folder, shelf) in [
            (&paths.templates, Shelf::Templates),
            (&paths.snippets, Shelf::Snippets),
            (&paths.drafts, Shelf::Drafts),
        ] {
            put(folder.join("a.md"), "one");
            assert_eq!(watched.wait(shelf), BTreeSet::from([shelf]));
        }
    }

    #[test]
    fn a_burst_of_changes_is_told_once() {
        let watched = watched(with_folders);
        for number in 0..50 {
            let path = watched.paths.drafts.join(format!("{number}.md"));
            atomic::save(&path, b"one").unwrap();
        }
        watched.wait(Shelf::Drafts);
        let mut more = 0;
        while watched.news.recv_timeout(QUIET * 3).is_ok() {
            more += 1;
        }
        // Fifty synced saves may take longer than a burst lasts, but not fifty times as long.
        assert!(more < 10, "{more}");
    }

    #[test]
    fn reading_everything_is_no_change() {
        let watched = watched(with_folders);
        let path = watched.paths.drafts.join("a.md");
        atomic::save(&path, b"one").unwrap();
        watched.wait(Shelf::Drafts);
        while watched.news.recv_timeout(QUIET * 3).is_ok() {}
        for _ in 0..10 {
            assert_eq!(drafts::list(&watched.paths).len(), 1);
        }
        assert!(watched.news.recv_timeout(QUIET * 4).is_err());
    }

    #[test]
    fn a_folder_that_is_made_later_is_watched_with_what_came_in_it() {
        let watched = watched(|_| {});
        let drafts = watched.paths.drafts.clone();
        fs::create_dir_all(&drafts).unwrap();
        put(drafts.join("a.md"), "one");
        watched.wait(Shelf::Drafts);
        watched.until(Shelf::Drafts, || {
            put(drafts.join("a.md"), "two");
        });
    }

    #[test]
    fn a_folder_that_vanishes_and_comes_back_is_watched_again() {
        let watched = watched(with_folders);
        let drafts = watched.paths.drafts.clone();
        let aside = watched.paths.library.join("aside");
        for loss in 0..3 {
            match loss {
                0 => fs::rename(&drafts, &aside).unwrap(),
                1 => fs::remove_dir_all(&drafts).unwrap(),
                _ => fs::remove_dir_all(&watched.paths.library).unwrap(),
            }
            fs::create_dir_all(&drafts).unwrap();
            watched.wait(Shelf::Drafts);
            while watched.news.recv_timeout(QUIET * 3).is_ok() {}
            fs::create_dir_all(drafts.join("deep")).unwrap();
            watched.wait(Shelf::Drafts);
            while watched.news.recv_timeout(QUIET * 3).is_ok() {}
            put(drafts.join("deep/a.md"), "one");
            watched.wait(Shelf::Drafts);
            while watched.news.recv_timeout(QUIET * 3).is_ok() {}
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_make_what_it_leads_to_part_of_the_library() {
        let elsewhere = tempfile::tempdir().unwrap();
        let watched = watched(|paths| {
            with_folders(paths);
            std::os::unix::fs::symlink(elsewhere.path(), paths.drafts.join("link")).unwrap();
        });
        put(elsewhere.path().join("a.md"), "one");
        assert!(watched.news.recv_timeout(QUIET * 4).is_err());
    }
}
