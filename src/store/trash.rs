//! The trash: what was deleted, renamed or overwritten, with a record of how, for a while.
//!
//! A record `ID.json` is written before its content `ID.md` comes, and goes after it, so that no
//! content is ever without one. Taking back never replaces a file that somebody changed since.
//! Nothing here reads the trash at the start of the studio; it is pruned when something is added.

mod named;

pub(super) use named::write_over;
pub use named::{Before, write};

use super::atomic::Over;
use super::briefs::BRIEFS;
use super::{Paths, StoreError, atomic, fingerprint, read, within};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Days that something stays.
pub const DAYS: i64 = 30;
/// Bytes that everything together may have; beyond it the oldest goes first.
pub const MAX_BYTES: u64 = 256 * 1024 * 1024;
/// Largest record in bytes.
const MAX_RECORD: u64 = 64 * 1024;
/// Largest content in bytes, that of the largest draft.
const MAX_CONTENT: u64 = 64 * 1024 * 1024;

/// What was done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// It was deleted.
    Deleted,
    /// It got another name.
    Renamed,
    /// Its text or front matter became another one.
    Overwritten,
}

impl Why {
    /// As a person reads it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Renamed => "renamed",
            Self::Overwritten => "overwritten",
        }
    }
}

/// A file and what it held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Where.
    pub path: PathBuf,
    /// Content hash.
    pub hash: String,
}

impl Mark {
    /// A file that holds these bytes.
    pub(super) fn new(path: &Path, bytes: &[u8]) -> Self {
        Self {
            path: path.to_owned(),
            hash: fingerprint(bytes),
        }
    }

    /// Whether the file still holds that.
    fn holds(&self) -> bool {
        read::bytes(&self.path, MAX_CONTENT).is_ok_and(|bytes| fingerprint(&bytes) == self.hash)
    }
}

/// How something came into the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What was done.
    pub why: Why,
    /// What people know it as.
    pub title: String,
    /// Where it lay.
    pub from: PathBuf,
    /// When.
    pub at: Timestamp,
    /// What it was turned into, if it was not deleted.
    pub became: Option<Mark>,
    /// It is a file that a text was written to by name, anywhere, and no item of a library.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub named: bool,
}

impl Record {
    /// A record of this moment.
    pub(super) fn new(why: Why, title: &str, from: &Path, became: Option<Mark>) -> Self {
        Self {
            why,
            title: title.to_owned(),
            from: from.to_owned(),
            at: Timestamp::now(),
            became,
            named: false,
        }
    }
}

/// Something in the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trashed {
    /// What it is asked for by.
    pub id: String,
    /// How it came here.
    pub record: Record,
    /// Size of its content.
    pub bytes: u64,
}

/// What taking something back did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// How it had come into the trash.
    pub record: Record,
    /// Where it is now. Not where it was, if something else lies there.
    pub now: Mark,
    /// Whether what it had become is gone; if somebody changed that since, it stays.
    pub became_gone: bool,
}

/// Moves a file into the trash.
pub(super) fn discard(paths: &Paths, record: &Record) -> Result<(), StoreError> {
    let note = noted(paths, record)?;
    atomic::move_new(&record.from, &note.with_extension("md")).inspect_err(|_| forget(&note))?;
    prune(paths, record.at);
    Ok(())
}

/// Keeps a copy of what a file holds while `replace` puts something else in its place. When that
/// fails, nothing was overwritten and nothing is kept.
pub(super) fn keep(
    paths: &Paths,
    record: &Record,
    bytes: &[u8],
    replace: impl FnOnce() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let held = Held::new(paths, record, bytes)?;
    let replaced = replace();
    match &replaced {
        Ok(()) => prune(paths, record.at),
        Err(_) => held.forget(),
    }
    replaced
}

/// A copy in the trash of what is about to be replaced.
struct Held {
    note: PathBuf,
}

impl Held {
    fn new(paths: &Paths, record: &Record, bytes: &[u8]) -> Result<Self, StoreError> {
        let held = Self {
            note: noted(paths, record)?,
        };
        match atomic::save(&held.note.with_extension("md"), bytes) {
            Ok(()) => Ok(held),
            Err(error) => {
                held.forget();
                Err(error)
            }
        }
    }

    fn forget(self) {
        forget(&self.note.with_extension("md"));
        forget(&self.note);
    }
}

/// Writes the record under a name that no other process has.
fn noted(paths: &Paths, record: &Record) -> Result<PathBuf, StoreError> {
    let failed = |error| StoreError::write(&record.from, std::io::Error::other(error));
    let json = serde_json::to_vec(record).map_err(failed)?;
    let stem = record.at.strftime("%Y%m%dT%H%M%S").to_string();
    atomic::create_new(&paths.data, &paths.trash, (&stem, "json"), &json)
}

/// Removes what means nothing any more, so that it does no harm where it cannot be removed.
fn forget(file: &Path) {
    let _stays = atomic::remove(file);
}

/// What is in the trash from this library, newest first.
pub fn list(paths: &Paths) -> Vec<Trashed> {
    let mut found = everything(paths);
    found.retain(|trashed| is_ours(paths, &trashed.record));
    found
}

