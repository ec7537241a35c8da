//! Finding Markdown files below a folder, with what tells whether one changed.
//!
//! Follows no linked folders and reads no file. Names are relative, with `/` and without `.md`.

use super::StoreError;
use super::sheet::{Sheet, Strip};
use std::fs;
use std::io::ErrorKind;
use std::num::NonZero;
use std::path::{Path, PathBuf};

/// Folders within folders that are looked into.
const MAX_DEPTH: usize = 8;
/// Below this many items a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 200;

/// What changes when a file changes. All zero for a file that could not be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Time of the last write, nanoseconds.
    pub(super) written: u64,
    /// Time of the last change of any kind, nanoseconds; tells a replaced file of equal age.
    pub(super) changed: u64,
    /// Size in bytes.
    pub(super) size: u64,
    /// Which file it is, where the system numbers them.
    pub(super) inode: u64,
}

impl Stamp {
    /// Adds it to a cache.
    pub(super) fn write(self, sheet: &mut Sheet) {
        for number in [self.written, self.changed, self.size, self.inode] {
            sheet.long(number);
        }
    }

    /// Reads it from one.
    pub(super) fn read(strip: &mut Strip<'_>) -> Option<Self> {
        Some(Self {
            written: strip.long()?,
            changed: strip.long()?,
            size: strip.long()?,
            inode: strip.long()?,
        })
    }
}

/// One Markdown file.
#[derive(Debug)]
pub(super) struct Found {
    /// Relative name without extension; not exact when it is not UTF-8.
    pub(super) name: String,
    /// What tells whether it changed.
    pub(super) stamp: Stamp,
}

impl Found {
    /// Where it lies.
    pub(super) fn path(&self, root: &Path) -> PathBuf {
        file(root, &self.name)
    }
}

/// Where the Markdown file of a name lies.
pub(super) fn file(root: &Path, name: &str) -> PathBuf {
    let mut path = String::with_capacity(name.len() + 3);
    path.push_str(name);
    path.push_str(".md");
    root.join(path)
}

/// Every Markdown file below `root`, by name. Hidden files and folders are passed over, and so is
/// a folder that does not exist or may not be read.
pub(super) fn markdown(root: &Path) -> Vec<Found> {
    walk(root).found
}

/// What lies below a folder.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Every Markdown file, by name.
    pub(super) found: Vec<Found>,
    /// Folders that nobody looked into, and why.
    pub(super) closed: Vec<StoreError>,
}

/// Like [`markdown`], with the folders that could not be looked into.
pub(super) fn walk(root: &Path) -> Walk {
    walk_until(root, &|| false)
}

/// The same, for as long as anybody wants to know: once `is_over`, it is worth nothing.
pub(super) fn walk_until(root: &Path, is_over: &(dyn Fn() -> bool + Sync)) -> Walk {
    let mut walk = Walk::default();
    walk.collect(root, "", MAX_DEPTH, is_over);
    walk.found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let stat = Stat::new(root);
    in_parallel(&mut walk.found, |found| {
        if !is_over() {
            found.stamp = stat.stamp(&found.name);
        }
    });
    walk
}

impl Walk {
    fn collect(
        &mut self,
        folder: &Path,
        prefix: &str,
        depth: usize,
        is_over: &(dyn Fn() -> bool + Sync),
    ) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(cause) => {
                if cause.kind() != ErrorKind::NotFound {
                    self.closed.push(StoreError::read(folder, cause));
                }
                return;
            }
        };
        for entry in entries.flatten() {
            if is_over() {
                return;
            }
            self.enter(&entry, prefix, depth, is_over);
        }
    }

    fn enter(
        &mut self,
        entry: &fs::DirEntry,
        prefix: &str,
        depth: usize,
        is_over: &(dyn Fn() -> bool + Sync),
    ) {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            return;
        }
        if let Some(stem) = name.strip_suffix(".md") {
            // Whether it is an ordinary file shows when it is read.
            let mut full = String::with_capacity(prefix.len() + stem.len());
            full.push_str(prefix);
            full.push_str(stem);
            let stamp = Stamp::default();
            self.found.push(Found { name: full, stamp });
        } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if depth > 0 {
                let below = format!("{prefix}{name}/");
                self.collect(&entry.path(), &below, depth - 1, is_over);
            } else {
                let path = entry.path();
                self.closed.push(StoreError::TooDeep { path });
            }
        }
    }
}

