//! Damage: a file that cannot be a journal is set aside, and what is readable goes into a new one.
//!
//! Nothing is deleted and nothing in the file set aside is changed. Rows are copied one by one
//! from both ends of each table until the damage is met.

use super::place::Place;
use super::{Journal, JournalError, Opened, schema};
use jiff::Timestamp;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, OpenFlags, Statement, params_from_iter};
use std::path::{Path, PathBuf};

/// A file that was in the way and now lies beside the new journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its name now.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
    /// What the new journal has of it.
    pub salvaged: Salvaged,
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

/// Sets aside what lies at a place and makes a new journal with what is readable of it. Call with
/// the lock held.
pub(super) fn replace(place: &Place, why: String) -> Result<Opened, JournalError> {
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let path = place.move_aside(&time)?;
    let mut journal = Journal::make(place)?;
    let salvaged = match open_damaged(&path) {
        Ok(damaged) => journal.write(|db| Ok(copy_all(&damaged, db)))?,
        Err(_) => Salvaged::default(),
    };
    let set_aside = Some(SetAside {
        path,
        why,
        salvaged,
    });
    Ok(Opened { journal, set_aside })
}

/// For reading only, and only if it is an ordinary file: a pipe would be waited for.
fn open_damaged(path: &Path) -> rusqlite::Result<Connection> {
    if !std::fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() > 0) {
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
