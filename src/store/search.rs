//! Looking through the text of drafts, on every core, newest first: what fits is told as it is found.
//!
//! Needs no index that could go stale: files are read each time, but for those whose signature says
//! that no such word is in them, and such a signature counts only as long as its file is unchanged.
//! Opens nothing outside the library, waits for no pipe, and ends within a few files when nobody
//! wants to know any more.

mod changed;
mod texts;

pub use texts::{Text, bodies, texts};

use super::drafts::{MAX_DRAFT, Roll};
use super::headlines::Record;
use super::signature::Sought;
use super::{Paths, StoreError, read, scan, within};
use crate::domain::query::{About, Needles, Place, Query};
use jiff::{Timestamp, Zoned};
use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// Files that a thread takes at a time.
const BATCH: usize = 64;
/// Threads at most: more of them wait for the same disk.
const THREADS: usize = 8;
/// How long hits are gathered once the first of them are told.
const GATHER: Duration = Duration::from_millis(25);
/// Things that cannot be read of which it is said why.
const FAULTS: usize = 20;

/// Ends a search that nobody waits for any more.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends it.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it has ended.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What is looked for, ready to be found.
#[derive(Debug, Clone)]
pub struct Wanted {
    query: Query,
    needles: Needles,
    sought: Sought,
    from: Option<Timestamp>,
    limit: usize,
}

impl Wanted {
    /// The query.
    pub const fn query(&self) -> &Query {
        &self.query
    }

    /// The moment to look from, if that was asked for.
    pub const fn from(&self) -> Option<Timestamp> {
        self.from
    }

    /// Where a text says it.
    pub fn find(&self, text: &str) -> Option<Place> {
        self.needles.find(text.as_bytes())
    }

    /// What a query means on this day; no more than `limit` hits are wanted.
    pub fn new(query: Query, now: &Zoned, limit: usize) -> Self {
        Self {
            needles: Needles::of(&query),
            sought: Sought::of(&query),
            from: query.since().map(|since| since.moment(now)),
            query,
            limit,
        }
    }

    fn fits<'t>(&self, about: &About<'_>, tags: &(impl Iterator<Item = &'t str> + Clone)) -> bool {
        !self.query.narrows() || self.query.fits(about, self.from) && self.query.fits_tags(tags)
    }

    /// Whether a draft has to be read to know if it fits.
    fn reads(&self, record: &Record<'_>) -> bool {
        let about = About {
            template: record.template,
            model: record.model,
            status: record.status,
            at: record.updated,
        };
        self.fits(&about, &record.tags()) && self.sought.may_be_in(record.signature)
    }
}

/// A draft that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where it lies.
    pub path: PathBuf,
    /// Name below `drafts/`, without extension.
    pub name: String,
    /// Its title.
    pub title: String,
    /// When it was last saved.
    pub updated: Timestamp,
    /// Where in it; `None` when no words were asked for.
    pub place: Option<Place>,
}

/// How a search went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Texts that fit, as far as it went.
    pub hits: usize,
    /// Files and folders that could not be read.
    pub unread: usize,
    /// Why the first of them could not.
    pub faults: Vec<String>,
    /// All texts were looked at.
    pub is_whole: bool,
}

impl Tally {
    /// Counts what could not be read.
    fn blame(&mut self, why: impl IntoIterator<Item = String>) {
        for why in why {
            self.unread += 1;
            if self.faults.len() < FAULTS {
                self.faults.push(why);
            }
        }
    }
}

/// What a thread found in a batch.
#[derive(Default)]
struct Batch {
    hits: Vec<Hit>,
    faults: Vec<String>,
}

/// Looks through all drafts. The roll is what was known of them some time ago: it leads the way, and
/// behind it comes what has changed since.
pub fn all_drafts(
    (paths, roll): (&Paths, &Roll),
    wanted: &Wanted,
    stop: &Stop,
    tell: &mut dyn FnMut(Vec<Hit>),
) -> Tally {
    let mut tally = drafts((paths, roll), wanted, stop, tell);
    if tally.is_whole {
        changed::look((paths, roll), wanted, stop, (tell, &mut tally));
    }
    tally
}

/// Looks through the drafts of a roll that is new. `tell` gets what fits in the order of the roll,
/// the first of it as soon as it is found.
pub fn drafts(
    (paths, roll): (&Paths, &Roll),
    wanted: &Wanted,
    stop: &Stop,
    tell: &mut dyn FnMut(Vec<Hit>),
) -> Tally {
    let records = Mutex::new(roll.records().fuse().enumerate_in_batches());
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let enough = Stop::default();
    let (sender, batches) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads.min(THREADS) {
            let (sender, records, enough) = (sender.clone(), &records, &enough);
            scope.spawn(move || {
                let mut files = Files::new(&paths.library, &paths.drafts);
                while !stop.is_set() && !enough.is_set() {
                    let next = records
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .next();
                    let Some((number, records)) = next else { break };
                    let mut batch = Batch::default();
                    for record in records {
                        look(&mut files, wanted, &record, &mut batch);
                        if stop.is_set() {
                            return;
                        }
                    }
                    let _nobody_waits = sender.send((number, batch));
                }
            });
        }
        drop(sender);
        let mut tally = gather(&batches, wanted.limit, &enough, tell);
        tally.is_whole = !stop.is_set() && !enough.is_set();
        tally.blame(roll.closed.iter().cloned());
        tally
    })
}

