//! Damage: a file that cannot be a journal is set aside, and what is readable goes into a new one.
//!
//! Nothing is deleted and nothing in the file set aside is changed. Rows are copied one by one
//! from both ends of each table until the damage is met.

use super::place::Place;
use super::{Journal, JournalError, Opened, schema};
use jiff::Timestamp;
use rusqlite::types::ToSqlOutput;
use rusqlite::{
    Connection, OpenFlags, Statement, Transaction, TransactionBehavior, params_from_iter,
};
use std::fmt;
use std::path::{Path, PathBuf};

/// A file that was in the way and now lies beside the new journal; prints as one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its name now.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
    /// What the new journal has of it.
    pub salvaged: Salvaged,
}

impl fmt::Display for SetAside {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Salvaged {
            runs,
            versions,
            buffers,
        } = self.salvaged;
        let (path, why) = (self.path.display(), &self.why);
        write!(
            out,
            "the journal could not be used ({why}); it is kept as {path}"
        )?;
        if self.salvaged == Salvaged::default() {
            return Ok(());
        }
        write!(
            out,
            ", and the new one has of it: {runs} runs, {versions} versions, {buffers} unsaved texts"
        )
    }
}

/// How much could be read of a damaged journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// Runs.
    pub runs: usize,
    /// Versions of drafts.
    pub versions: usize,
    /// Unsaved buffers.
    pub buffers: usize,
}

/// Makes a new journal of what is readable of the one at a place, and sets that one aside. Call
/// with the lock held.
///
/// The new one is whole before the old one is touched, so that a full disk leaves things as they
/// were.
pub(super) fn replace(place: &Place, why: String) -> Result<Opened, JournalError> {
    let beside = place.clear_beside()?;
    let mut fresh = Journal::make(&beside)?;
    // Whoever still writes to the old one waits for this, and then finds that it was moved.
    let held = Some(&place.file).filter(|file| has_bytes(file));
    let held = held.and_then(|_| super::connect(place).ok());
    let _held = held
        .as_ref()
        .and_then(|db| Transaction::new_unchecked(db, TransactionBehavior::Immediate).ok());
    let salvaged = match open_damaged(&place.file) {
        Ok(damaged) => fresh.write(|db| Ok(copy_all(&damaged, db)))?,
        Err(_) => Salvaged::default(),
    };
    fresh.close()?;
    let path = place.move_aside(&now())?;
    beside.take_over(place)?;
    let journal = Journal::make(place)?;
    let set_aside = Some(SetAside {
        path,
        why,
        salvaged,
    });
    Ok(Opened { journal, set_aside })
}

/// The time as it stands in the name of a file that was set aside.
pub(super) fn now() -> String {
    Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Whether SQLite may look at it: it would wait for a pipe, and delete the log of an empty file.
fn has_bytes(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() > 0)
}

/// For reading only.
fn open_damaged(path: &Path) -> rusqlite::Result<Connection> {
    if !has_bytes(path) {
        return Err(rusqlite::Error::InvalidPath(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let db = Connection::open_with_flags(path, flags)?;
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cell_size_check", true)?;
    Ok(db)
}

fn copy_all(damaged: &Connection, db: &Connection) -> Salvaged {
    let mut salvaged = Salvaged::default();
    for table in schema::TABLES {
        // A table that cannot be read at all leaves the others to be tried.
        let copied = copy_table(damaged, db, table).unwrap_or(0);
        match table {
            "runs" => salvaged.runs = copied,
            "versions" => salvaged.versions = copied,
            "buffers" => salvaged.buffers = copied,
            _ => {}
        }
    }
    salvaged
}

/// Copies a table's rows by both ends, as far as they can be read. Returns how many.
fn copy_table(damaged: &Connection, db: &Connection, table: &str) -> rusqlite::Result<usize> {
    let theirs = columns(damaged, table)?;
    let mut shared = columns(db, table)?;
    shared.retain(|name| theirs.contains(name));
    let names = shared.join(", ");
    let marks = vec!["?"; shared.len()].join(", ");
    let mut insert = db.prepare(&format!(
        "INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"
    ))?;
    let mut copied = 0;
    for order in ["ASC", "DESC"] {
        let mut rows = damaged.prepare(&format!(
            "SELECT {names} FROM {table} ORDER BY number {order}"
        ))?;
        let (count, whole) = copy_rows(&mut rows, &mut insert)?;
        copied += count;
        if whole {
            break;
        }
    }
    Ok(copied)
}

/// Copies rows until the end (then true) or until one cannot be read. A row that the new journal
/// does not take, because another that it belongs to is lost, is left behind.
fn copy_rows(
    select: &mut Statement<'_>,
    insert: &mut Statement<'_>,
) -> rusqlite::Result<(usize, bool)> {
    let width = select.column_count();
    let mut rows = select.query([])?;
    let mut copied = 0;
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok((copied, true)),
            Err(_) => return Ok((copied, false)),
        };
        let values: rusqlite::Result<Vec<_>> = (0..width)
            .map(|column| row.get_ref(column).map(ToSqlOutput::Borrowed))
            .collect();
        copied += insert.execute(params_from_iter(values?)).unwrap_or(0);
    }
}

fn columns(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut info = db.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = info.query_map([table], |row| row.get(0))?;
    names.collect()
}
