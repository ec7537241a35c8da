//! Versions of drafts: what a text was, when, and what made it so.
//!
//! Bounded: the latest [`RECENT_VERSIONS`] of a draft stay as they are; of older ones one an hour
//! stays for a week and one a day after that; all together take [`MAX_VERSION_BYTES`] at most,
//! the oldest going first, and the newest of each draft last. A draft that never got a file keeps
//! its versions as long as a text that was put off. The text that is already the newest is not
//! stored again.

use super::column::{count, length, path, path_of, text, time};
use super::{Journal, JournalError};
use crate::domain::text::words;
use crate::store::fingerprint;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::path::{Path, PathBuf};

/// Versions of a draft that are never thinned.
pub const RECENT_VERSIONS: usize = 200;
/// Bytes of text that all versions of all drafts may have together.
pub const MAX_VERSION_BYTES: u64 = 64 * 1024 * 1024;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// How long one version an hour stays.
const HOURLY: i64 = 7 * DAY;

/// Identifies a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VersionId(pub i64);

/// What made a text what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The answer of a model was taken.
    Generation,
    /// Another wording was taken.
    Refine,
    /// It was saved.
    Save,
    /// An earlier version was restored.
    Restore,
    /// Another program changed the file.
    OutsideChange,
    /// It was about to be replaced by an edit of another kind.
    Edit,
}

impl Cause {
    const ALL: [Self; 6] = [
        Self::Generation,
        Self::Refine,
        Self::Save,
        Self::Restore,
        Self::OutsideChange,
        Self::Edit,
    ];

    /// Its word in the journal and in `--json`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Generation => "generation",
            Self::Refine => "refine",
            Self::Save => "save",
            Self::Restore => "restore",
            Self::OutsideChange => "outside_change",
            Self::Edit => "edit",
        }
    }

    /// The cause of a word; a word of a later version is some edit.
    fn of(word: &str) -> Self {
        let found = Self::ALL.into_iter().find(|cause| cause.word() == word);
        found.unwrap_or(Self::Edit)
    }
}

/// A text to keep as a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint<'a> {
    /// Id of the draft; the path of a file that has none.
    pub key: &'a str,
    /// Where the file lies, if it has one already.
    pub path: Option<&'a Path>,
    /// When.
    pub at: Timestamp,
    /// What made the text what it is.
    pub cause: Cause,
    /// The text of the draft, without its front matter.
    pub text: &'a str,
}

/// One line of the list of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHeadline {
    /// Finds its text.
    pub id: VersionId,
    /// When.
    pub at: Timestamp,
    /// What made it.
    pub cause: Cause,
    /// Where the file lay.
    pub path: Option<PathBuf>,
    /// Words in it.
    pub words: u64,
    /// Bytes in it.
    pub bytes: u64,
}

/// A version with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// What it is a version of.
    pub key: String,
    /// Its line in the list.
    pub headline: VersionHeadline,
    /// Its text.
    pub text: String,
}

impl Journal {
    /// Keeps a text as the newest version of a draft, unless it already is. Returns its id.
    pub fn add_version(&mut self, new: &Checkpoint<'_>) -> Result<VersionId, JournalError> {
        let hash = fingerprint(new.text.as_bytes());
        self.write(|db| {
            let newest: Option<(i64, String)> = db
                .prepare_cached(
                    "SELECT number, hash FROM versions WHERE key = ?1
                    ORDER BY number DESC LIMIT 1",
                )?
                .query_row([new.key], |row| Ok((row.get(0)?, text(row, "hash")?)))
                .optional()?;
            if let Some((number, known)) = newest
                && known == hash
            {
                return Ok(VersionId(number));
            }
            db.prepare_cached(
                "INSERT INTO versions (key, path, at, cause, hash, words, bytes, text)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                new.key,
                new.path.map(path),
                new.at.as_millisecond(),
                new.cause.word(),
                hash,
                length(words(new.text)),
                length(new.text.len()),
                new.text,
            ])?;
            let added = VersionId(db.last_insert_rowid());
            drop_oldest(db, MAX_VERSION_BYTES, usize::MAX)?;
            Ok(added)
        })
    }

    /// The versions of a draft, newest first.
    pub fn versions(&self, key: &str) -> Result<Vec<VersionHeadline>, JournalError> {
        self.read(|db| {
            let mut list = db.prepare_cached(
                "SELECT number, at, cause, path, words, bytes FROM versions
                WHERE key = ?1 ORDER BY number DESC",
            )?;
            let rows = list.query_map([key], headline)?;
            rows.collect()
        })
    }

    /// Lets the versions of a file that has no id go by its new place. What another file had there
    /// before stays listed with them.
    pub fn move_versions(&mut self, from: &Path, to: &Path) -> Result<(), JournalError> {
        let (from, to) = (from.display().to_string(), to.display().to_string());
        self.write(|db| {
            db.prepare_cached("UPDATE versions SET key = ?2 WHERE key = ?1")?
                .execute([&from, &to])?;
            Ok(())
        })
    }

    /// One version with its text.
    pub fn version(&self, id: VersionId) -> Result<Option<Version>, JournalError> {
        self.read(|db| {
            db.prepare_cached("SELECT * FROM versions WHERE number = ?1")?
                .query_row([id.0], |row| {
                    Ok(Version {
                        key: text(row, "key")?,
                        headline: headline(row)?,
                        text: text(row, "text")?,
                    })
                })
                .optional()
        })
    }
}