/// Does `work` for every item, on two threads when there are many.
pub(super) fn in_parallel<T: Send>(items: &mut [T], work: impl Fn(&mut T) + Sync) {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    if items.len() < WORTH_A_THREAD || threads < 2 {
        items.iter_mut().for_each(work);
        return;
    }
    let (left, right) = items.split_at_mut(items.len() / 2);
    std::thread::scope(|scope| {
        scope.spawn(|| right.iter_mut().for_each(&work));
        left.iter_mut().for_each(&work);
    });
}

/// Asks for stamps relative to one open folder, which spares the kernel the way there.
#[cfg(unix)]
struct Stat(Option<rustix::fd::OwnedFd>);

#[cfg(unix)]
impl Stat {
    fn new(root: &Path) -> Self {
        use rustix::fs::{Mode, OFlags};
        Self(
            rustix::fs::open(
                root,
                OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
                Mode::empty(),
            )
            .ok(),
        )
    }

    fn stamp(&self, name: &str) -> Stamp {
        use rustix::fs::{AtFlags, statat};
        let Some(root) = &self.0 else {
            return Stamp::default();
        };
        let Ok(stat) = statat(root, format!("{name}.md"), AtFlags::empty()) else {
            return Stamp::default();
        };
        Stamp {
            written: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
            changed: nanoseconds(stat.st_ctime, stat.st_ctime_nsec),
            size: stat.st_size.try_into().unwrap_or_default(),
            inode: stat.st_ino,
        }
    }
}

/// Seconds and a rest as nanoseconds; systems disagree on the types. Times before 1970 count as 0.
#[cfg(unix)]
fn nanoseconds(seconds: impl TryInto<u64>, rest: impl TryInto<u64>) -> u64 {
    let seconds = seconds.try_into().unwrap_or_default();
    let rest = rest.try_into().unwrap_or_default();
    seconds.wrapping_mul(1_000_000_000).wrapping_add(rest)
}

#[cfg(not(unix))]
struct Stat(PathBuf);

#[cfg(not(unix))]
impl Stat {
    fn new(root: &Path) -> Self {
        Self(root.to_owned())
    }

    fn stamp(&self, name: &str) -> Stamp {
        let Ok(found) = fs::metadata(file(&self.0, name)) else {
            return Stamp::default();
        };
        let written = found
            .modified()
            .ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |age| age.as_nanos() as u64);
        Stamp {
            written,
            changed: 0,
            size: found.len(),
            inode: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::atomic;

    #[test]
    fn files_are_found_by_name_and_hidden_ones_are_not() {
        let home = tempfile::tempdir().unwrap();
        for name in [
            "b.md",
            "a/c.md",
            "a.md",
            ".hidden.md",
            ".git/x.md",
            "other.txt",
        ] {
            atomic::save(&home.path().join(name), b"12").unwrap();
        }
        let found = markdown(home.path());
        let names: Vec<_> = found.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["a", "a/c", "b"]);
        assert!(
            found
                .iter()
                .all(|found| found.stamp.size == 2 && found.stamp.written > 0)
        );
    }

    #[test]
    fn a_folder_that_is_not_there_is_empty() {
        assert!(markdown(Path::new("/nonexistent/folder")).is_empty());
    }

    #[test]
    fn every_item_is_worked_on_once() {
        let mut items = vec![0; 1001];
        in_parallel(&mut items, |item| *item += 1);
        assert!(items.iter().all(|item| *item == 1));
    }
}
