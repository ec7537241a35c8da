//! Files that a text is written to by name, as with `run -o FILE`: what they held goes into the
//! trash, wherever they lie.
//!
//! Such a record leads outside the library. So it is only ever taken back over the very bytes that
//! were written here, into a file that is there; whatever else happened to it since, nothing is.

use super::{Held, MAX_CONTENT, Mark, Record, Why, prune};
use crate::store::atomic::{self, Over};
use crate::store::{Paths, StoreError, fingerprint, read};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// What became of the text that a file held before.
#[derive(Debug, PartialEq, Eq)]
pub enum Before {
    /// There was none, or it is the same.
    Nothing,
    /// It is in the trash.
    Kept,
    /// It is gone, for this reason.
    Gone(String),
}

/// Writes a text to a file, whatever is there. What an ordinary file held is kept first, if that
/// can be; that it cannot holds nothing up.
///
/// # Errors
/// When the file cannot be written; then it holds what it held.
pub fn write(paths: &Paths, path: &Path, bytes: &[u8]) -> Result<Before, StoreError> {
    let Some(target) = ordinary(path) else {
        return atomic::save(path, bytes).map(|()| Before::Nothing);
    };
    let old = match read::bytes(&target, MAX_CONTENT) {
        Ok(old) if old.is_empty() || old == bytes => {
            return atomic::save(path, bytes).map(|()| Before::Nothing);
        }
        Ok(old) => old,
        Err(why) => return overwrite(path, bytes, &why),
    };
    let became = Some(Mark::new(&target, bytes));
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let record = Record {
        named: true,
        ..Record::new(Why::Overwritten, &name, &target, became)
    };
    let held = match Held::new(paths, &record, &old) {
        Ok(held) => held,
        Err(why) => return overwrite(path, bytes, &why),
    };
    let hash = fingerprint(&old);
    let written = atomic::save_over(path, bytes, Over::Only(&hash, MAX_CONTENT));
    match written {
        Ok(()) => prune(paths, record.at),
        Err(_) => held.forget(),
    }
    written.map(|()| Before::Kept)
}

/// The same over a file that still has this content hash, or is gone.
pub(in crate::store) fn write_over(
    paths: &Paths,
    path: &Path,
    bytes: &[u8],
    hash: &str,
) -> Result<(), StoreError> {
    match read::bytes(path, MAX_CONTENT) {
        Ok(old) if fingerprint(&old) == hash => write(paths, path, bytes).map(drop),
        // Nothing is there to be kept, or nothing that may be replaced.
        _ => atomic::save_over(path, bytes, Over::Only(hash, MAX_CONTENT)),
    }
}

fn overwrite(path: &Path, bytes: &[u8], why: &StoreError) -> Result<Before, StoreError> {
    atomic::save(path, bytes).map(|()| Before::Gone(why.to_string()))
}

/// Where an ordinary file lies that a path leads to, spelled without links.
fn ordinary(path: &Path) -> Option<PathBuf> {
    let target = atomic::resolved(path).ok()?;
    let real = fs::canonicalize(target).ok()?;
    fs::symlink_metadata(&real)
        .is_ok_and(|found| found.is_file())
        .then_some(real)
}

/// Whether a record says all that taking back needs, in one way only.
pub(super) fn is_whole(record: &Record) -> bool {
    let plain = |part| {
        matches!(
            part,
            Component::RootDir | Component::Prefix(_) | Component::Normal(_)
        )
    };
    let became = record.became.as_ref();
    became.is_some_and(|mark| mark.path == record.from)
        && record.from.is_absolute()
        && record.from.components().all(plain)
}

/// Puts back what the file of a record held; its content lies at `kept`.
pub(super) fn take_back(record: &Record, kept: &Path, bytes: &[u8]) -> Result<Mark, StoreError> {
    let changed = || StoreError::ChangedSince {
        path: record.from.clone(),
        kept: kept.to_owned(),
    };
    let became = record.became.as_ref().ok_or_else(changed)?;
    if ordinary(&record.from).as_ref() != Some(&record.from) || !became.holds() {
        return Err(changed());
    }
    let over = Over::Only(&became.hash, MAX_CONTENT);
    match atomic::save_over(&record.from, bytes, over) {
        Err(StoreError::ChangedOutside { .. }) => Err(changed()),
        written => written.map(|()| Mark::new(&record.from, bytes)),
    }
}