fn headline(row: &Row<'_>) -> rusqlite::Result<VersionHeadline> {
    Ok(VersionHeadline {
        id: VersionId(row.get("number")?),
        at: time(row, "at")?,
        cause: Cause::of(&text(row, "cause")?),
        path: path_of(row, "path")?,
        words: count(row, "words")?,
        bytes: count(row, "bytes")?,
    })
}

/// Deletes the oldest versions until all together have at most `limit` bytes; the newest of each
/// draft goes after all others, and the very newest stays. Stops after so many; returns how many
/// went.
pub(super) fn drop_oldest(db: &Connection, limit: u64, most: usize) -> rusqlite::Result<usize> {
    let total: i64 = db
        .prepare_cached(
            "SELECT coalesce(sum(bytes), 0) FROM versions INDEXED BY versions_of_draft",
        )?
        .query_row([], |row| row.get(0))?;
    let mut excess = total.saturating_sub(super::column::number(limit));
    if excess <= 0 {
        return Ok(0);
    }
    let mut oldest = db.prepare(
        "SELECT number, bytes FROM versions
        WHERE number < (SELECT max(number) FROM versions)
        ORDER BY number IN (SELECT max(number) FROM versions GROUP BY key), number",
    )?;
    let mut gone = Vec::new();
    let mut rows = oldest.query([])?;
    while excess > 0
        && gone.len() < most
        && let Some(row) = rows.next()?
    {
        gone.push(row.get::<_, i64>(0)?);
        excess -= row.get::<_, i64>(1)?;
    }
    drop(rows);
    delete(db, &gone)
}

/// Deletes the versions of drafts that never got a file, are not under edit any more, and were
/// changed last before `oldest`; the oldest first, and so many at most. Returns how many went.
pub(super) fn drop_orphans(
    db: &Connection,
    oldest: Timestamp,
    most: usize,
) -> rusqlite::Result<usize> {
    db.execute(
        "DELETE FROM versions WHERE number IN (
            SELECT number FROM versions WHERE key IN (
                SELECT key FROM versions GROUP BY key HAVING count(path) = 0 AND max(at) < ?1)
            AND key NOT IN (SELECT id FROM buffers) ORDER BY number LIMIT ?2)",
        params![oldest.as_millisecond(), length(most)],
    )
}

/// Thins the older versions of every draft, by so many at most. Returns how many went.
pub(super) fn thin(db: &Connection, now: Timestamp, most: usize) -> rusqlite::Result<usize> {
    let mut long = db.prepare("SELECT key FROM versions GROUP BY key HAVING count(*) > ?1")?;
    let keys: Vec<String> = long
        .query_map([length(RECENT_VERSIONS)], |row| text(row, "key"))?
        .collect::<Result<_, _>>()?;
    let mut gone = 0;
    for key in keys {
        let mut list = db.prepare_cached(
            "SELECT number, at FROM versions WHERE key = ?1 ORDER BY number DESC",
        )?;
        let times: Vec<(i64, i64)> = list
            .query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut surplus = surplus(&times, now.as_millisecond());
        surplus.truncate(most - gone);
        gone += delete(db, &surplus)?;
        if gone >= most {
            break;
        }
    }
    Ok(gone)
}

/// Which of a draft's versions to let go of, given their ids and times, newest first. Of those
/// that share an hour (a day, after a week) the newest stays.
fn surplus(versions: &[(i64, i64)], now: i64) -> Vec<i64> {
    let slot = |at: i64| {
        if now - at <= HOURLY {
            (HOUR, at.div_euclid(HOUR))
        } else {
            (DAY, at.div_euclid(DAY))
        }
    };
    let recent = versions.len().min(RECENT_VERSIONS);
    let mut last = None;
    let mut gone = Vec::new();
    for &(number, at) in &versions[recent..] {
        if last == Some(slot(at)) {
            gone.push(number);
        }
        last = Some(slot(at));
    }
    gone
}

fn delete(db: &Connection, numbers: &[i64]) -> rusqlite::Result<usize> {
    let mut delete = db.prepare_cached("DELETE FROM versions WHERE number = ?1")?;
    numbers.iter().map(|number| delete.execute([number])).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_versions_are_thinned_to_one_an_hour_and_then_one_a_day() {
        let now = 1_000 * DAY;
        // Newest first: one every ten minutes, for twenty days.
        let all: Vec<(i64, i64)> = (0..20 * 144)
            .map(|step| (10_000 - step, now - step * HOUR / 6))
            .collect();
        let gone = surplus(&all, now);
        let stay: Vec<i64> = all
            .iter()
            .filter(|(number, _)| !gone.contains(number))
            .map(|(_, at)| now - at)
            .collect();
        assert_eq!(
            stay[..200],
            (0..200).map(|step| step * HOUR / 6).collect::<Vec<_>>()
        );
        let hourly = stay[200..].iter().filter(|age| **age <= HOURLY).count();
        let daily = stay[200..].iter().filter(|age| **age > HOURLY).count();
        assert!((134..=136).contains(&hourly), "{hourly}");
        assert!((13..=14).contains(&daily), "{daily}");
    }

    #[test]
    fn a_clock_that_went_back_thins_nothing_it_should_not() {
        assert!(surplus(&[], 0).is_empty());
        let few: Vec<(i64, i64)> = (0..200).map(|number| (number, number % 3)).collect();
        assert!(surplus(&few, -DAY).is_empty());
    }

    #[test]
    fn every_cause_is_found_by_its_word() {
        for cause in Cause::ALL {
            assert_eq!(Cause::of(cause.word()), cause);
        }
        assert_eq!(Cause::of("later"), Cause::Edit);
    }
}