/// Puts batches in order and tells what they hold.
fn gather(
    batches: &Receiver<(usize, Batch)>,
    limit: usize,
    enough: &Stop,
    tell: &mut dyn FnMut(Vec<Hit>),
) -> Tally {
    let mut tally = Tally::default();
    let (mut early, mut next) = (BTreeMap::new(), 0);
    let (mut ready, mut told): (Vec<Hit>, Option<Instant>) = (Vec::new(), None);
    for (number, batch) in batches {
        early.insert(number, batch);
        while let Some(batch) = early.remove(&next) {
            next += 1;
            tally.blame(batch.faults);
            let room = limit - tally.hits;
            if batch.hits.len() > room {
                enough.set();
            }
            let hits = batch.hits.into_iter().take(room);
            ready.extend(hits.inspect(|_| tally.hits += 1));
        }
        if !ready.is_empty() && told.is_none_or(|told| told.elapsed() >= GATHER) {
            tell(std::mem::take(&mut ready));
            told = Some(Instant::now());
        }
    }
    if !ready.is_empty() {
        tell(ready);
    }
    tally
}

fn look(files: &mut Files<'_>, wanted: &Wanted, record: &Record<'_>, batch: &mut Batch) {
    if !wanted.reads(record) {
        return;
    }
    let place = if wanted.needles.is_empty() {
        None
    } else {
        let source = match files.read(record.name) {
            Ok(source) => source,
            Err(why) => {
                batch.faults.push(why.to_string());
                return;
            }
        };
        let Some(place) = wanted.needles.find(source) else {
            return;
        };
        Some(place)
    };
    batch.hits.push(Hit {
        path: scan::file(files.root, record.name),
        name: record.name.to_owned(),
        title: record.title.to_owned(),
        updated: record.updated,
        place,
    });
}

/// Records by the handful, numbered.
trait InBatches: Iterator + Sized {
    fn enumerate_in_batches(self) -> impl Iterator<Item = (usize, Vec<Self::Item>)>;
}

impl<I: Iterator> InBatches for I {
    fn enumerate_in_batches(mut self) -> impl Iterator<Item = (usize, Vec<I::Item>)> {
        let batches = std::iter::from_fn(move || {
            let batch: Vec<_> = self.by_ref().take(BATCH).collect();
            (!batch.is_empty()).then_some(batch)
        });
        batches.enumerate()
    }
}

/// Reads one file after the other into the same memory.
struct Files<'p> {
    library: &'p Path,
    root: &'p Path,
    /// Every ordinary file below the folder is inside the library.
    is_inside: bool,
    #[cfg(unix)]
    folder: Option<rustix::fd::OwnedFd>,
    bytes: Vec<u8>,
}

impl<'p> Files<'p> {
    fn new(library: &'p Path, root: &'p Path) -> Self {
        Self {
            library,
            root,
            is_inside: within::holds(library, root),
            #[cfg(unix)]
            folder: open_folder(root),
            bytes: vec![0; 64 * 1024],
        }
    }

    /// The bytes of a file; an error when it cannot be read, or must not be.
    fn read(&mut self, name: &str) -> Result<&[u8], StoreError> {
        within::callable(self.root, name)?;
        #[cfg(unix)]
        if self.is_inside
            && let Some(length) = self.read_here(name)
        {
            return Ok(self.bytes.get(..length).unwrap_or_default());
        }
        // A link, or something odd: the slow way looks where it leads.
        let path = scan::file(self.root, name);
        if within::find(self.library, self.root, name)?.is_none() {
            return Err(StoreError::Gone { path });
        }
        self.bytes = read::bytes(&path, MAX_DRAFT)?;
        let length = self.bytes.len();
        self.bytes.resize(length.max(64 * 1024), 0);
        Ok(self.bytes.get(..length).unwrap_or_default())
    }

    /// Reads an ordinary file that lies right there; follows no link and waits for nothing.
    #[cfg(unix)]
    fn read_here(&mut self, name: &str) -> Option<usize> {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = self.folder.as_ref()?;
        let mut file = String::with_capacity(name.len() + 3);
        file.push_str(name);
        file.push_str(".md");
        let file = rustix::fs::openat(folder, file, flags, Mode::empty()).ok()?;
        let mut length = 0;
        loop {
            let room = self.bytes.len() - length;
            let read = rustix::io::read(&file, &mut self.bytes[length..]).ok()?;
            length += read;
            // An ordinary file gives less than it was asked for only at its end.
            if read < room {
                return Some(length);
            }
            if length as u64 > MAX_DRAFT {
                return None;
            }
            self.bytes.resize(length * 2, 0);
        }
    }
}

#[cfg(unix)]
fn open_folder(path: &Path) -> Option<rustix::fd::OwnedFd> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty()).ok()
}

#[cfg(test)]
mod tests;