fn everything(paths: &Paths) -> Vec<Trashed> {
    let Ok(entries) = fs::read_dir(&paths.trash) else {
        return Vec::new();
    };
    let mut found: Vec<Trashed> = entries
        .flatten()
        .filter_map(|entry| trashed(&entry.path()))
        .collect();
    found.sort_by(|a, b| b.record.at.cmp(&a.record.at).then_with(|| b.id.cmp(&a.id)));
    found
}

/// What a record is about; `None` for any other file and for a record without content.
fn trashed(note: &Path) -> Option<Trashed> {
    let id = note.file_name()?.to_str()?.strip_suffix(".json")?;
    let content = fs::symlink_metadata(note.with_extension("md")).ok()?;
    let record = read::text(note, MAX_RECORD).ok()?;
    Some(Trashed {
        id: id.to_owned(),
        record: serde_json::from_str(&record).ok()?,
        bytes: content.len(),
    })
}

/// Whether everything that a record names lies in the library, whoever wrote the record.
fn is_ours(paths: &Paths, record: &Record) -> bool {
    if record.named {
        return named::is_whole(record);
    }
    let became = record.became.iter().map(|mark| mark.path.as_path());
    let mut named = became.chain([record.from.as_path()]);
    named.all(|path| {
        let plain = |part| matches!(part, Component::Normal(_));
        let inside = path.strip_prefix(&paths.library);
        inside.is_ok_and(|inside| {
            let kind = inside.extension().and_then(OsStr::to_str);
            inside.components().all(plain)
                && (kind == Some("md") || kind == Some("yaml") && inside.starts_with(BRIEFS))
        })
    })
}

/// Takes the last change back.
pub fn undo_last(paths: &Paths) -> Result<Restored, StoreError> {
    let last = list(paths).into_iter().next();
    take_back(paths, last.ok_or(StoreError::NotInTrash { id: None })?)
}

/// Takes the change with this id back.
pub fn restore(paths: &Paths, id: &str) -> Result<Restored, StoreError> {
    let found = list(paths).into_iter().find(|trashed| trashed.id == id);
    let missing = || StoreError::NotInTrash {
        id: Some(id.to_owned()),
    };
    take_back(paths, found.ok_or_else(missing)?)
}

fn take_back(paths: &Paths, trashed: Trashed) -> Result<Restored, StoreError> {
    let Trashed { id, record, .. } = trashed;
    let content = paths.trash.join(format!("{id}.md"));
    let bytes = read::bytes(&content, MAX_CONTENT)?;
    if record.named {
        let now = named::take_back(&record, &content, &bytes)?;
        forget(&content);
        forget(&paths.trash.join(format!("{id}.json")));
        return Ok(Restored {
            record,
            now,
            became_gone: true,
        });
    }
    let in_place = record
        .became
        .as_ref()
        .filter(|mark| mark.path == record.from);
    let (path, became_gone) = if let Some(became) = in_place.filter(|mark| mark.holds()) {
        let over = Over::Only(&became.hash, MAX_CONTENT);
        atomic::save_within(&paths.library, &record.from, &bytes, over)?;
        atomic::remove(&content)?;
        (record.from.clone(), true)
    } else {
        let path = put_back(paths, &content, &record.from)?;
        let elsewhere = record.became.as_ref().filter(|mark| mark.path != path);
        let gone = elsewhere.filter(|mark| mark.holds());
        if let Some(became) = gone {
            atomic::remove(&became.path)?;
        }
        (path, gone.is_some())
    };
    forget(&paths.trash.join(format!("{id}.json")));
    Ok(Restored {
        now: Mark::new(&path, &bytes),
        record,
        became_gone,
    })
}

/// Moves content to where it lay, or beside what lies there now. Returns where.
fn put_back(paths: &Paths, content: &Path, from: &Path) -> Result<PathBuf, StoreError> {
    let folder = from.parent().unwrap_or(&paths.library);
    if folder.exists() && !within::holds(&paths.library, folder) {
        return Err(StoreError::LeavesLibrary {
            path: folder.to_owned(),
        });
    }
    let stem = from.file_stem().unwrap_or_default().to_string_lossy();
    let extension = from.extension().unwrap_or_default().to_string_lossy();
    for number in 1..=9_999_u32 {
        let path = match number {
            1 => from.to_owned(),
            _ => folder.join(format!("{stem}-{number}.{extension}")),
        };
        match atomic::move_new(content, &path) {
            Err(StoreError::Write { cause, .. })
                if cause.kind() == std::io::ErrorKind::AlreadyExists => {}
            moved => return moved.map(|()| path),
        }
    }
    Err(StoreError::write(
        from,
        std::io::ErrorKind::AlreadyExists.into(),
    ))
}

/// Removes what is older than [`DAYS`], and the oldest beyond [`MAX_BYTES`]; never the newest.
fn prune(paths: &Paths, now: Timestamp) {
    let oldest = now - SignedDuration::from_hours(24 * DAYS);
    let mut bytes = 0;
    for (place, trashed) in everything(paths).into_iter().enumerate() {
        bytes += trashed.bytes;
        if place > 0 && (bytes > MAX_BYTES || trashed.record.at < oldest) {
            let note = paths.trash.join(format!("{}.json", trashed.id));
            // What cannot be removed today is tried again with the next change.
            if atomic::remove(&note.with_extension("md")).is_ok() {
                forget(&note);
            }
        }
    }
}

#[cfg(test)]
mod tests;
